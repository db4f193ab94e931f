#ifndef WAPC_RUNTIME_DUCKDB_OPEN_H_
#define WAPC_RUNTIME_DUCKDB_OPEN_H_

#include <chrono>
#include <memory>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime::duckdb_adapter {

struct Database;

/// Opens the file that `database` names (":memory:" for none), waiting for a process that holds it up to
/// `lock_timeout`. Errors: kUsage for a setting that is missing or unknown, kRace with the process that holds the file,
/// else kWarehouse.
base::Result<std::shared_ptr<Database>> Open(const ConnectionConfig& config, Access access,
                                             std::chrono::milliseconds lock_timeout);

/// A connection of its own to an open database; several of one process may live side by side.
base::Result<std::unique_ptr<Warehouse>> Connect(std::shared_ptr<Database> database);

}  // namespace wapc::runtime::duckdb_adapter

#endif  // WAPC_RUNTIME_DUCKDB_OPEN_H_
