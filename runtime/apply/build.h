#ifndef WAPC_RUNTIME_APPLY_BUILD_H_
#define WAPC_RUNTIME_APPLY_BUILD_H_

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Makes the schemas, and freezes the complete loads of every dataset of the plan.
base::Status FreezeLoads(Run& run);

/// Takes over what a killed apply of this plan had built or held.
base::Status TakeOver(Run& run);

/// Builds every model aside and audits the candidates, level by level: what one level makes is audited before anything
/// reads it. A blocking audit that finds rows is no error; it sets the model's fate and skips what depends on it.
base::Status BuildAndAudit(Run& run);

/// Runs steps as they are written, each once a batch. `what` begins the error text.
base::Status RunSteps(Run& run, const std::vector<Step>& steps, const std::string& what);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_BUILD_H_
