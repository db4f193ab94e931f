#include "base/parallel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace wapc::base {
namespace {

TEST(ParallelFor, CallsEveryIndexOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    std::vector<std::atomic<int>> calls(1000);
    ParallelFor(calls.size(), threads, [&calls](size_t i) { ++calls[i]; });
    EXPECT_THAT(calls, testing::Each(testing::ResultOf([](const auto& n) { return n.load(); }, 1))) << threads;
  }
}

TEST(ParallelFor, DoesNothingForNothing) {
  ParallelFor(0, 4, [](size_t) { FAIL(); });
}

TEST(ParallelFor, UsesSeveralThreadsAndOnlyTheCallersForOne) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> arrived = 0;
  // Each of the two calls waits for the other: only possible on two threads.
  ParallelFor(2, 2, [&](size_t) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(seen.size(), 2U);
  ParallelFor(5, 1, [](size_t) {
    static const auto kCaller = std::this_thread::get_id();
    EXPECT_EQ(std::this_thread::get_id(), kCaller);
  });
}

}  // namespace
}  // namespace wapc::base
