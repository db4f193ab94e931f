#ifndef WAPC_RUNTIME_APPLY_STEPS_H_
#define WAPC_RUNTIME_APPLY_STEPS_H_

#include <string>
#include <vector>

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Makes the schemas of the plan.
base::Status MakeSchemas(Run& run);

/// Freezes the complete loads of every dataset of the plan.
base::Status FreezeLoads(Run& run);

/// The template with everything put in that this apply knows; `first` comes before `run.values`.
base::Result<std::string> Resolve(const Run& run, std::string_view sql, const TemplateValues& first = {});

/// What @{batch_start} and the like stand for.
TemplateValues BatchValues(const Warehouse& warehouse, const Batch& batch);

/// Runs steps as they are written, each once a batch, on one of the apply's connections. `what` begins the error text.
base::Status RunSteps(Run& run, Warehouse& warehouse, const std::vector<Step>& steps, const std::string& what);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_STEPS_H_
