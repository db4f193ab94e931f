#include "runtime/apply/history.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "runtime/sql_text.h"
#include "runtime/state/history.h"
#include "runtime/state/tables.h"

namespace wapc::runtime {
namespace {

/// Rows of a state table, by the value of one column.
using RowsByKey = std::map<std::string, std::vector<StateRow>>;

base::Result<RowsByKey> ReadByKey(Warehouse& warehouse, const std::string& table, const std::string& key,
                                  const std::string& where) {
  const auto rows = ReadStateTable(warehouse, table, where);
  if (!rows) return rows.error();
  RowsByKey out;
  for (StateRow& row : RowsOf(*rows)) out[row[key].value_or("")].push_back(std::move(row));
  return out;
}

/// What is known before the publish, of all models at once.
struct Before {
  RowsByKey models;     ///< by model
  RowsByKey builds;     ///< by build id
  RowsByKey intervals;  ///< by build id, of tables that are moved in place
};

bool IsMoved(const ModelRun& entry) { return entry.model->action == Action::kDelta; }

base::Result<Before> ReadBefore(Run& run, const std::vector<const ModelRun*>& entries) {
  std::vector<std::string> names;
  std::vector<std::string> builds;
  std::vector<std::string> moved;
  for (const ModelRun* entry : entries) {
    names.push_back(entry->model->model);
    if (!entry->build_id.empty()) builds.push_back(entry->build_id);
    if (IsMoved(*entry)) moved.push_back(entry->build_id);
  }
  Before before;
  auto models = ReadByKey(
      run.warehouse, "environment_models", "model",
      "environment = " + run.warehouse.Literal(run.plan.environment) + " AND model IN " + InList(run.warehouse, names));
  if (!models) return models.error();
  auto known = ReadByKey(run.warehouse, "builds", "build_id", "build_id IN " + InList(run.warehouse, builds));
  if (!known) return known.error();
  auto intervals = ReadByKey(run.warehouse, "intervals", "build_id", "build_id IN " + InList(run.warehouse, moved));
  if (!intervals) return intervals.error();
  return Before{std::move(*models), std::move(*known), std::move(*intervals)};
}

/// The loads whose rows this publish brings into a table that had none of them.
base::Result<std::vector<StateRow>> AddedLoads(Run& run, const ModelRun& entry) {
  std::vector<StateRow> added;
  const auto& datasets = entry.model->datasets;
  for (const PlanLoads& loads : run.plan.loads) {
    if (std::find(datasets.begin(), datasets.end(), loads.dataset) == datasets.end()) continue;
    auto rows = run.warehouse.Query(
        "SELECT COALESCE(schema_name, ''), load_id FROM " + run.warehouse.Quote(loads.snapshot) +
        " WHERE status = 0 EXCEPT SELECT schema_name, load_id FROM wapc.table_loads WHERE build_id = " +
        run.warehouse.Literal(entry.build_id) + " AND dataset = " + run.warehouse.Literal(loads.dataset));
    if (!rows) return rows.error();
    for (auto& row : rows->rows) {
      added.push_back({{"build_id", entry.build_id},
                       {"dataset", loads.dataset},
                       {"schema_name", row[0].value_or("")},
                       {"load_id", row[1].value_or("")}});
    }
  }
  std::sort(added.begin(), added.end());
  return added;
}

base::Result<Replaced> ReplacedOf(Run& run, const ModelRun& entry, Before& before) {
  Replaced out{.model = entry.model->model, .build_after = entry.build_id, .moved = IsMoved(entry)};
  if (entry.model->action == Action::kRemove) out.build_after.clear();
  if (auto& rows = before.models[out.model]; !rows.empty()) {
    out.served = rows.front();
    out.build_before = out.served["build_id"].value_or("");
  }
  if (auto& rows = before.builds[entry.build_id]; !rows.empty()) out.build = rows.front();
  if (!out.moved) return out;
  out.undoable = !entry.model->undo.empty();
  out.intervals = before.intervals[entry.build_id];
  auto loads = AddedLoads(run, entry);
  if (!loads) return loads.error();
  out.loads = std::move(*loads);
  return out;
}

/// The last model of the publish is undone first.
base::Status AddUndo(const std::vector<const ModelRun*>& entries, Publish& publish) {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const PlanModel& model = *(*entry)->model;
    for (const Step& step : model.undo) {
      auto sql = ResolveTemplate(step.sql, {{"at", "@"}});
      if (!sql) return Because("model " + model.model + ", step " + step.id, sql.error());
      publish.undo.push_back(std::move(*sql));
    }
    publish.kept.insert(publish.kept.end(), model.kept.begin(), model.kept.end());
  }
  return {};
}

}  // namespace

base::Status RecordReplaced(Run& run) {
  std::vector<const ModelRun*> entries;
  for (const ModelRun& entry : run.models) {
    if (entry.fate == Fate::kDone) entries.push_back(&entry);
  }
  auto before = ReadBefore(run, entries);
  if (!before) return before.error();
  Publish publish{.environment = run.plan.environment, .action = "publish", .plan_sha256 = run.options.sha256};
  for (const ModelRun* entry : entries) {
    auto replaced = ReplacedOf(run, *entry, *before);
    if (!replaced) return replaced.error();
    publish.models.push_back(std::move(*replaced));
  }
  if (auto status = AddUndo(entries, publish); !status) return status;
  return WritePublish(run.warehouse, publish);
}

}  // namespace wapc::runtime
