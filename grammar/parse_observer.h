#ifndef WAPC_GRAMMAR_PARSE_OBSERVER_H_
#define WAPC_GRAMMAR_PARSE_OBSERVER_H_

#include <cstdint>
#include <string_view>

#include "grammar/ast.h"
#include "grammar/cst.h"
#include "grammar/lexer.h"

namespace wapc::grammar {

/// Sees what Parser::ParseDocument reads before it is a tree. Internal to this room.
class ParseObserver {
 public:
  virtual ~ParseObserver() = default;

  /// Once, when the text is cut into tokens. They stay where they are until the document is parsed, but a semicolon's
  /// kind becomes END_OF_TEXT when its statement is read.
  virtual void OnTokens(std::string_view text, const LexedText& lexed) = 0;
  /// Every statement that has tokens, in order: [begin, end), `end` being the semicolon or the end of the text. `cst`
  /// is its tree over these tokens, null for a statement that is kept as it stands.
  virtual void OnStatement(StatementKind kind, uint32_t begin, uint32_t end, const Cst* cst) = 0;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_PARSE_OBSERVER_H_
