#ifndef WAPC_RUNTIME_APPLY_AUDIT_H_
#define WAPC_RUNTIME_APPLY_AUDIT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "runtime/apply/run.h"

namespace wapc::runtime {

/// What the audits of some models gave.
struct AuditOutcome {
  int64_t audits = 0;
  std::vector<AuditFailure> failures;
  std::map<std::string, base::Error> errors;  ///< by model: the engine could not run one of its audits
};

/// Runs the audits of models that are built and committed, on one of the apply's connections, and records each result.
/// A model whose audit cannot be run is in `errors`; an error is given for what concerns all of them.
base::Result<AuditOutcome> AuditModels(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_AUDIT_H_
