#ifndef WAPC_RUNTIME_APPLY_H_
#define WAPC_RUNTIME_APPLY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/plan.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// An audit that found rows, with the first few of them.
struct AuditFailure {
  std::string model;
  std::string audit;
  bool blocking = true;
  int64_t failing_rows = 0;
  Rows sample;
};

enum class Outcome : uint8_t {
  kPublished,       ///< the environment serves the plan's builds
  kAlreadyApplied,  ///< this very plan was published before; nothing was done
  kNothingToDo,     ///< the plan holds no model
  kAuditFailed,     ///< a blocking audit found rows; the environment is as it was
};

struct ApplyReport {
  Outcome outcome = Outcome::kPublished;
  bool resumed = false;                ///< a killed apply of the same plan was finished
  std::vector<AuditFailure> failures;  ///< blocking ones first
  std::vector<std::string> held;       ///< models that keep their last version, with the reason in words
  std::vector<std::string> skipped;    ///< not built because something above failed
  /// Sessions that may have found the new tables empty, in words: the plan said not to wait for them any longer.
  std::vector<std::string> old_readers;
  std::string state_backup;  ///< schema with a copy of the state, when an older one was migrated first
  int64_t built = 0;
  int64_t audits = 0;
  int64_t views = 0;
};

/// One thing that happens, for progress and logs.
struct Progress {
  enum class Kind : uint8_t { kBuilding, kBuilt, kAudited, kHeld, kPublishing, kPublished, kResumed };
  Kind kind = Kind::kBuilding;
  std::string model;
  int64_t done = 0;   ///< models finished
  int64_t total = 0;  ///< models in the plan
  int64_t rows = 0;   ///< of kBuilt; -1 for a VIEW, which is not counted
  double seconds = 0;
};

struct ApplyOptions {
  std::string sha256;  ///< the digest that ReadPlan gave
  int sample_rows = 5;
  std::function<void(const Progress&)> progress;
};

/// Runs exactly that plan: freeze loads, build aside, audit candidates, publish everything in one transaction. Killed
/// at any point, the next call with the same plan finishes it. Errors: kRace when the environment's structure moved
/// since the plan was made or another apply holds it, kWarehouse when the engine failed (the environment is then as it
/// was).
base::Result<ApplyReport> Apply(const Plan& plan, Warehouse& warehouse, const ApplyOptions& options);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_H_
