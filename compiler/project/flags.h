#ifndef WAPC_COMPILER_PROJECT_FLAGS_H_
#define WAPC_COMPILER_PROJECT_FLAGS_H_

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Where models are turned off and on, in the project's folder.
inline constexpr std::string_view kFlagsFile = "flags.yml";

/// Reads flags.yml: a list of `- disable: SELECTOR` and `- enable: SELECTOR`. A project without one has no flags.
std::vector<Flag> ReadFlags(const std::filesystem::path& folder, base::SourceMap& sources,
                            base::Diagnostics& diagnostics);

/// Whether a selector names a model: `tag:x`, `schema:x` (of the model, or of its raw table), else a name with or
/// without its schema, of the model or of its raw table; all with * and ?.
bool FlagSelects(std::string_view selector, const Model& model);

/// The line that decides whether a model is off; null when none names it.
const Flag* DecidingFlag(const std::vector<Flag>& flags, const Model& model);

/// Whether flags.yml turns a model off; then it is moved to Project::disabled.
bool TurnOff(Model& model, Project& project);

/// Warns of lines that name no model, on or off.
void CheckFlags(const Project& project, base::Diagnostics& diagnostics);

/// The text of flags.yml (each flag on a line of its own) without the lines of `before` that are not in `after`, and
/// with a new line for each flag of `after` that has no place yet. All else stays as it is.
std::string EditFlags(std::string text, const std::vector<Flag>& before, const std::vector<Flag>& after);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_FLAGS_H_
