#ifndef WAPC_RUNTIME_APPLY_AUDIT_H_
#define WAPC_RUNTIME_APPLY_AUDIT_H_

#include <vector>

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// Runs the audits of models that are built, records each result, and sets the fate of those with a blocking failure.
base::Status AuditModels(Run& run, const std::vector<ModelRun*>& entries);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_AUDIT_H_
