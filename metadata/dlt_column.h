#ifndef WAPC_METADATA_DLT_COLUMN_H_
#define WAPC_METADATA_DLT_COLUMN_H_

#include <cstdint>
#include <string>

#include "base/yaml.h"
#include "metadata/dlt_values.h"
#include "metadata/schema.h"

namespace wapc::metadata {

/// Reads one column of an export that the given engine wrote: `name` and its place, and the mapping under it.
Column ReadColumn(std::string name, base::Span span, const base::YamlNode& node, int64_t engine_version,
                  ValueReader& values);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_DLT_COLUMN_H_
