#ifndef WAPC_METADATA_UPSTREAM_H_
#define WAPC_METADATA_UPSTREAM_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/result.h"
#include "base/source.h"
#include "base/yaml.h"

namespace wapc::metadata {

/// One dlt schema as it stands outside of the project.
struct UpstreamSchema {
  std::string name;      ///< dlt's own
  base::YamlNode root;   ///< normalized (NormalizeExport)
  bool verified = true;  ///< its version_hash is that of its content, or its engine is too old to tell
};

/// What a file or folder of dlt's gives: its schemas, and what is known of who wrote them.
struct Upstream {
  std::vector<UpstreamSchema> schemas;  ///< by name
  std::string default_schema;           ///< of a pipeline
  std::string dataset;                  ///< of a pipeline; empty: not known
  std::string pipeline;
  std::string destination;           ///< as dlt's configuration names it: "duckdb", or the name that it was given
  std::filesystem::path run_folder;  ///< where the pipeline ran last; .dlt/ is looked for there
};

/// Reads one schema text (an export in YAML or JSON, or the `schema` of `_dlt_version`). Reports what keeps it from
/// being one.
std::optional<UpstreamSchema> ReadUpstreamSchema(const base::SourceMap& sources, base::SourceId source,
                                                 base::Diagnostics& diagnostics);

/// Reads an export, a folder of exports (*.schema.yaml, .yml or .json), or a pipeline's working folder (state.json and
/// schemas/). An Error says that there is none; what is wrong inside of a file is reported.
base::Result<Upstream> ReadUpstream(const std::filesystem::path& path, base::SourceMap& sources,
                                    base::Diagnostics& diagnostics);

/// The folders in which dlt keeps the working folders of pipelines, most specific first: DLT_DATA_DIR, ~/.dlt,
/// XDG_DATA_HOME/dlt, /var/dlt. `variable` gives an environment variable, or nothing.
std::vector<std::filesystem::path> PipelineFolders(
    const std::function<std::optional<std::string>(std::string_view)>& variable);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_UPSTREAM_H_
