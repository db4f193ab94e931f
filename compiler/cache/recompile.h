#ifndef WAPC_COMPILER_CACHE_RECOMPILE_H_
#define WAPC_COMPILER_CACHE_RECOMPILE_H_

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/cache/cache_file.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// A project in which only some models were compiled, all others stand in for themselves.
struct Recompiled {
  Project project;
  std::set<std::string> files;  ///< of models/, that were read
};

/// Compiles the models of the changed files, and those below them as far as interfaces changed. Nothing when that can't
/// be done file by file, or when there is an error: a whole compile says it best.
std::optional<Recompiled> Recompile(const std::filesystem::path& folder, const Environment& environment,
                                    const CompileCache& cache, const std::vector<std::string>& changed,
                                    SourceTable& table, base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_CACHE_RECOMPILE_H_
