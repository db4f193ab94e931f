// translate_emit FOLDER DIALECT: every case of the folder, whatever its dialect, printed in another dialect, as one
// JSON object a line, for proofs on engines that this program does not reach. The first line names the dialect and
// holds the statements that make the tables; the others what was asked, what is printed (or why nothing is), and the
// rows of DuckDB's cases by DuckDB.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tests/translate/cases.h"
#include "tests/translate/duckdb.h"
#include "tests/translate/tables.h"

namespace wapc::translate_cases {
namespace {

using Json = nlohmann::ordered_json;

void PrintLine(const Json& json) { fmt::print("{}\n", json.dump(-1, ' ', false, Json::error_handler_t::replace)); }

Json RowsOf(const Answer& answer) {
  Json rows = Json::array();
  for (const Row& row : answer.rows) {
    Json& out = rows.emplace_back(Json::array());
    for (const auto& value : row) out.push_back(value ? Json(*value) : Json(nullptr));
  }
  return rows;
}

int Main(const std::string& folder, const std::string& dialect) {
  const grammar::Dialect* const target = grammar::FindDialect(dialect);
  if (target == nullptr) return 2;
  const std::vector<TableSpec> tables = Tables();
  DuckDb duckdb;
  std::string fault = duckdb.Run("SET TimeZone = 'UTC'; CREATE SCHEMA shop").error;
  Json setup = Json::array();
  for (const TableSpec& table : tables) {
    fault += duckdb.Run(CreateText(table, *grammar::FindDialect("duckdb"))).error;
    fault += duckdb.Run(InsertText(table)).error;
    setup.push_back(CreateText(table, *target));
    setup.push_back(InsertText(table));
  }
  if (!fault.empty()) {
    fmt::print(stderr, "the tables cannot be made: {}\n", fault);
    return 2;
  }
  PrintLine({{"dialect", dialect}, {"setup", setup}});
  const compiler::Project project = ProjectOf(tables);
  for (const char* const from : {"duckdb", "postgres"}) {
    for (const Case& each : ReadCases(folder, from)) {
      const Printed printed = Print(each, dialect, project);
      Json line = {{"from", from}, {"sql", each.sql}};
      if (printed.fault.empty()) {
        line["printed"] = printed.other;
        if (std::string_view(from) == "duckdb") line["rows"] = RowsOf(duckdb.Ask(printed.own));
      } else {
        line["fault"] = printed.fault;
      }
      PrintLine(line);
    }
  }
  return 0;
}

}  // namespace
}  // namespace wapc::translate_cases

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: translate_emit FOLDER DIALECT\n");
    return 2;
  }
  return wapc::translate_cases::Main(argv[1], argv[2]);
}
