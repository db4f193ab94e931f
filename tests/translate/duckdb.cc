#include "tests/translate/duckdb.h"

#include <cstdlib>
#include <memory>

namespace wapc::translate_cases {
namespace {

Row RowAt(duckdb_result& result, idx_t r) {
  Row row;
  for (idx_t c = 0; c < duckdb_column_count(&result); ++c) {
    const std::unique_ptr<char, void (*)(void*)> text(duckdb_value_varchar(&result, c, r), duckdb_free);
    row.push_back(text ? std::optional<std::string>(text.get()) : std::nullopt);
  }
  return row;
}

}  // namespace

DuckDb::DuckDb() {
  if (duckdb_open(nullptr, &database_) != DuckDBSuccess || duckdb_connect(database_, &connection_) != DuckDBSuccess) {
    std::abort();
  }
}

DuckDb::~DuckDb() {
  duckdb_disconnect(&connection_);
  duckdb_close(&database_);
}

Answer DuckDb::Ask(const std::string& sql) { return Run("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + sql + ") AS q"); }

Answer DuckDb::Run(const std::string& sql) {
  Answer answer;
  duckdb_result result;
  if (duckdb_query(connection_, sql.c_str(), &result) != DuckDBSuccess) {
    answer.error = duckdb_result_error(&result);
  } else {
    for (idx_t r = 0; r < duckdb_row_count(&result); ++r) answer.rows.push_back(RowAt(result, r));
  }
  duckdb_destroy_result(&result);
  return answer;
}

}  // namespace wapc::translate_cases
