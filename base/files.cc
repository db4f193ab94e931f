#include "base/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "base/atomic_file.h"

namespace wapc::base {
namespace fs = std::filesystem;
namespace {

Error SystemError(std::string_view verb, const fs::path& path, int code) {
  return {ErrorKind::kUsage,
          fmt::format("cannot {} {}: {}", verb, path.string(), std::generic_category().message(code))};
}

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Collects files below a folder. Links to folders are followed, but never into one that is being walked already.
class FileWalk {
 public:
  explicit FileWalk(std::string_view suffix) : suffix_(suffix) {}

  void Enter(const fs::path& folder, const std::string& prefix) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) return;
    const std::pair<dev_t, ino_t> self(info.st_dev, info.st_ino);
    if (std::find(entered_.begin(), entered_.end(), self) != entered_.end()) return;
    entered_.push_back(self);
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed); !failed && it != fs::directory_iterator(); it.increment(failed)) {
      Visit(*it, prefix);
    }
    entered_.pop_back();
  }

  std::vector<fs::path> Sorted() {
    std::sort(found_.begin(), found_.end());
    return {found_.begin(), found_.end()};
  }

 private:
  void Visit(const fs::directory_entry& entry, const std::string& prefix) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.')) return;
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      Enter(entry.path(), prefix + name + "/");
    } else if (name.ends_with(suffix_) && entry.is_regular_file(ignored)) {
      found_.push_back(prefix + name);
    }
  }

  std::string_view suffix_;
  std::vector<std::pair<dev_t, ino_t>> entered_;
  std::vector<std::string> found_;
};

}  // namespace

Result<std::string> ReadFile(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError("read", path, errno);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return SystemError("read", path, errno);
  if (S_ISDIR(info.st_mode)) return SystemError("read", path, EISDIR);
  std::string out;
  out.resize(static_cast<size_t>(info.st_size));
  size_t filled = 0;
  for (;;) {
    // Whether the end is reached is asked with room of its own: text that grew would keep twice the memory it needs.
    std::array<char, 4096> more;
    const bool full = filled == out.size();
    const ssize_t got = full ? ::read(file.get(), more.data(), more.size())
                             : ::read(file.get(), out.data() + filled, out.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", path, errno);
    if (got == 0) break;
    if (full) out.append(more.data(), static_cast<size_t>(got));
    filled += static_cast<size_t>(got);
  }
  out.resize(filled);
  return out;
}

Status WriteFileAtomic(const fs::path& path, std::string_view bytes) {
  if (const auto old = ReadFile(path); old && *old == bytes) return {};
  AtomicFile file(path);
  file.Append(bytes);
  return file.Commit();
}

std::optional<FileStamp> StampOf(const fs::path& path) {
  constexpr int64_t kNanoseconds = 1'000'000'000;
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return FileStamp{static_cast<uint64_t>(info.st_size), info.st_mtim.tv_sec * kNanoseconds + info.st_mtim.tv_nsec,
                   info.st_ctim.tv_sec * kNanoseconds + info.st_ctim.tv_nsec, info.st_ino};
}

std::vector<fs::path> ListFiles(const fs::path& folder, std::string_view suffix) {
  FileWalk walk(suffix);
  walk.Enter(folder, "");
  return walk.Sorted();
}

}  // namespace wapc::base
