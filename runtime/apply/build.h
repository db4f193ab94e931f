#ifndef WAPC_RUNTIME_APPLY_BUILD_H_
#define WAPC_RUNTIME_APPLY_BUILD_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/apply/audit.h"
#include "runtime/apply/run.h"

namespace wapc::runtime {

/// What became of one model while its transaction was open; it counts once that is committed.
struct BuiltModel {
  ModelRun* entry = nullptr;
  std::optional<std::string> held;  ///< why it keeps its last version
  bool made = false;                ///< its relations were made now, or stand from a killed apply
  int64_t rows = -1;                ///< of what was made; -1: of a VIEW, which is not counted
  double seconds = 0;
};

struct BuiltBatch {
  std::vector<BuiltModel> models;
  AuditOutcome audits;
};

/// Takes over what a killed apply of this plan had built or held.
base::Status TakeOver(Run& run);

/// Builds models aside and journals that, in one transaction of `warehouse`, so that a kill leaves everything or
/// nothing of it; then audits their candidates. What they read is built and audited already. Once `budget` is spent,
/// the rest is left: the batch says which it came to. An error means that none was built, or that one audit result
/// could not be kept. Changes nothing in `run` that another worker reads.
base::Result<BuiltBatch> BuildBatch(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries,
                                    std::chrono::milliseconds budget);

/// Makes known what a committed batch did: fates, held models, failures, progress.
void TakeResults(Run& run, BuiltBatch batch);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_BUILD_H_
