#ifndef WAPC_RUNTIME_APPLY_RECORD_H_
#define WAPC_RUNTIME_APPLY_RECORD_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Writes what is published into state: environment, models, builds, table versions, loads, the plan's end. Runs inside
/// the publish transaction, after the rows were moved.
base::Status RecordPublish(Run& run);

/// The structure version that state has now; 0 for an environment that does not exist.
base::Result<int64_t> StructureVersion(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_RECORD_H_
