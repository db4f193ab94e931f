#ifndef WAPC_COMPILER_CACHE_SOURCE_TABLE_H_
#define WAPC_COMPILER_CACHE_SOURCE_TABLE_H_

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/source.h"

namespace wapc::compiler {

/// Texts by numbers that mean the same in every run: the paths that a cache names, in the order in which it did. A text
/// is read only when a message shows a line of it.
class SourceTable {
 public:
  SourceTable(std::filesystem::path folder, base::SourceMap& sources) : folder_(std::move(folder)), sources_(sources) {}

  /// Takes the paths of a cache that was read.
  void Load(const std::vector<std::string>& paths);
  const std::vector<std::string>& paths() const { return paths_; }

  void WriteSpan(base::Span span, base::ByteWriter& out);
  base::Span ReadSpan(base::ByteReader& in);

 private:
  uint64_t NumberOf(base::SourceId id);
  uint64_t NumberOfPath(std::string_view path);
  base::SourceId IdOf(uint64_t number);

  std::filesystem::path folder_;
  base::SourceMap& sources_;
  std::vector<std::string> paths_;
  std::unordered_map<std::string, uint64_t> by_path_;
  std::unordered_map<base::SourceId, uint64_t> numbers_;
  std::unordered_map<uint64_t, base::SourceId> ids_;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_SOURCE_TABLE_H_
