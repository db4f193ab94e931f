#ifndef WAPC_METADATA_PULL_H_
#define WAPC_METADATA_PULL_H_

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "metadata/contract_diff.h"
#include "metadata/merge_schema.h"
#include "metadata/upstream.h"

namespace wapc::metadata {

/// A schema file of the project: metadata/<dataset>/schema.yml or <name>.schema.yml.
struct SchemaFile {
  std::string dataset;
  std::filesystem::path path;  ///< relative to the project folder
  base::SourceId source = base::kNoSource;
  base::YamlNode root;
  Schema schema;
};

/// Reads the schema files of a dataset (empty: of all of them). What is wrong with one is reported.
std::vector<SchemaFile> ReadSchemaFiles(const std::filesystem::path& folder, std::string_view dataset,
                                        base::SourceMap& sources, base::Diagnostics& diagnostics);

/// A name from a warehouse or an export as one part of a path: what would lead elsewhere, or into a hidden file,
/// becomes an underscore.
std::string PathPart(std::string_view name);

/// Where the schema of that name belongs in a dataset's folder: the file that has it, else schema.yml, else, where
/// another schema has that, <name>.schema.yml.
std::filesystem::path PathFor(const std::vector<SchemaFile>& files, std::string_view dataset, std::string_view name,
                              bool is_default);

/// What pulling one schema comes to; nothing is written yet.
struct PulledFile {
  std::string dataset;
  std::string name;  ///< dlt's own
  std::filesystem::path path;
  int64_t version_before = 0, version_after = 0;
  bool is_new = false;
  std::string text;  ///< what the file is to hold
  bool differs = false;
  std::vector<SchemaChange> changes;
  std::vector<KeptPart> kept;
};

/// Lays an upstream schema over a file of the project (null: there is none). A file that cannot be edited, since
/// anchors stand in the way, is reported, and gives nothing.
std::optional<PulledFile> PullSchema(const SchemaFile* file, const std::filesystem::path& path,
                                     std::string_view dataset, const UpstreamSchema& upstream, bool prune,
                                     const base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_PULL_H_
