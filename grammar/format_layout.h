#ifndef WAPC_GRAMMAR_FORMAT_LAYOUT_H_
#define WAPC_GRAMMAR_FORMAT_LAYOUT_H_

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grammar/cst.h"
#include "grammar/format_comments.h"
#include "grammar/format_doc.h"

namespace wapc::grammar {

/// Turns concrete trees into a Doc. Every token of the text is written exactly once and in order, whatever the rules
/// below know of its place: a rule only says where lines may break, so a construct that none knows is written on one
/// line. Internal to this room.
class Layout {
 public:
  /// `tokens` are all of the text; trees are of windows of them.
  Layout(std::string_view text, std::span<const Token> tokens, const std::vector<PlacedComment>& comments, Doc& doc)
      : text_(text), tokens_(tokens), comments_(comments), doc_(doc) {}

  /// A statement whose tree is `cst` and whose first token is `first`.
  void WriteStatement(const Cst& cst, uint32_t first);
  /// The tokens [first, last] as they stand, comments between them too.
  void WriteVerbatim(uint32_t first, uint32_t last);
  /// The semicolon behind a statement.
  void WriteSemicolon(uint32_t token) { Put(token, std::string_view(";")); }
  /// The comments before a token that is not written itself (the end of the text).
  void WriteCommentsBefore(uint32_t token);
  /// The comments on lines of their own before a token, of those that are not written yet.
  std::span<const PlacedComment> OwnBefore(uint32_t token) const;

 private:
  /// Whether what stands inside an indented region of its own (a clause, parentheses) shares its lines' indentation, or
  /// hangs one level deeper.
  enum class Hang : uint8_t { kNo, kYes };
  /// A piece of the flat row that an expression is: an inner rule or a token; `level` of a binary operator.
  struct Piece {
    bool rule;
    uint32_t at;
    int level;
  };

  // Tokens (format_layout.cc).
  Cursor Children(uint32_t node) const { return {*cst_, node}; }
  Rule RuleOf(uint32_t node) const { return cst_->nodes[node].rule; }
  TokenKind KindOf(uint32_t token) const { return tokens_[token].kind; }
  std::string_view TextOf(uint32_t token) const {
    return text_.substr(tokens_[token].begin, tokens_[token].end - tokens_[token].begin);
  }
  void Put(uint32_t token, std::string_view shown);
  void Put(uint32_t token, bool name) { Put(token, Shown(token, name)); }
  void PutComments(uint32_t token);
  void PutTrailing(uint32_t token);
  void Take(Cursor& c, bool name = false) { Put(first_ + c.TakeToken(), name); }
  void PutUpper(uint32_t token);
  std::string_view Shown(uint32_t token, bool name);
  std::string_view Keep(std::string text) { return kept_.emplace_back(std::move(text)); }
  bool SpaceBetween(uint32_t before, uint32_t token) const;
  bool Glued(uint32_t before, uint32_t token) const;
  bool Merges(uint32_t before, uint32_t token) const;
  void Line();
  void SoftLine();

  // What most rules are made of (format_layout.cc).
  void Node(uint32_t node);
  void Next(Cursor& c);
  void Rest(Cursor& c);
  void Plain(uint32_t node);
  void Names(uint32_t node);
  void WriteWords(uint32_t node);
  void Brackets(Cursor& c, bool broken = false);
  void BracketItems(Cursor& c, TokenKind opener);
  void OpenBracket();
  void CloseBracket(uint32_t closer);
  size_t CountCommas(uint32_t node) const;
  /// The items up to a token of a kind that `ends`, with a line after each comma.
  template <class F>
  void CommaLines(Cursor& c, F item) {
    while (!c.AtEnd()) {
      if (c.At(TokenKind::COMMA)) {
        Take(c);
        Line();
      } else if (!item()) {
        return;
      }
    }
  }

  // Queries (format_query.cc).
  void WriteQuery(uint32_t node);
  void WriteWith(uint32_t node);
  void WriteCte(uint32_t node);
  void WriteSetTail(uint32_t node);
  void WriteTail(uint32_t node);
  void WriteSelect(uint32_t node);
  void WriteSelectList(uint32_t node);
  void WriteItems(Cursor& c, bool lines);
  void WriteClauseList(Cursor& c);
  void WriteCondition(Cursor& c);
  void WriteFrom(uint32_t node);
  void WriteTableRef(uint32_t node);
  void WriteTableParen(uint32_t node);
  void WriteWindow(uint32_t node);
  void WriteValues(uint32_t node);
  void WriteSample(uint32_t node);
  void WriteAliased(uint32_t node);

  // Expressions (format_expr.cc).
  void WriteExpr(uint32_t node, Hang hang, bool open = false);
  std::vector<Piece> PiecesOf(uint32_t node) const;
  /// Whether an expression has operators before which its lines may break.
  bool HasTerms(uint32_t node) const;
  void WritePieces(std::span<const Piece> pieces, Hang hang, bool open);
  void WriteFlat(std::span<const Piece> pieces);
  void WriteOperand(uint32_t node);
  void WriteCase(Cursor& c);
  void WriteCallSuffix(uint32_t node);
  void WriteParenContent(uint32_t node);
  void WriteType(uint32_t node);

  // Blocks (format_block.cc).
  void WriteBlock(uint32_t node);
  void WriteMacro(uint32_t node);
  void WriteProperty(uint32_t node);

  std::string_view text_;
  std::span<const Token> tokens_;
  const std::vector<PlacedComment>& comments_;
  Doc& doc_;
  const Cst* cst_ = nullptr;
  uint32_t first_ = 0;       ///< the token of the text that the tree's first one is
  size_t comment_ = 0;       ///< the next to write
  bool started_ = false;     ///< a token was written
  uint32_t last_ = 0;        ///< the token written last
  bool fresh_ = true;        ///< a line may have ended since then, so that no blank is needed
  bool glue_ = false;        ///< the next token follows without a blank
  bool break_list_ = false;  ///< the next parentheses stand on several lines
  std::deque<std::string> kept_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FORMAT_LAYOUT_H_
