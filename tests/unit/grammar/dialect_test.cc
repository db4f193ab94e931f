#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

using testing::ElementsAre;

const Dialect& Named(std::string_view name) { return *FindDialect(name); }

struct Case {
  std::string_view dialect;
  std::string_view text;
  std::string_view printed;
};

TEST(Dialect, FourAreKnownByName) {
  EXPECT_THAT(DialectNames(), ElementsAre("duckdb", "postgres", "snowflake", "trino"));
  EXPECT_EQ(FindDialect("PostgreSQL"), FindDialect("postgres"));
  EXPECT_EQ(FindDialect("mysql"), nullptr);
}

TEST(Dialect, WordListsAreSorted) {
  for (const Dialect* const dialect : AllDialects()) {
    EXPECT_TRUE(std::is_sorted(dialect->reserved_words->begin(), dialect->reserved_words->end())) << dialect->name;
    EXPECT_TRUE(std::is_sorted(dialect->bare_functions->begin(), dialect->bare_functions->end())) << dialect->name;
  }
}

TEST(Dialect, PrintsItsOwnWords) {
  constexpr Case kCases[] = {
      {"postgres", "select array[1, 2], f(x => 1)", "SELECT ARRAY[1, 2], f(x => 1)"},
      {"postgres", "select Foo, \"Foo\", \"foo\", \"order\", map, pivot",
       "SELECT Foo, \"Foo\", foo, \"order\", map, pivot"},
      {"postgres", "select E'a\\n\\'b', 'c\\d'", "SELECT 'a\n''b', 'c\\d'"},
      {"postgres", "select a -> 'b' || 'c', a ->> 'b' = 'c'", "SELECT a -> 'b' || 'c', a ->> 'b' = 'c'"},
      {"postgres", "select \"current_date\", current_date", "SELECT \"current_date\", current_date"},
      {"trino", "select array[1], filter(a, x -> x > 1), reduce(a, 0, (s, x) -> s + x, s -> s)",
       "SELECT ARRAY[1], filter(a, x -> x > 1), reduce(a, 0, (s, x) -> s + x, s -> s)"},
      {"trino", "select a from t offset 2 limit 3", "SELECT a FROM t OFFSET 2 LIMIT 3"},
      {"trino", "select (a = b) is null, not (a in (1)) = b, a + b = c",
       "SELECT (a = b) IS NULL, NOT (a IN (1)) = b, a + b = c"},
      {"trino", "select lag(a) ignore nulls over (order by b)", "SELECT lag(a) IGNORE NULLS OVER (ORDER BY b)"},
      {"snowflake", "select [1, 2], {'a': 1}, 'it\\'s \\\\ x', $$a'b$$",
       "SELECT [1, 2], {'a': 1}, 'it''s \\\\ x', 'a''b'"},
      {"snowflake", "select a, // a comment\n b, \"a\", \"B\" from t", "SELECT a, b, \"a\", \"B\" FROM t"},
      {"snowflake", "select position('a' in b)", "SELECT position('a', b)"},
      {"duckdb", "select position('a' in b), [1], f(x := 1)", "SELECT strpos(b, 'a'), [1], f(x := 1)"},
      {"duckdb", "select \"current_date\", list_transform(a, x -> x)",
       "SELECT \"current_date\", list_transform(a, LAMBDA x: x)"},
  };
  for (const auto& [name, text, printed] : kCases) {
    const Parsed parsed(text, Named(name));
    ASSERT_NE(parsed.query(), nullptr) << text << "\n" << parsed.Rendered();
    EXPECT_EQ(parsed.First(), "none") << text;
    EXPECT_EQ(Flat(*parsed.query(), Named(name)), printed);
    const Parsed again(Flat(*parsed.query(), Named(name)), Named(name));
    ASSERT_NE(again.query(), nullptr) << printed << "\n" << again.Rendered();
    EXPECT_TRUE(Equal(*parsed.query(), *again.query())) << printed;
  }
}

TEST(Dialect, LacksAreReportedAtTheirPlace) {
  constexpr Case kCases[] = {
      {"postgres", "select a from t where b qualify row_number() over (order by a) = 1",
       "1:25 not-in-dialect: QUALIFY is not in PostgreSQL"},
      {"postgres", "select [1]", "1:8 not-in-dialect: an array in plain brackets is not in PostgreSQL"},
      {"postgres", "select a from t group by all", "1:26 not-in-dialect: GROUP BY ALL is not in PostgreSQL"},
      {"postgres", "from t", "1:1 not-in-dialect: a query that starts with FROM is not in PostgreSQL"},
      {"postgres", "select a, from t", "1:9 not-in-dialect: a comma behind the last item is not in PostgreSQL"},
      {"trino", "select a::int", "1:9 not-in-dialect: the cast :: is not in Trino"},
      {"trino", "select distinct on (a) a from t", "1:8 not-in-dialect: DISTINCT ON is not in Trino"},
      {"trino", "select a ilike 'x'", "1:10 not-in-dialect: ILIKE is not in Trino"},
      {"snowflake", "select count(*) filter (where a) from t",
       "1:17 not-in-dialect: FILTER after an aggregate is not in Snowflake"},
      {"snowflake", "select a ~ 'x'", "1:10 not-in-dialect: a regular expression operator is not in Snowflake"},
  };
  for (const auto& [name, text, message] : kCases) {
    const Parsed parsed(text, Named(name));
    EXPECT_EQ(parsed.First(), message) << text;
    EXPECT_NE(parsed.query(), nullptr) << text;
    EXPECT_NE(parsed.Help(), "") << text;
  }
}

TEST(Dialect, AModelNamesItsOwn) {
  const Parsed parsed("MODEL (name a.b, dialect 'Snowflake', kind FULL);\nselect 'it\\'s' as x");
  ASSERT_NE(parsed.document(), nullptr) << parsed.Rendered();
  EXPECT_EQ(parsed.document()->dialect->name, "snowflake");
  EXPECT_EQ(
      As<Literal>(parsed.query(1)->body->kind == BodyKind::kSelect ? As<Select>(parsed.query(1)->body)->items[0].expr
                                                                   : nullptr)
          ->text,
      "it's");
  const Parsed other("MODEL (name a.b, dialect nowhere);\nselect 1");
  EXPECT_EQ(other.document()->dialect->name, "duckdb");
}

TEST(Dialect, OrdersNullsAsTheEngineDoes) {
  EXPECT_FALSE(NullsFirst(Named("duckdb"), true));
  EXPECT_FALSE(NullsFirst(Named("postgres"), false));
  EXPECT_TRUE(NullsFirst(Named("postgres"), true));
  EXPECT_FALSE(NullsFirst(Named("trino"), true));
}

}  // namespace
}  // namespace wapc::grammar
