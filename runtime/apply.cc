#include "runtime/apply.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/apply/attempt.h"
#include "runtime/apply/build.h"
#include "runtime/apply/dry_run.h"
#include "runtime/apply/extend.h"
#include "runtime/apply/follow.h"
#include "runtime/apply/preflight.h"
#include "runtime/apply/prepare.h"
#include "runtime/apply/publish.h"
#include "runtime/apply/retry.h"
#include "runtime/apply/run.h"
#include "runtime/apply/schedule.h"
#include "runtime/apply/steps.h"
#include "runtime/apply/units.h"
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

/// Does something while this connection holds a lock that only one apply has at a time.
template <class Body>
base::Status WithLock(Run& run, const std::string& resource, const Body& body) {
  const ApplyOptions& options = run.options;
  auto taken =
      run.warehouse.Lock(resource, options.holder.empty() ? "another apply" : options.holder, options.lock_timeout);
  if (!taken) {
    if (taken.error().kind != base::ErrorKind::kRace) return taken;
    return base::Error{base::ErrorKind::kRace,
                       taken.error().message + ": wait until that is done, or raise --lock-timeout"};
  }
  auto status = body();
  run.warehouse.Unlock(resource);
  return status;
}

void SortFailures(ApplyReport& report) {
  std::stable_partition(report.failures.begin(), report.failures.end(),
                        [](const AuditFailure& failure) { return failure.blocking; });
}

std::vector<std::string> ModelsOf(const Run& run, Fate fate) {
  std::vector<std::string> names;
  for (const ModelRun& entry : run.models) {
    if (entry.fate == fate) names.push_back(entry.model->model);
  }
  return names;
}

/// Why an attempt published nothing, for its record.
std::string FailureText(const Run& run) {
  return run.report.errors.empty() ? "a blocking audit found rows" : run.report.errors.front();
}

/// From the first thing that is written to the publish; an error leaves what was made for the caller to clear.
base::Status Work(Run& run) {
  PrepareValues(run);
  if (auto status = TakeOver(run); !status) return status;
  if (auto status = FreezeLoads(run); !status) return status;
  if (auto status = BuildAndAudit(run); !status) return status;
  if (!WithholdGroups(run)) {
    run.report.outcome = Outcome::kAuditFailed;
    return FailAttempt(run, FailureText(run));
  }
  run.report.withheld = ModelsOf(run, Fate::kWithheld);
  if (IsPartial(run)) {
    run.report.outcome = Outcome::kPartlyPublished;
    run.report.published = ModelsOf(run, Fate::kDone);
  }
  Tell(run, Progress::Kind::kPublishing);
  if (auto status = Retried(run.warehouse, [&] { return Publish(run); }); !status) return status;
  Tell(run, Progress::Kind::kPublished);
  // What is left over serves nobody and is cleared by the next apply if this one cannot.
  static_cast<void>(ClearPublished(run.warehouse, run.plan.environment, run.options.sha256));
  return {};
}

base::Result<ApplyReport> GiveUp(Run& run, const base::Error& error) {
  run.connection_lost = run.connection_lost || run.warehouse.last_fault() == Fault::kConnection;
  // The next apply goes on with what is built.
  if (run.connection_lost) return error;
  // The first error is the one to show; what cannot be cleared now, the next apply clears.
  const std::string why = run.watch.cancelled() ? "cancelled" : error.message;
  const auto cleared = Retried(run.warehouse, [&] { return FailAttempt(run, why); });
  if (!run.watch.cancelled()) return error;
  run.report.outcome = Outcome::kCancelled;
  run.report.cleared = static_cast<bool>(cleared);
  return std::move(run.report);
}

base::Result<ApplyReport> Start(Run& run, const Before& before) {
  if (auto status = CheckStructure(run, run.environment == nullptr ? 0 : run.environment->structure_version); !status) {
    return status.error();
  }
  auto extended = WithLaterIntervals(run.plan, run.warehouse);
  if (!extended) return extended.error();
  run.plan = std::move(*extended);
  if (auto status = FollowServed(run); !status) return status.error();
  PrepareModels(run);
  if (auto status = Preflight(run, before.journal); !status) return status.error();
  if (run.options.dry_run) {
    if (auto status = DryRun(run, before.has_state); !status) return status.error();
    run.report.outcome = Outcome::kChecked;
    return std::move(run.report);
  }
  // Two applies of different environments make these at the same time.
  auto made = WithLock(run, "state", [&]() -> base::Status {
    const auto format = StateFormat(run.warehouse);
    if (!format) return format.error();
    if (*format == 0) {
      if (auto status = CreateState(run.warehouse); !status) return Because("making the state", status.error());
    }
    return MakeSchemas(run);
  });
  if (!made) return made.error();
  if (auto status = StartAttempt(run, before.last); !status) return Because("starting the apply", status.error());
  run.report.resumed = run.attempt.resumed;
  if (run.attempt.resumed) Tell(run, Progress::Kind::kResumed);
  if (auto status = Work(run); !status) return GiveUp(run, status.error());
  SortFailures(run.report);
  return std::move(run.report);
}

/// Once nobody else applies anything to the environment.
base::Result<ApplyReport> Locked(Run& run) {
  if (!run.options.dry_run) {
    auto migrated = WithLock(run, "state", [&]() -> base::Status {
      auto migration = MigrateState(run.warehouse);
      if (!migration) return migration.error();
      run.report.state_backup = std::move(migration->backup_schema);
      return {};
    });
    if (!migrated) return migrated.error();
  }
  auto before = LookBefore(run);
  if (!before) return before.error();
  const std::string status = before->last ? before->last->status : "";
  if (status != "published" && status != "partial") return Start(run, *before);
  if (!run.options.dry_run) {
    const auto cleared = ClearPublished(run.warehouse, run.plan.environment, run.options.sha256);
    if (!cleared) return cleared.error();
  }
  if (status == "published") return ApplyReport{.outcome = Outcome::kAlreadyApplied};
  return base::Error{base::ErrorKind::kProject,
                     "this plan is applied already, but for the models that failed and what goes with them: mend "
                     "those and run wapc plan again"};
}

}  // namespace

base::Result<ApplyReport> Apply(const Plan& plan, Warehouse& warehouse, const ApplyOptions& options) {
  if (plan.empty()) return ApplyReport{.outcome = Outcome::kNothingToDo};
  if (options.sha256.empty())
    return base::Error{base::ErrorKind::kUsage, "a plan is applied by its digest: none was given"};
  Run run{.plan = plan, .warehouse = warehouse, .options = options};
  // Writes nothing, so that it is in nobody's way.
  if (options.dry_run) return Locked(run);
  auto report = base::Result<ApplyReport>(ApplyReport{});
  auto status = WithLock(run, "environment:" + plan.environment, [&]() -> base::Status {
    report = Locked(run);
    return {};
  });
  return status ? std::move(report) : status.error();
}

}  // namespace wapc::runtime
