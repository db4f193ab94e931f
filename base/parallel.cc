#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace wapc::base {

void ParallelFor(size_t count, unsigned threads, const std::function<void(size_t)>& body) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  const size_t workers = std::min<size_t>(threads, count);
  std::atomic<size_t> next = 0;
  const auto work = [&] {
    for (size_t i = next++; i < count; i = next++) body(i);
  };
  if (workers <= 1) {
    work();
    return;
  }
  std::vector<std::jthread> pool;
  for (size_t i = 1; i < workers; ++i) pool.emplace_back(work);
  work();
}

}  // namespace wapc::base
