#ifndef WAPC_GRAMMAR_CST_H_
#define WAPC_GRAMMAR_CST_H_

#include <cassert>
#include <cstdint>
#include <vector>

#include "grammar/lexer.h"
#include "grammar/tokens.h"

/// The concrete tree of one statement as the generated parser found it, on a tape: nodes in the order in which their
/// rules were entered, over an array of tokens. Internal to this room.
namespace wapc::grammar {

/// One rule that matched: tokens [begin, end), its inner rules on the tape up to `next`.
struct CstNode {
  Rule rule;
  uint32_t begin;
  uint32_t end;
  uint32_t next;
};

struct Cst {
  const Token* tokens = nullptr;
  std::vector<CstNode> nodes;
};

/// Goes over the children of one node: tokens and inner rules, in the order of the text.
class Cursor {
 public:
  Cursor(const Cst& cst, uint32_t node)
      : cst_(&cst),
        token_(cst.nodes[node].begin),
        end_(cst.nodes[node].end),
        child_(node + 1),
        last_(cst.nodes[node].next) {}

  bool AtEnd() const { return token_ >= end_; }
  bool AtRule() const { return child_ < last_ && cst_->nodes[child_].begin == token_; }
  bool At(Rule rule) const { return AtRule() && cst_->nodes[child_].rule == rule; }
  bool At(TokenKind kind) const { return !AtEnd() && !AtRule() && cst_->tokens[token_].kind == kind; }
  /// The kind of the next token; END_OF_TEXT when an inner rule or nothing is next.
  TokenKind Kind() const { return AtEnd() || AtRule() ? TokenKind::END_OF_TEXT : cst_->tokens[token_].kind; }
  /// The rule that is next; only where AtRule().
  Rule RuleKind() const { return cst_->nodes[child_].rule; }

  /// The node of the next inner rule; only where AtRule().
  uint32_t RuleNode() const { return child_; }

  /// Steps over the next token.
  uint32_t TakeToken() {
    assert(!AtEnd() && !AtRule());
    return token_++;
  }
  /// Steps over the next inner rule and gives its node.
  uint32_t TakeRule() {
    assert(AtRule());
    const uint32_t node = child_;
    token_ = cst_->nodes[node].end;
    child_ = cst_->nodes[node].next;
    return node;
  }
  /// Steps over the next token if it is of that kind.
  bool Accept(TokenKind kind) {
    if (!At(kind)) return false;
    ++token_;
    return true;
  }
  /// The place of the next token, whether it stands alone or starts an inner rule.
  uint32_t Position() const { return token_; }

 private:
  const Cst* cst_;
  uint32_t token_;
  uint32_t end_;
  uint32_t child_;
  uint32_t last_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_CST_H_
