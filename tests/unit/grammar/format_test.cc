#include "grammar/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "grammar/dialect.h"
#include "grammar/lexer.h"
#include "tests/unit/grammar/corpus.h"

namespace wapc::grammar {
namespace {

namespace fs = std::filesystem;

Formatted FormatOf(std::string_view text, const FormatOptions& options = {}, const Dialect& dialect = DuckDbDialect()) {
  static Parser parser;
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  return FormatText(parser, sources, sources.Add("a.sql", std::string(text)), options, diagnostics, dialect);
}

std::string Format(std::string_view text, const FormatOptions& options = {}) {
  const Formatted out = FormatOf(text, options);
  EXPECT_EQ(out.outcome, FormatOutcome::kFormatted) << text;
  return out.text;
}

std::vector<std::string> CommentsOf(std::string_view text, const Dialect& dialect) {
  LexedText lexed;
  Lex(text, lexed, dialect.lex);
  std::vector<std::string> out;
  for (const auto& [begin, end] : lexed.comments) {
    std::string comment(text.substr(begin, end - begin));
    while (!comment.empty() && (comment.back() == ' ' || comment.back() == '\t')) comment.pop_back();
    out.push_back(comment);
  }
  return out;
}

/// What must hold of every text that parses.
void ExpectGood(const std::string& text, const FormatOptions& options = {}, const Dialect& dialect = DuckDbDialect()) {
  const Formatted once = FormatOf(text, options, dialect);
  if (once.outcome == FormatOutcome::kBroken) return;
  ASSERT_EQ(once.outcome, FormatOutcome::kFormatted) << dialect.name << "\n" << text;
  EXPECT_EQ(CommentsOf(text, dialect), CommentsOf(once.text, dialect)) << dialect.name << "\n" << text;
  EXPECT_EQ(FormatOf(once.text, options, dialect).text, once.text) << dialect.name << " of\n" << text;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The .sql files that a golden case holds.
std::vector<std::string> FilesOfCase(const std::string& text) {
  std::vector<std::string> out;
  for (size_t at = text.find("==> "); at != std::string::npos; at = text.find("\n==> ", at + 1)) {
    const size_t body = text.find('\n', at + 1) + 1;
    const bool sql = text.substr(at, body - at).find(".sql ") != std::string::npos;
    const size_t end = std::min(text.find("\n==> ", body), text.find("\n$ ", body));
    if (sql) out.push_back(text.substr(body, end == std::string::npos ? end : end - body));
  }
  return out;
}

/// All SQL that the repository holds, as models, examples, audits, templates and in golden cases.
const std::vector<std::string>& RepositorySql() {
  static const auto* const kTexts = [] {
    auto* const out = new std::vector<std::string>;
    for (const char* const folder : {"examples", "compiler", "templates", "tests"}) {
      for (const auto& entry : fs::recursive_directory_iterator(fs::path(WAPC_SOURCE_DIR) / folder)) {
        const std::string name = entry.path().filename().string();
        if (name.find(".sql") != std::string::npos) out->push_back(ReadAll(entry.path()));
        if (!name.ends_with(".test")) continue;
        for (std::string& file : FilesOfCase(ReadAll(entry.path()))) out->push_back(std::move(file));
      }
    }
    return out;
  }();
  return *kTexts;
}

/// The text with comments of every shape between some of its tokens.
std::string WithComments(const std::string& text, std::mt19937& random, const Dialect& dialect) {
  static const std::vector<std::string> kComments = {
      " -- behind\n",      "\n-- own\n",          "\n\n  -- after a blank line\n\n", "/* inline */",
      " /* a */ /* b */ ", "\n/* own block */\n", " /* two\n   lines */ ",           " --\n",
      "\n\t/* before */ ", " /* x */ -- y\n"};
  LexedText lexed;
  Lex(text, lexed, dialect.lex);
  std::string out;
  size_t from = 0;
  for (const Token& token : lexed.tokens) {
    out += text.substr(from, token.begin - from);
    if (random() % 4 == 0) out += kComments[random() % kComments.size()];
    out += text.substr(token.begin, token.end - token.begin);
    from = token.end;
  }
  return out + text.substr(from);
}

TEST(FormatTest, LaysOutAModel) {
  EXPECT_EQ(
      Format("model(name a.b,kind full,grain (a,b),audits (not_null(columns := (a)),unique_values(columns := (a))));\n"
             "with c as(select a,b from s.t where a=1 and b=2 and d=3)\n"
             "select c.a,-c.b as b from c left join s.u as u on u.a=c.a order by 1"),
      R"(MODEL (
  name a.b,
  kind FULL,
  grain (a, b),
  audits (
    not_null(columns := (a)),
    unique_values(columns := (a))
  )
);

WITH c AS (
  SELECT
    a,
    b
  FROM s.t
  WHERE a = 1
    AND b = 2
    AND d = 3
)
SELECT
  c.a,
  -c.b AS b
FROM c
LEFT JOIN s.u AS u ON u.a = c.a
ORDER BY 1
)");
}

TEST(FormatTest, BreaksFromTheOutsideIn) {
  FormatOptions narrow;
  narrow.width = 40;
  narrow.indent = 4;
  EXPECT_EQ(
      Format("select coalesce(first_of_many, second_of_many, sum(third) over (partition by a order by b)) as c from t "
             "where a in (1, 2) and (b or c) ",
             narrow),
      R"(SELECT
    coalesce(
        first_of_many,
        second_of_many,
        sum(third) OVER (
            PARTITION BY a
            ORDER BY b
        )
    ) AS c
FROM t
WHERE a IN (1, 2) AND (b OR c)
)");
}

TEST(FormatTest, KeepsCommentsWhereTheyStood) {
  EXPECT_EQ(Format(R"(-- head

/* about the model */
model (name a.b, -- the name
  -- what it is
  kind full
  -- nothing more
);
select a -- first
, b -- second
  -- third, on its own
  , c /* inline */ + 1 as c
from t -- the table
where a = 1 and -- one
 b = 2
-- the end
;
-- foot)"),
            R"(-- head

/* about the model */
MODEL (
  name a.b, -- the name
  -- what it is
  kind FULL
  -- nothing more
);

SELECT
  a, -- first
  b, -- second
  -- third, on its own
  c /* inline */ + 1 AS c
FROM t -- the table
WHERE a = 1 -- one
  AND b = 2
-- the end
;
-- foot
)");
}

TEST(FormatTest, KeepsSpellings) {
  const std::string text = R"(SELECT
  "Quoted",
  a::INT,
  CAST(b AS int),
  x <> 1,
  y != 2,
  1e5,
  .5,
  x'ff',
  E'a\n',
  $$raw$$,
  Sum(c),
  @macro(a, @b),
  @start_ds,
  left(a, 3)
FROM @this_model
)";
  EXPECT_EQ(Format(text), text);
}

TEST(FormatTest, LeavesOtherStatementsAlone) {
  EXPECT_EQ(Format("create  table x  as select 1;\nSET a=1;\n\nselect   2;;"),
            "create  table x  as select 1;\nSET a=1;\n\nSELECT 2;;\n");
}

TEST(FormatTest, SeparatesSignsThatWouldMerge) {
  EXPECT_EQ(Format("select - -1, - (-a), -a, x[-1], x[1:-1], ~ ~a"), R"(SELECT
  - -1,
  -(-a),
  -a,
  x[-1],
  x[1: -1],
  ~ ~a
)");
}

TEST(FormatTest, KeepsWindowsLineEnds) {
  EXPECT_EQ(Format("select a, -- x\r\n b\r\nfrom t\r\n"), "SELECT\r\n  a, -- x\r\n  b\r\nFROM t\r\n");
}

TEST(FormatTest, ReadsTheDialectOfTheText) {
  const Dialect& snowflake = *FindDialect("snowflake");
  EXPECT_EQ(FormatOf("select a, // the first\n b from t", {}, snowflake).text,
            "SELECT\n  a, // the first\n  b\nFROM t\n");
  EXPECT_EQ(Format("model (name a.b, dialect snowflake); select 'it\\'s' -- x"),
            "MODEL (\n  name a.b,\n  dialect snowflake\n);\n\nSELECT 'it\\'s' -- x\n");
}

TEST(FormatTest, GivesNothingForABrokenText) {
  EXPECT_EQ(FormatOf("select from from t").outcome, FormatOutcome::kBroken);
  EXPECT_EQ(Format(""), "");
  EXPECT_EQ(Format("-- only a comment"), "-- only a comment\n");
}

TEST(FormatTest, IsStableOnTheCorpus) {
  for (const std::string_view query : kQueries) {
    ASSERT_EQ(FormatOf(query).outcome, FormatOutcome::kFormatted) << query;
    ExpectGood(std::string(query));
    ExpectGood(std::string(query), {.width = 20, .indent = 3});
  }
}

TEST(FormatTest, IsStableOnTheRepository) {
  ASSERT_GT(RepositorySql().size(), 100U);
  for (const std::string& text : RepositorySql()) ExpectGood(text);
}

TEST(FormatTest, KeepsCommentsAnywhere) {
  std::mt19937 random(20260);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same comments at every run
  for (const Dialect* const dialect : AllDialects()) {
    for (const std::string_view query : kQueries) {
      ExpectGood(WithComments(std::string(query), random, *dialect), {}, *dialect);
    }
  }
  for (const std::string& text : RepositorySql()) ExpectGood(WithComments(text, random, DuckDbDialect()));
}

}  // namespace
}  // namespace wapc::grammar
