#ifndef WAPC_BASE_FILE_LOCK_H_
#define WAPC_BASE_FILE_LOCK_H_

#include <chrono>
#include <filesystem>
#include <utility>

#include "base/result.h"

namespace wapc::base {

/// Holds a file's advisory lock until it is destroyed, or its process ends in any way. The file itself stays.
class FileLock {
 public:
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

  /// Makes the file and its folder where they are missing. Waits up to `timeout` for another holder, then gives kRace.
  static Result<FileLock> Acquire(const std::filesystem::path& path, std::chrono::milliseconds timeout);

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace wapc::base

#endif  // WAPC_BASE_FILE_LOCK_H_
