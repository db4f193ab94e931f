#include "grammar/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "WapcSqlLexer.h"
#include "antlr4-runtime.h"
#include "tests/unit/grammar/corpus.h"

/// ANTLR 4.9 loses a state of its lexer wherever a rule has a predicate. Only the oracle of these tests uses that
/// lexer.
extern "C" const char* __lsan_default_suppressions();  // NOLINT: the sanitizer asks for this name
extern "C" const char* __lsan_default_suppressions() { return "leak:antlr4::atn::LexerATNSimulator"; }  // NOLINT

namespace wapc::grammar {

/// For messages of failed expectations.
void PrintTo(const Token& token, std::ostream* out) {
  *out << Spelling(token.kind) << "[" << token.begin << "," << token.end << ")";
}

namespace {

using testing::ElementsAre;

/// What the lexer generated from WapcSqlLexer.g4 makes of a text, in bytes.
std::vector<Token> Oracle(std::string_view text) {
  std::vector<uint32_t> bytes;  // of every code point
  for (uint32_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) bytes.push_back(i);
  }
  bytes.push_back(static_cast<uint32_t>(text.size()));
  antlr4::ANTLRInputStream input{std::string(text)};
  sql_parser::WapcSqlLexer lexer(&input);
  lexer.removeErrorListeners();
  std::vector<Token> tokens;
  while (true) {
    const auto token = lexer.nextToken();
    if (token->getType() == antlr4::Token::EOF) break;
    tokens.push_back(
        {static_cast<TokenKind>(token->getType()), bytes[token->getStartIndex()], bytes[token->getStopIndex() + 1]});
  }
  tokens.push_back({TokenKind::END_OF_TEXT, bytes.back(), bytes.back()});
  return tokens;
}

std::vector<Token> Own(std::string_view text) {
  LexedText out;
  Lex(text, out);
  EXPECT_FALSE(out.fault.has_value()) << text;
  return out.tokens;
}

TEST(Lexer, GivesWhatTheGeneratedLexerGives) {
  for (const std::string_view text : kQueries) EXPECT_EQ(Own(text), Oracle(text)) << text;
}

TEST(Lexer, AgreesOnOddTexts) {
  constexpr std::string_view kTexts[] = {
      "",
      " ",
      "a",
      "a.b",
      "a..b",
      "1.",
      "1..2",
      ".5.5",
      "1.e5",
      "1e",
      "1e+",
      "1e+5",
      "1_0",
      "1_",
      "_1",
      "1__0",
      "1a",
      "0x",
      "0xfg",
      "0X1F",
      "a$b",
      "$1",
      "$a",
      "$a$x$a$",
      "$$$$",
      "$ a",
      "e'\\''",
      "E''",
      "e 'x'",
      "''''",
      "\"\"\"\"",
      "a--b\nc",
      "a--",
      "--",
      "/**/",
      "/* /* */ */ a",
      "a->b",
      "a->>b",
      "a- >b",
      "a-->b",
      "a<@b",
      "a@>b",
      "@b",
      "@ b",
      "@1",
      "a@b",
      "a:=b",
      "a=>b",
      "a>=b",
      "a::b",
      "a: :b",
      "[]",
      "[ ]",
      "[[]]",
      "!~*",
      "!~",
      "!",
      "!=",
      "==",
      "===",
      "<=>",
      "<>",
      "**",
      "***",
      "//",
      "///",
      "^@",
      "^",
      "#>",
      "#>>",
      "#",
      "~*",
      "&&&",
      "|||",
      "\\",
      "`",
      "%%",
      "at time zone",
      "AT  Time\n/* x */ZONE",
      "at time zones",
      "at timezone",
      "at -- c\n time zone",
      "with",
      "with time zone",
      "with  recursive x",
      "with time",
      "without time zone",
      "within group",
      "within groups",
      "ignore nulls",
      "ignore nulls over",
      "ignore nulls overs",
      "nulls first",
      "nulls last",
      "nulls",
      "current row",
      "current rows",
      "unbounded preceding",
      "double precision",
      "double",
      "character varying",
      "bit varying",
      "grouping sets",
      "grouping",
      "similar to",
      "by name",
      "by names",
      "by",
      "exclude nulls",
      "exclude",
      "partition by",
      "respect nulls",
      "year years month months century centuries millennium millennia",
      "NULL Null null nullx",
      "try_cast TRY_CAST",
      "select_ selects",
      "select\xEF\xBB\xBF 1",
      "a\xC2\xA0"
      "b",
      "ünï_cödé ☃ 日本",
      "a/b",
      "a/ *b*/",
      "a*/b",
      "x'ab'",
      "kind columns",
      "a\tb\fc\vd\r\ne",
  };
  for (const std::string_view text : kTexts) EXPECT_EQ(Own(text), Oracle(text)) << text;
}

TEST(Lexer, AgreesOnRandomTexts) {
  constexpr std::string_view kPieces[] = {
      "a",  "B1", "_",  "1",     "0x2",  ".",  "..",   "e5",    "'x'",    "''",    "\"q\"", "@",    "$",
      "$1", "-",  "--", "\n",    " ",    "/*", "*/",   ">",     "<",      "=",     ":",     "!",    "~",
      "*",  "/",  "#",  "&",     "|",    "^",  "[",    "]",     "(",      ")",     "{",     "}",    ",",
      ";",  "?",  "at", "time ", "zone", "by", "name", "with ", "nulls ", "first", "null",  "over", "☃"};
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int n = static_cast<int>(random() % 9); n >= 0; --n) text += kPieces[random() % std::size(kPieces)];
    LexedText own;
    Lex(text, own);
    if (own.fault) continue;  // the generated lexer knows no faults
    EXPECT_EQ(own.tokens, Oracle(text)) << text;
  }
}

TEST(Lexer, KeepsComments) {
  LexedText out;
  Lex("a -- one\n at /* two */ time /* three */ zone -- four", out);
  EXPECT_THAT(out.comments, ElementsAre(testing::Pair(2U, 8U), testing::Pair(13U, 22U), testing::Pair(28U, 39U),
                                        testing::Pair(45U, 52U)));
}

TEST(Lexer, FindsWhatIsNeverClosed) {
  const auto fault = [](std::string_view text) {
    LexedText out;
    Lex(text, out);
    return out.fault;
  };
  EXPECT_EQ(fault("a 'b")->kind, LexFaultKind::kUnclosedString);
  EXPECT_EQ(fault("a 'b''")->begin, 2U);
  EXPECT_EQ(fault("e'\\'")->kind, LexFaultKind::kUnclosedString);
  EXPECT_EQ(fault("$x$ $y$")->kind, LexFaultKind::kUnclosedString);
  EXPECT_EQ(fault("a \"b")->kind, LexFaultKind::kUnclosedName);
  EXPECT_EQ(fault("a /* /* */")->kind, LexFaultKind::kUnclosedComment);
  EXPECT_EQ(fault(std::string(kMaxNesting, '(')), std::nullopt);
  EXPECT_EQ(fault(std::string(kMaxNesting + 1, '('))->kind, LexFaultKind::kTooDeep);
  EXPECT_EQ(fault(std::string(kMaxNesting, '(') + ";" + std::string(kMaxNesting, '[')), std::nullopt);
}

}  // namespace
}  // namespace wapc::grammar
