#include <algorithm>
#include <string>
#include <utility>

#include "base/digest.h"
#include "runtime/plan_json.h"
#include "runtime/sql_text.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

using Cells = std::vector<std::optional<std::string>>;

/// Takes the cells of a row one after another.
class RowReader {
 public:
  explicit RowReader(Cells& cells) : cells_(cells) {}
  std::string Text() {
    std::optional<std::string>& cell = cells_.at(next_++);
    return cell ? std::move(*cell) : std::string();
  }
  int64_t Number() { return CellNumber(cells_.at(next_++)); }
  bool Truth() { return Text() == "true"; }

 private:
  Cells& cells_;
  size_t next_ = 0;
};

template <class Take>
base::Status EachRow(Warehouse& warehouse, std::string_view sql, const Take& take) {
  auto rows = warehouse.Query(sql);
  if (!rows) return rows.error();
  for (Cells& cells : rows->rows) take(RowReader(cells));
  return {};
}

base::Status ReadBuilds(Warehouse& warehouse, State& state) {
  return EachRow(warehouse,
                 "SELECT build_id, model, table_version, owner, kind, relation_schema, relation_name, row_count, "
                 "loads_digests, plan_sha256 FROM wapc.builds",
                 [&](RowReader row) {
                   BuildRecord build;
                   build.build_id = row.Text();
                   build.model = row.Text();
                   build.table_version = row.Text();
                   build.owner = row.Text();
                   build.kind = row.Text();
                   build.relation.schema = row.Text();
                   build.relation.name = row.Text();
                   build.row_count = row.Number();
                   build.loads_digests = MapFromJson(row.Text());
                   build.plan_sha256 = row.Text();
                   std::string id = build.build_id;
                   state.builds.insert_or_assign(std::move(id), std::move(build));
                 });
}

base::Status ReadEnvironments(Warehouse& warehouse, State& state) {
  return EachRow(warehouse,
                 "SELECT name, structure_version, data_version, plan_sha256, held, CAST(updated_at AS text) "
                 "FROM wapc.environments",
                 [&](RowReader row) {
                   EnvironmentRecord environment;
                   environment.name = row.Text();
                   environment.structure_version = row.Number();
                   environment.data_version = row.Number();
                   environment.plan_sha256 = row.Text();
                   environment.held = row.Truth();
                   environment.updated_at = row.Text();
                   std::string name = environment.name;
                   state.environments.insert_or_assign(std::move(name), std::move(environment));
                 });
}

EnvironmentModel ReadEnvironmentModel(RowReader& row, const State& state) {
  EnvironmentModel model;
  model.model = row.Text();
  model.kind = row.Text();
  model.digests.data = row.Text();
  model.digests.metadata = row.Text();
  model.digests.audits = row.Text();
  model.digests.table_version = row.Text();
  model.canonical = row.Text();
  model.metadata = row.Text();
  model.view.schema = row.Text();
  model.view.name = row.Text();
  if (const auto build = state.builds.find(row.Text()); build != state.builds.end()) model.build = build->second;
  model.columns = ColumnsFromJson(row.Text());
  model.depends_on = NamesFromJson(row.Text());
  return model;
}

base::Status ReadEnvironmentModels(Warehouse& warehouse, State& state) {
  return EachRow(
      warehouse,
      "SELECT environment, model, kind, data_digest, metadata_digest, audits_digest, table_version, "
      "canonical, metadata, view_schema, view_name, build_id, columns, depends_on FROM wapc.environment_models",
      [&](RowReader row) {
        const auto environment = state.environments.find(row.Text());
        if (environment == state.environments.end()) return;
        EnvironmentModel model = ReadEnvironmentModel(row, state);
        std::string name = model.model;
        environment->second.models.insert_or_assign(std::move(name), std::move(model));
      });
}

base::Status ReadTableLoads(Warehouse& warehouse, State& state) {
  auto status =
      EachRow(warehouse, "SELECT build_id, dataset, schema_name, load_id FROM wapc.table_loads", [&](RowReader row) {
        auto& datasets = state.table_loads[row.Text()];
        auto& loads = datasets[row.Text()];
        std::string schema_name = row.Text();
        loads.push_back({std::move(schema_name), row.Text()});
      });
  for (auto& [build, datasets] : state.table_loads) {
    for (auto& [dataset, loads] : datasets) std::sort(loads.begin(), loads.end());
  }
  return status;
}

base::Status ReadIntervals(Warehouse& warehouse, State& state) {
  return EachRow(warehouse,
                 "SELECT build_id, CAST(round(EXTRACT(EPOCH FROM start_ts) * 1000000) AS bigint), "
                 "CAST(round(EXTRACT(EPOCH FROM end_ts) * 1000000) AS bigint) FROM wapc.intervals",
                 [&](RowReader row) {
                   std::vector<Interval>& intervals = state.intervals[row.Text()];
                   const int64_t start = row.Number();
                   intervals.push_back({start, row.Number()});
                 });
}

base::Status ReadEvaluations(Warehouse& warehouse, State& state) {
  return EachRow(warehouse,
                 "SELECT build_id, CAST(round(EXTRACT(EPOCH FROM evaluated_at) * 1000000) AS bigint) "
                 "FROM wapc.evaluations",
                 [&](RowReader row) {
                   std::string build = row.Text();
                   state.evaluations.insert_or_assign(std::move(build), row.Number());
                 });
}

base::Status ReadCompleteLoads(Warehouse& warehouse, const std::vector<std::string>& datasets, State& state) {
  for (const std::string& dataset : datasets) {
    const RelationName table{dataset, "_dlt_loads"};
    auto found = warehouse.Find(table);
    if (!found) return found.error();
    if (!found->has_value()) continue;
    std::vector<LoadId>& loads = state.complete_loads[dataset];
    loads.clear();
    auto status = EachRow(
        warehouse,
        "SELECT DISTINCT COALESCE(schema_name, ''), load_id FROM " + warehouse.Quote(table) + " WHERE status = 0",
        [&](RowReader row) {
          std::string schema_name = row.Text();
          loads.push_back({std::move(schema_name), row.Text()});
        });
    if (!status) return status;
    std::sort(loads.begin(), loads.end());
  }
  return {};
}

base::Status ReadRecords(Warehouse& warehouse, State& state) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format == 0) return {};
  if (auto status = CheckStateFormat(*format); !status) return status;
  if (auto status = ReadBuilds(warehouse, state); !status) return status;
  if (auto status = ReadEnvironments(warehouse, state); !status) return status;
  if (auto status = ReadEnvironmentModels(warehouse, state); !status) return status;
  if (auto status = ReadTableLoads(warehouse, state); !status) return status;
  if (auto status = ReadEvaluations(warehouse, state); !status) return status;
  return ReadIntervals(warehouse, state);
}

}  // namespace

base::Result<State> ReadState(Warehouse& warehouse, const std::vector<std::string>& datasets) {
  State state;
  // One transaction, so that all of it is as of one moment.
  auto status = InTransaction(warehouse, [&]() -> base::Status {
    if (auto loads = ReadCompleteLoads(warehouse, datasets, state); !loads) return loads;
    return ReadRecords(warehouse, state);
  });
  if (!status) return status.error();
  return state;
}

std::string LoadsDigest(const std::vector<LoadId>& sorted) {
  // Lengths before the texts keep two sets from running into the same bytes.
  std::string bytes = "wapc loads 1\n";
  for (const LoadId& load : sorted) {
    bytes += std::to_string(load.schema_name.size()) + ":" + load.schema_name;
    bytes += std::to_string(load.load_id.size()) + ":" + load.load_id + "\n";
  }
  return base::Sha256Hex(bytes);
}

}  // namespace wapc::runtime
