#ifndef WAPC_RUNTIME_SQL_TEXT_H_
#define WAPC_RUNTIME_SQL_TEXT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {

/// One row of literals, as it stands between the parentheses of VALUES.
class SqlRow {
 public:
  explicit SqlRow(const Warehouse& warehouse) : warehouse_(warehouse) {}

  SqlRow& Text(std::string_view text) { return Raw(warehouse_.Literal(text)); }
  SqlRow& Number(int64_t number) { return Raw(std::to_string(number)); }
  SqlRow& Truth(bool value) { return Raw(value ? "true" : "false"); }
  /// An expression: now(), NULL.
  SqlRow& Raw(std::string_view sql) {
    text_ += text_.empty() ? "" : ", ";
    text_ += sql;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  const Warehouse& warehouse_;
  std::string text_;
};

/// Inserts rows with few statements, each of a few hundred rows.
base::Status InsertRows(Warehouse& warehouse, std::string_view table, const std::vector<std::string>& rows);

/// "('a', 'b')" for IN; no name at all gives a list that matches nothing.
std::string InList(const Warehouse& warehouse, const std::vector<std::string>& names);

/// The number in a cell; 0 for NULL and for what is none.
int64_t CellNumber(const std::optional<std::string>& cell);

/// How many rows each of these relations has, in their order.
base::Result<std::vector<int64_t>> CountRows(Warehouse& warehouse, const std::vector<RelationName>& relations);

/// A map of texts as compact JSON, and back; text that is not such JSON gives an empty map.
std::string MapToJson(const std::map<std::string, std::string>& map);
std::map<std::string, std::string> MapFromJson(std::string_view text);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_SQL_TEXT_H_
