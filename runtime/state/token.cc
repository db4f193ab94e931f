#include "runtime/state/token.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/digest.h"
#include "runtime/state/records.h"
#include "runtime/state/schema.h"

namespace wapc::runtime {
namespace {

// Each cell with its length, so that no two lists of cells run into the same bytes.
base::Status AddRows(Warehouse& warehouse, const std::string& sql, std::string& bytes) {
  const auto rows = warehouse.Query(sql);
  if (!rows) return rows.error();
  for (const auto& row : rows->rows) {
    for (const auto& cell : row) {
      const std::string text = cell.value_or("");
      bytes += std::to_string(text.size()) + ":" + text;
    }
    bytes += "\n";
  }
  return {};
}

}  // namespace

base::Result<std::string> StateToken(Warehouse& warehouse, const std::vector<std::string>& datasets) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  std::string bytes = "state " + std::to_string(*format) + "\n";
  if (*format > 0) {
    auto status = AddRows(warehouse,
                          "SELECT name, CAST(structure_version AS text), CAST(data_version AS text), plan_sha256, "
                          "CAST(held AS text), CAST(updated_at AS text) FROM wapc.environments ORDER BY name",
                          bytes);
    if (!status) return status.error();
  }
  for (const std::string& dataset : datasets) {
    const RelationName table{dataset, "_dlt_loads"};
    const auto found = warehouse.Find(table);
    if (!found) return found.error();
    bytes += dataset + (found->has_value() ? "\n" : " absent\n");
    if (!found->has_value()) continue;
    auto status = AddRows(warehouse,
                          "SELECT DISTINCT COALESCE(schema_name, '') AS schema_name, load_id FROM " +
                              warehouse.Quote(table) + " WHERE status = 0 ORDER BY schema_name, load_id",
                          bytes);
    if (!status) return status.error();
  }
  return base::Sha256Hex(bytes);
}

}  // namespace wapc::runtime
