#include "grammar/format_layout.h"

#include <algorithm>

namespace wapc::grammar {
namespace {

bool IsOpener(TokenKind kind) {
  return kind == TokenKind::LPAREN || kind == TokenKind::LBRACK || kind == TokenKind::LBRACE;
}
bool IsCloser(TokenKind kind) {
  return kind == TokenKind::RPAREN || kind == TokenKind::RBRACK || kind == TokenKind::RBRACE;
}
bool IsDelimiter(TokenKind kind) {
  return kind == TokenKind::COMMA || kind == TokenKind::COLON || kind == TokenKind::SEMICOLON ||
         kind == TokenKind::END_OF_TEXT || IsCloser(kind);
}

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         c == '@' || c == '\'' || c == '"' || (c & 0x80) != 0;
}
bool IsSignByte(char c) { return std::string_view("+-*/<>=~!@#%^&|?:").find(c) != std::string_view::npos; }

std::string UpperText(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}
std::string_view LastWord(std::string_view text) { return text.substr(text.find_last_of(" \t\r\n\f\v/") + 1); }

/// A type of several words; what stands between them is a blank, whatever it was.
std::string TypeWords(std::string_view text) {
  const std::string first(text.substr(0, text.find_first_of(" \t\r\n\f\v/-")));
  const std::string last(LastWord(text));
  if (UpperText(first) != "INTERVAL") return first + " " + last;
  const bool upper = first[0] == 'I';
  if (last.size() == std::string_view("month").size()) return first + (upper ? " YEAR TO " : " year to ") + last;
  return first + (upper ? " DAY TO " : " day to ") + last;
}
bool HasLower(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

void Layout::WriteStatement(const Cst& cst, uint32_t first) {
  cst_ = &cst;
  first_ = first;
  doc_.Open();
  doc_.Break();
  Node(0);
  doc_.Close();
  cst_ = nullptr;
}

void Layout::WriteVerbatim(uint32_t first, uint32_t last) {
  PutComments(first);
  doc_.Text(text_.substr(tokens_[first].begin, tokens_[last].end - tokens_[first].begin));
  // What stands inside is written, whatever token it was given to.
  const char* const end = text_.data() + tokens_[last].end;
  while (comment_ < comments_.size() && comments_[comment_].text.data() < end) ++comment_;
  last_ = last;
  started_ = true;
  fresh_ = false;
  PutTrailing(last);
}

void Layout::WriteCommentsBefore(uint32_t token) { PutComments(token); }

std::span<const PlacedComment> Layout::OwnBefore(uint32_t token) const {
  size_t end = comment_;
  while (end < comments_.size() && comments_[end].token == token && comments_[end].place == CommentPlace::kOwn) ++end;
  return std::span(comments_).subspan(comment_, end - comment_);
}

void Layout::PutComments(uint32_t token) {
  bool behind_comment = false;
  for (; comment_ < comments_.size() && comments_[comment_].token <= token; ++comment_) {
    const PlacedComment& comment = comments_[comment_];
    if (comment.token == token && comment.place == CommentPlace::kTrailing) return;
    if (comment.place == CommentPlace::kOwn) {
      // An empty line after a comment means something only between statements.
      const bool after = comment.blank_after && cst_ == nullptr;
      doc_.OwnComment(comment.text, comment.blank_before, after);
      fresh_ = true;
      continue;
    }
    if (behind_comment || (!fresh_ && !IsOpener(KindOf(last_)))) doc_.Space();
    doc_.InlineComment(comment.text);
    behind_comment = true;
    if (!IsDelimiter(KindOf(token))) doc_.Space();
    fresh_ = true;
  }
}

void Layout::PutTrailing(uint32_t token) {
  while (comment_ < comments_.size() && comments_[comment_].token == token) {
    doc_.TrailingComment(comments_[comment_++].text);
    fresh_ = true;
  }
}

void Layout::Put(uint32_t token, std::string_view shown) {
  // The end of a statement's window is its semicolon, which WriteSemicolon writes, or the end of the text.
  if (KindOf(token) == TokenKind::END_OF_TEXT && cst_ != nullptr) return;
  const bool space = started_ && !fresh_ && (glue_ ? Merges(last_, token) : SpaceBetween(last_, token));
  const size_t before = comment_;
  PutComments(token);
  if (space && comment_ == before) doc_.Space();
  doc_.Text(shown);
  started_ = true;
  last_ = token;
  fresh_ = false;
  glue_ = false;
  PutTrailing(token);
}

/// A word that is a keyword where it stands though the lexer takes it for a name.
void Layout::PutUpper(uint32_t token) {
  const bool upper = KindOf(token) != TokenKind::QUOTED_IDENT && HasLower(TextOf(token));
  Put(token, upper ? Keep(UpperText(TextOf(token))) : TextOf(token));
}

/// How a token is written: keywords in upper case, all else as it stands.
std::string_view Layout::Shown(uint32_t token, bool name) {
  const TokenKind kind = KindOf(token);
  const std::string_view text = TextOf(token);
  if (!IsWord(kind) || (name && kind != TokenKind::TYPE_WORDS)) return text;
  if (kind == TokenKind::UNIT) return HasLower(text) ? Keep(UpperText(text)) : text;
  if (kind == TokenKind::TYPE_OPEN) return text;
  if (kind == TokenKind::TABLE_CALL) return "TABLE";
  if (kind == TokenKind::TO_UNIT) return Keep("TO " + UpperText(LastWord(text)));
  const std::string_view spelling = Spelling(kind);
  if (kind == TokenKind::TYPE_WORDS) {
    return Keep(TypeWords(text));
  }
  return Keep(UpperText(spelling));
}

/// Whether two tokens without a blank between them would be read as another.
bool Layout::Merges(uint32_t before, uint32_t token) const {
  const char a = text_[tokens_[before].end - 1];
  const char b = text_[tokens_[token].begin];
  return (IsNameByte(a) && IsNameByte(b)) || (IsSignByte(a) && IsSignByte(b));
}

bool Layout::Glued(uint32_t before, uint32_t token) const { return tokens_[before].end == tokens_[token].begin; }

/// Whether a blank stands between two tokens of one line where no rule says otherwise.
bool Layout::SpaceBetween(uint32_t before, uint32_t token) const {
  const TokenKind a = KindOf(before);
  const TokenKind b = KindOf(token);
  if (IsOpener(a) || IsDelimiter(b) || a == TokenKind::TYPE_OPEN) return false;
  if (a == TokenKind::COLON_PATH || b == TokenKind::COLON_PATH) return false;
  if (a == TokenKind::TABLE_CALL && b == TokenKind::LPAREN) return false;
  if (b == TokenKind::DOT || b == TokenKind::COLON_COLON) return a == TokenKind::NUMBER && b == TokenKind::DOT;
  if (a == TokenKind::DOT || a == TokenKind::COLON_COLON) return b == TokenKind::NUMBER;
  // A prefix of a string (x'ff') and a macro inside a name (sales_@{year}) are one word.
  if (Glued(before, token)) {
    const bool prefix = a == TokenKind::IDENT && b == TokenKind::STRING;
    const bool macro = a == TokenKind::MACRO_NAME || b == TokenKind::MACRO_NAME || a == TokenKind::UNEXPECTED ||
                       b == TokenKind::UNEXPECTED;
    if (prefix || macro) return false;
  }
  return true;
}

void Layout::Line() {
  doc_.Line();
  fresh_ = true;
}

void Layout::SoftLine() {
  doc_.SoftLine();
  fresh_ = true;
}

void Layout::Node(uint32_t node) {
  switch (RuleOf(node)) {
    case Rule::BlockEntry: return WriteBlock(node);
    case Rule::MacroEntry: return WriteMacro(node);
    case Rule::Word:
    case Rule::Keyword:
    case Rule::NonReserved: return Names(node);
    case Rule::Property: return WriteProperty(node);
    case Rule::Query:
    case Rule::PlainQuery: return WriteQuery(node);
    case Rule::WithClause: return WriteWith(node);
    case Rule::Cte: return WriteCte(node);
    case Rule::SetTail: return WriteSetTail(node);
    case Rule::QueryTail: return WriteTail(node);
    case Rule::Select: return WriteSelect(node);
    case Rule::SelectList: return WriteSelectList(node);
    case Rule::SelectItem:
    case Rule::PivotValue:
    case Rule::TableAlias: return WriteAliased(node);
    case Rule::Values: return WriteValues(node);
    case Rule::FromClause: return WriteFrom(node);
    case Rule::TableRef: return WriteTableRef(node);
    case Rule::TableParen: return WriteTableParen(node);
    case Rule::Window: return WriteWindow(node);
    case Rule::Expr: return WriteExpr(node, Hang::kYes);
    case Rule::Operand: return WriteOperand(node);
    case Rule::CallSuffix: return WriteCallSuffix(node);
    case Rule::ParenContent: return WriteParenContent(node);
    case Rule::TypeName: return WriteType(node);
    case Rule::TypeSize: glue_ = true; return Plain(node);
    case Rule::FetchTail:
    case Rule::MergeWhen: return WriteWords(node);
    case Rule::Sample:
    case Rule::SampleSize: return WriteSample(node);
    default: return Plain(node);
  }
}

/// The next piece of a rule, whatever it is.
void Layout::Next(Cursor& c) {
  if (c.AtRule()) return Node(c.TakeRule());
  if (IsOpener(c.Kind())) return Brackets(c);
  Take(c);
}

void Layout::Rest(Cursor& c) {
  while (!c.AtEnd()) Next(c);
}

void Layout::Plain(uint32_t node) {
  Cursor c = Children(node);
  Rest(c);
}

/// A rule whose words are keywords though the lexer takes some for names.
void Layout::WriteWords(uint32_t node) {
  for (Cursor c = Children(node); !c.AtEnd();) {
    c.At(TokenKind::IDENT) ? PutUpper(first_ + c.TakeToken()) : Next(c);
  }
}

/// A keyword that stands as a name.
void Layout::Names(uint32_t node) {
  for (uint32_t token = cst_->nodes[node].begin; token < cst_->nodes[node].end; ++token) Put(first_ + token, true);
}

size_t Layout::CountCommas(uint32_t node) const {
  size_t commas = 0;
  for (Cursor c = Children(node); !c.AtEnd();) {
    if (c.AtRule()) {
      c.TakeRule();
    } else {
      commas += c.At(TokenKind::COMMA) ? 1 : 0;
      c.TakeToken();
    }
  }
  return commas;
}

/// What stands between brackets: on one line, or indented with one item a line. The cursor stands at the opening one.
void Layout::Brackets(Cursor& c, bool broken) {
  const TokenKind opener = c.Kind();
  doc_.Open();
  if (broken || break_list_) doc_.Break();
  break_list_ = false;
  Take(c);
  if (!c.AtRule() && IsCloser(c.Kind())) {
    Take(c);
    return doc_.Close();
  }
  OpenBracket();
  BracketItems(c, opener);
  CloseBracket(first_ + c.Position());
  Take(c);
  doc_.Close();
}

void Layout::OpenBracket() {
  doc_.Indent();
  SoftLine();
}

/// Comments before a closing bracket belong to what stands inside.
void Layout::CloseBracket(uint32_t closer) {
  PutComments(closer);
  doc_.Dedent();
  SoftLine();
}

void Layout::BracketItems(Cursor& c, TokenKind opener) {
  bool words = false;  // ON OVERFLOW ..., or the IF of a list comprehension
  for (bool first = true; !c.AtEnd() && !IsCloser(c.Kind()); first = false) {
    const TokenKind kind = c.Kind();
    const bool after_rule = words;
    words = c.AtRule() ? opener == TokenKind::LBRACK : kind == TokenKind::ON || (words && opener == TokenKind::LPAREN);
    if (after_rule && kind == TokenKind::IDENT && !c.AtRule()) {
      PutUpper(first_ + c.TakeToken());
    } else if (kind == TokenKind::COMMA) {
      Take(c);
      Line();
    } else if (kind == TokenKind::ORDER || kind == TokenKind::GROUP) {
      if (!first) Line();
      WriteClauseList(c);
    } else if (kind == TokenKind::WHERE) {
      WriteCondition(c);
    } else {
      Next(c);
      // A slice has no blanks, a struct and a map have one behind the colon.
      glue_ = kind == TokenKind::COLON && opener == TokenKind::LBRACK;
    }
  }
}

}  // namespace wapc::grammar
