#ifndef WAPC_BASE_FILES_H_
#define WAPC_BASE_FILES_H_

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace wapc::base {

/// The bytes of a file. Errors (kUsage) name the path and the system's reason.
Result<std::string> ReadFile(const std::filesystem::path& path);

/// Writes a file so that a reader, or a crash, sees the old bytes or the new, never a part: a temporary file beside it,
/// synced and renamed over. Makes missing parent folders. Leaves an unchanged file's time alone, and keeps the
/// permissions of the file that it replaces.
Status WriteFileAtomic(const std::filesystem::path& path, std::string_view bytes);

/// What the file system knows of a file: whoever writes it changes one of these.
struct FileStamp {
  uint64_t size = 0;
  int64_t modified = 0;  ///< nanoseconds since 1970
  int64_t changed = 0;   ///< of the inode, nanoseconds since 1970
  uint64_t inode = 0;

  bool operator==(const FileStamp&) const = default;
};

/// The stamp of a regular file; nothing when there is none under that path.
std::optional<FileStamp> StampOf(const std::filesystem::path& path);

/// Every regular file below a folder whose name ends with the suffix, as paths relative to it, sorted bytewise with
/// '/' between parts. Hidden files and folders (a leading dot) are left out. Links to folders are followed,
/// but not round in circles. An absent folder gives none.
std::vector<std::filesystem::path> ListFiles(const std::filesystem::path& folder, std::string_view suffix);

}  // namespace wapc::base

#endif  // WAPC_BASE_FILES_H_
