#include "runtime/state/transfer.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/digest.h"
#include "runtime/sql_text.h"
#include "runtime/state/migrations.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

using Json = nlohmann::ordered_json;

/// Tables that stay where they are: what the state itself says of itself, what a running apply holds, users' rows.
constexpr auto kStays = std::to_array<std::string_view>({"meta", "journal", "leases", "audit_failures"});
/// So many missing relations are named.
constexpr size_t kNamed = 10;

base::Error Usage(std::string message) { return {base::ErrorKind::kUsage, std::move(message)}; }

std::vector<std::string> MovedTables() {
  std::vector<std::string> names = StateTables(kStateFormat);
  std::erase_if(names,
                [](const std::string& name) { return std::find(kStays.begin(), kStays.end(), name) != kStays.end(); });
  std::sort(names.begin(), names.end());
  return names;
}

base::Result<std::vector<std::string>> Datasets(Warehouse& warehouse) {
  auto rows = warehouse.Query(
      "SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_name = '_dlt_loads' ORDER BY 1");
  if (!rows) return rows.error();
  std::vector<std::string> names;
  for (auto& row : rows->rows) names.push_back(row[0].value_or(""));
  return names;
}

Json TableJson(const StateTable& table) {
  Json json{{"columns", table.columns}, {"rows", Json::array()}};
  for (const auto& cells : table.rows) {
    Json row = Json::array();
    for (const auto& cell : cells) row.push_back(cell ? Json(*cell) : Json());
    json["rows"].push_back(std::move(row));
  }
  return json;
}

StateTable TableFrom(const std::string& name, const Json& json) {
  StateTable table{.name = name, .columns = json.at("columns").get<std::vector<std::string>>()};
  for (const Json& row : json.at("rows")) {
    auto& cells = table.rows.emplace_back();
    for (const Json& cell : row) {
      cells.push_back(cell.is_null() ? std::nullopt : std::optional(cell.get<std::string>()));
    }
    if (cells.size() != table.columns.size())
      throw Json::other_error::create(500, "a row of " + name + " is cut", &row);
  }
  return table;
}

Json Content(const ExportedState& state) {
  Json json{{"wapc_state", state.format}, {"tables", Json::object()}, {"complete_loads", Json::object()}};
  for (const StateTable& table : state.tables) json["tables"][table.name] = TableJson(table);
  for (const auto& [dataset, loads] : state.complete_loads) {
    Json& list = json["complete_loads"][dataset] = Json::array();
    for (const LoadId& load : loads) list.push_back({load.schema_name, load.load_id});
  }
  return json;
}

std::string Dump(const Json& json, int indent) { return json.dump(indent, ' ', false, Json::error_handler_t::replace); }

base::Result<ExportedState> FromJson(Json json) {
  ExportedState state;
  state.format = json.at("wapc_state").get<int64_t>();
  if (state.format > kStateFormat) {
    return Usage("the export was written by a newer wapc: it has format " + std::to_string(state.format) +
                 ", this one knows up to " + std::to_string(kStateFormat));
  }
  if (state.format < kStateFormat) {
    return Usage("the export was written by an older wapc: import it with that one, then run wapc state migrate");
  }
  const auto digest = json.at("sha256").get<std::string>();
  json.erase("sha256");
  if (digest != base::Sha256Hex(Dump(json, -1))) return Usage("the export was changed after it was written");
  for (const auto& [name, table] : json.at("tables").items()) state.tables.push_back(TableFrom(name, table));
  for (const auto& [dataset, loads] : json.at("complete_loads").items()) {
    std::vector<LoadId>& list = state.complete_loads[dataset];
    for (const Json& load : loads) list.push_back({load.at(0).get<std::string>(), load.at(1).get<std::string>()});
    std::sort(list.begin(), list.end());
  }
  return state;
}

/// Relations that environments serve and that the warehouse has not, or has as something else.
base::Result<std::vector<std::string>> Unfit(Warehouse& warehouse, const State& state) {
  std::vector<std::string> out;
  for (const auto& [environment, record] : state.environments) {
    for (const auto& [name, model] : record.models) {
      const RelationName& relation = model.build.relation;
      auto found = warehouse.Find(relation);
      if (!found) return found.error();
      const RelationKind kind = model.build.kind == "VIEW" ? RelationKind::kView : RelationKind::kTable;
      if (found->has_value() && (*found)->kind == kind) continue;
      const std::string text = relation.schema + "." + relation.name;
      if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(text);
    }
  }
  return out;
}

base::Status Fits(Warehouse& warehouse, const ExportedState& exported) {
  const std::vector<std::string> expected = MovedTables();
  for (const std::string& name : expected) {
    const bool there = std::any_of(exported.tables.begin(), exported.tables.end(),
                                   [&](const StateTable& table) { return table.name == name; });
    if (!there) return Usage("the exported state lacks the table " + name);
  }
  const auto state = StateOfTables(exported.tables);
  if (!state) return state.error();
  auto unfit = Unfit(warehouse, *state);
  if (!unfit) return unfit.error();
  if (unfit->empty()) return {};
  std::string text;
  for (size_t i = 0; i < std::min(kNamed, unfit->size()); ++i) text += (i == 0 ? "" : ", ") + unfit->at(i);
  if (unfit->size() > kNamed) text += " and " + std::to_string(unfit->size() - kNamed) + " more";
  return Usage("the export does not fit this warehouse, which lacks " + text +
               "; restore the tables first, or publish anew without importing");
}

}  // namespace

base::Result<ExportedState> ExportState(Warehouse& warehouse) {
  ExportedState out{.format = kStateFormat};
  auto status = InTransaction(warehouse, [&]() -> base::Status {
    const auto format = StateFormat(warehouse);
    if (!format) return format.error();
    if (*format == 0) return Usage("there is no state to export: nothing was published here yet");
    if (auto fits = CheckStateFormat(*format); !fits) return fits;
    for (const std::string& name : MovedTables()) {
      auto table = ReadStateTable(warehouse, name);
      if (!table) return table.error();
      out.tables.push_back(std::move(*table));
    }
    const auto datasets = Datasets(warehouse);
    if (!datasets) return datasets.error();
    auto loads = CompleteLoads(warehouse, *datasets);
    if (!loads) return loads.error();
    out.complete_loads = std::move(*loads);
    return {};
  });
  if (!status) return status.error();
  return out;
}

std::string StateToJson(const ExportedState& state) {
  Json json = Content(state);
  json["sha256"] = base::Sha256Hex(Dump(json, -1));
  return Dump(json, 1) + "\n";
}

base::Result<ExportedState> StateFromJson(std::string_view text) {
  try {
    return FromJson(Json::parse(text));
  } catch (const Json::exception& error) {
    return Usage(std::string("this is no export of wapc's state: ") + error.what());
  }
}

base::Result<State> PlanningState(const ExportedState& exported) {
  auto state = StateOfTables(exported.tables);
  if (state) state->complete_loads = exported.complete_loads;
  return state;
}

base::Status ImportState(Warehouse& warehouse, const ExportedState& exported, const ImportOptions& options) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  if (*format != 0) {
    if (auto status = CheckStateFormat(*format); !status) return status;
    const auto known = warehouse.Query("SELECT count(*) FROM wapc.environments");
    if (!known) return known.error();
    if (CellNumber(known->rows.at(0).at(0)) > 0 && !options.replace) {
      return Usage("this warehouse has state already; --replace puts the export in its place");
    }
  }
  if (auto status = Fits(warehouse, exported); !status) return status;
  if (*format == 0) {
    if (auto status = CreateState(warehouse); !status) return status;
  }
  return InTransaction(warehouse, [&]() -> base::Status {
    for (const std::string& name : MovedTables()) {
      if (auto status = warehouse.Execute("DELETE FROM wapc." + name); !status) return status;
      const auto table = std::find_if(exported.tables.begin(), exported.tables.end(),
                                      [&](const StateTable& known) { return known.name == name; });
      if (auto status = WriteStateTable(warehouse, *table); !status) return status;
    }
    return SealState(warehouse);
  });
}

}  // namespace wapc::runtime
