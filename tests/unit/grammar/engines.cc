#include "tests/unit/grammar/engines.h"

#include <duckdb.h>
#include <gtest/gtest.h>
#include <pg_query.h>

#include <filesystem>

#include "base/files.h"

namespace wapc::grammar {
namespace {

class DuckDbSession {
 public:
  DuckDbSession() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
  }
  ~DuckDbSession() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  DuckDbSession(const DuckDbSession&) = delete;
  DuckDbSession& operator=(const DuckDbSession&) = delete;

  std::string Says(const std::string& sql) const {
    duckdb_extracted_statements statements = nullptr;
    const idx_t count = duckdb_extract_statements(connection_, sql.c_str(), &statements);
    const char* const error = duckdb_extract_statements_error(statements);
    std::string message = error != nullptr ? error : count == 1 ? "" : "not one statement";
    duckdb_destroy_extracted(&statements);
    return message;
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

std::string DuckDbSays(const std::string& sql) {
  static const DuckDbSession session;
  return session.Says(sql);
}

std::string PostgresSays(const std::string& sql) {
  PgQueryParseResult result = pg_query_parse(sql.c_str());
  std::string message = result.error != nullptr ? result.error->message : "";
  pg_query_free_parse_result(result);
  return message;
}

}  // namespace

bool HasEngine(const Dialect& dialect) { return dialect.name == "duckdb" || dialect.name == "postgres"; }

std::string EngineSays(const std::string& sql, const Dialect& dialect) {
  if (dialect.name == "duckdb") return DuckDbSays(sql);
  return dialect.name == "postgres" ? PostgresSays(sql) : "";
}

std::string CorpusOf(const Dialect& dialect) {
  const auto folder = std::filesystem::path(WAPC_SOURCE_DIR) / "tests/corpus" / dialect.name;
  std::string text;
  for (const auto& path : base::ListFiles(folder, ".sql")) {
    const auto read = base::ReadFile(folder / path);
    EXPECT_TRUE(static_cast<bool>(read)) << path;
    if (read) text += *read;
  }
  return text;
}

}  // namespace wapc::grammar
