#include "base/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

namespace wapc::base {
namespace fs = std::filesystem;
namespace {

constexpr size_t kBuffer = size_t{1} << 16;

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// The permissions of the file that is to be replaced; of a new one, what the umask leaves.
void KeepMode(int fd, const fs::path& old) {
  struct stat info {};
  if (::stat(old.c_str(), &info) == 0) ::fchmod(fd, info.st_mode & 07777U);
}

}  // namespace

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  temporary_ = path_.string() + fmt::format(".tmp{}", ::getpid());
  std::error_code failed;
  if (path_.has_parent_path()) fs::create_directories(path_.parent_path(), failed);
  if (failed) Fail("create folder", path_.parent_path(), failed.value());
  if (!status_) return;
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    Fail("write", temporary_, errno);
  } else {
    KeepMode(descriptor_, path_);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::Fail(std::string_view verb, const fs::path& path, int code) {
  if (!status_) return;
  status_ = Error{ErrorKind::kUsage,
                  fmt::format("cannot {} {}: {}", verb, path.string(), std::generic_category().message(code))};
}

void AtomicFile::Append(std::string_view bytes) {
  size_ += bytes.size();
  waiting_ += bytes;
  if (waiting_.size() >= kBuffer) Flush();
}

void AtomicFile::Flush() {
  if (status_ && !WriteAll(descriptor_, waiting_)) Fail("write", temporary_, errno);
  waiting_.clear();
}

bool AtomicFile::SameAsBefore() const {
  std::error_code failed;
  if (fs::file_size(path_, failed) != size_ || failed) return false;
  std::ifstream before(path_, std::ios::binary);
  std::ifstream after(temporary_, std::ios::binary);
  std::vector<char> one(kBuffer);
  std::vector<char> two(kBuffer);
  while (before.read(one.data(), kBuffer), before.gcount() > 0) {
    after.read(two.data(), kBuffer);
    if (after.gcount() != before.gcount() || !std::equal(one.begin(), one.begin() + before.gcount(), two.begin()))
      return false;
  }
  return true;
}

Status AtomicFile::Commit() {
  Flush();
  if (!status_ || SameAsBefore()) return status_;  // the destructor removes what was written
  if (::fsync(descriptor_) != 0) Fail("write", temporary_, errno);
  if (status_ && ::rename(temporary_.c_str(), path_.c_str()) != 0) Fail("write", path_, errno);
  if (!status_) return status_;
  ::close(std::exchange(descriptor_, -1));
  return {};
}

}  // namespace wapc::base
