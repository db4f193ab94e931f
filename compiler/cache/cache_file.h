#ifndef WAPC_COMPILER_CACHE_CACHE_FILE_H_
#define WAPC_COMPILER_CACHE_CACHE_FILE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/files.h"
#include "compiler/cache/inputs.h"
#include "compiler/cache/source_table.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// One model of a compile that is kept. Its entry in the manifest is the bytes [begin, end) of that file.
struct CachedModel {
  std::string name;
  std::string file;  ///< of models/, whose only model it is; empty for those that stand in no file of their own
  std::string interface;
  std::string places;
  std::string links;
  std::string source;   ///< the file that it stands in, whatever else stands there
  std::string dataset;  ///< whose metadata it comes from
  bool own = false;     ///< not an external table
  uint64_t begin = 0;
  uint64_t end = 0;
};

/// A compile without errors, as .wapc/compile.cache keeps it. It serves only the same program, environment and
/// manifest.
struct CompileCache {
  int64_t written = 0;  ///< nanoseconds since 1970, before the first input was looked at
  Inputs inputs;
  base::FileStamp manifest;
  std::vector<std::string> paths;  ///< of a SourceTable
  std::vector<CachedModel> models;
  bool whole_only = false;  ///< a change can't be compiled by itself: see NeedsWholeCompile
  /// Of WriteDiagnostics. Codes of diagnostics that are read from it point into it.
  std::shared_ptr<const std::string> diagnostics;
};

/// Names the program and what it takes from the environment: any other build of wapc makes its own caches.
std::string IdentityOf(const Environment& environment);

std::filesystem::path ManifestPath(const std::filesystem::path& folder);

/// The cache of a project; nothing when there is none, or none that this program may use.
std::optional<CompileCache> ReadCompileCache(const std::filesystem::path& folder, const Environment& environment);

/// Keeps a cache. That it could not be written is no error of the compile: the next one is whole, then.
void WriteCompileCache(const std::filesystem::path& folder, const Environment& environment, const CompileCache& cache);

/// Diagnostics as bytes, and back; the codes that are read point into the bytes.
std::string WriteDiagnostics(const std::vector<base::Diagnostic>& diagnostics, SourceTable& sources);
std::vector<base::Diagnostic> ReadDiagnostics(std::string_view bytes, SourceTable& sources);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_CACHE_FILE_H_
