#include "runtime/environments/drop.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "runtime/environments/hold.h"
#include "runtime/environments/views.h"
#include "runtime/sql_text.h"
#include "runtime/state/history.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

/// The environment that goes on owning each of its tables that is used elsewhere, by build id.
std::map<std::string, std::string> Heirs(const State& state, const std::string& environment) {
  std::map<std::string, std::string> heirs;
  for (const auto& [name, other] : state.environments) {
    if (name == environment) continue;
    for (const auto& [model, served] : other.models) {
      if (served.build.owner != environment) continue;
      auto& heir = heirs[served.build.build_id];
      if (heir.empty() || name == "prod") heir = name;
    }
  }
  return heirs;
}

base::Status HandOn(Warehouse& warehouse, const State& state, const std::string& environment, DropReport& report) {
  for (const auto& [build, heir] : Heirs(state, environment)) {
    report.handed_on.push_back(state.builds.at(build).model + ": " + heir);
    auto status = warehouse.Execute("UPDATE wapc.builds SET owner = " + warehouse.Literal(heir) +
                                    " WHERE build_id = " + warehouse.Literal(build));
    if (!status) return status;
  }
  return {};
}

/// What it served stands in the history, so that it is known since when that is not used.
base::Status Record(Warehouse& warehouse, const EnvironmentRecord& environment) {
  Publish entry{.environment = environment.name, .action = "drop", .plan_sha256 = environment.plan_sha256};
  for (const auto& [name, model] : environment.models) {
    entry.models.push_back({.model = name, .build_before = model.build.build_id});
  }
  const std::string name = warehouse.Literal(environment.name);
  for (const std::string& sql :
       {"UPDATE wapc.publishes SET status = 'dropped' WHERE environment = " + name + " AND status = 'done'",
        "UPDATE wapc.plans SET status = 'dropped' WHERE environment = " + name +
            " AND status IN ('published', 'partial')"}) {
    if (auto status = warehouse.Execute(sql); !status) return status;
  }
  // The versions stay and go on: a plan made for the environment that was must not fit one of the same name.
  for (const std::string& sql :
       {"DELETE FROM wapc.environment_models WHERE environment = " + name,
        "UPDATE wapc.environments SET structure_version = structure_version + 1, data_version = data_version + 1, "
        "plan_sha256 = '', held = false, updated_at = now() WHERE name = " +
            name}) {
    if (auto status = warehouse.Execute(sql); !status) return status;
  }
  if (auto status = WritePublish(warehouse, entry); !status) return status;
  return SealState(warehouse);
}

/// Readers' schemas that hold nothing any more. Each by itself: what another program put there keeps its schema.
void DropSchemas(Warehouse& warehouse, const std::set<std::string>& schemas, DropReport& report) {
  for (const std::string& schema : schemas) {
    const auto left = warehouse.Query("SELECT count(*) FROM information_schema.tables WHERE table_schema = " +
                                      warehouse.Literal(schema));
    if (!left || CellNumber(left->rows.at(0).at(0)) > 0) continue;
    const auto dropped =
        InTransaction(warehouse, [&] { return warehouse.Execute("DROP SCHEMA " + warehouse.Quote(schema)); });
    if (dropped) report.schemas.push_back(schema);
  }
}

}  // namespace

base::Result<DropReport> DropEnvironment(Warehouse& warehouse, const std::string& environment,
                                         std::chrono::milliseconds lock_timeout) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  const base::Error missing{base::ErrorKind::kUsage,
                            "there is no environment " + environment + "; `wapc env list` shows what there is"};
  if (*format == 0) return missing;
  if (auto status = CheckStateFormat(*format); !status) return status.error();
  DropReport report;
  std::set<std::string> schemas;
  const auto status = WithEnvironment(warehouse, environment, "drop", lock_timeout, [&]() -> base::Status {
    const auto state = ReadRecords(warehouse);
    if (!state) return state.error();
    const auto found = state->environments.find(environment);
    if (found == state->environments.end() || IsDropped(found->second)) return missing;
    for (const auto& [name, model] : found->second.models) schemas.insert(model.view.schema);
    const auto views = SwitchViews(warehouse, found->second, EnvironmentRecord{.name = environment});
    if (!views) return views.error();
    report.views = *views;
    if (auto handed = HandOn(warehouse, *state, environment, report); !handed) return handed;
    return Record(warehouse, found->second);
  });
  if (!status) return status.error();
  DropSchemas(warehouse, schemas, report);
  return report;
}

}  // namespace wapc::runtime
