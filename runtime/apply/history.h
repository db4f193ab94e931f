#ifndef WAPC_RUNTIME_APPLY_HISTORY_H_
#define WAPC_RUNTIME_APPLY_HISTORY_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Writes down what the environment serves of each model that is about to be published, and how rows that were moved in
/// place are moved back: what `env rollback` needs. Runs inside the publish transaction, before state is changed.
base::Status RecordReplaced(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_HISTORY_H_
