#ifndef WAPC_RUNTIME_APPLY_DRY_RUN_H_
#define WAPC_RUNTIME_APPLY_DRY_RUN_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Has the engine check every statement of the plan in a transaction that is rolled back: tables are made without their
/// rows, so that what reads them can be checked too; changes of rows and audits are explained. Counts what was checked,
/// and what the engine cannot check without running it. Error: the first statement that the engine refuses.
base::Status DryRun(Run& run, bool has_state);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_DRY_RUN_H_
