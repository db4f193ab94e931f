#ifndef WAPC_COMPILER_COMPILE_H_
#define WAPC_COMPILER_COMPILE_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/project/config.h"

namespace wapc::compiler {

/// The names of the stages, in order: "metadata" (schemas and staging models), "load" (models too),
/// "macros" (expanded), then every pass.
std::vector<std::string> StageNames();

/// Reads a project and runs its passes, up to and with `stop_after` (empty: all of them). Stages go on after errors, so
/// that one run shows them all; the project that comes back is whole only when `diagnostics` has none. Nothing comes
/// back when there is no wapc.yaml. Diagnostics are sorted.
std::optional<Project> CompileProject(const std::filesystem::path& folder, const Environment& environment,
                                      std::string_view stop_after, base::SourceMap& sources,
                                      base::Diagnostics& diagnostics);

/// The project as JSON: what is known of every model after the stages that ran. The same project gives the same bytes.
/// `wapc compile` writes it as .wapc/manifest.json, `--stop-after` prints it.
std::string WriteManifest(const Project& project, const base::SourceMap& sources);

/// The parts of that text: a head, one entry a model with separators between, a tail.
std::string ManifestHead(const Project& project, const base::SourceMap& sources);
std::string ManifestEntry(const Project& project, const Model& model, const base::SourceMap& sources);
constexpr std::string_view ManifestSeparator(bool first) { return first ? "\n" : ",\n"; }
inline constexpr std::string_view kManifestTail = "\n]\n}\n";

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_COMPILE_H_
