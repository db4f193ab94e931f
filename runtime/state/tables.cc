#include "runtime/state/tables.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/sql_text.h"

namespace wapc::runtime {
namespace {

constexpr auto kSealed = std::to_array<std::string_view>(
    {"environments", "environment_models", "table_versions", "builds", "table_loads", "intervals"});

base::Result<std::vector<std::string>> ColumnsOf(Warehouse& warehouse, const std::string& table) {
  auto rows = warehouse.Query("SELECT * FROM wapc." + table + " WHERE false");
  if (!rows) return rows.error();
  return std::move(rows->columns);
}

/// Rows and a digest of a table, as "12:digest". MD5 is what engines have in common; it tells accidents, not an enemy
/// who can write here and could write this too.
base::Result<std::string> SealOf(Warehouse& warehouse, const std::string& table) {
  const auto columns = ColumnsOf(warehouse, table);
  if (!columns) return columns.error();
  std::string row;
  for (const std::string& column : *columns) {
    row += row.empty() ? "" : " || '|' || ";
    row += "COALESCE(CAST(" + warehouse.Quote(column) + " AS text), '~')";
  }
  const auto found = warehouse.Query(
      "SELECT CAST(count(*) AS text) || ':' || COALESCE(md5(string_agg(digest, '' ORDER BY digest)), '') FROM "
      "(SELECT md5(" +
      row + ") AS digest FROM wapc." + table + ") AS digests");
  if (!found) return found.error();
  return found->rows.at(0).at(0).value_or("");
}

base::Result<std::map<std::string, std::string>> Seals(Warehouse& warehouse) {
  std::map<std::string, std::string> seals;
  for (const std::string_view table : kSealed) {
    auto seal = SealOf(warehouse, std::string(table));
    if (!seal) return seal.error();
    seals[std::string(table)] = std::move(*seal);
  }
  return seals;
}

base::Result<std::string> StoredSeal(Warehouse& warehouse) {
  const auto rows = warehouse.Query("SELECT value FROM wapc.meta WHERE key = 'seal'");
  if (!rows) return rows.error();
  return rows->rows.empty() ? std::string() : rows->rows[0][0].value_or("");
}

using SealMap = std::map<std::string, std::string>;

std::vector<std::string> Differences(const SealMap& sealed, const SealMap& now) {
  std::vector<std::string> out;
  for (const auto& [table, seal] : now) {
    const auto was = sealed.find(table);
    if (was != sealed.end() && was->second == seal) continue;
    const std::string before = was == sealed.end() ? "" : was->second.substr(0, was->second.find(':'));
    const std::string after = seal.substr(0, seal.find(':'));
    out.push_back(
        "wapc." + table + " is not as wapc left it" +
        (before == after || before.empty() ? ": its rows differ" : ": it had " + before + " rows and has " + after));
  }
  return out;
}

}  // namespace

base::Result<StateTable> ReadStateTable(Warehouse& warehouse, const std::string& table, const std::string& where) {
  auto columns = ColumnsOf(warehouse, table);
  if (!columns) return columns.error();
  std::string sql;
  for (const std::string& column : *columns) {
    sql += (sql.empty() ? "SELECT CAST(" : ", CAST(") + warehouse.Quote(column) + " AS text) AS " +
           warehouse.Quote(column);
  }
  auto rows = warehouse.Query(sql + " FROM wapc." + table + (where.empty() ? "" : " WHERE " + where));
  if (!rows) return rows.error();
  std::sort(rows->rows.begin(), rows->rows.end());
  return StateTable{table, std::move(*columns), std::move(rows->rows)};
}

base::Status WriteStateTable(Warehouse& warehouse, const StateTable& table) {
  std::string columns;
  for (const std::string& column : table.columns) columns += (columns.empty() ? "" : ", ") + warehouse.Quote(column);
  std::vector<std::string> rows;
  rows.reserve(table.rows.size());
  for (const auto& cells : table.rows) {
    SqlRow row(warehouse);
    for (const auto& cell : cells) row.Raw(cell ? warehouse.Literal(*cell) : "NULL");
    rows.push_back(row.text());
  }
  return InsertRows(warehouse, "wapc." + table.name + " (" + columns + ")", rows);
}

std::vector<StateRow> RowsOf(const StateTable& table) {
  std::vector<StateRow> rows;
  rows.reserve(table.rows.size());
  for (const auto& cells : table.rows) {
    StateRow row;
    for (size_t i = 0; i < cells.size(); ++i) row[table.columns.at(i)] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

StateTable StateTableOf(const std::string& name, const std::vector<StateRow>& rows) {
  StateTable table{.name = name};
  for (const StateRow& row : rows) {
    if (table.columns.empty()) {
      for (const auto& [column, cell] : row) table.columns.push_back(column);
    }
    std::vector<std::optional<std::string>> cells;
    cells.reserve(row.size());
    for (const auto& [column, cell] : row) cells.push_back(cell);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

base::Status SealState(Warehouse& warehouse) {
  // Two publishes side by side seal one after the other: the second waits here, and then sees what the first wrote.
  for (const char* sql :
       {"UPDATE wapc.meta SET value = value WHERE key = 'format'", "DELETE FROM wapc.meta WHERE key = 'seal'"}) {
    if (auto status = warehouse.Execute(sql); !status) return status;
  }
  const auto seals = Seals(warehouse);
  if (!seals) return seals.error();
  SqlRow row(warehouse);
  row.Text("seal").Text(MapToJson(*seals));
  return InsertRows(warehouse, "wapc.meta", {row.text()});
}

base::Result<std::vector<std::string>> BrokenSeals(Warehouse& warehouse) {
  // A publish of another environment may come in between two of these statements; it changes the seal, too.
  constexpr int kTries = 10;
  for (int tries = 1;; ++tries) {
    const auto before = StoredSeal(warehouse);
    if (!before) return before.error();
    if (before->empty()) return std::vector<std::string>();
    const auto now = Seals(warehouse);
    if (!now) return now.error();
    const auto after = StoredSeal(warehouse);
    if (!after) return after.error();
    if (*before == *after || tries == kTries) return Differences(MapFromJson(*before), *now);
  }
}

}  // namespace wapc::runtime
