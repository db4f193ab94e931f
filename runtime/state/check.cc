#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "runtime/sql_text.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"
#include "runtime/state/transfer.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

constexpr std::string_view kRestore = "restore the state and the tables from one backup, or plan and apply anew";

std::string Dotted(const RelationName& name) { return name.schema + "." + name.name; }

/// One check: what its parts hand on to each other.
struct Check {
  Warehouse& warehouse;
  State state;
  std::map<std::string, std::string> views;  ///< text by "schema.name"
  std::vector<StateFault> faults;

  void Report(std::string text, std::string_view help) { faults.push_back({std::move(text), std::string(help)}); }
};

base::Status CheckSeals(Check& check) {
  auto broken = BrokenSeals(check.warehouse);
  if (!broken) return broken.error();
  for (std::string& text : *broken) {
    check.Report(std::move(text), "undo the change, or say `wapc state check --accept` if all else is right");
  }
  return {};
}

/// Rows that speak of rows that are not there: half of a backup, most likely.
base::Status CheckReferences(Check& check) {
  const std::pair<const char*, const char*> rules[] = {
      {"SELECT environment, model FROM wapc.environment_models AS m WHERE NOT EXISTS (SELECT 1 FROM wapc.builds AS b "
       "WHERE b.build_id = m.build_id) ORDER BY 1, 2",
       "{} serves a build of {} that no record describes"},
      {"SELECT DISTINCT environment, model FROM wapc.environment_models AS m WHERE NOT EXISTS (SELECT 1 FROM "
       "wapc.environments AS e WHERE e.name = m.environment) ORDER BY 1, 2",
       "there are records of {} serving {}, but none of that environment"}};
  for (const auto& [sql, text] : rules) {
    const auto rows = check.warehouse.Query(sql);
    if (!rows) return rows.error();
    for (const auto& row : rows->rows) {
      check.Report(fmt::format(fmt::runtime(text), row[0].value_or(""), row[1].value_or("")), kRestore);
    }
  }
  return {};
}

base::Status ReadViews(Check& check) {
  auto rows = check.warehouse.Query("SELECT table_schema, table_name, view_definition FROM information_schema.views");
  if (!rows) return rows.error();
  for (auto& row : rows->rows) {
    check.views[row[0].value_or("") + "." + row[1].value_or("")] = row[2].value_or("");
  }
  return {};
}

base::Result<bool> Stands(Check& check, const std::string& who, const RelationName& name, RelationKind kind,
                          std::string_view help) {
  auto found = check.warehouse.Find(name);
  if (!found) return found.error();
  if (!found->has_value()) {
    check.Report(fmt::format("{}: {} is gone", who, Dotted(name)), help);
    return false;
  }
  if ((*found)->kind == kind) return true;
  check.Report(fmt::format("{}: {} is a {}", who, Dotted(name), kind == RelationKind::kView ? "table" : "view"), help);
  return false;
}

base::Status CheckServed(Check& check, const EnvironmentRecord& environment,
                         std::map<std::string, const BuildRecord*>& tables) {
  for (const auto& [name, model] : environment.models) {
    if (model.build.build_id.empty()) continue;
    const std::string who = fmt::format("{} of {}", name, environment.name);
    const bool is_view = model.build.kind == "VIEW";
    const auto table =
        Stands(check, who, model.build.relation, is_view ? RelationKind::kView : RelationKind::kTable, kRestore);
    if (!table) return table.error();
    if (*table && !is_view) tables[model.build.build_id] = &model.build;
    const std::string mend =
        fmt::format("`wapc plan {} --restate-model {}` and apply make the view anew", environment.name, name);
    const auto view = Stands(check, who, model.view, RelationKind::kView, mend);
    if (!view) return view.error();
    if (!*view) continue;
    const std::string& text = check.views[Dotted(model.view)];
    // An engine that does not show the text of other people's views gives none.
    if (text.empty() || text.find(model.build.relation.name) != std::string::npos) continue;
    check.Report(fmt::format("{}: the view {} does not read {}", who, Dotted(model.view), Dotted(model.build.relation)),
                 mend);
  }
  return {};
}

base::Status CheckCounts(Check& check, const std::map<std::string, const BuildRecord*>& tables) {
  std::vector<RelationName> names;
  std::vector<const BuildRecord*> builds;
  for (const auto& [id, build] : tables) {
    names.push_back(build->relation);
    builds.push_back(build);
  }
  const auto counts = CountRows(check.warehouse, names);
  if (!counts) return counts.error();
  for (size_t i = 0; i < builds.size(); ++i) {
    if (counts->at(i) == builds[i]->row_count) continue;
    check.Report(fmt::format("{}: {} has {} rows, and {} were published", builds[i]->model, Dotted(names[i]),
                             counts->at(i), builds[i]->row_count),
                 fmt::format("something else writes there; `--restate-model {}` builds it again", builds[i]->model));
  }
  return {};
}

base::Result<std::set<std::string>> Known(Check& check) {
  std::set<std::string> known;
  for (const auto& [id, build] : check.state.builds) known.insert(Dotted(build.relation));
  const auto kept = check.warehouse.Query("SELECT kept_schema, kept_name FROM wapc.publish_undo");
  if (!kept) return kept.error();
  for (const auto& row : kept->rows) known.insert(row[0].value_or("") + "." + row[1].value_or(""));
  const auto journal = check.warehouse.Query("SELECT value FROM wapc.journal");
  if (!journal) return journal.error();
  for (const auto& row : journal->rows) {
    const auto json = nlohmann::json::parse(row[0].value_or(""), nullptr, false);
    if (!json.is_object()) continue;
    for (const auto& name : json.value("relations", nlohmann::json::array())) {
      known.insert(name.at(0).get<std::string>() + "." + name.at(1).get<std::string>());
    }
  }
  return known;
}

/// Relations in wapc's schemas of which no record speaks.
base::Status CheckOrphans(Check& check) {
  const auto known = Known(check);
  if (!known) return known.error();
  const auto rows = check.warehouse.Query(
      "SELECT table_schema, table_name FROM information_schema.tables WHERE substr(table_schema, 1, 6) = 'wapc__' "
      "ORDER BY 1, 2");
  if (!rows) return rows.error();
  for (const auto& row : rows->rows) {
    const std::string name = row[0].value_or("") + "." + row[1].value_or("");
    if (known->contains(name)) continue;
    check.Report(fmt::format("no record speaks of {}", name),
                 "drop it, unless the state was restored from a backup that is older than it");
  }
  return {};
}

base::Status Run(Check& check) {
  const auto format = StateFormat(check.warehouse);
  if (!format) return format.error();
  if (*format == 0) {
    return base::Error{base::ErrorKind::kUsage, "there is no state to check: nothing was published here yet"};
  }
  if (auto status = CheckStateFormat(*format); !status) return status;
  auto state = ReadRecords(check.warehouse);
  if (!state) return state.error();
  check.state = std::move(*state);
  if (auto status = ReadViews(check); !status) return status;
  if (auto status = CheckSeals(check); !status) return status;
  if (auto status = CheckReferences(check); !status) return status;
  std::map<std::string, const BuildRecord*> tables;
  for (const auto& [name, environment] : check.state.environments) {
    if (auto status = CheckServed(check, environment, tables); !status) return status;
  }
  if (auto status = CheckCounts(check, tables); !status) return status;
  return CheckOrphans(check);
}

}  // namespace

base::Result<std::vector<StateFault>> CheckState(Warehouse& warehouse) {
  Check check{.warehouse = warehouse};
  auto status = InTransaction(warehouse, [&] { return Run(check); });
  if (!status) return status.error();
  return std::move(check.faults);
}

}  // namespace wapc::runtime
