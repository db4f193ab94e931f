#include "runtime/environments/rollback.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "runtime/environments/hold.h"
#include "runtime/environments/views.h"
#include "runtime/sql_text.h"
#include "runtime/state/history.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"

namespace wapc::runtime {
namespace {

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }
base::Error Refused(std::string message) { return {base::ErrorKind::kProject, std::move(message)}; }

/// One rollback: what its steps hand on to each other.
struct Rollback {
  Warehouse& warehouse;
  const RollbackOptions& options;
  RollbackReport report;
  State state;
  std::vector<Publish> undone;              ///< the newest first
  std::map<std::string, Replaced> targets;  ///< what each model goes back to: as it was before the oldest of them
};

base::Result<EnvironmentRecord*> FindEnvironment(State& state, const std::string& name) {
  const auto found = state.environments.find(name);
  if (found != state.environments.end() && !IsDropped(found->second)) return &found->second;
  return Usage("there is no environment " + name + "; `wapc env list` shows what there is");
}

/// The publishes that are undone: all that came after the plan that is served again.
base::Result<std::vector<Publish>> Choose(Rollback& rollback, std::vector<Publish> history) {
  std::erase_if(history,
                [](const Publish& publish) { return publish.action != "publish" || publish.status != "done"; });
  const std::string& to = rollback.options.to_plan;
  const std::string& environment = rollback.options.environment;
  if (history.empty()) {
    return Usage("no publish of " + environment + " is recorded that could be undone; `wapc env show " + environment +
                 "` shows its history");
  }
  size_t count = 1;
  if (!to.empty()) {
    const auto found = std::find_if(history.begin(), history.end(),
                                    [&](const Publish& publish) { return publish.plan_sha256.starts_with(to); });
    if (found == history.end()) {
      return Usage("no publish of a plan " + to + " to " + environment + " is recorded; `wapc env show " + environment +
                   "` lists them");
    }
    count = static_cast<size_t>(found - history.begin());
    if (count == 0) return Usage(environment + " serves that plan already");
  }
  if (count < history.size()) rollback.report.served = history[count].plan_sha256;
  history.resize(count);
  return history;
}

/// Where rows were moved in place, nobody else may have moved the same table since.
base::Status CheckMoves(Rollback& rollback, const Publish& publish) {
  for (const Replaced& model : publish.models) {
    if (!model.moved) continue;
    if (!model.undoable) {
      return Refused(
          fmt::format("the rows that plan {} moved in place in {} were not kept, so they cannot be moved back",
                      publish.plan_sha256.substr(0, 12), model.model));
    }
    const auto later = rollback.warehouse.Query(fmt::format(
        "SELECT p.environment, p.plan_sha256 FROM wapc.publish_models AS m JOIN wapc.publishes AS p "
        "ON p.environment = m.environment AND p.seq = m.seq WHERE m.build_after = {} AND p.seq > {} "
        "AND p.environment <> {} AND p.status = 'done' AND m.before LIKE '%\"moved\":true%' ORDER BY p.seq DESC",
        rollback.warehouse.Literal(model.build_after), publish.seq, rollback.warehouse.Literal(publish.environment)));
    if (!later) return later.error();
    if (later->rows.empty()) continue;
    return Refused(fmt::format("{} was moved on by a later publish of {}; roll that back first", model.model,
                               later->rows[0][0].value_or("")));
  }
  return {};
}

base::Status Read(Rollback& rollback) {
  auto state = ReadRecords(rollback.warehouse);
  if (!state) return state.error();
  rollback.state = std::move(*state);
  auto environment = FindEnvironment(rollback.state, rollback.options.environment);
  if (!environment) return environment.error();
  auto history = ReadPublishes(rollback.warehouse, rollback.options.environment);
  if (!history) return history.error();
  auto chosen = Choose(rollback, std::move(*history));
  if (!chosen) return chosen.error();
  rollback.undone = std::move(*chosen);
  for (Publish& publish : rollback.undone) {
    if (auto status = ReadReplaced(rollback.warehouse, publish); !status) return status;
    if (auto status = CheckMoves(rollback, publish); !status) return status;
    rollback.report.undone.push_back(publish.plan_sha256);
    for (const Replaced& model : publish.models) rollback.targets[model.model] = model;
  }
  return {};
}

base::Status MoveBack(Rollback& rollback) {
  for (const Publish& publish : rollback.undone) {
    for (const std::string& sql : publish.undo) {
      if (auto status = rollback.warehouse.Execute(sql); !status) {
        return base::Error{status.error().kind, "moving rows back: " + status.error().message};
      }
    }
    rollback.report.moved +=
        std::count_if(publish.models.begin(), publish.models.end(), [](const Replaced& model) { return model.moved; });
  }
  return {};
}

/// The builds of tables that were moved in place, as they were before the oldest undone publish, by build id.
std::map<std::string, const Replaced*> MovedBuilds(const Rollback& rollback) {
  std::map<std::string, const Replaced*> out;
  for (const Publish& publish : rollback.undone) {
    for (const Replaced& model : publish.models) {
      if (model.moved && !model.build.empty()) out[model.build_after] = &model;
    }
  }
  return out;
}

/// The recorded number of rows must be there again; otherwise somebody else has written into the table.
base::Status CheckRows(Rollback& rollback) {
  std::vector<RelationName> relations;
  std::vector<const Replaced*> models;
  for (const auto& [id, model] : MovedBuilds(rollback)) {
    relations.push_back(
        {model->build.at("relation_schema").value_or(""), model->build.at("relation_name").value_or("")});
    models.push_back(model);
  }
  const auto counts = CountRows(rollback.warehouse, relations);
  if (!counts) return counts.error();
  for (size_t i = 0; i < models.size(); ++i) {
    const int64_t expected = CellNumber(models[i]->build.at("row_count"));
    if (counts->at(i) == expected) continue;
    return Refused(fmt::format("{} would have {} rows where {} were published: something else has written into {}.{}",
                               models[i]->model, counts->at(i), expected, relations[i].schema, relations[i].name));
  }
  return {};
}

base::Status ReplaceRows(Warehouse& warehouse, const std::string& table, const std::string& where,
                         const std::vector<StateRow>& rows) {
  if (auto status = warehouse.Execute("DELETE FROM wapc." + table + " WHERE " + where); !status) return status;
  return WriteStateTable(warehouse, StateTableOf(table, rows));
}

/// Builds go back to what they held and whose they were; one whose owner is gone since stays with its present one.
base::Status RestoreBuilds(Rollback& rollback) {
  std::map<std::string, StateRow> builds;
  for (const Publish& publish : rollback.undone) {
    for (const Replaced& model : publish.models) {
      if (!model.build.empty()) builds[model.build_after] = model.build;
    }
  }
  std::vector<std::string> ids;
  std::vector<StateRow> rows;
  for (auto& [id, row] : builds) {
    const auto now = rollback.state.builds.find(id);
    if (now == rollback.state.builds.end()) continue;
    if (!rollback.state.environments.contains(row["owner"].value_or(""))) row["owner"] = now->second.owner;
    ids.push_back(id);
    rows.push_back(std::move(row));
  }
  return ReplaceRows(rollback.warehouse, "builds", "build_id IN " + InList(rollback.warehouse, ids), rows);
}

base::Status RestoreContents(Rollback& rollback) {
  Warehouse& warehouse = rollback.warehouse;
  for (const auto& [id, model] : MovedBuilds(rollback)) {
    const std::string where = "build_id = " + warehouse.Literal(id);
    if (auto status = ReplaceRows(warehouse, "intervals", where, model->intervals); !status) return status;
  }
  for (const Publish& publish : rollback.undone) {
    for (const Replaced& model : publish.models) {
      for (const StateRow& load : model.loads) {
        std::string where;
        for (const auto& [column, cell] : load) {
          where +=
              (where.empty() ? "" : " AND ") + warehouse.Quote(column) + " = " + warehouse.Literal(cell.value_or(""));
        }
        if (auto status = warehouse.Execute("DELETE FROM wapc.table_loads WHERE " + where); !status) return status;
      }
    }
  }
  return {};
}

base::Status RestoreModels(Rollback& rollback) {
  std::vector<std::string> names;
  std::vector<StateRow> rows;
  for (const auto& [name, target] : rollback.targets) {
    names.push_back(name);
    if (!target.served.empty()) rows.push_back(target.served);
  }
  return ReplaceRows(rollback.warehouse, "environment_models",
                     "environment = " + rollback.warehouse.Literal(rollback.options.environment) + " AND model IN " +
                         InList(rollback.warehouse, names),
                     rows);
}

/// What serves after the records were restored, against what served before.
base::Status MoveViews(Rollback& rollback) {
  auto restored = ReadRecords(rollback.warehouse);
  if (!restored) return restored.error();
  const EnvironmentRecord& before = rollback.state.environments.at(rollback.options.environment);
  const EnvironmentRecord& after = restored->environments.at(rollback.options.environment);
  for (const auto& [name, model] : after.models) {
    if (!model.build.build_id.empty()) continue;
    return Refused("the version of " + name + " to go back to is gone: it was too old, and cleaned away");
  }
  for (const auto& [name, target] : rollback.targets) rollback.report.models.push_back(name);
  const auto views = SwitchViews(rollback.warehouse, before, after);
  if (!views) return views.error();
  rollback.report.views = *views;
  return {};
}

base::Status DropKept(Rollback& rollback) {
  for (const Publish& publish : rollback.undone) {
    for (const RelationName& kept : publish.kept) {
      auto status = rollback.warehouse.Execute("DROP TABLE IF EXISTS " + rollback.warehouse.Quote(kept));
      if (!status) return status;
    }
  }
  return {};
}

/// The publishes are marked, and the rollback stands in the history as a change of its own, so that it is known since
/// when the versions that it took away are not used.
base::Status Record(Rollback& rollback) {
  Warehouse& warehouse = rollback.warehouse;
  const std::string environment = warehouse.Literal(rollback.options.environment);
  Publish entry{.environment = rollback.options.environment, .action = "rollback"};
  entry.plan_sha256 = rollback.report.served;
  std::string seqs;
  for (const Publish& publish : rollback.undone) seqs += (seqs.empty() ? "" : ", ") + std::to_string(publish.seq);
  const EnvironmentRecord& before = rollback.state.environments.at(rollback.options.environment);
  for (const auto& [name, target] : rollback.targets) {
    const auto served = before.models.find(name);
    entry.models.push_back({.model = name,
                            .build_before = served == before.models.end() ? "" : served->second.build.build_id,
                            .build_after = target.build_before});
  }
  for (const std::string& sql :
       {fmt::format("UPDATE wapc.publishes SET status = 'undone' WHERE environment = {} AND seq IN ({})", environment,
                    seqs),
        fmt::format("DELETE FROM wapc.publish_undo WHERE environment = {} AND seq IN ({})", environment, seqs),
        fmt::format("UPDATE wapc.plans SET status = 'rolled back' WHERE environment = {} AND status IN ('published', "
                    "'partial') AND sha256 IN {}",
                    environment, InList(warehouse, rollback.report.undone)),
        fmt::format("UPDATE wapc.environments SET structure_version = structure_version + 1, "
                    "data_version = data_version + 1, held = true, updated_at = now(), plan_sha256 = {} "
                    "WHERE name = {}",
                    warehouse.Literal(rollback.report.served), environment)}) {
    if (auto status = warehouse.Execute(sql); !status) return status;
  }
  if (auto status = WritePublish(warehouse, entry); !status) return status;
  return SealState(warehouse);
}

base::Status CheckFormat(Warehouse& warehouse, const std::string& environment) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format == 0) return Usage("there is no environment " + environment + ": nothing was published here yet");
  return CheckStateFormat(*format);
}

}  // namespace

base::Result<RollbackReport> RollBack(Warehouse& warehouse, const RollbackOptions& options) {
  if (auto status = CheckFormat(warehouse, options.environment); !status) return status.error();
  Rollback rollback{.warehouse = warehouse, .options = options};
  const auto status =
      WithEnvironment(warehouse, options.environment, "rollback", options.lock_timeout, [&]() -> base::Status {
        for (base::Status (*step)(Rollback&) :
             {Read, MoveBack, CheckRows, RestoreBuilds, RestoreContents, RestoreModels, MoveViews, DropKept, Record}) {
          if (auto done = step(rollback); !done) return done;
        }
        return {};
      });
  if (!status) return status.error();
  return std::move(rollback.report);
}

base::Result<bool> Resume(Warehouse& warehouse, const std::string& environment,
                          std::chrono::milliseconds lock_timeout) {
  if (auto status = CheckFormat(warehouse, environment); !status) return status.error();
  bool was_held = false;
  const auto status = WithEnvironment(warehouse, environment, "resume", lock_timeout, [&]() -> base::Status {
    auto state = ReadRecords(warehouse);
    if (!state) return state.error();
    const auto found = FindEnvironment(*state, environment);
    if (!found) return found.error();
    was_held = (*found)->held;
    if (!was_held) return {};
    auto updated =
        warehouse.Execute("UPDATE wapc.environments SET held = false WHERE name = " + warehouse.Literal(environment));
    return updated ? SealState(warehouse) : updated;
  });
  if (!status) return status.error();
  return was_held;
}

}  // namespace wapc::runtime
