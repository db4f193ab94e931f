#ifndef WAPC_RUNTIME_APPLY_GUARD_H_
#define WAPC_RUNTIME_APPLY_GUARD_H_

#include <vector>

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Notes what the relations of these models are, before they are audited: catalog identity, and the rows of tables (how
/// many; with --verify-content which). For a transaction of `warehouse`, which may be the one that makes them.
base::Status CaptureGuards(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries);

/// Compares every guarded relation with what was audited; kWarehouse, naming it, when one was changed. For the publish
/// transaction, before anything is moved.
base::Status CheckGuards(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_GUARD_H_
