#include <gtest/gtest.h>

#include "grammar/format.h"
#include "tests/unit/grammar/engines.h"
#include "tests/unit/grammar/parsed.h"

/// What stands in tests/corpus/<dialect>: every statement parses, prints back to the same tree in its own dialect, and
/// is taken by the engine's own parser where there is one to ask.
namespace wapc::grammar {
namespace {

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
      EXPECT_EQ(EngineSays(text, dialect), "") << text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, Corpus, testing::Values("duckdb", "postgres", "trino", "snowflake"));

}  // namespace
}  // namespace wapc::grammar
