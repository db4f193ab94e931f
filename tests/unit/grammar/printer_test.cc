#include "grammar/printer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "grammar/fold.h"
#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

TEST(Printer, AddsOnlyTheParenthesesThatPrecedenceNeeds) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"(a + b) + c", "a + b + c"},
      {"a + (b + c)", "a + (b + c)"},
      {"((a * b)) + c", "a * b + c"},
      {"(a + b) * c", "(a + b) * c"},
      {"(a and b) and (c and d)", "a AND b AND c AND d"},
      {"(a or b) and c", "(a OR b) AND c"},
      {"not (a = b)", "NOT a = b"},
      {"(not a) = b", "(NOT a) = b"},
      {"-(-a)", "- -a"},
      {"-(a + b)", "-(a + b)"},
      {"(a = b) is null", "a = b IS NULL"},
      {"(a is null) = b", "(a IS NULL) = b"},
      {"(a in (1)) and b", "a IN (1) AND b"},
      {"a between (b and c) and d", "a BETWEEN (b AND c) AND d"},
      {"(a || b) like c", "a || b LIKE c"},
      {"(a like b) || c", "(a LIKE b) || c"},
      {"(a -> 'b') = c", "(a -> 'b') = c"},
      {"a::int::text", "CAST(CAST(a AS INT) AS TEXT)"},
      {"(a at time zone b) at time zone c", "a AT TIME ZONE b AT TIME ZONE c"},
      {"(a + b)[1]", "(a + b)[1]"},
      {"(f(a))[1]", "f(a)[1]"},
      {"~(a + b)", "~(a + b)"},
      {"~a + b", "~(a + b)"},
  };
  for (const auto& [text, printed] : kCases) {
    std::string query = "select " + std::string(text);
    EXPECT_EQ(Print(*Parsed(query).item(), {}), printed == "~(a + b)" ? "~a + b" : printed) << text;
  }
}

/// Random trees: what is printed must parse back to the same tree, whatever stands inside what.
class RandomExprs {
 public:
  RandomExprs(Arena& arena, unsigned seed) : arena_(arena), random_(seed) {}

  Expr* Make(int depth) {
    if (depth <= 0) return Leaf();
    const auto sub = [&] { return Make(depth - 1 - static_cast<int>(random_() % 2)); };
    switch (random_() % 16) {
      case 0: return New<Unary>(UnaryOp(random_() % 4), sub());
      case 1: return New<Between>(sub(), sub(), sub(), Coin());
      case 2: return New<InList>(sub(), List2(sub(), sub()), Coin());
      case 3: return New<Like>(LikeOp(random_() % 3), sub(), sub(), Coin() ? sub() : nullptr, Coin());
      case 4: return New<IsNull>(sub(), Coin());
      case 5: return New<IsDistinct>(sub(), sub(), Coin());
      case 6: return New<IsBool>(sub(), BoolTest(random_() % 3), Coin());
      case 7: return New<AtTimeZone>(sub(), sub());
      case 8: return New<Index>(sub(), sub());
      case 9: return New<Collate>(sub(), Identifier{"nocase"});
      case 10: return New<Array>(List2(sub(), sub()));
      default: return New<Binary>(RandomOp(), sub(), sub());
    }
  }

 private:
  bool Coin() { return random_() % 2 == 0; }
  BinaryOp RandomOp() {
    // All but those that one dialect only knows by other means.
    constexpr BinaryOp kOps[] = {
        BinaryOp::kOr,        BinaryOp::kAnd,      BinaryOp::kEq,         BinaryOp::kLt,
        BinaryOp::kAdd,       BinaryOp::kSub,      BinaryOp::kMul,        BinaryOp::kIntDiv,
        BinaryOp::kPow,       BinaryOp::kConcat,   BinaryOp::kBitAnd,     BinaryOp::kArrow,
        BinaryOp::kArrowText, BinaryOp::kContains, BinaryOp::kRegexMatch, BinaryOp::kHashArrow};
    return kOps[random_() % std::size(kOps)];
  }
  Expr* Leaf() {
    if (Coin()) return New<Literal>(LiteralKind::kNumber, std::string_view("1"));
    return New<ColumnRef>(arena_.Copy(std::vector<Identifier>{{Coin() ? "a" : "b"}}));
  }
  List<Expr*> List2(Expr* a, Expr* b) { return arena_.Copy(std::vector<Expr*>{a, b}); }
  template <class T, class... Args>
  T* New(Args... args) {
    return arena_.New<T>(Expr{T::kKind, {}}, args...);
  }

  Arena& arena_;
  std::mt19937 random_;
};

TEST(Printer, RandomTreesParseBack) {
  for (unsigned seed = 0; seed < 4000; ++seed) {
    Arena arena;
    const Expr* expr = RandomExprs(arena, seed).Make(static_cast<int>(seed % 6));
    PrintOptions options;
    for (const bool pretty : {false, true}) {
      options.pretty = pretty;
      const std::string text = Print(*expr, options);
      const Parsed parsed("select " + text);
      ASSERT_NE(parsed.document(), nullptr) << text << "\n" << parsed.Rendered();
      ASSERT_TRUE(Equal(*expr, *parsed.item())) << text << "\n" << Print(*parsed.item(), {});
    }
  }
}

TEST(Printer, LaysOutForPeople) {
  const Parsed parsed(R"(
with recursive base as (select a.x as y, count(*) filter (where b) n from s.t as a left join u on a.i = u.i and u.kind <> 'something quite long, so that the line breaks' join v on a.i = v.i and v.kind = 'something quite long' and v.other_kind = 'something even longer' where a.x is not null and (a.y > 10 or a.z < 5) and a.some_longer_name between 1 and 100 group by 1),
v as (values (1, 'a'), (2, 'b'))
select *, case when a then 1 else 0 end as one, case when a then 1 when b then 2 end as two, sum(x) over (partition by some_long_column_name, another_long_column_name order by third_column desc rows between 1 preceding and current row) as total,
 coalesce(first_long_column_name, second_long_column_name, third_long_column_name, fourth_long_column_name) as c
from base join (select 1 as i) as q using (i), lateral unnest(base.l) as l(e)
where y in (select e from v) group by all having count(*) > 1 qualify n = 1 order by 1 desc, 2 limit 10 offset 5)");
  EXPECT_EQ(Pretty(*parsed.query()), R"(WITH RECURSIVE base AS (
    SELECT
        a.x AS y,
        count(*) FILTER (WHERE b) AS n
    FROM s.t AS a
    LEFT JOIN u ON a.i = u.i AND u.kind <> 'something quite long, so that the line breaks'
    JOIN v
        ON a.i = v.i
            AND v.kind = 'something quite long'
            AND v.other_kind = 'something even longer'
    WHERE a.x IS NOT NULL
        AND (a.y > 10 OR a.z < 5)
        AND a.some_longer_name BETWEEN 1 AND 100
    GROUP BY 1
),

v AS (
    VALUES (1, 'a'), (2, 'b')
)

SELECT
    *,
    CASE WHEN a THEN 1 ELSE 0 END AS one,
    CASE
        WHEN a THEN 1
        WHEN b THEN 2
    END AS two,
    sum(x) OVER (
        PARTITION BY some_long_column_name, another_long_column_name
        ORDER BY third_column DESC
        ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
    ) AS total,
    coalesce(
        first_long_column_name,
        second_long_column_name,
        third_long_column_name,
        fourth_long_column_name
    ) AS c
FROM base
JOIN (SELECT 1 AS i) AS q USING (i),
    LATERAL unnest(base.l) AS l (e)
WHERE y IN (SELECT e FROM v)
GROUP BY ALL
HAVING count(*) > 1
QUALIFY n = 1
ORDER BY 1 DESC, 2
LIMIT 10
OFFSET 5)");
}

TEST(Printer, ReplacesRelationsButNotCtes) {
  const Parsed parsed("with t as (select * from t), u as (select * from t) select t.a, s.u.b from t, s.u, s.v as w, u");
  PrintOptions options;
  options.relation = [](const TableName& table) -> std::optional<std::string> {
    return "[" + std::string(table.parts.back().text) + "]";
  };
  EXPECT_EQ(
      Print(*parsed.query(), options),
      "WITH t AS (SELECT * FROM [t] AS t), u AS (SELECT * FROM t) SELECT t.a, s.u.b FROM t, [u] AS u, [v] AS w, u");

  const Parsed recursive(
      "with recursive r as (select 1 union all select * from r), q as (select * from (with i as (select 1) select * "
      "from i), i) select * from r, q, i");
  EXPECT_EQ(Print(*recursive.query(), options),
            "WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r), q AS (SELECT * FROM (WITH i AS (SELECT 1) "
            "SELECT * FROM i), [i] AS i) "
            "SELECT * FROM r, q, [i] AS i");
}

TEST(Printer, ReplacesVariablesAndCalls) {
  const Parsed parsed("select @start_ds, @other, now(), f(now()) from t");
  PrintOptions options;
  options.variable = [](const MacroVariable& variable) -> std::optional<std::string> {
    if (variable.name != "start_ds") return std::nullopt;
    return "'2020-01-01'";
  };
  options.call = [](const FunctionCall& call) -> std::optional<std::string> {
    if (FoldName(call.name.back()) != "now") return std::nullopt;
    return "{now}";
  };
  EXPECT_EQ(Print(*parsed.query(), options), "SELECT '2020-01-01', @other, {now}, f({now}) FROM t");
}

TEST(Printer, QuotesWhatNeedsIt) {
  const Dialect& duckdb = DuckDbDialect();
  EXPECT_EQ(QuoteIfNeeded("a_1", duckdb), "a_1");
  EXPECT_EQ(QuoteIfNeeded("Abc", duckdb), "Abc");
  EXPECT_EQ(QuoteIfNeeded("order", duckdb), "\"order\"");
  EXPECT_EQ(QuoteIfNeeded("Order", duckdb), "\"Order\"");
  EXPECT_EQ(QuoteIfNeeded("a b", duckdb), "\"a b\"");
  EXPECT_EQ(QuoteIfNeeded("1a", duckdb), "\"1a\"");
  EXPECT_EQ(QuoteIfNeeded("", duckdb), "\"\"");
  EXPECT_EQ(QuoteIfNeeded("ü", duckdb), "\"ü\"");
  EXPECT_EQ(QuoteIdentifier("a\"b", duckdb), "\"a\"\"b\"");
  EXPECT_EQ(QuoteString("it's", duckdb), "'it''s'");
  Dialect lower = duckdb;
  lower.folding = Folding::kLower;
  EXPECT_EQ(QuoteIfNeeded("Abc", lower), "\"Abc\"");
  EXPECT_EQ(FindDialect("duckdb"), &duckdb);
  EXPECT_EQ(FindDialect("nope"), nullptr);
  EXPECT_THAT(DialectNames(), testing::Contains("duckdb"));
}

TEST(Printer, CanonicalTextFoldsWhatMeansNothing) {
  EXPECT_EQ(
      PrintCanonical(
          *Parsed("Select  A::INT as \"B\", \"c\" /* x */ From S.T Where ((X = 'Y')) and @Start_Ds < Now()").query()),
      "SELECT CAST(a AS int) AS \"B\", c FROM s.t WHERE x = 'Y' AND @Start_Ds < now()");
}

TEST(Printer, CanonicalTextFoldsAsTheDialectDoes) {
  const auto canonical = [](std::string_view text, const Dialect& dialect) {
    return PrintCanonical(*Parsed(text, dialect).query(), dialect);
  };
  const Dialect& snowflake = *FindDialect("snowflake");
  EXPECT_NE(canonical("select \"a\" from t", snowflake), canonical("select a from t", snowflake));
  EXPECT_EQ(canonical("select \"A\" from t", DuckDbDialect()), canonical("select \"A\" from \"t\"", DuckDbDialect()));
}

TEST(Fold, NamesCompareInLowerCase) {
  EXPECT_EQ(FoldName({"FooBar", false}), "foobar");
  EXPECT_EQ(FoldName({"FooBar", true}), "foobar");
}

}  // namespace
}  // namespace wapc::grammar
