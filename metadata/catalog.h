#ifndef WAPC_METADATA_CATALOG_H_
#define WAPC_METADATA_CATALOG_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/yaml.h"

namespace wapc::metadata {

/// One column as a warehouse's information_schema.columns has it.
struct CatalogColumn {
  std::string table;
  std::string column;
  std::string data_type;  ///< the engine's words: "DECIMAL(18,4)", "timestamp without time zone"
  bool nullable = true;
  bool primary_key = false;
  std::optional<int> precision, scale;  ///< of a number
  std::optional<int> length;            ///< of a text, in characters
  std::optional<int> digits;            ///< of a second
};

/// Tables that dlt does not load as a dlt schema of the present engine, ready for dlt to import: columns in order,
/// types that hold every value of the raw column, `nullable` and `primary_key` from the catalog. What dlt has no type
/// for is json (nested values) or text, with the engine's word under x-engine-type. `columns` come table by table.
base::YamlNode CatalogSchema(std::string_view name, std::string_view description,
                             const std::vector<CatalogColumn>& columns);

}  // namespace wapc::metadata

#endif  // WAPC_METADATA_CATALOG_H_
