#ifndef WAPC_METADATA_DLT_TABLE_H_
#define WAPC_METADATA_DLT_TABLE_H_

#include <cstdint>
#include <optional>

#include "base/yaml.h"
#include "metadata/dlt_values.h"
#include "metadata/schema.h"

namespace wapc::metadata {

/// A table as its own entry states it: what it inherits from its parents is not in yet, so what it may inherit tells
/// unset from set.
struct RawTable {
  Table table;
  std::optional<WriteDisposition> disposition;
  std::optional<MergeStrategy> merge_strategy;
};

/// Reads one entry of `tables` in an export that the given engine wrote.
RawTable ReadTable(const base::YamlEntry& entry, int64_t engine_version, ValueReader& values);

/// Reads a schema_contract (a mode, or a mode for each of tables, columns, data_type), checks its words and gives it
/// as it is; nothing where there is none.
std::optional<base::YamlNode> ReadContract(const base::YamlNode& node, ValueReader& values);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_DLT_TABLE_H_
