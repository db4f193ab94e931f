#ifndef WAPC_RUNTIME_APPLY_H_
#define WAPC_RUNTIME_APPLY_H_

#include <atomic>
#include <chrono>
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
  kPublished,        ///< the environment serves the plan's builds
  kPartlyPublished,  ///< what the plan lets fail alone did; the rest is served
  kAlreadyApplied,   ///< this very plan was published before; nothing was done
  kNothingToDo,      ///< the plan holds no model
  kCancelled,        ///< the environment is as it was; what was made is cleared, if `cleared` says so
  kChecked,          ///< of a dry run: the engine takes every statement
  kAuditFailed,      ///< nothing could be published; the environment is as it was
};

struct ApplyReport {
  Outcome outcome = Outcome::kPublished;
  bool resumed = false;                ///< a killed apply of the same plan was finished
  std::vector<AuditFailure> failures;  ///< blocking ones first
  std::vector<std::string> held;       ///< models that keep their last version, with the reason in words
  std::vector<std::string> skipped;    ///< not built because something above failed
  /// Sessions that may have found the new tables empty, in words: the plan said not to wait for them any longer.
  std::vector<std::string> old_readers;
  std::string state_backup;            ///< schema with a copy of the state, when an older one was migrated first
  std::vector<std::string> errors;     ///< where models may fail alone: what the engine refused, with the model
  std::vector<std::string> withheld;   ///< clean, but they go with what failed; not filled when nothing is published
  std::vector<std::string> published;  ///< of kPartlyPublished: the models that the environment now serves
  int64_t built = 0;
  int64_t audits = 0;
  int64_t views = 0;
  bool cleared = true;    ///< of kCancelled; else the next apply clears, or goes on with it
  int64_t checked = 0;    ///< of kChecked: statements
  int64_t unchecked = 0;  ///< ... that no engine checks without running them
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
  std::function<void(const Progress&)> progress;   ///< called by one thread at a time
  unsigned jobs = 1;                               ///< steps at once, each on a connection of its own; 0: one a core
  std::string holder;                              ///< who this is, in the words that another apply shows
  std::chrono::milliseconds lock_timeout{0};       ///< how long to wait for another apply of the environment
  std::chrono::milliseconds statement_timeout{0};  ///< after which a statement is interrupted; zero: never
  bool verify_content = false;                     ///< compares the rows of what is published with what was audited
  bool dry_run = false;                            ///< only has the engine check every statement; writes nothing
  const std::atomic<bool>* cancel = nullptr;       ///< once true, the apply ends and clears away what it made
};

/// Runs exactly that plan: freeze loads, build aside, audit candidates, publish in one transaction. Killed at any
/// point, the next call with the same plan finishes it. Errors: kRace when the environment's structure moved since the
/// plan was made or another apply holds it (that one is named), kWarehouse when the engine failed (the environment is
/// then as it was; when the connection was lost, what is built stays for the next call).
base::Result<ApplyReport> Apply(const Plan& plan, Warehouse& warehouse, const ApplyOptions& options);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_H_
