#ifndef WAPC_CLI_PULL_CATALOG_H_
#define WAPC_CLI_PULL_CATALOG_H_

#include <string>

#include "runtime/warehouse.h"

namespace wapc::cli {

/// A query for the columns of every relation of a schema, in order: table, column, type in the engine's words, whether
/// nullable (YES or NO), precision and scale of a number, length of a text, digits of a second.
std::string ColumnsQuery(const runtime::Warehouse& warehouse, const std::string& schema);

/// A query for the columns of primary keys: table, column.
std::string KeysQuery(const runtime::Warehouse& warehouse, const std::string& schema);

}  // namespace wapc::cli

#endif  // WAPC_CLI_PULL_CATALOG_H_
