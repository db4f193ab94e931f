#ifndef WAPC_RUNTIME_STATE_SCHEMA_H_
#define WAPC_RUNTIME_STATE_SCHEMA_H_

#include <cstdint>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// The layout number of the warehouse's state, 0 when it has none. A newer one than this wapc knows is kUsage.
base::Result<int64_t> StateFormat(Warehouse& warehouse);

/// kUsage, with what to do, for the format of a state that must be migrated before it is read.
base::Status CheckStateFormat(int64_t format);

/// Makes schema `wapc` with all its tables in one transaction, so that there is never a part of it.
base::Status CreateState(Warehouse& warehouse);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_SCHEMA_H_
