#ifndef WAPC_GRAMMAR_ANTLR_PARSER_H_
#define WAPC_GRAMMAR_ANTLR_PARSER_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "grammar/cst.h"

namespace wapc::grammar {

/// Where a statement stopped making sense: the token, and every kind that could have stood there.
struct SyntaxFault {
  uint32_t token;
  std::vector<TokenKind> expected;
};

/// The seam to the generated parser: tokens in, a tape of rules out. Reuse one per thread.
class AntlrParser {
 public:
  AntlrParser();
  ~AntlrParser();
  AntlrParser(const AntlrParser&) = delete;
  AntlrParser& operator=(const AntlrParser&) = delete;

  /// Matches the tokens (the last is END_OF_TEXT) against an entry rule of the grammar (QueryEntry, ExpressionEntry,
  /// TypeEntry, BlockEntry, MacroEntry). False when they don't match; then `fault` says why.
  bool Parse(Rule entry, std::span<const Token> tokens, Cst& out, SyntaxFault& fault);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_ANTLR_PARSER_H_
