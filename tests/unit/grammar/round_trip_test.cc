#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/grammar/corpus.h"
#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

TEST(RoundTrip, CorpusIsLarge) { EXPECT_GE(std::size(kQueries), 250U); }

TEST(RoundTrip, PrintedTextParsesToTheSameTree) {
  for (const std::string_view text : kQueries) {
    const Parsed original(text);
    ASSERT_NE(original.query(), nullptr) << text << "\n" << original.Rendered();
    for (const std::string& printed : {Flat(*original.query()), Pretty(*original.query())}) {
      const Parsed again(printed);
      ASSERT_NE(again.query(), nullptr) << text << "\n" << printed << "\n" << again.Rendered();
      EXPECT_TRUE(Equal(*original.query(), *again.query())) << text << "\n" << printed;
      EXPECT_EQ(Flat(*original.query()), Flat(*again.query()));
      EXPECT_EQ(PrintCanonical(*original.query()), PrintCanonical(*again.query()));
    }
  }
}

TEST(RoundTrip, FlatTextIsOneLine) {
  for (const std::string_view text : kQueries) {
    const Parsed parsed(text);
    if (text.find("\\n") != std::string_view::npos) continue;  // a string with a line break in it
    EXPECT_EQ(Flat(*parsed.query()).find('\n'), std::string::npos) << text;
  }
}

TEST(RoundTrip, ClonesAreEqualAndApart) {
  for (const std::string_view text : kQueries) {
    const Parsed parsed(text);
    Arena arena;
    Query* const copy = Clone(*parsed.query(), arena);
    EXPECT_NE(copy, parsed.query());
    EXPECT_TRUE(Equal(*copy, *parsed.query())) << text;
    EXPECT_EQ(Flat(*copy), Flat(*parsed.query()));
  }
}

TEST(RoundTrip, EverySpanLiesInItsParent) {
  for (const std::string_view text : kQueries) {
    const Parsed parsed(text);
    Visitor visitor;
    visitor.expr = [&](Expr& expr) {
      EXPECT_LE(expr.span.begin, expr.span.end) << text;
      EXPECT_LE(expr.span.end, text.size()) << text;
      EXPECT_LT(expr.span.begin, expr.span.end) << text;
      return true;
    };
    Walk(*parsed.query(), visitor);
  }
}

struct Pair {
  std::string_view a;
  std::string_view b;
};

TEST(Equal, IgnoresWhatMeansNothing) {
  constexpr Pair kSame[] = {
      {"select a,b from t", "SELECT  A , B\nFROM T -- comment"},
      {"select a::int", "select cast(a as int)"},
      {"select a::INT", "select a::int"},
      {"select ((a + b)) * c", "select (a + b) * c"},
      {"select a and (b and c)", "select (a and b) and c"},
      {"select \"a\" from t", "select a from t"},
      {"select a x from t u", "select a as x from t as u"},
      {"select a != b", "select a <> b"},
      {"select * from t inner join u using (a)", "select * from t join u using (a)"},
      {"select * from t left outer join u using (a)", "select * from t left join u using (a)"},
      {"(select 1) union (select 2)", "select 1 union select 2"},
      {"select a isnull", "select a is null"},
      {"from t", "select * from t"},
      {"select a, from t", "select a from t"},
      {"select f(a => 1)", "select f(a := 1)"},
      {"select TRUE", "select true"},
  };
  for (const auto& [a, b] : kSame) {
    const Parsed left(a);
    const Parsed right(b);
    EXPECT_TRUE(Equal(*left.query(), *right.query())) << a << " | " << b;
    EXPECT_EQ(PrintCanonical(*left.query()), PrintCanonical(*right.query()));
  }
}

TEST(Equal, SeesWhatMeansSomething) {
  constexpr Pair kDifferent[] = {
      {"select a", "select b"},
      {"select \"A\"", "select a"},
      {"select 'A'", "select 'a'"},
      {"select a - (b - c)", "select a - b - c"},
      {"select a and b or c", "select a and (b or c)"},
      {"select try_cast(a as int)", "select cast(a as int)"},
      {"select a from t", "select distinct a from t"},
      {"select a as b from t", "select a from t"},
      {"select 1 union all select 1", "select 1 union select 1"},
      {"select 1 except (select 2 except select 3)", "select 1 except select 2 except select 3"},
      {"select a from t order by a", "select a from t order by a desc"},
      {"select a from t order by a nulls first", "select a from t order by a nulls last"},
      {"select count(a)", "select count(distinct a)"},
      {"select sum(a) over (order by b)", "select sum(a) over (partition by b)"},
      {"select a::decimal(10, 2)", "select a::decimal(10, 3)"},
      {"select * from t join u using (a)", "select * from t left join u using (a)"},
      {"with x as materialized (select 1) from x", "with x as (select 1) from x"},
      {"select a from t order by all", "select a from t order by all desc"},
      {"select (a).b", "select a.b"},
      {"select a is not distinct from b", "select a is distinct from b"},
      {"select a not in (1)", "select a in (1)"},
  };
  for (const auto& [a, b] : kDifferent) {
    const Parsed left(a);
    const Parsed right(b);
    EXPECT_FALSE(Equal(*left.query(), *right.query())) << a << " | " << b;
    EXPECT_NE(PrintCanonical(*left.query()), PrintCanonical(*right.query()));
  }
}

}  // namespace
}  // namespace wapc::grammar
