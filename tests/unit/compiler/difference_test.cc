#include "compiler/plan/query_difference.h"

#include <duckdb.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/parser.h"
#include "grammar/printer.h"

/// Where two queries are said to have the same rows, or columns the same values, an engine must agree.
namespace wapc::compiler {
namespace {

using grammar::Query;

class Queries {
 public:
  Query* Parse(const std::string& text) {
    const base::SourceId source = sources_.Add("q", text);
    Query* const query =
        parser_.ParseQuery(text, {source, 0, static_cast<uint32_t>(text.size())}, sources_, arena_, diagnostics_);
    EXPECT_NE(query, nullptr) << text;
    return query;
  }

  QueryDifference Compare(const std::string& old, const std::string& now, const Names& touched = {}) {
    return CompareQueries(*Parse(old), *Parse(now), touched, grammar::DuckDbDialect());
  }

 private:
  grammar::Parser parser_;
  grammar::Arena arena_;
  base::SourceMap sources_;
  base::Diagnostics diagnostics_;
};

// "rows: why" or the columns that are touched.
std::string Shown(const QueryDifference& difference) {
  if (!difference.rows.empty()) return "rows: " + difference.rows;
  std::string out;
  for (const std::string& name : difference.touched()) out += (out.empty() ? "" : " ") + name;
  return out.empty() && !difference.same ? "places" : out;
}

struct Case {
  std::string_view old, now, difference;
};

TEST(Difference, OfTwoQueries) {
  constexpr std::array kCases = {
      Case{"SELECT a, b FROM s.t", "SELECT a, b FROM s.t", ""},
      Case{"SELECT a, b FROM s.t", "SELECT a, b, c FROM s.t", "c"},
      Case{"SELECT a, b FROM s.t", "SELECT c, a, b FROM s.t", "c"},
      Case{"SELECT a, b FROM s.t", "SELECT b, a FROM s.t", "places"},
      Case{"SELECT a, b FROM s.t", "SELECT a FROM s.t", "b"},
      Case{"SELECT a, b + 1 AS x FROM s.t", "SELECT a, b + 2 AS x FROM s.t", "x"},
      Case{"SELECT a, b + 1 AS x, x * 2 AS y FROM s.t", "SELECT a, b + 2 AS x, x * 2 AS y FROM s.t", "x y"},
      Case{"SELECT a FROM s.t WHERE b > 1", "SELECT a FROM s.t WHERE b > 2", "rows: its WHERE changed"},
      Case{"SELECT a FROM s.t", "SELECT a FROM s.u", "rows: its FROM changed"},
      Case{"SELECT a FROM s.t JOIN s.u USING (a)", "SELECT a FROM s.t LEFT JOIN s.u USING (a)",
           "rows: its joins changed"},
      Case{"SELECT t.a FROM s.t JOIN s.u ON t.a = u.a", "SELECT t.a, u.b FROM s.t JOIN s.u ON t.a = u.a", "b"},
      Case{"SELECT DISTINCT a FROM s.t", "SELECT DISTINCT a, b FROM s.t", "rows: its rows are DISTINCT"},
      Case{"SELECT a, count(*) AS n FROM s.t GROUP BY a", "SELECT a, count(*) AS n, sum(b) AS s FROM s.t GROUP BY a",
           "s"},
      Case{"SELECT a, count(*) AS n FROM s.t GROUP BY 1", "SELECT b, a, count(*) AS n FROM s.t GROUP BY 1, 2",
           "rows: its GROUP BY changed"},
      Case{"SELECT a, sum(b) AS n FROM s.t GROUP BY 1", "SELECT a + 1 AS a, sum(b) AS n FROM s.t GROUP BY 1",
           "rows: it groups by what changed"},
      Case{"SELECT a, sum(b) AS n FROM s.t GROUP BY ALL", "SELECT a, c, sum(b) AS n FROM s.t GROUP BY ALL",
           "rows: it groups by all columns"},
      Case{"SELECT 1 AS one FROM s.t", "SELECT 1 AS one, count(*) AS n FROM s.t", "rows: a column of it makes rows"},
      Case{"SELECT a FROM s.t", "SELECT a, unnest([1, 2]) AS u FROM s.t", "rows: a column of it makes rows"},
      Case{"SELECT a FROM s.t", "SELECT a, row_number() OVER (ORDER BY b) AS r FROM s.t", "r"},
      Case{"SELECT a FROM s.t", "SELECT a, no_such_function(b) AS r FROM s.t", "rows: a column of it makes rows"},
      Case{"SELECT a, b FROM s.t ORDER BY b LIMIT 3", "SELECT a, b, c FROM s.t ORDER BY b LIMIT 3", "c"},
      Case{"SELECT a, b FROM s.t ORDER BY b LIMIT 3", "SELECT a, -b AS b FROM s.t ORDER BY b LIMIT 3",
           "rows: its LIMIT takes other rows"},
      Case{"SELECT a, b FROM s.t LIMIT 3", "SELECT a, b FROM s.t LIMIT 4", "rows: its ORDER BY or LIMIT changed"},
      Case{"WITH c AS (SELECT a, b FROM s.t) SELECT a, b FROM c",
           "WITH c AS (SELECT a, b, c AS d FROM s.t) SELECT a, b FROM c", ""},
      Case{"WITH c AS (SELECT a, b FROM s.t) SELECT a, b FROM c",
           "WITH c AS (SELECT a, b + 1 AS b FROM s.t) SELECT a, b FROM c", "b"},
      Case{"WITH c AS (SELECT a, b FROM s.t) SELECT a FROM c WHERE b > 1",
           "WITH c AS (SELECT a, b + 1 AS b FROM s.t) SELECT a FROM c WHERE b > 1",
           "rows: its WHERE reads what changed"},
      Case{"WITH c AS (SELECT a FROM s.t) SELECT a FROM c", "WITH c AS (SELECT a FROM s.t WHERE a > 1) SELECT a FROM c",
           "rows: its WHERE changed"},
      Case{"SELECT a FROM (SELECT a, b FROM s.t) AS x", "SELECT a, c FROM (SELECT a, b, c FROM s.t) AS x", "c"},
      Case{"SELECT x FROM (SELECT a, b FROM s.t) AS x", "SELECT x FROM (SELECT a, b, c FROM s.t) AS x", "x"},
      Case{"SELECT a FROM s.t UNION ALL SELECT a FROM s.u", "SELECT a, b FROM s.t UNION ALL SELECT a, b FROM s.u", "b"},
      Case{"SELECT a, b FROM s.t UNION ALL SELECT a, b FROM s.u", "SELECT a, b FROM s.t UNION ALL SELECT b, a FROM s.u",
           "rows: a side of its UNION changed"},
      Case{"SELECT a FROM s.t UNION SELECT a FROM s.u", "SELECT a, b FROM s.t UNION SELECT a, b FROM s.u",
           "rows: a side of its set operation changed"},
      Case{"SELECT upper(s) AS s FROM s.t WHERE s <> ''", "SELECT lower(s) AS s FROM s.t WHERE s <> ''",
           "rows: its WHERE reads what changed"},
      Case{"SELECT a FROM s.t QUALIFY row_number() OVER (PARTITION BY a) = 1",
           "SELECT a, b FROM s.t QUALIFY row_number() OVER (PARTITION BY a) = 1", "b"},
  };
  Queries queries;
  for (const Case& c : kCases) {
    EXPECT_EQ(Shown(queries.Compare(std::string(c.old), std::string(c.now))), c.difference) << c.old << "\n" << c.now;
  }
}

TEST(Difference, OfWhatIsRead) {
  Queries queries;
  const auto follow = [&](const std::string& query) { return Shown(queries.Compare(query, query, {"c"})); };
  EXPECT_EQ(follow("SELECT a, b FROM s.t"), "");
  EXPECT_EQ(follow("SELECT a, c AS d, d + 1 AS e FROM s.t"), "d e");
  EXPECT_EQ(follow("SELECT a FROM s.t WHERE c > 1"), "rows: its WHERE reads what changed");
  EXPECT_EQ(follow("SELECT a FROM s.t JOIN s.u USING (c)"), "rows: its FROM reads what changed");
  EXPECT_EQ(follow("SELECT a FROM s.t NATURAL JOIN s.u"), "rows: its FROM reads what changed");
  EXPECT_EQ(follow("SELECT a, sum(c) AS n FROM s.t GROUP BY a"), "n");
  EXPECT_EQ(follow("SELECT a, t AS whole FROM s.t"), "whole");
  EXPECT_EQ(follow("SELECT DISTINCT c FROM s.t"), "rows: its rows are DISTINCT");
  EXPECT_EQ(follow("WITH x AS (SELECT a, c FROM s.t) SELECT a, (SELECT max(c) FROM x) AS m FROM x"), "m");
  EXPECT_EQ(follow("SELECT a FROM s.t WHERE EXISTS (SELECT 1 FROM s.u WHERE u.c = t.a)"),
            "rows: its WHERE reads what changed");
}

class Engine {
 public:
  Engine() {
    duckdb_open(nullptr, &database_);
    duckdb_connect(database_, &connection_);
  }
  ~Engine() {
    duckdb_disconnect(&connection_);
    duckdb_close(&database_);
  }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  std::string Run(const std::string& sql) {
    duckdb_result result;
    std::string out = "refused";
    if (duckdb_query(connection_, sql.c_str(), &result) == DuckDBError) {
      ADD_FAILURE() << sql << ": " << duckdb_result_error(&result);
    } else if (duckdb_row_count(&result) > 0) {
      char* const text = duckdb_value_varchar(&result, 0, 0);
      if (text != nullptr) out = text;
      duckdb_free(text);
    }
    duckdb_destroy_result(&result);
    return out;
  }

  // The rows of some columns as one text, whatever their order.
  std::string Rows(const std::string& query, const std::vector<std::string>& columns) {
    std::string list;
    for (const std::string& column : columns) list += ", " + column;
    return Run("SELECT count(*) || coalesce(string_agg(r, ';' ORDER BY r), '') FROM (SELECT concat_ws('|', ''" + list +
               ") AS r FROM (" + query + ") AS q)");
  }

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

// Queries that differ in one thing or another; {t} is the table.
const std::vector<std::string> kVariants = {
    "SELECT a, b FROM {t}",
    "SELECT a, b, c FROM {t}",
    "SELECT c, a, b FROM {t}",
    "SELECT a, b + 1 AS b FROM {t}",
    "SELECT a, b + 1 AS b, b * 2 AS d FROM {t}",
    "SELECT a, b FROM {t} WHERE c > 1",
    "SELECT a, b, c FROM {t} WHERE c > 1",
    "SELECT a, b, c + 1 AS c FROM {t} WHERE c > 1",
    "SELECT DISTINCT a, b FROM {t}",
    "SELECT DISTINCT a, b, c FROM {t}",
    "SELECT a, sum(b) AS b FROM {t} GROUP BY a",
    "SELECT a, sum(b) AS b, max(c) AS c FROM {t} GROUP BY a",
    "SELECT a, sum(b) AS b, c FROM {t} GROUP BY a, c",
    "SELECT a, sum(b) AS b FROM {t} GROUP BY 1",
    "SELECT a % 2 AS a, sum(b) AS b FROM {t} GROUP BY 1",
    "SELECT a % 2 AS a, sum(b) AS b, count(*) AS c FROM {t} GROUP BY 1",
    "SELECT a, sum(b) AS b FROM {t} GROUP BY ALL",
    "SELECT a, sum(b) AS b, c FROM {t} GROUP BY ALL",
    "SELECT 1 AS a, 2 AS b FROM {t}",
    "SELECT 1 AS a, 2 AS b, count(*) AS c FROM {t}",
    "SELECT a, b, unnest([1, 2]) AS c FROM {t}",
    "SELECT a, b, sum(c) OVER (PARTITION BY a) AS c FROM {t}",
    "SELECT a, b FROM {t} ORDER BY b, a, c LIMIT 3",
    "SELECT a, b, c FROM {t} ORDER BY b, a, c LIMIT 3",
    "SELECT a, -b AS b, c FROM {t} ORDER BY b, a, c LIMIT 3",
    "SELECT a, b FROM {t} UNION ALL SELECT a, b FROM {t}",
    "SELECT a, b, c FROM {t} UNION ALL SELECT a, b, c FROM {t}",
    "SELECT a, b, c FROM {t} UNION ALL SELECT a, b, 0 AS c FROM {t}",
    "SELECT a, b FROM {t} UNION SELECT b, a FROM {t}",
    "SELECT a, b, c FROM {t} UNION SELECT b, a, c FROM {t}",
    "WITH x AS (SELECT a, b FROM {t}) SELECT a, b FROM x",
    "WITH x AS (SELECT a, b, c FROM {t}) SELECT a, b FROM x",
    "WITH x AS (SELECT a, b + c AS b, c FROM {t}) SELECT a, b FROM x",
    "WITH x AS (SELECT a, b + c AS b, c FROM {t}) SELECT a, b, c FROM x WHERE b > 2",
    "WITH x AS (SELECT a, b, c FROM {t}) SELECT a, b, c FROM x WHERE b > 2",
    "WITH x AS (SELECT a, b FROM {t} WHERE c > 1) SELECT a, b FROM x",
    "SELECT a, b FROM (SELECT a, b FROM {t}) AS x",
    "SELECT a, b, c FROM (SELECT a, b, c FROM {t}) AS x",
    "SELECT a, x AS b FROM (SELECT a, b FROM {t}) AS x",
    "SELECT a, x AS b FROM (SELECT a, b, c FROM {t}) AS x",
    "SELECT x.a, x.b FROM {t} AS x JOIN {t} AS y USING (a, c)",
    "SELECT x.a, x.b, y.c FROM {t} AS x JOIN {t} AS y USING (a, c)",
    "SELECT x.a, x.b, y.c FROM {t} AS x JOIN {t} AS y ON x.a = y.a AND y.b > 1",
    "SELECT x.a, x.b FROM {t} AS x JOIN {t} AS y ON x.a = y.a AND y.b > 1",
    "SELECT x.a, x.b, y.b AS c FROM {t} AS x LEFT JOIN {t} AS y ON x.a = y.a AND y.b > 1",
    "SELECT a, b FROM {t} QUALIFY row_number() OVER (PARTITION BY a ORDER BY b, c) = 1",
    "SELECT a, b, c FROM {t} QUALIFY row_number() OVER (PARTITION BY a ORDER BY b, c) = 1",
    "SELECT a, b, c AS r FROM {t} QUALIFY row_number() OVER (PARTITION BY a ORDER BY b, c) = 1",
    "SELECT a, b, (SELECT max(c) FROM {t}) AS c FROM {t}",
    "SELECT a, b, c * 10 AS d, d + 1 AS c FROM {t}",
    "SELECT a, b, c * 20 AS d, d + 1 AS c FROM {t}",
};

std::string On(std::string query, const std::string& table) {
  for (size_t at = query.find("{t}"); at != std::string::npos; at = query.find("{t}")) query.replace(at, 3, table);
  return query;
}

std::vector<std::string> Same(const QueryDifference& difference, const std::vector<std::string>& all) {
  std::vector<std::string> out;
  const Names touched = difference.touched();
  for (const std::string& column : all) {
    if (!touched.contains(column)) out.push_back(column);
  }
  return out;
}

std::vector<std::string> ColumnsOfQuery(Query& query) {
  const auto* body = query.body;
  while (const auto* const both = grammar::As<grammar::SetOperation>(body)) body = both->left;
  std::vector<std::string> out;
  for (const grammar::SelectItem& item : grammar::As<grammar::Select>(body)->items) {
    const auto* const ref = grammar::As<grammar::ColumnRef>(item.expr);
    out.emplace_back(item.alias.text.empty() ? ref->parts.back().text : item.alias.text);
  }
  return out;
}

constexpr std::string_view kRows = "(VALUES (1, 2, 3), (1, 2, 0), (2, 5, 1), (3, 1, 2), (3, 4, 2), (4, 2, 9))";

TEST(Difference, TheEngineFindsTheSameRowsWhereItIsSaid) {
  Queries queries;
  Engine engine;
  engine.Run("CREATE TABLE t AS FROM " + std::string(kRows) + " AS v(a, b, c)");
  int proven = 0;
  for (const std::string& before : kVariants) {
    for (const std::string& after : kVariants) {
      const QueryDifference difference = queries.Compare(On(before, "t"), On(after, "t"));
      if (!difference.rows.empty()) continue;
      const std::vector<std::string> same = Same(difference, ColumnsOfQuery(*queries.Parse(On(after, "t"))));
      ++proven;
      EXPECT_EQ(engine.Rows(On(before, "t"), same), engine.Rows(On(after, "t"), same)) << before << "\n" << after;
    }
  }
  EXPECT_GT(proven, static_cast<int>(kVariants.size()) + 30);  // each is itself, and some are proven beyond that
}

TEST(Difference, TheEngineFindsTheSameRowsOverAColumnThatChanged) {
  Queries queries;
  Engine engine;
  engine.Run("CREATE TABLE t AS FROM " + std::string(kRows) + " AS v(a, b, c)");
  int proven = 0;
  for (const std::string column : {"a", "b", "c"}) {
    engine.Run("CREATE OR REPLACE TABLE u AS SELECT * REPLACE (7 - " + column + " AS " + column + ") FROM t");
    for (const std::string& query : kVariants) {
      const QueryDifference difference = queries.Compare(On(query, "t"), On(query, "t"), {column});
      if (!difference.rows.empty()) continue;
      const std::vector<std::string> same = Same(difference, ColumnsOfQuery(*queries.Parse(On(query, "t"))));
      proven += same.empty() ? 0 : 1;
      EXPECT_EQ(engine.Rows(On(query, "t"), same), engine.Rows(On(query, "u"), same)) << column << " of " << query;
    }
  }
  EXPECT_GT(proven, 30);
}

}  // namespace
}  // namespace wapc::compiler
