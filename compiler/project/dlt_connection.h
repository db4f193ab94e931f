#ifndef WAPC_COMPILER_PROJECT_DLT_CONNECTION_H_
#define WAPC_COMPILER_PROJECT_DLT_CONNECTION_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/project/dlt_settings.h"

namespace wapc::compiler {

/// `dlt:destination.NAME`, or `dlt:PIPELINE.destination.NAME` for what stands under a pipeline's name.
struct DltReference {
  std::string pipeline;
  std::string destination;
};

/// Reads such a text; nothing when it is none.
std::optional<DltReference> ParseDltReference(std::string_view text);

/// One setting of a connection, in wapc's words, and where dlt's configuration has it.
struct DltSetting {
  std::string key;
  DltValue value;
};

/// How to reach a destination of dlt's. `problem` says why it is not known; the type is there all the same.
struct DltConnection {
  std::vector<DltSetting> settings;  ///< "type" first
  std::string problem;
};

/// Looks a destination up in the configuration of dlt in `folder`: the type, then each field of its credentials,
/// whether they stand in one connection string or one by one. A DuckDB without a file has dlt's default one.
DltConnection ResolveDltConnection(const DltReference& reference, const std::filesystem::path& folder,
                                   const Environment& environment);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_DLT_CONNECTION_H_
