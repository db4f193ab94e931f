#include "runtime/apply.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/apply/attempt.h"
#include "runtime/apply/build.h"
#include "runtime/apply/extend.h"
#include "runtime/apply/preflight.h"
#include "runtime/apply/prepare.h"
#include "runtime/apply/publish.h"
#include "runtime/apply/run.h"
#include "runtime/state/migrations.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"

namespace wapc::runtime {
namespace {

/// What state says before anything is written.
struct Before {
  bool has_state = false;
  std::optional<AttemptRecord> last;
  std::vector<JournalEntry> journal;
};

base::Result<Before> LookBefore(Run& run) {
  auto state = ReadState(run.warehouse, {});
  if (!state) return state.error();
  run.state = std::move(*state);
  const auto environment = run.state.environments.find(run.plan.environment);
  if (environment != run.state.environments.end()) run.environment = &environment->second;
  Before before;
  const auto format = StateFormat(run.warehouse);
  if (!format) return format.error();
  before.has_state = *format > 0;
  if (!before.has_state) return before;
  const auto broken = BrokenSeals(run.warehouse);
  if (!broken) return broken.error();
  if (!broken->empty()) {
    return base::Error{base::ErrorKind::kWarehouse,
                       broken->front() + "; nothing was done, `wapc state check` says more"};
  }
  auto last = LastAttempt(run.warehouse, run.options.sha256);
  if (!last) return last.error();
  before.last = std::move(*last);
  auto journal = ReadJournal(run.warehouse, run.plan.environment);
  if (!journal) return journal.error();
  before.journal = std::move(*journal);
  return before;
}

void SortFailures(ApplyReport& report) {
  std::stable_partition(report.failures.begin(), report.failures.end(),
                        [](const AuditFailure& failure) { return failure.blocking; });
}

/// From the first thing that is written to the publish; an error leaves what was made for the caller to clear.
base::Status Work(Run& run) {
  PrepareValues(run);
  if (auto status = TakeOver(run); !status) return status;
  if (auto status = FreezeLoads(run); !status) return status;
  if (auto status = BuildAndAudit(run); !status) return status;
  const bool blocked = std::any_of(run.models.begin(), run.models.end(),
                                   [](const ModelRun& entry) { return entry.fate == Fate::kFailed; });
  if (blocked) {
    run.report.outcome = Outcome::kAuditFailed;
    return FailAttempt(run, "a blocking audit found rows");
  }
  Tell(run, Progress::Kind::kPublishing);
  if (auto status = Publish(run); !status) return status;
  Tell(run, Progress::Kind::kPublished);
  // What is left over serves nobody and is cleared by the next apply if this one cannot.
  static_cast<void>(ClearPublished(run.warehouse, run.plan.environment, run.options.sha256));
  return {};
}

base::Result<ApplyReport> Start(Run& run, const Before& before) {
  if (auto status = CheckStructure(run, run.environment == nullptr ? 0 : run.environment->structure_version); !status) {
    return status.error();
  }
  PrepareModels(run);
  if (auto status = Preflight(run, before.journal); !status) return status.error();
  if (!before.has_state) {
    if (auto status = CreateState(run.warehouse); !status) return Because("making the state", status.error());
  }
  if (auto status = StartAttempt(run, before.last); !status) return Because("starting the apply", status.error());
  run.report.resumed = run.attempt.resumed;
  if (run.attempt.resumed) Tell(run, Progress::Kind::kResumed);
  if (auto status = Work(run); !status) {
    // The first error is the one to show; what cannot be cleared now, the next apply clears.
    static_cast<void>(FailAttempt(run, status.error().message));
    return status.error();
  }
  SortFailures(run.report);
  return std::move(run.report);
}

}  // namespace

base::Result<ApplyReport> Apply(const Plan& plan, Warehouse& warehouse, const ApplyOptions& options) {
  if (plan.empty()) return ApplyReport{.outcome = Outcome::kNothingToDo};
  if (options.sha256.empty())
    return base::Error{base::ErrorKind::kUsage, "a plan is applied by its digest: none was given"};
  const auto extended = WithLaterIntervals(plan, warehouse);
  if (!extended) return extended.error();
  Run run{.plan = *extended, .warehouse = warehouse, .options = options};
  auto migration = MigrateState(warehouse);
  if (!migration) return migration.error();
  run.report.state_backup = std::move(migration->backup_schema);
  auto before = LookBefore(run);
  if (!before) return before.error();
  if (before->last && before->last->status == "published") {
    const auto status = ClearPublished(warehouse, plan.environment, options.sha256);
    if (!status) return status.error();
    return ApplyReport{.outcome = Outcome::kAlreadyApplied};
  }
  return Start(run, *before);
}

}  // namespace wapc::runtime
