#include "runtime/apply/build.h"

#include <charconv>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "runtime/apply/attempt.h"
#include "runtime/apply/guard.h"
#include "runtime/apply/prepare.h"
#include "runtime/apply/steps.h"
#include "runtime/sql_text.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

using Clock = std::chrono::steady_clock;

struct Hold {
  int64_t rows = 0;
  std::string table;
};

/// The number of rows that hold a model back; what is not a number is an error rather than "none".
base::Result<Hold> AskHold(Run& run, Warehouse& warehouse, const PlanModel& model) {
  const std::string what = "model " + model.model + ", its check for loads that are not complete";
  const auto sql = Resolve(run, model.hold_sql);
  if (!sql) return Because(what, sql.error());
  auto rows = run.watch.Watched(warehouse, [&] { return warehouse.Query(*sql); });
  if (!rows) return Because(what, rows.error());
  Hold hold;
  for (const auto& row : rows->rows) {
    const std::string count = row.empty() ? "" : row[0].value_or("");
    int64_t number = 0;
    const auto [end, fault] = std::from_chars(count.data(), count.data() + count.size(), number);
    if (fault != std::errc() || end != count.data() + count.size()) {
      return base::Error{base::ErrorKind::kWarehouse, fmt::format("{}: '{}' is not a count", what, count)};
    }
    if (number > 0 && hold.table.empty() && row.size() > 1) hold.table = row[1].value_or("");
    hold.rows += number;
  }
  return hold;
}

std::string HoldText(const PlanModel& model, const Hold& hold) {
  return model.model + " keeps its last version: " + (hold.table.empty() ? "its raw table" : hold.table) + " holds " +
         std::to_string(hold.rows) + (hold.rows == 1 ? " row" : " rows") + " of a load that is not complete";
}

void SetHeld(Run& run, ModelRun& entry, const std::string& reason) {
  entry.fate = Fate::kHeld;
  UseServed(run, entry);
  run.report.held.push_back(reason);
  ++run.done;
  Tell(run, Progress::Kind::kHeld, entry.model->model);
}

/// One batch while its transaction is open.
class BatchBuilder {
 public:
  BatchBuilder(Run& run, Warehouse& warehouse) : run_(run), warehouse_(warehouse) {}

  base::Status Build(const std::vector<ModelRun*>& entries, std::chrono::milliseconds budget) {
    const auto deadline = Clock::now() + budget;
    for (ModelRun* const entry : entries) {
      if (!out_.models.empty() && Clock::now() >= deadline) break;
      if (auto status = Add(*entry); !status) return status;
    }
    if (auto status = CaptureGuards(run_, warehouse_, guarded_); !status) return status;
    for (BuiltModel& built : out_.models) SetRows(built);
    return AddJournal(warehouse_, journal_);
  }

  base::Status Audit() {
    auto audits = AuditModels(run_, warehouse_, guarded_);
    if (!audits) return audits.error();
    out_.audits = std::move(*audits);
    return {};
  }

  BuiltBatch Take() { return std::move(out_); }

 private:
  base::Status Add(ModelRun& entry) {
    const PlanModel& model = *entry.model;
    BuiltModel& built = out_.models.emplace_back(BuiltModel{.entry = &entry});
    const auto start = Clock::now();
    if (Builds(model.action)) {
      Tell(run_, Progress::Kind::kBuilding, model.model);
      if (!entry.standing) {
        if (auto status = MakeOrHold(entry, built); !status) return status;
      }
      built.made = !built.held;
    }
    if (!built.held) guarded_.push_back(&entry);
    built.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return {};
  }

  base::Status MakeOrHold(ModelRun& entry, BuiltModel& built) {
    const PlanModel& model = *entry.model;
    if (!model.hold_sql.empty() && entry.served != nullptr) {
      const auto hold = AskHold(run_, warehouse_, model);
      if (!hold) return hold.error();
      if (hold->rows > 0) {
        built.held = HoldText(model, *hold);
        journal_.push_back(JournalRow(run_, "held:" + model.model, {}, *built.held));
        return {};
      }
    }
    const std::vector<RelationName> made = MadeRelations(model);
    // An earlier try may have been committed although its worker could not know.
    const bool may_stand = run_.attempt.resumed || entry.tried;
    entry.tried = true;
    if (may_stand) {
      if (auto dropped = DropRelations(warehouse_, made); !dropped) return dropped;
    }
    if (auto status = RunSteps(run_, warehouse_, model.build, "model " + model.model); !status) return status;
    journal_.push_back(JournalRow(run_, "build:" + model.model, made));
    return {};
  }

  /// The rows of the table that was made; of what is moved in place, those of the delta.
  static void SetRows(BuiltModel& built) {
    const PlanModel& model = *built.entry->model;
    if (!built.made || model.action == Action::kView) return;
    const RelationName& name =
        model.action == Action::kDelta && !model.temporary.empty() ? model.temporary.back() : model.candidate;
    for (const Guard& guard : built.entry->guards) {
      if (guard.name == name && guard.info.kind == RelationKind::kTable) built.rows = guard.rows;
    }
  }

  Run& run_;
  Warehouse& warehouse_;
  BuiltBatch out_;
  std::vector<ModelRun*> guarded_;
  std::vector<std::string> journal_;
};

}  // namespace

base::Result<BuiltBatch> BuildBatch(Run& run, Warehouse& warehouse, const std::vector<ModelRun*>& entries,
                                    std::chrono::milliseconds budget) {
  BatchBuilder batch(run, warehouse);
  if (auto status = InTransaction(warehouse, [&] { return batch.Build(entries, budget); }); !status)
    return status.error();
  // Outside of that transaction: an engine gives up a whole one for an audit that it cannot run.
  if (auto status = batch.Audit(); !status) return status.error();
  return batch.Take();
}

void TakeResults(Run& run, BuiltBatch batch) {
  std::set<std::string> failed;
  for (AuditFailure& failure : batch.audits.failures) {
    if (failure.blocking) failed.insert(failure.model);
    run.report.failures.push_back(std::move(failure));
  }
  for (const auto& [model, error] : batch.audits.errors) {
    failed.insert(model);
    run.report.errors.push_back(error.message);
  }
  run.report.audits += batch.audits.audits;
  for (BuiltModel& built : batch.models) {
    ModelRun& entry = *built.entry;
    const std::string& name = entry.model->model;
    if (built.held) {
      SetHeld(run, entry, *built.held);
      continue;
    }
    entry.fate = failed.contains(name) ? Fate::kFailed : Fate::kDone;
    ++run.done;
    if (built.made) {
      ++run.report.built;
      Tell(run, Progress::Kind::kBuilt, name, built.rows, built.seconds);
    }
  }
  for (const BuiltModel& built : batch.models) {
    if (!built.held) Tell(run, Progress::Kind::kAudited, built.entry->model->model);
  }
}

base::Status TakeOver(Run& run) {
  if (!run.attempt.resumed) return {};
  auto journal = ReadJournal(run.warehouse, run.plan.environment);
  if (!journal) return journal.error();
  std::set<std::string> done;
  std::map<std::string, std::string> held;
  for (const JournalEntry& entry : *journal) {
    if (entry.key.starts_with("loads:")) run.frozen[entry.key.substr(6)];
    if (entry.key.starts_with("build:")) done.insert(entry.key.substr(6));
    if (entry.key.starts_with("held:")) held[entry.key.substr(5)] = entry.note;
  }
  return InTransaction(run.warehouse, [&]() -> base::Status {
    for (ModelRun& entry : run.models) {
      const std::string& name = entry.model->model;
      if (held.contains(name) && entry.served != nullptr) SetHeld(run, entry, held[name]);
      if (entry.standing || !done.contains(name)) continue;
      const std::vector<RelationName> made = MadeRelations(*entry.model);
      entry.standing = true;
      for (const RelationName& relation : made) {
        auto found = run.warehouse.Find(relation);
        if (!found) return found.error();
        entry.standing = entry.standing && found->has_value();
      }
    }
    return {};
  });
}

}  // namespace wapc::runtime
