#ifndef WAPC_CLI_GIT_H_
#define WAPC_CLI_GIT_H_

#include <filesystem>
#include <string>

#include "base/result.h"
#include "compiler/affected.h"

namespace wapc::cli {

/// The files below a folder that differ from a commit: committed since, staged, changed or new in the working tree.
/// Errors (kUsage): no git, no repository, no such commit.
base::Result<compiler::ChangedFiles> ChangedSince(const std::filesystem::path& folder, const std::string& ref);

}  // namespace wapc::cli

#endif  // WAPC_CLI_GIT_H_
