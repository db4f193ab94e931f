#ifndef WAPC_RUNTIME_DUCKDB_QUERY_H_
#define WAPC_RUNTIME_DUCKDB_QUERY_H_

#include <string>

#include "base/result.h"
#include "runtime/duckdb/api.h"
#include "runtime/warehouse.h"

namespace wapc::runtime::duckdb_adapter {

/// Runs SQL for its effect; several statements may be in it.
base::Status RunStatements(duckdb_connection connection, std::string_view sql);

/// Runs SQL and gives the rows of its last statement as text, in the form of CAST(... AS VARCHAR) for every type.
/// `reads_only` says whether all of it was one SELECT.
base::Result<Rows> RunQuery(duckdb_connection connection, std::string_view sql, bool& reads_only);

}  // namespace wapc::runtime::duckdb_adapter

#endif  // WAPC_RUNTIME_DUCKDB_QUERY_H_
