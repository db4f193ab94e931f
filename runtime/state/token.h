#ifndef WAPC_RUNTIME_STATE_TOKEN_H_
#define WAPC_RUNTIME_STATE_TOKEN_H_

#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// Names what planning would read: the versions of every environment and the complete loads of these dlt datasets. Two
/// states of one name give the same plans. Reads a few rows, however much history there is; writes nothing. Errors:
/// kUsage for a state of a newer wapc.
base::Result<std::string> StateToken(Warehouse& warehouse, const std::vector<std::string>& datasets);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_TOKEN_H_
