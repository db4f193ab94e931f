#include "runtime/apply/evaluations.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "runtime/sql_text.h"

namespace wapc::runtime {

base::Status RecordCopies(Run& run) {
  for (const ModelRun& entry : run.models) {
    const std::string& from = entry.model->copy_of;
    if (entry.fate != Fate::kDone || from.empty() || run.state.builds.contains(entry.build_id)) continue;
    const std::string build = run.warehouse.Literal(entry.build_id);
    const std::string old = run.warehouse.Literal(from);
    auto status = run.warehouse.Execute(
        fmt::format("INSERT INTO wapc.table_loads SELECT {0}, dataset, schema_name, load_id FROM wapc.table_loads "
                    "WHERE build_id = {1} EXCEPT SELECT {0}, dataset, schema_name, load_id FROM wapc.table_loads "
                    "WHERE build_id = {0}",
                    build, old));
    if (!status) return status;
    status = run.warehouse.Execute(
        fmt::format("INSERT INTO wapc.intervals SELECT {0}, start_ts, end_ts FROM wapc.intervals WHERE build_id = {1} "
                    "EXCEPT SELECT {0}, start_ts, end_ts FROM wapc.intervals WHERE build_id = {0}",
                    build, old));
    if (!status) return status;
  }
  return {};
}

base::Status RecordEvaluations(Run& run) {
  const std::string& moment = run.plan.now.empty() ? run.attempt.execution_ts : run.plan.now;
  std::vector<std::string> builds;
  std::vector<std::string> rows;
  for (const ModelRun& entry : run.models) {
    const bool wrote = entry.model->action == Action::kBuild || entry.model->action == Action::kDelta;
    if (entry.fate != Fate::kDone || !wrote) continue;
    SqlRow row(run.warehouse);
    builds.push_back(entry.build_id);
    rows.push_back(row.Text(entry.build_id).Text(moment).text());
  }
  if (builds.empty()) return {};
  auto status =
      run.warehouse.Execute("DELETE FROM wapc.evaluations WHERE build_id IN " + InList(run.warehouse, builds));
  return status ? InsertRows(run.warehouse, "wapc.evaluations", rows) : status;
}

}  // namespace wapc::runtime
