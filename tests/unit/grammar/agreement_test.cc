#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <regex>

#include "grammar/lexer.h"
#include "tests/unit/grammar/engines.h"
#include "tests/unit/grammar/parsed.h"

/// Statements of tests/corpus/<dialect> with a token dropped, doubled, swapped or put in from elsewhere: wapc and the
/// engine's own parser take them or refuse them alike. Where they may differ stands, with the reason, in
/// tests/corpus/<dialect>/differences.txt. WAPC_TEST_THOROUGH is how many to try (then one in 200 may be new; they are
/// printed), WAPC_TEST_SEED where to begin.
namespace wapc::grammar {
namespace {

/// One line of differences.txt: `more` (wapc takes more) or `less`, a pattern of the statement and of what the refusing
/// side says, as "statement => message", and why.
struct Difference {
  bool more;
  std::string pattern;
  std::regex regex;
  mutable size_t seen = 0;
};

std::vector<Difference> KnownDifferences(const Dialect& dialect) {
  std::ifstream file(std::string(WAPC_SOURCE_DIR) + "/tests/corpus/" + std::string(dialect.name) + "/differences.txt");
  std::vector<Difference> out;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const size_t reason = line.rfind("  # ");
    EXPECT_NE(reason, std::string::npos) << "no reason: " << line;
    const bool more = line.starts_with("more ");
    EXPECT_TRUE(more || line.starts_with("less ")) << line;
    const std::string pattern = line.substr(5, reason - 5);
    out.push_back({more, pattern, std::regex(pattern, std::regex::ECMAScript | std::regex::icase)});
  }
  return out;
}

/// Texts made of the tokens of a corpus.
class Editor {
 public:
  Editor(const Dialect& dialect, uint64_t seed) : dialect_(dialect), random_(seed), corpus_(CorpusOf(dialect)) {
    const Parsed all(corpus_, dialect);
    for (const Statement& statement : all.document()->statements) {
      std::vector<std::string> tokens = TokensOf(all.Text(statement.span));
      all_.insert(all_.end(), tokens.begin(), tokens.end());
      statements_.push_back(std::move(tokens));
    }
  }

  std::string Next() {
    std::vector<std::string> tokens = Any(statements_);
    for (size_t edits = 1 + Below(2); edits > 0 && tokens.size() > 2; --edits) Edit(tokens);
    std::string out;
    for (const std::string& token : tokens) out += (out.empty() ? "" : " ") + token;
    return out;
  }

 private:
  size_t Below(size_t limit) { return random_() % limit; }
  template <class T>
  const T& Any(const std::vector<T>& all) {
    return all[Below(all.size())];
  }
  std::vector<std::string> TokensOf(const std::string& text) const {
    LexedText lexed;
    Lex(text, lexed, dialect_.lex);
    std::vector<std::string> out;
    for (const Token& token : lexed.tokens) {
      if (token.end > token.begin) out.push_back(text.substr(token.begin, token.end - token.begin));
    }
    return out;
  }
  void Edit(std::vector<std::string>& tokens) {
    const size_t at = Below(tokens.size() - 1);
    const auto here = tokens.begin() + static_cast<std::ptrdiff_t>(at);
    switch (Below(4)) {
      case 0: tokens.erase(here); return;
      case 1: tokens.insert(here, *here); return;
      case 2: std::swap(tokens[at], tokens[at + 1]); return;
      default: tokens[at] = Any(all_);
    }
  }

  const Dialect& dialect_;
  std::mt19937_64 random_;
  std::string corpus_;
  std::vector<std::vector<std::string>> statements_;
  std::vector<std::string> all_;
};

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

constexpr uint64_t kShort = 2000;

class Agreement : public testing::TestWithParam<const char*> {};

TEST_P(Agreement, OnWhatIsAQuery) {
  const Dialect& dialect = *FindDialect(GetParam());
  ASSERT_TRUE(HasEngine(dialect));
  const std::vector<Difference> known = KnownDifferences(dialect);
  Editor editor(dialect, FromEnvironment("WAPC_TEST_SEED", 1));
  const uint64_t tries = FromEnvironment("WAPC_TEST_THOROUGH", kShort);
  size_t unknown = 0;
  size_t taken = 0;
  size_t refused = 0;
  for (uint64_t left = tries; left > 0; --left) {
    const std::string sql = editor.Next();
    const Parsed ours(sql, dialect);
    // What does not start like a query is passed on to the engine as it is.
    if (ours.document() != nullptr && (ours.document()->statements.size() != 1 || ours.query() == nullptr)) continue;
    const bool takes = ours.First() == "none";
    const std::string engine = EngineSays(sql, dialect);
    ++(takes ? taken : refused);
    if (takes == engine.empty()) continue;
    const std::string difference = sql + " => " + (takes ? engine : ours.First());
    const bool expected = std::any_of(known.begin(), known.end(), [&](const Difference& d) {
      const bool fits = d.more == takes && std::regex_search(difference, d.regex);
      d.seen += fits ? 1 : 0;
      return fits;
    });
    if (expected) continue;
    ++unknown;
    std::printf("%s %s\n", takes ? "more" : "less", difference.c_str());
  }
  // The more is tried, the rarer the mistakes that turn up; those that are known stand in the file.
  EXPECT_LE(unknown, tries > kShort ? tries / 200 : 0);
  // Both kinds are there, or the comparison says nothing.
  EXPECT_GT(taken, 100U);
  EXPECT_GT(refused, 100U);
}

INSTANTIATE_TEST_SUITE_P(Engines, Agreement, testing::Values("duckdb", "postgres"));

}  // namespace
}  // namespace wapc::grammar
