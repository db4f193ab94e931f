#include "base/file_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>

namespace wapc::base {
namespace {

using std::chrono::milliseconds;

class FileLockTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / ("lock" + std::to_string(::getpid()));
  std::filesystem::path path_ = folder_ / "new" / "a.lock";
};

TEST_F(FileLockTest, OneHolderAtATime) {
  auto first = FileLock::Acquire(path_, milliseconds(0));
  ASSERT_TRUE(first);
  const auto second = FileLock::Acquire(path_, milliseconds(30));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kRace);
  { const FileLock released = std::move(*first); }
  EXPECT_TRUE(FileLock::Acquire(path_, milliseconds(0)));
}

TEST_F(FileLockTest, EndsWithItsProcess) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto held = FileLock::Acquire(path_, milliseconds(0));
    ::_exit(held ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(FileLock::Acquire(path_, milliseconds(0)));
}

TEST_F(FileLockTest, SaysWhyThereIsNone) {
  const auto lock = FileLock::Acquire("/proc/none/a.lock", milliseconds(0));
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace wapc::base
