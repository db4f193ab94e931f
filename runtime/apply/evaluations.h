#ifndef WAPC_RUNTIME_APPLY_EVALUATIONS_H_
#define WAPC_RUNTIME_APPLY_EVALUATIONS_H_

#include "base/result.h"
#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Inside the publish: a table that started from another one's rows holds its intervals and loads too.
base::Status RecordCopies(Run& run);

/// Inside the publish: the moment as of which the rows of each build were made: the plan's own clock where it has one,
/// else the apply's.
base::Status RecordEvaluations(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_EVALUATIONS_H_
