#ifndef WAPC_METADATA_DLT_READER_H_
#define WAPC_METADATA_DLT_READER_H_

#include <optional>
#include <string_view>

#include "base/diagnostics.h"
#include "base/yaml.h"
#include "metadata/schema.h"

namespace wapc::metadata {

/// Reads a dlt schema export (engines 3 to 11; YAML or JSON, already parsed) into typed tables. `dataset` is the name
/// of the folder that holds it. Older engines are migrated as dlt itself does. Reports whatever is not dlt's format,
/// with its place; gives nothing when the root is not a dlt schema at all.
std::optional<Schema> ReadDltSchema(const base::YamlNode& root, std::string_view dataset, base::SourceId source,
                                    base::Diagnostics& diagnostics);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_DLT_READER_H_
