#ifndef WAPC_RUNTIME_DUCKDB_VALUES_H_
#define WAPC_RUNTIME_DUCKDB_VALUES_H_

#include <string>

#include "base/result.h"
#include "runtime/duckdb/api.h"
#include "runtime/warehouse.h"

namespace wapc::runtime::duckdb_adapter {

/// The engine's words for a type, as SQL takes them: "DECIMAL(18,4)", "STRUCT(a INTEGER, b VARCHAR[])".
std::string TypeName(duckdb_logical_type type);

/// Whether FetchRows can turn values of the type into the very text that CAST(... AS VARCHAR) gives: truth values,
/// integers of up to 64 bits, and text.
bool IsPlain(duckdb_type type);

/// Every row of a result as text. Columns that are not plain are an error: they are to be cast by the engine.
base::Result<Rows> FetchRows(duckdb_result& result);

}  // namespace wapc::runtime::duckdb_adapter

#endif  // WAPC_RUNTIME_DUCKDB_VALUES_H_
