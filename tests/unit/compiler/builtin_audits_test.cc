#include <duckdb.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "compiler/passes/audits_builtin.h"
#include "compiler/plan/emit.h"
#include "tests/support/private_postgres.h"
#include "tests/unit/compiler/test_project.h"

/// Every built-in audit on real engines: rows that fail, rows that pass, NULL, no row at all.
namespace wapc::compiler {
namespace {

struct Case {
  const char* audit;
  const char* rows;  ///< of (id, n, m, s, t, x); empty: none
  int failing;
};

const std::vector<Case> kCases{
    {"not_null(columns := (n, s))", "(1, 1, 1, 'a', NULL, 1), (2, NULL, 1, 'a', NULL, 1), (3, 1, 1, NULL, NULL, 1)", 2},
    {"not_null(columns := (n), condition := id > 1)", "(1, NULL, 1, 'a', NULL, 1)", 0},
    {"not_null(columns := n)", "", 0},
    {"unique_values(columns := n)", "(1, 1, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1), (3, 2, 1, '', NULL, 1)", 1},
    {"unique_values(columns := n)", "(1, NULL, 1, '', NULL, 1), (2, NULL, 1, '', NULL, 1)", 0},
    {"unique_values(columns := n)", "", 0},
    {"unique_combination_of_columns(columns := (n, s))", "(1, 1, 1, 'a', NULL, 1), (2, 1, 1, 'b', NULL, 1)", 0},
    {"unique_combination_of_columns(columns := (n, s))", "(1, 1, 1, NULL, NULL, 1), (2, 1, 1, NULL, NULL, 1)", 1},
    {"unique_key(columns := (n, s))", "(1, 1, 1, NULL, NULL, 1), (2, 1, 1, NULL, NULL, 1)", 1},
    {"number_of_rows(threshold := 1)", "(1, 1, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1)", 0},
    {"number_of_rows(threshold := 2)", "(1, 1, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1)", 1},
    {"number_of_rows(threshold := 0)", "", 1},
    {"forall(criteria := (n > 0, length(s) > 0))", "(1, 1, 1, 'a', NULL, 1), (2, 0, 1, 'a', NULL, 1)", 1},
    {"forall(criteria := (n > 0))", "(1, NULL, 1, 'a', NULL, 1)", 0},
    {"forall(criteria := (n > 0))", "", 0},
    {"accepted_values(column := s, is_in := ('a', 'b'))", "(1, 1, 1, 'a', NULL, 1), (2, 1, 1, 'c', NULL, 1)", 1},
    {"accepted_values(column := s, is_in := ('a', 'b'))", "(1, 1, 1, NULL, NULL, 1)", 0},
    {"accepted_values(column := n, is_in := (1, 2))", "(1, 1, 1, NULL, NULL, 1), (2, 3, 1, NULL, NULL, 1)", 1},
    {"accepted_values(column := s, is_in := ('a'))", "", 0},
    {"not_accepted_values(column := s, is_in := ('a', 'b'))", "(1, 1, 1, 'a', NULL, 1), (2, 1, 1, 'c', NULL, 1)", 1},
    {"not_accepted_values(column := s, is_in := ('a'))", "(1, 1, 1, NULL, NULL, 1)", 0},
    {"not_accepted_values(column := s, is_in := ('a'))", "", 0},
    {"accepted_range(column := n, min_v := 1, max_v := 3)",
     "(1, 1, 1, '', NULL, 1), (2, 3, 1, '', NULL, 1), (3, 4, 1, '', NULL, 1), (4, 0, 1, '', NULL, 1)", 2},
    {"accepted_range(column := n, min_v := 1, max_v := 3, inclusive := false)",
     "(1, 1, 1, '', NULL, 1), (2, 3, 1, '', NULL, 1), (3, 2, 1, '', NULL, 1), (4, NULL, 1, '', NULL, 1)", 2},
    {"accepted_range(column := t, min_v := '2026-01-01')",
     "(1, 1, 1, '', '2025-12-31', 1), (2, 3, 1, '', '2026-01-02', 1)", 1},
    {"accepted_range(column := n, max_v := 1)", "", 0},
    {"string_length_between(column := s, min_v := 2, max_v := 3)",
     "(1, 1, 1, 'a', NULL, 1), (2, 1, 1, 'ab', NULL, 1), (3, 1, 1, 'abcd', NULL, 1), (4, 1, 1, NULL, NULL, 1)", 2},
    {"string_length_between(column := s, min_v := 2, inclusive := false)",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'abc', NULL, 1)", 1},
    {"string_length_between(column := s, max_v := 2)", "", 0},
    {"string_length_equal(column := s, v := 2)",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'äöü', NULL, 1), (3, 1, 1, NULL, NULL, 1)", 1},
    {"string_length_equal(column := s, v := 2)", "", 0},
    {"at_least_one(column := n)", "(1, NULL, 1, '', NULL, 1), (2, NULL, 1, '', NULL, 1)", 1},
    {"at_least_one(column := n)", "(1, NULL, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1)", 0},
    {"at_least_one(column := n)", "", 0},
    {"not_constant(column := n)", "(1, 1, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1)", 1},
    {"not_constant(column := n)", "(1, 1, 1, '', NULL, 1), (2, 2, 1, '', NULL, 1)", 0},
    {"not_constant(column := n)", "(1, 1, 1, '', NULL, 1), (2, NULL, 1, '', NULL, 1)", 1},
    {"not_constant(column := n)", "", 1},
    {"not_empty_string(column := s)", "(1, 1, 1, '', NULL, 1), (2, 1, 1, 'a', NULL, 1), (3, 1, 1, NULL, NULL, 1)", 1},
    {"not_empty_string(column := s)", "", 0},
    {"not_null_proportion(column := n, threshold := 0.5)", "(1, 1, 1, '', NULL, 1), (2, NULL, 1, '', NULL, 1)", 1},
    {"not_null_proportion(column := n, threshold := 0.4)", "(1, 1, 1, '', NULL, 1), (2, NULL, 1, '', NULL, 1)", 0},
    {"not_null_proportion(column := n, threshold := 0.4)", "", 1},
    {"sequential_values(column := n)",
     "(1, 1, 1, '', NULL, 1), (2, 3, 1, '', NULL, 1), (3, 2, 1, '', NULL, 1), (4, NULL, 1, '', NULL, 1)", 0},
    {"sequential_values(column := n, interval := 2)",
     "(1, 1, 1, '', NULL, 1), (2, 3, 1, '', NULL, 1), (3, 4, 1, '', NULL, 1), (4, 4, 1, '', NULL, 1)", 2},
    {"sequential_values(column := t, interval := interval '1 day')",
     "(1, 1, 1, '', '2026-01-01', 1), (2, 3, 1, '', '2026-01-02', 1), (3, 3, 1, '', '2026-01-04', 1)", 1},
    {"sequential_values(column := n)", "", 0},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m)",
     "(1, 1, 3, '', NULL, 1), (2, 3, 5, '', NULL, 1), (3, 6, 6, '', NULL, 1)", 0},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m)",
     "(1, 1, 4, '', NULL, 1), (2, 3, 5, '', NULL, 1), (3, 9, 8, '', NULL, 1)", 2},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m, partition_clause := s)",
     "(1, 1, 4, 'a', NULL, 1), (2, 3, 5, 'b', NULL, 1)", 0},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m, partition_clause := (s, id))",
     "(1, 1, 4, 'a', NULL, 1), (1, 3, 5, 'a', NULL, 1)", 1},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m)",
     "(1, 1, NULL, '', NULL, 1), (2, NULL, 5, '', NULL, 1)", 2},
    {"mutually_exclusive_ranges(lower_bound_column := n, upper_bound_column := m)", "", 0},
    {"valid_uuid(column := s)",
     "(1, 1, 1, '6ba7b810-9dad-11d1-80b4-00c04fd430c8', NULL, 1), (2, 1, 1, "
     "'018F8E9C-2B4D-7C3A-9E1F-0123456789AB', NULL, 1), (3, 1, 1, '6ba7b810-9dad-11d1-80b4', NULL, 1), (4, 1, 1, NULL, "
     "NULL, 1)",
     1},
    {"valid_uuid(column := s)", "", 0},
    {"valid_url(column := s)",
     "(1, 1, 1, 'https://example.com/a?b=c', NULL, 1), (2, 1, 1, 'example.com', NULL, 1), (3, 1, 1, 'http://a b', "
     "NULL, "
     "1), (4, 1, 1, NULL, NULL, 1), (5, 1, 1, 'http://.com', NULL, 1)",
     3},
    {"valid_url(column := s)", "", 0},
    {"valid_email(column := s)",
     "(1, 1, 1, 'a.b+c@example.co.uk', NULL, 1), (2, 1, 1, 'a@b', NULL, 1), (3, 1, 1, 'a b@c.de', NULL, 1), (4, 1, 1, "
     "NULL, NULL, 1)",
     2},
    {"valid_email(column := s)", "", 0},
    {"valid_http_method(column := s)", "(1, 1, 1, 'GET', NULL, 1), (2, 1, 1, 'get', NULL, 1), (3, 1, 1, NULL, NULL, 1)",
     1},
    {"valid_http_method(column := s)", "", 0},
    {"match_regex_pattern_list(column := s, patterns := ('^a', 'z$'))",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'bz', NULL, 1), (3, 1, 1, 'ba', NULL, 1), (4, 1, 1, NULL, NULL, 1)", 1},
    {"match_regex_pattern_list(column := s, patterns := ('^a'))", "", 0},
    {"not_match_regex_pattern_list(column := s, patterns := ('^a', 'z$'))",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'bz', NULL, 1), (3, 1, 1, 'ba', NULL, 1), (4, 1, 1, NULL, NULL, 1)", 2},
    {"not_match_regex_pattern_list(column := s, patterns := ('\\d+'))", "(1, 1, 1, 'a1', NULL, 1)", 1},
    {"not_match_regex_pattern_list(column := s, patterns := ('^a'))", "", 0},
    {"match_like_pattern_list(column := s, patterns := ('a%', '%z'))",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'bz', NULL, 1), (3, 1, 1, 'ba', NULL, 1), (4, 1, 1, NULL, NULL, 1)", 1},
    {"match_like_pattern_list(column := s, patterns := ('a%'))", "", 0},
    {"not_match_like_pattern_list(column := s, patterns := ('a%', '%z'))",
     "(1, 1, 1, 'ab', NULL, 1), (2, 1, 1, 'bz', NULL, 1), (3, 1, 1, 'ba', NULL, 1), (4, 1, 1, NULL, NULL, 1)", 2},
    {"not_match_like_pattern_list(column := s, patterns := ('a%'))", "", 0},
    {"z_score(column := x, threshold := 1)",
     "(1, 1, 1, '', NULL, 1), (2, 1, 1, '', NULL, 1), (3, 1, 1, '', NULL, 1), (4, 1, 1, '', NULL, 50), (5, 1, 1, '', "
     "NULL, NULL)",
     1},
    {"z_score(column := n, threshold := 1)", "(1, 7, 1, '', NULL, 1), (2, 7, 1, '', NULL, 1)", 0},
    {"z_score(column := x, threshold := 1)", "", 0},
    {"stddev_in_range(column := n, min_v := 1, max_v := 2)",
     "(1, 1, 1, '', NULL, 1), (2, 2, 1, '', NULL, 1), (3, 3, 1, '', NULL, 1), (4, NULL, 1, '', NULL, 1)", 0},
    {"stddev_in_range(column := n, min_v := 1, inclusive := false)",
     "(1, 1, 1, '', NULL, 1), (2, 2, 1, '', NULL, 1), (3, 3, 1, '', NULL, 1)", 1},
    {"stddev_in_range(column := n, min_v := 1)", "", 0},
    {"mean_in_range(column := n, min_v := 2)", "(1, 1, 1, '', NULL, 1), (2, 2, 1, '', NULL, 1)", 1},
    {"mean_in_range(column := n, min_v := 1, max_v := 2)",
     "(1, 1, 1, '', NULL, 1), (2, 2, 1, '', NULL, 1), (3, NULL, 1, '', NULL, 1)", 0},
    {"mean_in_range(column := n, min_v := 1)", "", 0},
    {"kl_divergence(source_column := n, target_column := m, threshold := 0.1)",
     "(1, 1, 1, '', NULL, 1), (2, 2, 2, '', NULL, 1), (3, NULL, NULL, '', NULL, 1)", 0},
    {"kl_divergence(source_column := n, target_column := m, threshold := 0.1)",
     "(1, 1, 2, '', NULL, 1), (2, 1, 2, '', NULL, 1)", 1},
    {"kl_divergence(source_column := n, target_column := m, threshold := 0.1)", "(1, 1, NULL, '', NULL, 1)", 0},
    {"kl_divergence(source_column := n, target_column := m, threshold := 0.1)", "", 0},
    {"chi_square(column_a := n, column_b := s, critical_value := 3.84)",
     "(1, 1, 1, 'a', NULL, 1), (2, 2, 1, 'b', NULL, 1), (3, 1, 1, 'a', NULL, 1), (4, 2, 1, 'b', NULL, 1)", 0},
    {"chi_square(column_a := n, column_b := s, critical_value := 3.84, dependent := false)",
     "(1, 1, 1, 'a', NULL, 1), (2, 2, 1, 'b', NULL, 1), (3, 1, 1, 'a', NULL, 1), (4, 2, 1, 'b', NULL, 1)", 1},
    {"chi_square(column_a := n, column_b := s, critical_value := 3.84)",
     "(1, 1, 1, 'a', NULL, 1), (2, 2, 1, 'a', NULL, 1), (3, 1, 1, 'b', NULL, 1), (4, 2, 1, 'b', NULL, 1), (5, NULL, 1, "
     "'b', NULL, 1)",
     1},
    {"chi_square(column_a := n, column_b := s, critical_value := 3.84)", "", 0},
    {"relationship(column := n, to := a.other, to_column := id)",
     "(1, 1, 1, '', NULL, 1), (2, 9, 1, '', NULL, 1), (3, NULL, 1, '', NULL, 1)", 1},
    {"relationship(column := id, to := a.other, to_column := id, to_condition := id > 1)",
     "(1, 1, 1, '', NULL, 1), (2, 9, 1, '', NULL, 1)", 1},
    {"relationship(column := n, to := a.other, to_column := id)", "", 0},
    {"relationships(columns := (n), to := a.other, to_columns := (id))",
     "(1, 1, 1, '', NULL, 1), (2, 9, 1, '', NULL, 1), (3, NULL, 1, '', NULL, 1)", 1},
    {"relationships(columns := n, to := a.other, to_columns := id)", "", 0},
    {"valid_windows(columns := s, valid_from := n, valid_to := m)",
     "(1, 1, 3, 'a', NULL, 1), (2, 2, NULL, 'a', NULL, 1), (3, 1, 2, 'b', NULL, 1), (4, 2, NULL, 'b', NULL, 1)", 1},
    {"valid_windows(columns := s, valid_from := n, valid_to := m)", "", 0},
    {"equal_row_count(to := a.other)", "(1, 1, 1, '', NULL, 1), (2, 9, 1, '', NULL, 1)", 0},
    {"equal_row_count(to := a.other, to_condition := id > 1)", "(1, 1, 1, '', NULL, 1), (2, 9, 1, '', NULL, 1)", 1},
    {"equal_row_count(to := a.other)", "", 1},
    {"freshness(column := t, max_age := interval '1 day')", "(1, 1, 1, '', '2026-01-31 11:00:00', 1)", 0},
    {"freshness(column := t, max_age := interval '1 day')",
     "(1, 1, 1, '', '2026-01-30 11:00:00', 1), (2, 1, 1, '', NULL, 1)", 1},
    {"freshness(column := t, max_age := interval '1 day')", "", 1},
    // Ten rows are served.
    {"row_count_change(max_decrease := 0.9)", "(1, 1, 1, '', NULL, 1)", 0},
    {"row_count_change(max_decrease := 0.5)", "(1, 1, 1, '', NULL, 1)", 1},
    {"row_count_change(max_increase := 0)", "(1, 1, 1, '', NULL, 1)", 0},
    {"row_count_change(max_decrease := 0.5)", "", 1},
};

class Engine {
 public:
  virtual ~Engine() = default;
  /// The first cell, or what went wrong.
  virtual std::string Run(const std::string& sql) = 0;

  void Prepare() {
    EXPECT_EQ(Run("CREATE TABLE q (id bigint, n integer, m integer, s text, t timestamp, x double precision)"), "");
    EXPECT_EQ(Run("CREATE TABLE other (id bigint)"), "");
    EXPECT_EQ(Run("INSERT INTO other VALUES (1), (2)"), "");
    EXPECT_EQ(Run("CREATE TABLE served (id bigint)"), "");
    EXPECT_EQ(Run("INSERT INTO served VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)"), "");
  }
};

class DuckDb final : public Engine {
 public:
  DuckDb() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
    Run("SET TimeZone = 'UTC'");
    Prepare();
  }
  ~DuckDb() override {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  std::string Run(const std::string& sql) override {
    duckdb_result result;
    std::string out;
    if (duckdb_query(connection_, sql.c_str(), &result) == DuckDBError) {
      out = duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0 && sql.starts_with("SELECT")) {
      char* const text = duckdb_value_varchar(&result, 0, 0);
      out = text == nullptr ? "" : text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

class Postgres final : public Engine {
 public:
  Postgres() {
    if (!problem().empty()) return;
    Run("SET TimeZone = 'UTC'");
    Prepare();
  }
  const std::string& problem() const { return server_.problem(); }
  std::string Run(const std::string& sql) override {
    const auto rows = server_.Run(sql);
    if (!rows.error.empty()) return rows.error;
    return rows.rows.empty() ? "" : rows.rows[0][0].value_or("");
  }

 private:
  testing::PrivatePostgres server_;
};

std::string Resolved(std::string sql) {
  const std::vector<std::pair<std::string, std::string>> values{{"@{rel:a.q}", "q"},
                                                                {"@{rel:a.other}", "other"},
                                                                {"@{served:a.q}", "served"},
                                                                {"@{execution_ts}", "'2026-01-31 12:00:00.000000+00'"},
                                                                {"@{execution_ts:10}", "'2026-01-31'"},
                                                                {"@{execution_ts:26}", "'2026-01-31 12:00:00.000000'"}};
  for (const auto& [token, value] : values) {
    for (size_t at = sql.find(token); at != std::string::npos; at = sql.find(token)) {
      sql.replace(at, token.size(), value);
    }
  }
  return sql;
}

struct Written {
  std::string sql;
  std::string count;  ///< as EmitAuditCount has it
};

// The one audit of a model, written for a dialect.
Written Write(const Case& test, const std::string& dialect) {
  TestProject project;
  project.config().dialect = grammar::FindDialect(dialect);
  project.Table("raw.t",
                {{"id", "int64"}, {"n", "int32"}, {"m", "int32"}, {"s", "text"}, {"t", "timestamp"}, {"x", "double"}});
  project.Query("a.other", "select id from raw.t");
  project.Query("a.q", "select id, n, m, s, t, x from raw.t", std::string(", audits (") + test.audit + ")");
  const Project& done = project.Run();
  EXPECT_EQ(project.Messages(), "") << test.audit;
  const Model& model = *done.Find("a.q");
  if (model.audits.size() != 1) return {};
  return {Resolved(EmitAudit(model, model.audits[0], {}, done)),
          Resolved(EmitAuditCount(model, model.audits[0], {}, done))};
}

int CheckAll(Engine& engine, const std::string& dialect) {
  int in_one_scan = 0;
  for (const Case& test : kCases) {
    const Written written = Write(test, dialect);
    engine.Run("DELETE FROM q");
    if (*test.rows != '\0') {
      EXPECT_EQ(engine.Run(std::string("INSERT INTO q VALUES ") + test.rows), "");
    }
    const std::string expected = std::to_string(test.failing);
    EXPECT_EQ(engine.Run("SELECT count(*) FROM (" + written.sql + ") AS audit"), expected)
        << test.audit << " on " << test.rows << "\n"
        << written.sql;
    if (written.count.empty()) continue;
    ++in_one_scan;
    EXPECT_EQ(engine.Run("SELECT " + written.count + " FROM q AS this_model"), expected) << written.count;
  }
  return in_one_scan;
}

TEST(BuiltinAudits, OnDuckDb) {
  DuckDb engine;
  EXPECT_GT(CheckAll(engine, "duckdb"), 50);
}

TEST(BuiltinAudits, OnPostgres) {
  Postgres engine;
  ASSERT_EQ(engine.problem(), "");
  EXPECT_GT(CheckAll(engine, "postgres"), 50);
}

// What no engine here can run binds at least.
TEST(BuiltinAudits, BindInEveryDialect) {
  for (const char* const dialect : {"snowflake", "trino"}) {
    for (const Case& test : kCases) EXPECT_NE(Write(test, dialect).sql, "") << dialect << " " << test.audit;
  }
}

TEST(BuiltinAudits, EachHasACase) {
  base::Diagnostics diagnostics;
  const BuiltinAudits builtins(diagnostics);
  ASSERT_FALSE(diagnostics.has_errors());
  std::set<std::string> tried;
  for (const Case& test : kCases) tried.insert(std::string(test.audit).substr(0, std::string(test.audit).find('(')));
  for (const std::string& name : builtins.Names()) {
    EXPECT_TRUE(tried.contains(name)) << name;
    EXPECT_FALSE(builtins.Find(name)->arguments.empty()) << name << " says nothing of its arguments";
  }
}

}  // namespace
}  // namespace wapc::compiler
