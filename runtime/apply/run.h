#ifndef WAPC_RUNTIME_APPLY_RUN_H_
#define WAPC_RUNTIME_APPLY_RUN_H_

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/apply.h"
#include "runtime/apply/template.h"
#include "runtime/apply/watch.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// What became of one model of the plan.
enum class Fate : uint8_t {
  kPending,
  kDone,      ///< built (or nothing to build), audited, clean
  kHeld,      ///< keeps what the environment serves
  kSkipped,   ///< something that it reads failed
  kFailed,    ///< a blocking audit found rows, or the engine refused it
  kWithheld,  ///< clean, but not published, since what it goes with failed
};

/// What a relation was when it was audited; it must be the same when it is published.
struct Guard {
  RelationName name;
  RelationInfo info;
  int64_t rows = 0;     ///< of a table
  std::string content;  ///< of a table, with --verify-content: what ContentOf gives
};

struct ModelRun {
  const PlanModel* model = nullptr;
  const EnvironmentModel* served = nullptr;  ///< what the environment has under this name; null: nothing
  std::vector<size_t> reads;                 ///< models of this plan that its steps and audits read
  bool standing = false;  ///< its relation is there already: published before, or built by a killed apply of this plan
  bool tried = false;     ///< building it was begun by this apply
  std::string build_id;   ///< under which its relation is recorded; of a table moved in place, the one it has
  Fate fate = Fate::kPending;
  std::vector<Guard> guards;
};

/// Which try of which plan this is.
struct Attempt {
  int64_t number = 1;
  int64_t token = 0;         ///< of the lease
  std::string execution_ts;  ///< "2026-01-31 12:00:00.000000+00"
  bool resumed = false;
};

/// One run of Apply: what its phases hand on to each other.
struct Run {
  Plan plan;  ///< a copy: FollowServed may change it
  Warehouse& warehouse;
  const ApplyOptions& options;
  State state;
  const EnvironmentRecord* environment = nullptr;  ///< in `state`; null: it does not exist yet
  Attempt attempt;
  std::vector<ModelRun> models;
  std::shared_ptr<const TemplateValues> values;       ///< a new map whenever one changes; read by Values
  mutable std::mutex mutex;                           ///< for what several workers share: values, journal_seq, progress
  int64_t journal_seq = 0;                            ///< the last one written
  std::map<std::string, std::vector<LoadId>> frozen;  ///< complete loads, by dataset
  ApplyReport report;
  bool connection_lost = false;  ///< of an error: what is built may stand, and the next apply goes on with it
  Watch watch{options.cancel, options.statement_timeout};
  std::atomic<int64_t> done = 0;  ///< models finished
};

/// What templates stand for now.
inline std::shared_ptr<const TemplateValues> Values(const Run& run) {
  const std::lock_guard lock(run.mutex);
  return run.values;
}

/// Tells the caller what happens, one thing at a time; `run.done` and the plan's size go along.
inline void Tell(const Run& run, Progress::Kind kind, const std::string& model = {}, int64_t rows = 0,
                 double seconds = 0) {
  if (!run.options.progress) return;
  const std::lock_guard lock(run.mutex);
  run.options.progress({.kind = kind,
                        .model = model,
                        .done = run.done,
                        .total = static_cast<int64_t>(run.plan.models.size()),
                        .rows = rows,
                        .seconds = seconds});
}

/// Whether the action makes relations aside before the publish.
inline bool Builds(Action action) {
  return action == Action::kBuild || action == Action::kDelta || action == Action::kView;
}

/// The same error with what was being done in front.
inline base::Error Because(const std::string& what, const base::Error& error) {
  return {error.kind, what + ": " + error.message};
}

/// "schema.name" for messages.
inline std::string Dotted(const RelationName& name) { return name.schema + "." + name.name; }

/// Everything that building the model makes, in the order in which it can be dropped.
std::vector<RelationName> MadeRelations(const PlanModel& model);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_APPLY_RUN_H_
