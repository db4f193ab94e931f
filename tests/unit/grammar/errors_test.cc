#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

struct Broken {
  std::string_view text;
  std::string_view first;  ///< place, code and message
  std::string_view help;
};

TEST(Errors, SayWhatWasFoundAndExpected) {
  constexpr Broken kBroken[] = {
      {"select a b c from t",
       "1:12 sql-syntax: found 'c', expected ',', FROM, WHERE, GROUP or the end of the statement",
       "is a comma missing before 'c'?"},
      {"select a, from t where", "1:23 sql-syntax: found the end of the statement, expected an expression", ""},
      {"select a form t", "1:15 sql-syntax: found 't', expected ',', FROM, WHERE, GROUP or the end of the statement",
       "did you mean FROM instead of form?"},
      {"select a from t whre x = 1",
       "1:22 sql-syntax: found 'x', expected ',', JOIN, WHERE, GROUP or the end of the statement",
       "did you mean WHERE instead of whre?"},
      {"select a from", "1:14 sql-syntax: found the end of the statement, expected a table", ""},
      {"select from t", "1:8 sql-syntax: found 'from', expected an expression", ""},
      {"select a + from t", "1:12 sql-syntax: found 'from', expected an expression", ""},
      {"select a from order", "1:15 sql-syntax: found 'order', expected a table",
       "to use this word as a name, write it in double quotes: \"order\""},
      {"select case a end", "1:15 sql-syntax: found 'end', expected an operator or WHEN", ""},
      {"select cast(a int)", "1:15 sql-syntax: found 'int', expected an operator or AS", ""},
      {"select cast(a as) from t", "1:17 sql-syntax: found ')', expected a type", ""},
      {"select a from t)", "1:16 sql-syntax: found ')', expected a name, ',', AS, JOIN or the end of the statement",
       "nothing is open here: remove it"},
      {"select a from t group a", "1:23 sql-syntax: found 'a', expected BY", ""},
      {"select 1 2", "1:10 sql-syntax: found '2', expected an operator, ',', AS, FROM or the end of the statement",
       "is a comma missing before '2'?"},
      {"with x as select 1 select 2", "1:11 sql-syntax: found 'select', expected '(', MATERIALIZED or NOT", ""},
      {"with x as (select 1), select 2", "1:23 sql-syntax: found 'select', expected a name",
       "remove the comma before 'select'"},
      {"select `a` from t", "1:8 sql-syntax: found '`', expected an expression",
       "names are quoted with double quotes here"},
      {"select {a 1}", "1:11 sql-syntax: found '1', expected ':'", ""},
      {"selct a from t", "1:1 sql-syntax: found 'selct', expected a query, MODEL (...), AUDIT (...) or MACRO",
       "did you mean SELECT?"},
      {"modle (name a)", "1:1 sql-syntax: found 'modle', expected a query, MODEL (...), AUDIT (...) or MACRO",
       "did you mean MODEL?"},
      {"MODEL name a", "1:7 sql-syntax: found 'name', expected '('", ""},
      {"MODEL (name a b)", "1:15 sql-syntax: found 'b', expected an operator, ',' or ')'",
       "is a comma missing before 'b'?"},
      {"MODEL (name a, kind)", "1:20 sql-syntax: found ')', expected a name", ""},
      {"macro f(a, b) a + b", "1:15 sql-syntax: found 'a', expected AS", ""},
      {"select 'x' 'y'", "1:12 sql-syntax: found 'y', expected an operator, ',', AS, FROM or the end of the statement",
       ""},
  };
  for (const auto& [text, first, help] : kBroken) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.document(), nullptr) << text;
    EXPECT_EQ(parsed.First(), first) << text;
    EXPECT_TRUE(help.empty() || parsed.Help() == help) << text << ": " << parsed.Help();
  }
}

TEST(Errors, RejectWhatTheFlatGrammarTakes) {
  constexpr Broken kBroken[] = {
      {"select a,, b from t", "1:10 sql-syntax: found ',' after ',', expected an expression",
       "remove one of the commas"},
      {"select * from t join u", "1:17 sql-syntax: this join has no condition",
       "add ON ... or USING (...), or use CROSS JOIN"},
      {"select * from t cross join u on a = b", "1:17 sql-syntax: this join takes no condition", ""},
      {"select * from t natural join u using (a)", "1:17 sql-syntax: a NATURAL join takes no condition", ""},
      {"select * from t left inner join u on a = b", "1:17 sql-syntax: there is no such kind of join", ""},
      {"select * from lateral t", "1:15 sql-syntax: LATERAL may only stand before a query in parentheses or a function",
       ""},
      {"select a < b < c", "1:14 sql-syntax: comparisons can't be chained",
       "write a < b AND b < c, or put one of them in parentheses"},
      {"select a between 1", "1:10 sql-syntax: BETWEEN has no AND", "write x BETWEEN low AND high"},
      {"select a escape 'x'", "1:10 sql-syntax: found ESCAPE, expected an operator", ""},
      {"select a + any (select 1)", "1:12 sql-syntax: found any, expected an expression", ""},
      {"select a + * from t", "1:12 sql-syntax: '*' can't be part of an expression", ""},
      {"select * + 1 from t", "1:8 sql-syntax: '*' can't be part of an expression", ""},
      {"select a from t where *", "1:23 sql-syntax: '*' can't be part of an expression", ""},
      {"select a from t order by *", "1:26 sql-syntax: '*' can't be part of an expression", ""},
      {"select * as x from t", "1:13 sql-syntax: '*' can't have an alias", ""},
      {"select a from t limit 1 limit 2", "1:25 sql-syntax: a query has at most one LIMIT and one OFFSET", ""},
      {"select a is banana",
       "1:13 sql-syntax: found banana after IS, expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM", ""},
      {"values (1, 2), (3)", "1:16 sql-syntax: this row of VALUES has 1 values, the first one has 2", ""},
      {"select f(a + 1 := 2)", "1:10 sql-syntax: the name of an argument must be one plain word",
       "write name := value"},
      {"select f(a from b)", "1:17 sql-syntax: found from in the arguments of f", "separate arguments by commas"},
      {"select @f(distinct a)", "1:10 sql-syntax: a macro call takes nothing but arguments", ""},
      {"select (1 union select 2)", "1:11 sql-syntax: found union after an expression", ""},
      {"select * from (t union select 2)", "1:18 sql-syntax: found union after a table", ""},
      {"select exists (a)", "1:16 sql-syntax: expected a query in these parentheses", "start it with SELECT"},
      {"select a::row(x y, 3)", "1:11 sql-syntax: every field of a struct needs a name and a type", ""},
      {"select a::map(int text)", "1:11 sql-syntax: a map has no named fields", "put a comma between its types"},
      {"select a::decimal(1.5)", "1:19 sql-syntax: the argument of a type must be a whole number", ""},
      {"select sum(a) over (rows 1 preceding exclude all others)",
       "1:46 sql-syntax: found 'all', expected a name, GROUP or CURRENT ROW", ""},
      {"select sum(a) over (rows 1 preceding exclude rivals)",
       "1:46 sql-syntax: found rivals after EXCLUDE, expected CURRENT ROW, GROUP, TIES or NO OTHERS", ""},
      {"MODEL (columns (a int, b))", "1:24 sql-syntax: column b has no type", "give every column a type, or none"},
      {"MACRO f(a) AS a, b", "1:15 sql-syntax: the body of a macro must be one expression or one query",
       "remove the comma"},
      {"select \"\"", "1:8 sql-syntax: a quoted name is empty", ""},
  };
  for (const auto& [text, first, help] : kBroken) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.document(), nullptr) << text;
    EXPECT_EQ(parsed.First(), first) << text;
    EXPECT_TRUE(help.empty() || parsed.Help() == help) << text << ": " << parsed.Help();
  }
}

TEST(Errors, PointAtWhatIsNeverClosed) {
  constexpr Broken kBroken[] = {
      {"select 'abc from t", "1:8 sql-syntax: this string is never closed", ""},
      {"select \"abc from t", "1:8 sql-syntax: this quoted name is never closed", ""},
      {"select a /* from t", "1:10 sql-syntax: this comment is never closed", ""},
      {"select $x$ from t", "1:8 sql-syntax: this string is never closed", ""},
  };
  for (const auto& [text, first, help] : kBroken) EXPECT_EQ(Parsed(text).First(), first) << text;

  for (const std::string_view text : {"select (a + b from t", "select f(a, b from t", "select a from (select b",
                                      "select [1, 2", "MODEL (name a; select 1"}) {
    const Parsed parsed(text);
    ASSERT_EQ(parsed.diagnostics().all().front().notes.size(), 1U) << text;
    const base::Note& note = parsed.diagnostics().all().front().notes[0];
    EXPECT_THAT(note.text, EndsWith("is never closed")) << text;
    EXPECT_EQ(note.span.begin, text.find_last_of("([")) << text;
  }
}

TEST(Errors, EveryBrokenStatementIsReported) {
  const Parsed parsed("select a frm t u;\nselect b from u;\nselect c from v where;\nSET x = (");
  EXPECT_EQ(parsed.document(), nullptr);
  EXPECT_EQ(parsed.diagnostics().error_count(), 2U);
}

TEST(Errors, SayHowToMendThem) {
  constexpr std::pair<std::string_view, std::string_view> kHelps[] = {
      {"select a b c from t", "is a comma missing before 'c'?"},
      {"select a from t group a", "write GROUP BY"},
      {"select a from t order a", "write ORDER BY"},
      {"select a from t left u on t.a = u.a", "write LEFT JOIN"},
      {"select a from t join u t.a = u.a", "is ON missing before 't'?"},
      {"select a from t join u as v w.a = v.a", "is a comma missing before 'w'?"},
      {"select cast(a int) from t", "write AS before the type"},
      {"select case when a then 1 else 2 from t", "close the CASE with END before 'from'"},
      {"select sum(a) over partition by b from t",
       "put the window in parentheses: OVER (PARTITION BY ... ORDER BY ...)"},
      {"with a as select 1 select * from a", "put the query in parentheses: AS (SELECT ...)"},
      {"with a (select 1) select * from a", "is AS missing before the parenthesis?"},
      {"select a from t having b group by a",
       "the order of clauses is FROM, WHERE, GROUP BY, HAVING, WINDOW, QUALIFY, ORDER BY, LIMIT"},
      {"select a from t on a = b", "ON belongs behind JOIN and a table"},
      {"select a from group",
       "name a table before 'group', or write the word in double quotes if it is the table's name"},
      {"select a as order by from t", "to use a keyword as a name, write it in double quotes: \"order\""},
      {"select order from t", "to use this word as a name, write it in double quotes: \"order\""},
      {"select a as 1b from t", "a name starts with a letter, or stands in double quotes"},
      {"select a from (t, u)", "write CROSS JOIN in place of the comma"},
      {"select a from t union b", "a query stands here: start it with SELECT"},
      {"select a + from t", "put an expression between '+' and 'from'"},
      {"select a from t where", "put an expression between 'where' and the end of the statement"},
      {"select a from t for update", "remove FOR UPDATE"},
      {"select * from t match_recognize (partition by a pattern (x y))",
       "find the pattern with window functions (lag, lead, sum)"},
      {"select a into u from t", "a model is the query alone; wapc makes the table, of the MODEL's name"},
      {"select a from t start with a = 1 connect by prior a = b", "use WITH RECURSIVE"},
  };
  for (const auto& [text, help] : kHelps) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.Help(), help) << text << "\n" << parsed.Rendered();
  }
}

TEST(Errors, AreRenderedWithTheirLine) {
  EXPECT_EQ(Parsed("select a,\n  sum(b from t").Rendered(),
            "model.sql:2:15: error[sql-syntax]: found the end of the statement, expected an operator, ',', ')', AS "
            "or FROM\n"
            "  2 |   sum(b from t\n"
            "    |               ^\n"
            "  note: model.sql:2:6: this '(' is never closed\n"
            "  2 |   sum(b from t\n"
            "    |      ^\n");
}

std::string Repeat(std::string_view text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Depth, IsCapped) {
  const int deep = 100000;
  for (const std::string& text :
       {"select " + Repeat("(", deep) + "1" + Repeat(")", deep), "select " + Repeat("not ", deep) + "a",
        "select " + Repeat("- ", deep) + "a",
        "select " + Repeat("case when a then ", deep) + "1" + Repeat(" end", deep),
        Repeat("select * from (", deep) + "select 1" + Repeat(")", deep), "select a" + Repeat(" || a", deep),
        "select 1" + Repeat(" union all select 1", deep), "select a" + Repeat("::int", deep),
        "select a" + Repeat(" = not a", deep), "select * from t" + Repeat(" cross join t", deep),
        "select * from t" + Repeat(", t", deep), "select a" + Repeat("[1]", deep),
        "select a" + Repeat(".b(1)[1]", deep)}) {
    const Parsed parsed(text);
    EXPECT_EQ(parsed.document(), nullptr) << text.substr(0, 60);
    EXPECT_THAT(parsed.First(), HasSubstr("too-deep: ")) << text.substr(0, 60);
    EXPECT_EQ(parsed.diagnostics().error_count(), 1U);
  }
}

TEST(Depth, WideTextsAreFine) {
  for (const std::string& text :
       {"select a" + Repeat(" and a = b", 20000), "select a" + Repeat(" or a = b", 20000),
        "select a in (1" + Repeat(", 1", 20000) + ")", "select " + Repeat("(", 400) + "1" + Repeat(")", 400),
        "select a" + Repeat(" + a", 900), Repeat("select * from (", 400) + "select 1" + Repeat(")", 400),
        "select a" + Repeat("::int", 400), "select 1" + Repeat(" union all select 1", 900),
        "select a" + Repeat(" = not a", 400)}) {
    const Parsed parsed(text);
    ASSERT_NE(parsed.document(), nullptr) << text.substr(0, 60) << parsed.First();
    const Parsed again(Flat(*parsed.query()));
    ASSERT_NE(again.document(), nullptr) << text.substr(0, 60) << again.First();
    EXPECT_TRUE(Equal(*parsed.query(), *again.query()));
    Arena arena;
    EXPECT_TRUE(Equal(*Clone(*parsed.query(), arena), *parsed.query()));
  }
}

}  // namespace
}  // namespace wapc::grammar
