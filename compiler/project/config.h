#ifndef WAPC_COMPILER_PROJECT_CONFIG_H_
#define WAPC_COMPILER_PROJECT_CONFIG_H_

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/project/dlt_settings.h"

namespace wapc::compiler {

/// Reads wapc.yaml of a project folder, with `connection: dlt:...` written out and `WAPC__A__B=value` laid over its key
/// a.b. A relative database path is made
/// absolute from the folder. Reports whatever is unknown or of the wrong type; gives nothing when wapc.yaml cannot be
/// read at all. A value from the environment is never shown in a message.
std::optional<Config> LoadConfig(const std::filesystem::path& folder, const Environment& environment,
                                 base::SourceMap& sources, base::Diagnostics& diagnostics);

/// The nearest folder at or above `from` that holds a wapc.yaml; nothing when there is none.
std::optional<std::filesystem::path> FindProjectFolder(const std::filesystem::path& from);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_CONFIG_H_
