#ifndef WAPC_CLI_INIT_DLT_H_
#define WAPC_CLI_INIT_DLT_H_

#include <filesystem>
#include <string>

#include "base/result.h"
#include "cli/context.h"

namespace wapc::cli {

struct InitFromDltRequest {
  std::filesystem::path folder;
  std::string name;
  std::string from;    ///< an export, a folder of them, a pipeline's working folder or its name
  std::string schema;  ///< the warehouse schema of the raw tables; empty: the pipeline's dataset
};

/// Writes a project over what dlt loads: wapc.yaml whose gateway names dlt's destination (no credentials are copied),
/// metadata/<schema>/ with the schema and a staging.yml. Files that are there stay.
base::Status InitFromDlt(Context& context, const InitFromDltRequest& request);

}  // namespace wapc::cli

#endif  // WAPC_CLI_INIT_DLT_H_
