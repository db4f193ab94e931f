#include "runtime/apply/record.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "runtime/apply/evaluations.h"
#include "runtime/apply/history.h"
#include "runtime/apply/units.h"
#include "runtime/plan_json.h"
#include "runtime/sql_text.h"
#include "runtime/state/tables.h"

namespace wapc::runtime {
namespace {

/// Deletes the rows with these keys and inserts the new ones.
base::Status Replace(Warehouse& warehouse, const std::string& table, const std::string& where,
                     const std::vector<std::string>& keys, const std::vector<std::string>& rows) {
  if (!keys.empty()) {
    auto status = warehouse.Execute("DELETE FROM " + table + " WHERE " + where + " IN " + InList(warehouse, keys));
    if (!status) return status;
  }
  return InsertRows(warehouse, table, rows);
}

bool IsRecorded(const ModelRun& entry) { return entry.fate == Fate::kDone && entry.model->action != Action::kRemove; }

base::Status RecordEnvironment(Run& run) {
  auto now = run.warehouse.Query("SELECT structure_version, data_version FROM wapc.environments WHERE name = " +
                                 run.warehouse.Literal(run.plan.environment));
  if (!now) return now.error();
  const bool is_new = now->rows.empty();
  const int64_t structure = is_new ? 1 : CellNumber(now->rows[0][0]) + (run.plan.changes_structure ? 1 : 0);
  const int64_t data = is_new ? 1 : CellNumber(now->rows[0][1]) + 1;
  SqlRow row(run.warehouse);
  row.Text(run.plan.environment).Number(structure).Number(data).Text(run.options.sha256).Truth(false).Raw("now()");
  return Replace(run.warehouse, "wapc.environments", "name", {run.plan.environment}, {row.text()});
}

std::string ModelRow(const Run& run, const ModelRun& entry) {
  const PlanModel& model = *entry.model;
  SqlRow row(run.warehouse);
  row.Text(run.plan.environment).Text(model.model).Text(model.kind).Text(model.digests.data);
  row.Text(model.digests.metadata).Text(model.digests.audits).Text(model.digests.table_version);
  row.Text(model.canonical).Text(model.metadata).Text(model.view.schema).Text(model.view.name).Text(entry.build_id);
  row.Text(ColumnsToJson(model.columns)).Text(NamesToJson(model.depends_on));
  return row.text();
}

base::Status RecordModels(Run& run) {
  std::vector<std::string> names;
  std::vector<std::string> rows;
  for (const ModelRun& entry : run.models) {
    if (entry.fate != Fate::kDone) continue;
    names.push_back(entry.model->model);
    if (IsRecorded(entry)) rows.push_back(ModelRow(run, entry));
  }
  const std::string where = "environment = " + run.warehouse.Literal(run.plan.environment) + " AND model";
  return Replace(run.warehouse, "wapc.environment_models", where, names, rows);
}

std::map<std::string, std::string> LoadsDigests(const Run& run, const PlanModel& model) {
  std::map<std::string, std::string> digests;
  if (!model.copy_of.empty()) {
    const auto from = run.state.builds.find(model.copy_of);
    return from == run.state.builds.end() ? digests : from->second.loads_digests;
  }
  for (const std::string& dataset : model.datasets) {
    const auto frozen = run.frozen.find(dataset);
    if (frozen != run.frozen.end()) digests[dataset] = LoadsDigest(frozen->second);
  }
  return digests;
}

/// Whether this apply wrote the rows of the model's relation, rather than finding them recorded.
bool WroteRows(const Run& run, const ModelRun& entry) {
  if (entry.model->action == Action::kDelta) return true;
  return Builds(entry.model->action) && !run.state.builds.contains(entry.build_id);
}

BuildRecord NewBuild(const Run& run, const ModelRun& entry, int64_t rows) {
  const PlanModel& model = *entry.model;
  BuildRecord build{.build_id = entry.build_id,
                    .model = model.model,
                    .table_version = model.digests.table_version,
                    .owner = model.owner,
                    .kind = model.kind,
                    .relation = model.relation,
                    .row_count = rows,
                    .loads_digests = LoadsDigests(run, model),
                    .plan_sha256 = run.options.sha256};
  return build;
}

std::string BuildRow(const Run& run, const BuildRecord& build) {
  SqlRow row(run.warehouse);
  row.Text(build.build_id).Text(build.model).Text(build.table_version).Text(build.owner).Text(build.kind);
  row.Text(build.relation.schema).Text(build.relation.name).Number(build.row_count);
  row.Text(MapToJson(build.loads_digests)).Text(build.plan_sha256).Raw("now()");
  return row.text();
}

/// Rows of the relations that this apply wrote; those moved in place are counted anew, a VIEW is not counted.
base::Result<std::map<std::string, int64_t>> WrittenRows(Run& run) {
  std::map<std::string, int64_t> rows;
  std::vector<RelationName> moved;
  std::vector<std::string> ids;
  for (const ModelRun& entry : run.models) {
    if (!IsRecorded(entry)) continue;
    if (entry.model->action == Action::kDelta) {
      moved.push_back(entry.model->relation);
      ids.push_back(entry.build_id);
    }
    for (const Guard& guard : entry.guards) {
      if (guard.name == entry.model->relation) rows[entry.build_id] = guard.rows;
    }
  }
  const auto counts = CountRows(run.warehouse, moved);
  if (!counts) return counts.error();
  for (size_t i = 0; i < ids.size(); ++i) rows[ids[i]] = counts->at(i);
  return rows;
}

base::Status RecordBuilds(Run& run) {
  auto written = WrittenRows(run);
  if (!written) return written.error();
  std::map<std::string, BuildRecord> builds;
  for (const ModelRun& entry : run.models) {
    if (!IsRecorded(entry)) continue;
    if (WroteRows(run, entry)) {
      builds[entry.build_id] = NewBuild(run, entry, (*written)[entry.build_id]);
      continue;
    }
    // Found as it is: only its owner may pass to this environment.
    const auto known = run.state.builds.find(entry.build_id);
    if (known == run.state.builds.end() || known->second.owner == entry.model->owner) continue;
    BuildRecord build = known->second;
    build.owner = entry.model->owner;
    builds[entry.build_id] = std::move(build);
  }
  std::vector<std::string> ids;
  std::vector<std::string> rows;
  for (const auto& [id, build] : builds) {
    ids.push_back(id);
    rows.push_back(BuildRow(run, build));
  }
  return Replace(run.warehouse, "wapc.builds", "build_id", ids, rows);
}

base::Status RecordTableVersions(Run& run) {
  std::map<std::string, std::string> rows;
  for (const ModelRun& entry : run.models) {
    const PlanModel& model = *entry.model;
    if (!IsRecorded(entry) || model.digests.table_version.empty()) continue;
    SqlRow row(run.warehouse);
    row.Text(model.digests.table_version).Text(model.model).Text(model.kind).Text(model.digests.data);
    row.Text(ColumnsToJson(model.columns)).Raw("now()");
    rows[model.digests.table_version] = row.text();
  }
  auto known = run.warehouse.Query("SELECT table_version FROM wapc.table_versions");
  if (!known) return known.error();
  for (const auto& row : known->rows) rows.erase(row[0].value_or(""));
  std::vector<std::string> fresh;
  fresh.reserve(rows.size());
  for (auto& [version, row] : rows) fresh.push_back(std::move(row));
  return InsertRows(run.warehouse, "wapc.table_versions", fresh);
}

base::Status RecordLoads(Run& run) {
  for (const ModelRun& entry : run.models) {
    if (!IsRecorded(entry) || !entry.model->keeps_loads || !WroteRows(run, entry)) continue;
    if (!entry.model->copy_of.empty()) continue;
    const auto& datasets = entry.model->datasets;
    for (const PlanLoads& loads : run.plan.loads) {
      if (std::find(datasets.begin(), datasets.end(), loads.dataset) == datasets.end()) continue;
      const std::string build = run.warehouse.Literal(entry.build_id);
      const std::string dataset = run.warehouse.Literal(loads.dataset);
      // Only those that are new: a load once recorded stays, since its rows do.
      auto status = run.warehouse.Execute(fmt::format(
          "INSERT INTO wapc.table_loads SELECT {0}, {1}, COALESCE(schema_name, ''), load_id FROM {2} WHERE status = 0 "
          "EXCEPT SELECT build_id, dataset, schema_name, load_id FROM wapc.table_loads "
          "WHERE build_id = {0} AND dataset = {1}",
          build, dataset, run.warehouse.Quote(loads.snapshot)));
      if (!status) return status;
    }
  }
  return {};
}

/// The ranges that the steps of a model filled; a statement without a range, or with an empty one, filled none.
std::vector<Batch> FilledBatches(const PlanModel& model) {
  std::vector<Batch> out;
  for (const Step& step : model.build) {
    std::copy_if(step.batches.begin(), step.batches.end(), std::back_inserter(out),
                 [](const Batch& batch) { return batch.start != batch.end; });
  }
  return out;
}

/// Adds ranges to those of a table and joins what touches, so that a table filled hour by hour keeps one row.
base::Status RecordRanges(Run& run, const std::string& build_id, const std::vector<Batch>& batches) {
  const std::string build = run.warehouse.Literal(build_id);
  std::vector<std::string> rows;
  for (const Batch& batch : batches) {
    SqlRow row(run.warehouse);
    rows.push_back(row.Text(build_id).Text(batch.start).Text(batch.end).text());
  }
  if (auto status = InsertRows(run.warehouse, "wapc.intervals", rows); !status) return status;
  auto joined = run.warehouse.Query(fmt::format(
      "SELECT CAST(min(start_ts) AS text), CAST(max(end_ts) AS text) FROM (SELECT start_ts, end_ts, "
      "sum(opens) OVER (ORDER BY start_ts, end_ts ROWS UNBOUNDED PRECEDING) AS part FROM (SELECT start_ts, end_ts, "
      "CASE WHEN start_ts <= max(end_ts) OVER (ORDER BY start_ts, end_ts ROWS BETWEEN UNBOUNDED PRECEDING AND "
      "1 PRECEDING) THEN 0 ELSE 1 END AS opens FROM wapc.intervals WHERE build_id = {}) AS o) AS p GROUP BY part",
      build));
  if (!joined) return joined.error();
  rows.clear();
  for (const auto& range : joined->rows) {
    SqlRow row(run.warehouse);
    rows.push_back(row.Text(build_id).Text(range[0].value_or("")).Text(range[1].value_or("")).text());
  }
  return Replace(run.warehouse, "wapc.intervals", "build_id", {build_id}, rows);
}

base::Status RecordIntervals(Run& run) {
  for (const ModelRun& entry : run.models) {
    if (!IsRecorded(entry) || !WroteRows(run, entry)) continue;
    const std::vector<Batch> batches = FilledBatches(*entry.model);
    if (batches.empty()) continue;
    if (auto status = RecordRanges(run, entry.build_id, batches); !status) return status;
  }
  return {};
}

base::Status RecordEnd(Run& run) {
  auto status = run.warehouse.Execute(
      "UPDATE wapc.plans SET status = " + run.warehouse.Literal(IsPartial(run) ? "partial" : "published") +
      ", finished_at = now() WHERE sha256 = " + run.warehouse.Literal(run.options.sha256) +
      " AND attempt = " + std::to_string(run.attempt.number));
  if (!status) return status;
  // Writing the lease, too, makes an engine with several writers refuse the commit of one that has lost it meanwhile.
  return run.warehouse.Execute("UPDATE wapc.leases SET holder = '' WHERE resource = " +
                               run.warehouse.Literal("environment:" + run.plan.environment) +
                               " AND token = " + std::to_string(run.attempt.token));
}

base::Status Seal(Run& run) { return SealState(run.warehouse); }

}  // namespace

base::Status RecordPublish(Run& run) {
  for (base::Status (*step)(Run&) : {RecordReplaced, RecordEnvironment, RecordModels, RecordBuilds, RecordTableVersions,
                                     RecordLoads, RecordCopies, RecordIntervals, RecordEvaluations, RecordEnd, Seal}) {
    if (auto status = step(run); !status) return Because("recording what is published", status.error());
  }
  return {};
}

base::Result<int64_t> StructureVersion(Run& run) {
  auto rows = run.warehouse.Query("SELECT structure_version FROM wapc.environments WHERE name = " +
                                  run.warehouse.Literal(run.plan.environment));
  if (!rows) return rows.error();
  return rows->rows.empty() ? int64_t{0} : CellNumber(rows->rows[0][0]);
}

}  // namespace wapc::runtime
