#include <algorithm>

#include "grammar/format_layout.h"

namespace wapc::grammar {
namespace {

/// How loosely an operator binds, as far as lines care; 0: it is never looked at.
int LevelOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::OR: return 1;
    case TokenKind::AND: return 2;
    case TokenKind::EQ:
    case TokenKind::NE:
    case TokenKind::LT:
    case TokenKind::LE:
    case TokenKind::GT:
    case TokenKind::GE:
    case TokenKind::LIKE:
    case TokenKind::ILIKE:
    case TokenKind::IN:
    case TokenKind::IS:
    case TokenKind::BETWEEN_SYMMETRIC:
    case TokenKind::BETWEEN: return 3;
    case TokenKind::CONCAT: return 4;
    case TokenKind::PLUS:
    case TokenKind::MINUS: return 5;
    case TokenKind::STAR:
    case TokenKind::SLASH:
    case TokenKind::SLASH_SLASH:
    case TokenKind::PERCENT: return 6;
    default: return 0;
  }
}
constexpr int kAndLevel = 2;
constexpr int kComparisonLevel = 3;
constexpr int kTightest = 6;

bool IsSign(TokenKind kind) { return kind == TokenKind::MINUS || kind == TokenKind::PLUS || kind == TokenKind::TILDE; }

}  // namespace

/// The operands and operators of an expression. The AND of BETWEEN and signs before an operand are no operators here.
std::vector<Layout::Piece> Layout::PiecesOf(uint32_t node) const {
  std::vector<Piece> out;
  int betweens = 0;
  for (Cursor c = Children(node); !c.AtEnd();) {
    if (c.AtRule()) {
      out.push_back({true, c.TakeRule(), 0});
      continue;
    }
    const TokenKind kind = c.Kind();
    int level = LevelOf(kind);
    if (IsSign(kind) && (out.empty() || !out.back().rule)) level = 0;
    if (kind == TokenKind::BETWEEN || kind == TokenKind::BETWEEN_SYMMETRIC) ++betweens;
    if (kind == TokenKind::AND && betweens > 0) {
      --betweens;
      level = 0;
    }
    out.push_back({false, c.TakeToken(), level});
  }
  return out;
}

bool Layout::HasTerms(uint32_t node) const {
  const std::vector<Piece> pieces = PiecesOf(node);
  return std::any_of(pieces.begin(), pieces.end(),
                     [](const Piece& piece) { return piece.level > 0 && piece.level != kComparisonLevel; });
}

/// With `open`, three terms of AND or more stand below each other wherever the lines around them end.
void Layout::WriteExpr(uint32_t node, Hang hang, bool open) {
  const std::vector<Piece> pieces = PiecesOf(node);
  const auto terms =
      std::count_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.level == kAndLevel; });
  WritePieces(pieces, hang, open && terms >= 2);
}

/// Splits at the operators that bind loosest, and each part again. A line never ends before a comparison: its sides
/// break inside.
void Layout::WritePieces(std::span<const Piece> pieces, Hang hang, bool open) {
  int level = kTightest + 1;
  for (const Piece& piece : pieces) {
    if (piece.level > 0) level = std::min(level, piece.level);
  }
  if (level > kTightest) return WriteFlat(pieces);
  const bool lines = level != kComparisonLevel;
  const bool hangs = lines && hang == Hang::kYes;
  if (!open) doc_.Open();
  size_t begin = 0;
  for (size_t at = 0; at <= pieces.size(); ++at) {
    if (at < pieces.size() && pieces[at].level != level) continue;
    if (begin == 0) {
      WritePieces(pieces.first(at), Hang::kYes, false);
      if (hangs) doc_.Indent();
    } else {
      if (lines) Line();
      Put(first_ + pieces[begin - 1].at, false);
      WritePieces(pieces.subspan(begin, at - begin), Hang::kYes, false);
    }
    begin = at + 1;
  }
  if (hangs) doc_.Dedent();
  if (!open) doc_.Close();
}

/// Pieces that stay on one line, but for what stands in parentheses (= ANY (SELECT ...)).
void Layout::WriteFlat(std::span<const Piece> pieces) {
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].rule) {
      Node(pieces[i].at);
      continue;
    }
    const uint32_t token = first_ + pieces[i].at;
    const TokenKind kind = KindOf(token);
    if (kind == TokenKind::RPAREN) CloseBracket(token);
    if (kind == TokenKind::LPAREN) doc_.Open();
    // Of words that the lexer takes for names, only UNKNOWN of IS UNKNOWN is a keyword here.
    const bool test = kind == TokenKind::IDENT && (KindOf(last_) == TokenKind::IS || KindOf(last_) == TokenKind::NOT);
    test ? PutUpper(token) : Put(token, false);
    if (kind == TokenKind::RPAREN) doc_.Close();
    if (kind == TokenKind::LPAREN) OpenBracket();
    glue_ = IsSign(kind) && (i == 0 || !pieces[i - 1].rule);
  }
}

void Layout::WriteOperand(uint32_t node) {
  Cursor c = Children(node);
  if (c.At(TokenKind::CASE)) WriteCase(c);
  for (bool first = true; !c.AtEnd(); first = false) {
    if (c.AtRule()) {
      Node(c.TakeRule());
      continue;
    }
    const TokenKind kind = c.Kind();
    const TokenKind before = first ? TokenKind::END_OF_TEXT : KindOf(last_);
    const bool array = before == TokenKind::ARRAY && kind == TokenKind::LPAREN;
    const bool cast = before == TokenKind::CAST || before == TokenKind::TRY_CAST;
    const bool subscript = !first && (kind == TokenKind::LBRACK || kind == TokenKind::EMPTY_BRACKETS);
    glue_ = glue_ || subscript || array || cast || (!first && kind == TokenKind::COLON);
    if (kind == TokenKind::LPAREN || kind == TokenKind::LBRACK || kind == TokenKind::LBRACE) {
      Brackets(c);
      continue;
    }
    // LEFT, RIGHT, GLOB and MAP before a parenthesis are names of functions.
    Cursor ahead = c;
    ahead.TakeToken();
    Take(c, kind != TokenKind::INTERVAL && ahead.At(Rule::CallSuffix));
    glue_ = (!first && kind == TokenKind::COLON) || kind == TokenKind::HASH;
  }
}

void Layout::WriteCase(Cursor& c) {
  doc_.Open();
  Take(c);
  if (c.AtRule()) Next(c);
  doc_.Indent();
  while (c.At(TokenKind::WHEN) || c.At(TokenKind::ELSE)) {
    Line();
    doc_.Open();
    Take(c);
    if (c.AtRule()) Next(c);
    if (c.At(TokenKind::THEN)) {
      doc_.Indent();
      Line();
      Take(c);
      if (c.AtRule()) Next(c);
      doc_.Dedent();
    }
    doc_.Close();
  }
  if (!c.AtEnd()) PutComments(first_ + c.Position());
  doc_.Dedent();
  Line();
  if (c.At(TokenKind::END)) Take(c);
  doc_.Close();
}

/// Arguments stand right behind the name, what follows them (FILTER, OVER) behind a blank.
void Layout::WriteCallSuffix(uint32_t node) {
  Cursor c = Children(node);
  glue_ = c.At(TokenKind::LPAREN);
  Next(c);
  while (!c.AtEnd()) {
    const bool over_name = !c.AtRule() && KindOf(last_) == TokenKind::OVER;
    if (over_name) {
      Take(c, true);
    } else {
      Next(c);
    }
  }
}

void Layout::WriteParenContent(uint32_t node) {
  Cursor c = Children(node);
  const bool alone = c.At(Rule::Expr) && cst_->nodes[c.RuleNode()].end == cst_->nodes[node].end;
  if (alone) return WriteExpr(c.TakeRule(), Hang::kNo, true);
  while (!c.AtEnd()) {
    if (c.At(TokenKind::COMMA)) {
      Take(c);
      Line();
    } else {
      if (c.At(Rule::SetTail) || c.At(Rule::QueryTail)) Line();
      Next(c);
    }
  }
}

/// Types are names: they stay as they are written.
void Layout::WriteType(uint32_t node) {
  Cursor c = Children(node);
  while (!c.AtEnd()) {
    const TokenKind kind = c.Kind();
    const bool name = kind != TokenKind::WITH_TIME_ZONE && kind != TokenKind::WITHOUT_TIME_ZONE;
    glue_ = glue_ || kind == TokenKind::LPAREN || kind == TokenKind::EMPTY_BRACKETS || kind == TokenKind::GT ||
            kind == TokenKind::SHR;
    c.AtRule() || kind == TokenKind::LPAREN ? Next(c) : Take(c, name);
  }
}

}  // namespace wapc::grammar
