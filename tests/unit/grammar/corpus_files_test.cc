#include <duckdb.h>
#include <gtest/gtest.h>
#include <pg_query.h>

#include <filesystem>

#include "base/files.h"
#include "grammar/format.h"
#include "tests/unit/grammar/parsed.h"

/// What stands in tests/corpus/<dialect>: every statement parses, prints back to the same tree in its own dialect, and
/// is taken by the engine's own parser where there is one to ask.
namespace wapc::grammar {
namespace {

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

void ExpectRoundTrip(const Query& query, const Dialect& dialect, const std::string& source) {
  for (const std::string& printed : {Flat(query, dialect), Pretty(query, dialect)}) {
    const Parsed again(printed, dialect);
    ASSERT_NE(again.query(), nullptr) << source << "\n" << printed << "\n" << again.Rendered();
    EXPECT_EQ(again.First(), "none") << source << "\n" << printed << "\n" << again.Rendered();
    EXPECT_TRUE(Equal(query, *again.query())) << source << "\n" << printed;
    EXPECT_EQ(Flat(query, dialect), Flat(*again.query(), dialect));
  }
}

std::string Formatted(const std::string& text, const Dialect& dialect) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  Parser parser;
  const auto out = FormatText(parser, sources, sources.Add("model.sql", text), {}, diagnostics, dialect);
  EXPECT_EQ(static_cast<int>(out.outcome), static_cast<int>(FormatOutcome::kFormatted)) << text;
  return out.text;
}

void ExpectFormats(const std::string& source, const Dialect& dialect) {
  const std::string once = Formatted(source, dialect);
  EXPECT_EQ(Formatted(once, dialect), once);
}

/// Empty where DuckDB's parser takes the statement, else what it says.
std::string DuckDbSays(const std::string& sql) {
  struct Session {
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    Session() {
      duckdb_open(nullptr, &database);
      duckdb_connect(database, &connection);
    }
    ~Session() {
      duckdb_disconnect(&connection);
      duckdb_close(&database);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
  };
  static const Session session;
  duckdb_extracted_statements statements = nullptr;
  const idx_t count = duckdb_extract_statements(session.connection, sql.c_str(), &statements);
  const char* const error = duckdb_extract_statements_error(statements);
  const std::string message = count == 1 ? "" : error != nullptr ? error : "not one statement";
  duckdb_destroy_extracted(&statements);
  return message;
}

/// The same of PostgreSQL's.
std::string PostgresSays(const std::string& sql) {
  PgQueryParseResult result = pg_query_parse(sql.c_str());
  const std::string message = result.error != nullptr ? result.error->message : "";
  pg_query_free_parse_result(result);
  return message;
}

class Corpus : public testing::TestWithParam<const char*> {};

TEST_P(Corpus, PrintsBackAndIsTakenByItsEngine) {
  const Dialect& dialect = *FindDialect(GetParam());
  const Parsed all(CorpusOf(dialect), dialect);
  ASSERT_NE(all.document(), nullptr) << all.Rendered();
  EXPECT_EQ(all.First(), "none") << all.Rendered();
  EXPECT_GE(all.document()->statements.size(), 25U);
  for (const Statement& statement : all.document()->statements) {
    const std::string source = all.Text(statement.span);
    ASSERT_NE(statement.query, nullptr) << source;
    ExpectRoundTrip(*statement.query, dialect, source);
    ExpectFormats(source, dialect);
    for (const std::string& text : {source, Flat(*statement.query, dialect)}) {
      EXPECT_EQ(dialect.name == "duckdb" ? DuckDbSays(text) : "", "") << text;
      EXPECT_EQ(dialect.name == "postgres" ? PostgresSays(text) : "", "") << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, Corpus, testing::Values("duckdb", "postgres", "trino", "snowflake"));

}  // namespace
}  // namespace wapc::grammar
