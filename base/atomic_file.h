#ifndef WAPC_BASE_ATOMIC_FILE_H_
#define WAPC_BASE_ATOMIC_FILE_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace wapc::base {

/// A file written piece by piece that takes its name only once it is whole: a reader, or a crash, sees the old bytes or
/// the new, never a part. The pieces go to a temporary file beside it. Makes missing parent folders, and keeps the
/// permissions of the file that it replaces.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  /// Without a Commit the old file stays.
  ~AtomicFile();

  /// Adds bytes at the end. What fails is kept for Commit.
  void Append(std::string_view bytes);

  /// How many bytes were appended.
  uint64_t size() const { return size_; }

  /// Syncs and renames over the old file; one that holds the same bytes is left alone, with its time. Errors (kUsage)
  /// name the path and the system's reason, of the first thing that failed since the beginning.
  Status Commit();

 private:
  void Flush();
  void Fail(std::string_view verb, const std::filesystem::path& path, int code);
  bool SameAsBefore() const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::string waiting_;
  uint64_t size_ = 0;
  int descriptor_ = -1;
  Status status_;
};

}  // namespace wapc::base

#endif  // WAPC_BASE_ATOMIC_FILE_H_
