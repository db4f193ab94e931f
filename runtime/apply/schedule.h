#ifndef WAPC_RUNTIME_APPLY_SCHEDULE_H_
#define WAPC_RUNTIME_APPLY_SCHEDULE_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Builds every model aside and audits the candidates along the graph: a model starts when all that it reads is built
/// and audited. A blocking audit that finds rows is no error; it sets the model's fate and skips what reads it. Where
/// the plan lets models fail alone, neither is a statement that the engine refuses.
base::Status BuildAndAudit(Run& run);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_SCHEDULE_H_
