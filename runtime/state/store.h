#ifndef WAPC_RUNTIME_STATE_STORE_H_
#define WAPC_RUNTIME_STATE_STORE_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/state/records.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Reads what planning needs: environments, builds, recorded loads, and the complete loads of the given dlt datasets as
/// they are now. A warehouse without schema `wapc` gives an empty state; a state of a newer wapc is an error (kUsage).
/// Works on a read-only connection and writes nothing.
base::Result<State> ReadState(Warehouse& warehouse, const std::vector<std::string>& datasets);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_STORE_H_
