#include "runtime/sql_text.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace wapc::runtime {

base::Status InsertRows(Warehouse& warehouse, std::string_view table, const std::vector<std::string>& rows) {
  constexpr size_t kRowsAtOnce = 500;
  for (size_t begin = 0; begin < rows.size(); begin += kRowsAtOnce) {
    std::string sql = "INSERT INTO " + std::string(table) + " VALUES ";
    const size_t end = std::min(rows.size(), begin + kRowsAtOnce);
    for (size_t i = begin; i < end; ++i) {
      sql += i == begin ? "(" : ", (";
      sql += rows[i];
      sql += ")";
    }
    if (auto status = warehouse.Execute(sql); !status) return status;
  }
  return {};
}

std::string InList(const Warehouse& warehouse, const std::vector<std::string>& names) {
  if (names.empty()) return "(NULL)";
  std::string out;
  for (const std::string& name : names) {
    out += out.empty() ? "(" : ", ";
    out += warehouse.Literal(name);
  }
  return out + ")";
}

int64_t CellNumber(const std::optional<std::string>& cell) {
  int64_t number = 0;
  if (cell) std::from_chars(cell->data(), cell->data() + cell->size(), number);
  return number;
}

base::Result<std::vector<int64_t>> CountRows(Warehouse& warehouse, const std::vector<RelationName>& relations) {
  constexpr size_t kCountsAtOnce = 100;
  std::vector<int64_t> counts(relations.size());
  for (size_t begin = 0; begin < relations.size(); begin += kCountsAtOnce) {
    std::string sql;
    const size_t end = std::min(relations.size(), begin + kCountsAtOnce);
    for (size_t i = begin; i < end; ++i) {
      sql += i == begin ? "SELECT " : " UNION ALL SELECT ";
      sql += std::to_string(i) + ", count(*) FROM " + warehouse.Quote(relations[i]);
    }
    auto rows = warehouse.Query(sql);
    if (!rows) return rows.error();
    for (const auto& row : rows->rows) counts.at(static_cast<size_t>(CellNumber(row[0]))) = CellNumber(row[1]);
  }
  return counts;
}

std::string MapToJson(const std::map<std::string, std::string>& map) {
  return nlohmann::json(map).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::map<std::string, std::string> MapFromJson(std::string_view text) {
  try {
    return nlohmann::json::parse(text).get<std::map<std::string, std::string>>();
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

}  // namespace wapc::runtime
