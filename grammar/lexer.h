#ifndef WAPC_GRAMMAR_LEXER_H_
#define WAPC_GRAMMAR_LEXER_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "grammar/dialect.h"
#include "grammar/tokens.h"

namespace wapc::grammar {

/// How deep parentheses, brackets, braces and CASE may nest within one statement.
inline constexpr int kMaxNesting = 500;

/// One token: its kind and the bytes [begin, end) it stands at.
struct Token {
  TokenKind kind;
  uint32_t begin;
  uint32_t end;

  bool operator==(const Token&) const = default;
};

enum class LexFaultKind : uint8_t { kUnclosedString, kUnclosedName, kUnclosedComment, kTooDeep };

/// Why a text can't be cut into tokens; [begin, end) is what was opened.
struct LexFault {
  LexFaultKind kind;
  uint32_t begin;
  uint32_t end;
};

/// A text cut into tokens. The last one is always END_OF_TEXT.
struct LexedText {
  std::vector<Token> tokens;
  std::vector<std::pair<uint32_t, uint32_t>> comments;  ///< where comments stand, with their delimiters
  std::optional<LexFault> fault;                        ///< lexing stopped there
};

/// Cuts a text into the tokens of WapcSqlLexer.g4, written by hand because it is many times faster than the generated
/// lexer. `out` is overwritten; its buffers are reused. Without rules: DuckDB's, which the generated lexer has.
void Lex(std::string_view text, LexedText& out, const LexRules& rules = DuckDbDialect().lex);

/// Whether a text is one unquoted name for the lexer ("orders", not "2nd" or "group by").
bool IsPlainName(std::string_view text);

/// Whether a word in lower case is one that the grammar takes for no name (`plain_words` aside).
bool IsReservedWord(std::string_view lower, const TokenSet& plain_words);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_LEXER_H_
