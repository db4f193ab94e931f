#ifndef WAPC_CLI_PULL_SOURCE_H_
#define WAPC_CLI_PULL_SOURCE_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "cli/context.h"
#include "metadata/pull.h"

namespace wapc::cli {

/// What there is upstream for one schema of the warehouse.
struct DatasetUpstream {
  std::string dataset;
  metadata::Upstream upstream;
  std::vector<std::string> unchanged;  ///< dlt schemas whose version_hash the project has: not fetched
};

/// What a source is asked for, and what is known already.
struct PullRequest {
  std::filesystem::path folder;  ///< the project's
  std::string dataset;           ///< empty: all that the source has
  std::string from;              ///< a file, a folder, a gateway or a pipeline; empty: the default gateway
  const std::vector<metadata::SchemaFile>* files = nullptr;
};

/// Reads what `request.from` names: an export, a folder of them, a pipeline's working folder or a pipeline by its name,
/// else a gateway.
base::Result<std::vector<DatasetUpstream>> ReadPullSource(const Context& context, const compiler::Config& config,
                                                          const PullRequest& request, base::SourceMap& sources,
                                                          base::Diagnostics& diagnostics);

/// A path that is there, or the working folder of the pipeline of that name; nothing for neither.
std::optional<std::filesystem::path> FindUpstreamPath(const Context& context, const std::string& from);

/// What a warehouse has: `_dlt_version` of each dataset, then tables that no dlt schema knows, from the catalog.
base::Result<std::vector<DatasetUpstream>> ReadWarehouse(runtime::Warehouse& warehouse, const PullRequest& request,
                                                         base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::cli

#endif  // WAPC_CLI_PULL_SOURCE_H_
