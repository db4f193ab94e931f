#ifndef WAPC_RUNTIME_STATE_TABLES_H_
#define WAPC_RUNTIME_STATE_TABLES_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "runtime/warehouse.h"

/// The tables of schema `wapc` as rows of text, whatever columns they have: for history, export and import.
namespace wapc::runtime {

struct StateTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;  ///< as the engine casts them to text, moments in UTC
};

/// The rows of `wapc.<table>` for which `where` holds (empty: all), in the order of their texts.
base::Result<StateTable> ReadStateTable(Warehouse& warehouse, const std::string& table, const std::string& where = "");

/// Adds these rows to `wapc.<table>`.
base::Status WriteStateTable(Warehouse& warehouse, const StateTable& table);

/// A row of a table of state, by column.
using StateRow = std::map<std::string, std::optional<std::string>>;

std::vector<StateRow> RowsOf(const StateTable& table);

/// A table of these rows; all must name the same columns.
StateTable StateTableOf(const std::string& name, const std::vector<StateRow>& rows);

/// Writes down in wapc.meta what every table that planning reads now holds (rows and a digest over them); for the end
/// of each transaction that changes them.
base::Status SealState(Warehouse& warehouse);

/// Why the tables are not what the last transaction of wapc left: one text for each that differs. No text for a state
/// that was never sealed.
base::Result<std::vector<std::string>> BrokenSeals(Warehouse& warehouse);

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_STATE_TABLES_H_
