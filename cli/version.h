#ifndef WAPC_CLI_VERSION_H_
#define WAPC_CLI_VERSION_H_

#include <string>

namespace wapc::cli {

/// wapc's version and commit, and the versions of the engines it holds.
std::string VersionText();

}  // namespace wapc::cli

#endif  // WAPC_CLI_VERSION_H_
