#ifndef WAPC_RUNTIME_ENVIRONMENTS_ROLLBACK_H_
#define WAPC_RUNTIME_ENVIRONMENTS_ROLLBACK_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

struct RollbackOptions {
  std::string environment = "prod";
  /// The plan (the beginning of its SHA-256) whose publish is served again; empty: the one before the newest.
  std::string to_plan;
  std::chrono::milliseconds lock_timeout{10'000};
};

struct RollbackReport {
  std::vector<std::string> undone;  ///< SHA-256 of the plans, the newest first
  std::string served;               ///< the plan that is served now; empty: none, the environment serves nothing
  std::vector<std::string> models;  ///< whose rows or definition differ from before
  int64_t views = 0;                ///< pointed elsewhere or taken away
  int64_t moved = 0;                ///< moves in place that were undone
};

/// Undoes the newest publishes of an environment in one transaction: rows that were moved in place move back, the
/// newest first; views and records are as they were. The environment is then held. Errors, with nothing changed: kUsage
/// for an environment or plan that is not there; kProject for what cannot be undone, with the reason; kRace for a lock.
base::Result<RollbackReport> RollBack(Warehouse& warehouse, const RollbackOptions& options);

/// Lets `run` go on with an environment that was rolled back. kUsage when there is no such environment; false when it
/// was not held.
base::Result<bool> Resume(Warehouse& warehouse, const std::string& environment, std::chrono::milliseconds lock_timeout);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_ENVIRONMENTS_ROLLBACK_H_
