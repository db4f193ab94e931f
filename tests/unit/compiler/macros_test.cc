#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "compiler/macros/constant.h"
#include "compiler/macros/moment.h"
#include "grammar/parser.h"
#include "grammar/printer.h"

namespace wapc::compiler {
namespace {

// What an expression of literals gives, printed; "?" when it is not known.
std::string Value(const std::string& text) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  grammar::Arena arena;
  grammar::Parser parser;
  const grammar::Expr* const expr = parser.ParseExpression(text, {}, sources, arena, diagnostics);
  if (expr == nullptr) return "broken";
  const auto constant = EvaluateConstant(*expr);
  return constant ? grammar::Print(*LiteralOf(*constant, {}, arena), {}) : "?";
}

TEST(Constants, AreComputedAsSqlDoes) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"1 + 2 * 3", "7"},
      {"7 / 2", "3.5"},
      {"6 / 2", "3"},
      {"7 // 2", "3"},
      {"-7 % 4", "-3"},
      {"2 ** 10", "1024"},
      {"1 / 0", "?"},
      {"9223372036854775807 + 1", "?"},
      {"'a' || 1 || 'b'", "'a1b'"},
      {"1 + NULL", "NULL"},
      {"1 = NULL", "NULL"},
      {"'a' = 1", "FALSE"},
      {"'a' < 'b' AND 2 > 1.5", "TRUE"},
      {"NULL AND FALSE", "FALSE"},
      {"NULL OR TRUE", "TRUE"},
      {"NOT NULL", "NULL"},
      {"NOT 'x' = 'y'", "TRUE"},
      {"2 BETWEEN 1 AND 3", "TRUE"},
      {"2 NOT BETWEEN 1 AND 3", "FALSE"},
      {"'a' IN ('a', 'b')", "TRUE"},
      {"'c' IN ('a', NULL)", "NULL"},
      {"'abc' LIKE 'a%_'", "TRUE"},
      {"'ABC' ILIKE 'a%'", "TRUE"},
      {"NULL IS NULL", "TRUE"},
      {"CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END", "'y'"},
      {"CASE 2 WHEN 1 THEN 'x' WHEN 2 THEN 'z' END", "'z'"},
      {"CAST('12' AS int) + 1", "13"},
      {"CAST(1.5 AS text)", "'1.5'"},
      {"CAST('x' AS int)", "?"},
      {"upper('aß')", "?"},
      {"upper('ab') || lower('CD')", "'ABcd'"},
      {"length('äö')", "2"},
      {"replace('a-b-c', '-', '_')", "'a_b_c'"},
      {"substring('abcdef', 2, 3)", "'bcd'"},
      {"left('abc', 2) || right('abc', 1)", "'abc'"},
      {"coalesce(NULL, 2)", "2"},
      {"nullif(1, 1)", "NULL"},
      {"concat('a', NULL, 1)", "'a1'"},
      {"abs(-3)", "3"},
      {"round(2.345, 1)", "2.3"},
      {"starts_with('abc', 'ab')", "TRUE"},
      {"a + 1", "?"},
      {"now()", "?"},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(Value(text), value) << text;
}

TEST(Moments, AreReadAndWritten) {
  EXPECT_EQ(ReadMoment("1970-01-02", false), 86'400'000'000);
  EXPECT_EQ(ReadMoment("1970-01-01", true), 86'399'999'999);
  EXPECT_EQ(ReadMoment("1970-01-01T00:00:01.5Z", false), 1'500'000);
  EXPECT_EQ(ReadMoment("1970-01-01 01:02", true), 3'720'000'000);
  for (const char* const text :
       {"", "yesterday", "2024-02-30", "2024-1-1", "2024-01-01 25:00", "2024-01-01 10:00+02"}) {
    EXPECT_EQ(ReadMoment(text, false), std::nullopt) << text;
  }
  const auto literal = [](const char* name, Moment moment) {
    return RuntimeLiteral(*ReadRuntimeVariable(name), moment);
  };
  const Moment noon = *ReadMoment("2024-02-29 12:30:00.000001", false);
  EXPECT_EQ(literal("end_ds", noon), "'2024-02-29'");
  EXPECT_EQ(literal("end_ts", noon), "'2024-02-29 12:30:00.000001'");
  EXPECT_EQ(literal("start_tstz", 0), "'1970-01-01 00:00:00+00:00'");
  EXPECT_EQ(literal("execution_dt", 0), "CAST('1970-01-01 00:00:00+00:00' AS TIMESTAMP WITH TIME ZONE)");
  EXPECT_EQ(literal("start_hour", noon), "12");
  EXPECT_EQ(literal("start_millis", 1'500'999), "CAST(1500 AS BIGINT)");
  EXPECT_EQ(ReadRuntimeVariable("start_day"), std::nullopt);
}

}  // namespace
}  // namespace wapc::compiler
