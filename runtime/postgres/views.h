#ifndef WAPC_RUNTIME_POSTGRES_VIEWS_H_
#define WAPC_RUNTIME_POSTGRES_VIEWS_H_

#include <vector>

#include "base/result.h"
#include "runtime/postgres/session.h"

namespace wapc::runtime::postgres_adapter {

/// Warehouse::Dependents. Also refuses (kWarehouse, with the setting to raise) a change of more views than the server
/// can lock in one transaction.
base::Result<std::vector<Dependent>> FindDependents(Session& session, const Warehouse::ViewChange& change);

/// Warehouse::ChangeViews: each view is locked alone and only for milliseconds at a try, so that readers who touch
/// views in any order neither wait long nor meet in a deadlock. What had to wait is tried again from a savepoint, which
/// keeps the rows that the transaction has moved.
base::Status SwapViews(Session& session, const Warehouse::ViewChange& change);

}  // namespace wapc::runtime::postgres_adapter

#endif  // WAPC_RUNTIME_POSTGRES_VIEWS_H_
