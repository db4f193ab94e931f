// sql DATABASE FILE...: runs SQL files on a DuckDB database file and prints the rows of each file's last statement,
// tab-separated. For preparing raw data in tests and in the demo; it knows nothing of wapc.
#include <duckdb.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

namespace {

int Fail(const std::string& message) {
  std::cerr << "sql: " << message << "\n";
  return 1;
}

struct Database {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    duckdb_disconnect(&connection);
    duckdb_close(&database);
  }
};

// The C API gives no text for some types (timestamps with a zone): cast those in the SQL.
void PrintRows(duckdb_result& result) {
  for (idx_t row = 0; row < duckdb_row_count(&result); ++row) {
    for (idx_t column = 0; column < duckdb_column_count(&result); ++column) {
      const std::unique_ptr<char, void (*)(void*)> text(duckdb_value_varchar(&result, column, row), duckdb_free);
      std::cout << (column == 0 ? "" : "\t")
                << (text                                         ? text.get()
                    : duckdb_value_is_null(&result, column, row) ? "NULL"
                                                                 : "<no text>");
    }
    std::cout << "\n";
  }
}

int RunFile(duckdb_connection connection, const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(std::string("cannot read ") + path);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  duckdb_result result;
  const bool ok = duckdb_query(connection, text.c_str(), &result) == DuckDBSuccess;
  if (ok && duckdb_result_return_type(result) == DUCKDB_RESULT_TYPE_QUERY_RESULT) PrintRows(result);
  const std::string error = ok ? "" : duckdb_result_error(&result);
  duckdb_destroy_result(&result);
  return ok ? 0 : Fail(error);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return Fail("usage: sql DATABASE FILE...");
  Database db;
  if (duckdb_open(argv[1], &db.database) != DuckDBSuccess) return Fail(std::string("cannot open ") + argv[1]);
  if (duckdb_connect(db.database, &db.connection) != DuckDBSuccess) return Fail("cannot connect");
  for (int i = 2; i < argc; ++i) {
    if (const int status = RunFile(db.connection, argv[i]); status != 0) return status;
  }
  return 0;
}
