#include "base/file_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace wapc::base {

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<FileLock> FileLock::Acquire(const std::filesystem::path& path, std::chrono::milliseconds timeout) {
  constexpr std::chrono::milliseconds kPause(20);
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    return Error{ErrorKind::kUsage,
                 fmt::format("cannot lock {}: {}", path.string(), std::generic_category().message(errno))};
  }
  FileLock lock(descriptor);
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= end) {
      return Error{ErrorKind::kRace, fmt::format("another process holds {}; wait for it to end", path.string())};
    }
    std::this_thread::sleep_for(kPause);
  }
  return lock;
}

}  // namespace wapc::base
