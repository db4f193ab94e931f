#ifndef WAPC_RUNTIME_APPLY_PREFLIGHT_H_
#define WAPC_RUNTIME_APPLY_PREFLIGHT_H_

#include <vector>

#include "runtime/apply/attempt.h"
#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Looks at every name that this apply would make or replace, before anything is written. Errors: kProject for one that
/// something else holds, kWarehouse for a relation that the plan counts on and that is gone.
base::Status Preflight(Run& run, const std::vector<JournalEntry>& journal);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_PREFLIGHT_H_
