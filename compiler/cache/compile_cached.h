#ifndef WAPC_COMPILER_CACHE_COMPILE_CACHED_H_
#define WAPC_COMPILER_CACHE_COMPILE_CACHED_H_

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "compiler/affected.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// What a compile came to, for those who only show it. The manifest lies in .wapc/manifest.json.
struct CompileOutcome {
  size_t own_models = 0;            ///< without external tables; 0 after errors
  std::optional<ModelGraph> graph;  ///< where it was asked for, and there is a project
  /// What codes of diagnostics may point into: keep it as long as those.
  std::shared_ptr<const std::string> storage;
};

/// Whether the outcome is to hold the graph of the project.
enum class WantsGraph { kNo, kYes };

/// Compiles a project and writes its manifest, as CompileProject and WriteManifest do, with the same bytes and the same
/// diagnostics; but takes from .wapc/compile.cache what did not change since the last compile without errors. A model
/// is compiled again when its file changed, or when what it reads shows something else than before (its interface).
/// Whatever else changed, an added or removed file included, and any error, makes a whole compile. Errors (kUsage): the
/// manifest cannot be written.
base::Result<CompileOutcome> CompileCached(const std::filesystem::path& folder, const Environment& environment,
                                           WantsGraph wants_graph, base::SourceMap& sources,
                                           base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_COMPILE_CACHED_H_
