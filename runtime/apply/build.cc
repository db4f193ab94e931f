#include "runtime/apply/build.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "runtime/apply/attempt.h"
#include "runtime/apply/audit.h"
#include "runtime/apply/guard.h"
#include "runtime/apply/prepare.h"
#include "runtime/sql_text.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

base::Status ReadFrozen(Run& run, const PlanLoads& loads) {
  auto rows = run.warehouse.Query("SELECT DISTINCT COALESCE(schema_name, ''), load_id FROM " +
                                  run.warehouse.Quote(loads.snapshot) + " WHERE status = 0");
  if (!rows) return Because("reading the frozen loads of " + loads.dataset, rows.error());
  std::vector<LoadId>& frozen = run.frozen[loads.dataset];
  frozen.clear();
  for (auto& row : rows->rows) frozen.push_back({row[0].value_or(""), row[1].value_or("")});
  std::sort(frozen.begin(), frozen.end());
  return {};
}

base::Status FreezeDataset(Run& run, const PlanLoads& loads) {
  return InTransaction(run.warehouse, [&]() -> base::Status {
    if (auto status = DropRelations(run.warehouse, {loads.snapshot}); !status) return status;
    if (auto status = RunSteps(run, {loads.freeze}, "freezing the loads of " + loads.dataset); !status) return status;
    return WriteJournal(run, "loads:" + loads.dataset, {loads.snapshot});
  });
}

struct Hold {
  int64_t rows = 0;
  std::string table;
};

/// The number of rows that hold a model back; what is not a number is an error rather than "none".
base::Result<Hold> AskHold(Run& run, const PlanModel& model) {
  const std::string what = "model " + model.model + ", its check for loads that are not complete";
  const auto sql = ResolveTemplate(model.hold_sql, run.values);
  if (!sql) return Because(what, sql.error());
  auto rows = run.warehouse.Query(*sql);
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

/// Whether the model keeps its last version; then that is journaled, so that a resumed apply does the same.
base::Result<bool> HoldBack(Run& run, ModelRun& entry) {
  const PlanModel& model = *entry.model;
  if (model.hold_sql.empty() || entry.served == nullptr) return false;
  const auto hold = AskHold(run, model);
  if (!hold) return hold.error();
  if (hold->rows <= 0) return false;
  const std::string reason = HoldText(model, *hold);
  if (auto status = WriteJournal(run, "held:" + model.model, {}, reason); !status) return status.error();
  SetHeld(run, entry, reason);
  return true;
}

/// Makes the model's relations and journals that in one transaction, so that a kill leaves both or neither. Gives the
/// candidate's rows (of a VIEW 0: counting would run it).
base::Result<int64_t> BuildModel(Run& run, const ModelRun& entry) {
  const PlanModel& model = *entry.model;
  int64_t rows = 0;
  auto status = InTransaction(run.warehouse, [&]() -> base::Status {
    const std::vector<RelationName> made = MadeRelations(model);
    if (run.attempt.resumed) {
      if (auto dropped = DropRelations(run.warehouse, made); !dropped) return dropped;
    }
    if (auto built = RunSteps(run, model.build, "model " + model.model); !built) return built;
    if (model.action != Action::kView) {
      auto counts = CountRows(run.warehouse, {model.candidate});
      if (!counts) return Because("model " + model.model + ", counting its rows", counts.error());
      rows = counts->at(0);
    }
    return WriteJournal(run, "build:" + model.model, made);
  });
  if (!status) return status.error();
  return rows;
}

bool StandsOnFailure(const ModelRun& entry, const std::set<std::string>& failed) {
  const auto& names = entry.model->depends_on;
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return failed.contains(name); });
}

base::Status BuildOne(Run& run, ModelRun& entry) {
  const PlanModel& model = *entry.model;
  if (entry.fate != Fate::kPending) return {};
  entry.fate = Fate::kDone;
  if (!Builds(model.action)) return {};
  const auto start = std::chrono::steady_clock::now();
  if (!entry.standing) {
    const auto held = HoldBack(run, entry);
    if (!held) return held.error();
    if (*held) return {};
  }
  Tell(run, Progress::Kind::kBuilding, model.model);
  int64_t rows = 0;
  if (!entry.standing) {
    const auto built = BuildModel(run, entry);
    if (!built) return built.error();
    rows = *built;
  }
  ++run.report.built;
  Tell(run, Progress::Kind::kBuilt, model.model, model.action == Action::kView ? -1 : rows, SecondsSince(start));
  return {};
}

/// Models of one level, in the order of the plan.
std::vector<ModelRun*> AtLevel(Run& run, size_t level) {
  std::vector<ModelRun*> entries;
  for (ModelRun& entry : run.models) {
    if (entry.level == level) entries.push_back(&entry);
  }
  return entries;
}

base::Status BuildLevel(Run& run, size_t level, std::set<std::string>& failed) {
  std::vector<ModelRun*> entries = AtLevel(run, level);
  for (ModelRun* entry : entries) {
    if (StandsOnFailure(*entry, failed)) {
      entry->fate = Fate::kSkipped;
      run.report.skipped.push_back(entry->model->model);
      failed.insert(entry->model->model);
      ++run.done;
      continue;
    }
    if (auto status = BuildOne(run, *entry); !status) return status;
  }
  std::erase_if(entries, [](const ModelRun* entry) { return entry->fate != Fate::kDone; });
  return CaptureGuards(run, entries);
}

/// Whether an audit of the model reads one that was not built; its own rows cannot be vouched for then.
bool AuditsFailure(const ModelRun& entry, const std::set<std::string>& missing) {
  const auto& audits = entry.model->audits;
  return std::any_of(audits.begin(), audits.end(), [&](const PlanAudit& audit) {
    const auto names = ModelsInTemplate(audit.sql);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return missing.contains(name); });
  });
}

base::Status AuditLevel(Run& run, size_t level, std::set<std::string>& failed) {
  std::set<std::string> missing;
  for (const ModelRun& entry : run.models) {
    if (entry.fate == Fate::kSkipped) missing.insert(entry.model->model);
  }
  std::vector<ModelRun*> entries;
  for (ModelRun& entry : run.models) {
    if (entry.audit_level != level || entry.fate != Fate::kDone) continue;
    if (!AuditsFailure(entry, missing)) {
      entries.push_back(&entry);
      continue;
    }
    entry.fate = Fate::kSkipped;
    run.report.skipped.push_back(entry.model->model);
    failed.insert(entry.model->model);
  }
  if (auto status = AuditModels(run, entries); !status) return status;
  for (const ModelRun* entry : entries) {
    if (entry->fate == Fate::kFailed) failed.insert(entry->model->model);
  }
  return {};
}

}  // namespace

base::Status RunSteps(Run& run, const std::vector<Step>& steps, const std::string& what) {
  for (const Step& step : steps) {
    for (const Batch& batch : step.batches) {
      if (!batch.start.empty()) {
        PutMoment(run.values, run.warehouse, "batch_start", batch.start);
        PutMoment(run.values, run.warehouse, "batch_end", batch.end);
        PutMoment(run.values, run.warehouse, "batch_last", batch.last);
      }
      const auto sql = ResolveTemplate(step.sql, run.values);
      if (!sql) return Because(what + ", step " + step.id, sql.error());
      if (auto status = run.warehouse.Execute(*sql); !status)
        return Because(what + ", step " + step.id, status.error());
    }
  }
  return {};
}

base::Status FreezeLoads(Run& run) {
  auto status = InTransaction(run.warehouse, [&]() -> base::Status {
    for (const std::string& schema : run.plan.schemas) {
      auto made = run.warehouse.Execute("CREATE SCHEMA IF NOT EXISTS " + run.warehouse.Quote(schema));
      if (!made) return Because("schema " + schema, made.error());
    }
    return {};
  });
  if (!status) return status;
  for (const PlanLoads& loads : run.plan.loads) {
    if (!run.frozen.contains(loads.dataset)) {
      if (auto frozen = FreezeDataset(run, loads); !frozen) return frozen;
    }
    if (auto read = ReadFrozen(run, loads); !read) return read;
  }
  return {};
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

base::Status BuildAndAudit(Run& run) {
  size_t levels = 0;
  for (const ModelRun& entry : run.models) levels = std::max(levels, entry.level + 1);
  std::set<std::string> failed;
  for (size_t level = 0; level < levels; ++level) {
    if (auto status = BuildLevel(run, level, failed); !status) return status;
    if (auto status = AuditLevel(run, level, failed); !status) return status;
  }
  return {};
}

}  // namespace wapc::runtime
