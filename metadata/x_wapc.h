#ifndef WAPC_METADATA_X_WAPC_H_
#define WAPC_METADATA_X_WAPC_H_

#include <string_view>

#include "base/yaml.h"
#include "metadata/dlt_values.h"
#include "metadata/schema.h"

namespace wapc::metadata {

/// The key of what wapc adds to a dlt schema by hand: a mapping on a table or a column.
inline constexpr std::string_view kXWapc = "x-wapc";

/// Reads a table's x-wapc mapping: grain, audits, tags, owner, description, contract, freshness, enabled. Reports any
/// other key. A description here wins over dlt's own.
void ReadTableXWapc(const base::YamlNode& node, ValueReader& values, Table& table);

/// Reads a column's x-wapc mapping: audits, tags, description. Reports any other key.
void ReadColumnXWapc(const base::YamlNode& node, ValueReader& values, Column& column);

/// Reports x-wapc at the top of a schema, where it means nothing.
void RefuseSchemaXWapc(const base::YamlNode& node, ValueReader& values);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_X_WAPC_H_
