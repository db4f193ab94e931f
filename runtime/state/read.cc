#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>

#include "base/digest.h"
#include "runtime/plan_json.h"
#include "runtime/sql_text.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"
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

/// Rows of the tables of state, from a warehouse or from an export.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  /// The columns, as texts, of all rows of `wapc.<table>`.
  virtual base::Result<Rows> Read(std::string_view table, const std::vector<std::string_view>& columns) = 0;
};

class WarehouseSource : public RecordSource {
 public:
  explicit WarehouseSource(Warehouse& warehouse) : warehouse_(warehouse) {}
  base::Result<Rows> Read(std::string_view table, const std::vector<std::string_view>& columns) override {
    std::string sql;
    for (const std::string_view column : columns) {
      // Numbers are read many times faster than moments as texts, and there may be many of them.
      const std::string name = warehouse_.Quote(column);
      const std::string value =
          column.ends_with("_ts") ? "CAST(round(EXTRACT(EPOCH FROM " + name + ") * 1000000) AS bigint)" : name;
      sql += (sql.empty() ? "SELECT CAST(" : ", CAST(") + value + " AS text)";
    }
    return warehouse_.Query(sql + " FROM wapc." + std::string(table));
  }

 private:
  Warehouse& warehouse_;
};

/// An export; a table or a column that it has not is an error, since it would not fit.
class TablesSource : public RecordSource {
 public:
  explicit TablesSource(const std::vector<StateTable>& tables) : tables_(tables) {}
  base::Result<Rows> Read(std::string_view table, const std::vector<std::string_view>& columns) override {
    const auto found = std::find_if(tables_.begin(), tables_.end(), [&](const auto& t) { return t.name == table; });
    if (found == tables_.end()) return Missing("the table " + std::string(table));
    std::vector<size_t> places;
    for (const std::string_view column : columns) {
      const auto at = std::find(found->columns.begin(), found->columns.end(), column);
      if (at == found->columns.end()) return Missing("the column " + std::string(table) + "." + std::string(column));
      places.push_back(static_cast<size_t>(at - found->columns.begin()));
    }
    Rows out;
    for (const auto& cells : found->rows) {
      auto& row = out.rows.emplace_back();
      for (const size_t place : places) row.push_back(cells.at(place));
    }
    return out;
  }

 private:
  static base::Error Missing(const std::string& what) {
    return {base::ErrorKind::kUsage, "the exported state lacks " + what};
  }

  const std::vector<StateTable>& tables_;
};

template <class Take>
base::Status EachRow(RecordSource& source, std::string_view table, const std::vector<std::string_view>& columns,
                     const Take& take) {
  auto rows = source.Read(table, columns);
  if (!rows) return rows.error();
  for (Cells& cells : rows->rows) take(RowReader(cells));
  return {};
}

/// Microseconds since 1970 of a moment in UTC, be it such a number or as engines write it: '2024-01-31 12:00:00.5+00'.
int64_t Micros(const std::string& text) {
  if (text.find(':') == std::string::npos) return CellNumber(text);
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%u %d:%d:%lf", &year, &month, &day, &hour, &minute, &second) != 6) return 0;
  const std::chrono::sys_days date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
  const int64_t minutes = (date.time_since_epoch().count() * 24 + hour) * 60 + minute;
  return minutes * 60'000'000 + std::llround(second * 1e6);
}

base::Status ReadBuilds(RecordSource& source, State& state) {
  return EachRow(source, "builds",
                 {"build_id", "model", "table_version", "owner", "kind", "relation_schema", "relation_name",
                  "row_count", "loads_digests", "plan_sha256"},
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

base::Status ReadEnvironments(RecordSource& source, State& state) {
  return EachRow(source, "environments",
                 {"name", "structure_version", "data_version", "plan_sha256", "held", "updated_at"},
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

base::Status ReadEnvironmentModels(RecordSource& source, State& state) {
  return EachRow(source, "environment_models",
                 {"environment", "model", "kind", "data_digest", "metadata_digest", "audits_digest", "table_version",
                  "canonical", "metadata", "view_schema", "view_name", "build_id", "columns", "depends_on"},
                 [&](RowReader row) {
                   const auto environment = state.environments.find(row.Text());
                   if (environment == state.environments.end()) return;
                   EnvironmentModel model = ReadEnvironmentModel(row, state);
                   std::string name = model.model;
                   environment->second.models.insert_or_assign(std::move(name), std::move(model));
                 });
}

base::Status ReadTableLoads(RecordSource& source, State& state) {
  auto status = EachRow(source, "table_loads", {"build_id", "dataset", "schema_name", "load_id"}, [&](RowReader row) {
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

base::Status ReadIntervals(RecordSource& source, State& state) {
  return EachRow(source, "intervals", {"build_id", "start_ts", "end_ts"}, [&](RowReader row) {
    std::vector<Interval>& intervals = state.intervals[row.Text()];
    const int64_t start = Micros(row.Text());
    intervals.push_back({start, Micros(row.Text())});
  });
}

base::Status ReadEvaluations(RecordSource& source, State& state) {
  return EachRow(source, "evaluations", {"build_id", "evaluated_at"}, [&](RowReader row) {
    std::string build = row.Text();
    state.evaluations.insert_or_assign(std::move(build), Micros(row.Text()));
  });
}

base::Status FillFrom(RecordSource& source, State& state) {
  if (auto status = ReadBuilds(source, state); !status) return status;
  if (auto status = ReadEnvironments(source, state); !status) return status;
  if (auto status = ReadEnvironmentModels(source, state); !status) return status;
  if (auto status = ReadTableLoads(source, state); !status) return status;
  if (auto status = ReadEvaluations(source, state); !status) return status;
  return ReadIntervals(source, state);
}

base::Status FillRecords(Warehouse& warehouse, State& state) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format == 0) return {};
  if (auto status = CheckStateFormat(*format); !status) return status;
  WarehouseSource source(warehouse);
  return FillFrom(source, state);
}

}  // namespace

base::Result<std::map<std::string, std::vector<LoadId>>> CompleteLoads(Warehouse& warehouse,
                                                                       const std::vector<std::string>& datasets) {
  std::map<std::string, std::vector<LoadId>> out;
  for (const std::string& dataset : datasets) {
    const RelationName table{dataset, "_dlt_loads"};
    auto found = warehouse.Find(table);
    if (!found) return found.error();
    if (!found->has_value()) continue;
    std::vector<LoadId>& loads = out[dataset];
    loads.clear();
    auto rows = warehouse.Query("SELECT DISTINCT COALESCE(schema_name, ''), load_id FROM " + warehouse.Quote(table) +
                                " WHERE status = 0");
    if (!rows) return rows.error();
    for (Cells& cells : rows->rows) {
      RowReader row(cells);
      std::string schema_name = row.Text();
      loads.push_back({std::move(schema_name), row.Text()});
    }
    std::sort(loads.begin(), loads.end());
  }
  return out;
}

base::Result<State> ReadState(Warehouse& warehouse, const std::vector<std::string>& datasets) {
  State state;
  // One transaction, so that all of it is as of one moment.
  auto status = InTransaction(warehouse, [&]() -> base::Status {
    auto loads = CompleteLoads(warehouse, datasets);
    if (!loads) return loads.error();
    state.complete_loads = std::move(*loads);
    return FillRecords(warehouse, state);
  });
  if (!status) return status.error();
  return state;
}

base::Result<State> ReadRecords(Warehouse& warehouse) {
  State state;
  if (auto status = FillRecords(warehouse, state); !status) return status.error();
  return state;
}

base::Result<State> StateOfTables(const std::vector<StateTable>& tables) {
  State state;
  TablesSource source(tables);
  if (auto status = FillFrom(source, state); !status) return status.error();
  return state;
}

std::string MetadataField(std::string_view metadata, std::string_view name) {
  size_t at = metadata.find('\n');
  while (at != std::string_view::npos && at + 1 < metadata.size()) {
    const size_t colon = metadata.find(':', at + 1);
    if (colon == std::string_view::npos) break;
    size_t length = 0;
    const auto [end, fault] = std::from_chars(metadata.data() + colon + 1, metadata.data() + metadata.size(), length);
    const auto text = static_cast<size_t>(end - metadata.data()) + 1;
    if (fault != std::errc() || text > metadata.size() || length > metadata.size() - text) break;
    if (metadata.substr(at + 1, colon - at - 1) == name) return std::string(metadata.substr(text, length));
    at = text + length;
  }
  return {};
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
