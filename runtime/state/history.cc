#include "runtime/state/history.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

using Json = nlohmann::json;

Json ToJson(const StateRow& row) {
  Json json = Json::object();
  for (const auto& [column, cell] : row) json[column] = cell ? Json(*cell) : Json();
  return json;
}

Json ToJson(const std::vector<StateRow>& rows) {
  Json json = Json::array();
  std::transform(rows.begin(), rows.end(), std::back_inserter(json), [](const StateRow& row) { return ToJson(row); });
  return json;
}

StateRow RowFrom(const Json& json) {
  StateRow row;
  for (const auto& [column, cell] : json.items()) {
    row[column] = cell.is_null() ? std::nullopt : std::optional(cell.get<std::string>());
  }
  return row;
}

std::vector<StateRow> RowsFrom(const Json& json) {
  std::vector<StateRow> rows;
  std::transform(json.begin(), json.end(), std::back_inserter(rows), RowFrom);
  return rows;
}

std::string BeforeText(const Replaced& replaced) {
  const Json json{
      {"moved", replaced.moved},         {"undoable", replaced.undoable},           {"served", ToJson(replaced.served)},
      {"build", ToJson(replaced.build)}, {"intervals", ToJson(replaced.intervals)}, {"loads", ToJson(replaced.loads)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Status ReadBefore(std::string_view text, Replaced& replaced) {
  try {
    const Json json = Json::parse(text);
    replaced.moved = json.at("moved").get<bool>();
    replaced.undoable = json.at("undoable").get<bool>();
    replaced.served = RowFrom(json.at("served"));
    replaced.build = RowFrom(json.at("build"));
    replaced.intervals = RowsFrom(json.at("intervals"));
    replaced.loads = RowsFrom(json.at("loads"));
    return {};
  } catch (const Json::exception& error) {
    return base::Error{base::ErrorKind::kWarehouse, "what is recorded of " + replaced.model +
                                                        " in wapc.publish_models cannot be read: " + error.what()};
  }
}

std::string KeyRow(SqlRow row, const Publish& publish) {
  return row.Text(publish.environment).Number(publish.seq).text();
}

std::vector<std::string> UndoRows(const Warehouse& warehouse, const Publish& publish) {
  std::vector<std::string> rows;
  const auto add = [&](const std::string& sql, const RelationName& kept) {
    SqlRow row(warehouse);
    row.Raw(KeyRow(SqlRow(warehouse), publish)).Number(static_cast<int64_t>(rows.size()) + 1).Text(sql);
    rows.push_back(row.Text(kept.schema).Text(kept.name).text());
  };
  for (const std::string& sql : publish.undo) add(sql, {});
  for (const RelationName& kept : publish.kept) add("", kept);
  return rows;
}

std::string WhereOf(const Warehouse& warehouse, const Publish& publish) {
  return "environment = " + warehouse.Literal(publish.environment) + " AND seq = " + std::to_string(publish.seq);
}

}  // namespace

base::Status WritePublish(Warehouse& warehouse, const Publish& publish) {
  const auto last = warehouse.Query("SELECT COALESCE(max(seq), 0) FROM wapc.publishes");
  if (!last) return last.error();
  Publish numbered = publish;
  numbered.seq = CellNumber(last->rows.at(0).at(0)) + 1;
  std::vector<std::string> rows;
  for (const Replaced& replaced : numbered.models) {
    SqlRow row(warehouse);
    row.Raw(KeyRow(SqlRow(warehouse), numbered)).Text(replaced.model).Text(replaced.build_before);
    rows.push_back(row.Text(replaced.build_after).Text(BeforeText(replaced)).text());
  }
  if (auto status = InsertRows(warehouse, "wapc.publish_models", rows); !status) return status;
  if (auto status = InsertRows(warehouse, "wapc.publish_undo", UndoRows(warehouse, numbered)); !status) return status;
  SqlRow row(warehouse);
  row.Raw(KeyRow(SqlRow(warehouse), numbered)).Text(numbered.action).Text("done").Text(numbered.plan_sha256);
  const std::string from = " FROM wapc.environments WHERE name = " + warehouse.Literal(numbered.environment);
  row.Raw("COALESCE((SELECT max(structure_version)" + from + "), 0)");
  row.Raw("COALESCE((SELECT max(data_version)" + from + "), 0)").Raw("now()");
  return InsertRows(warehouse, "wapc.publishes", {row.text()});
}

base::Result<std::vector<Publish>> ReadPublishes(Warehouse& warehouse, const std::string& environment) {
  const auto rows = warehouse.Query(
      "SELECT environment, seq, action, status, plan_sha256, CAST(created_at AS text) FROM wapc.publishes" +
      (environment.empty() ? "" : " WHERE environment = " + warehouse.Literal(environment)) +
      " ORDER BY seq DESC, environment");
  if (!rows) return rows.error();
  std::vector<Publish> out;
  for (const auto& row : rows->rows) {
    out.push_back({row[0].value_or(""), CellNumber(row[1]), row[2].value_or(""), row[3].value_or(""),
                   row[4].value_or(""), row[5].value_or("")});
  }
  return out;
}

base::Status ReadReplaced(Warehouse& warehouse, Publish& publish) {
  const auto rows = warehouse.Query("SELECT model, build_before, build_after, before FROM wapc.publish_models WHERE " +
                                    WhereOf(warehouse, publish) + " ORDER BY model");
  if (!rows) return rows.error();
  publish.models.clear();
  for (const auto& row : rows->rows) {
    Replaced replaced{row[0].value_or(""), row[1].value_or(""), row[2].value_or("")};
    if (auto status = ReadBefore(row[3].value_or(""), replaced); !status) return status;
    publish.models.push_back(std::move(replaced));
  }
  const auto undo = warehouse.Query("SELECT sql, kept_schema, kept_name FROM wapc.publish_undo WHERE " +
                                    WhereOf(warehouse, publish) + " ORDER BY position");
  if (!undo) return undo.error();
  publish.undo.clear();
  publish.kept.clear();
  for (const auto& row : undo->rows) {
    RelationName kept{row[1].value_or(""), row[2].value_or("")};
    if (kept.name.empty()) {
      publish.undo.push_back(row[0].value_or(""));
    } else {
      publish.kept.push_back(std::move(kept));
    }
  }
  return {};
}

}  // namespace wapc::runtime
