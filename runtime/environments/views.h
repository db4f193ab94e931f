#ifndef WAPC_RUNTIME_ENVIRONMENTS_VIEWS_H_
#define WAPC_RUNTIME_ENVIRONMENTS_VIEWS_H_

#include <cstdint>

#include "base/result.h"
#include "runtime/state/records.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Makes readers' views serve `after` where they serve `before`, inside the current transaction, comments included.
/// Gives how many views were pointed elsewhere or taken away.
base::Result<int64_t> SwitchViews(Warehouse& warehouse, const EnvironmentRecord& before,
                                  const EnvironmentRecord& after);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_VIEWS_H_
