#include <array>

#include "grammar/format_layout.h"

namespace wapc::grammar {
namespace {

/// Properties whose lists have one entry a line even where one line would hold them.
constexpr auto kLongLists = std::to_array<std::string_view>({"audits", "column_descriptions"});

std::string LowerText(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

}  // namespace

void Layout::WriteBlock(uint32_t node) {
  Cursor c = Children(node);
  PutUpper(first_ + cst_->nodes[c.TakeRule()].begin);
  Brackets(c, CountCommas(node) > 0);
  Rest(c);
}

/// A macro's query starts on a line of its own; an expression follows AS if it fits there.
void Layout::WriteMacro(uint32_t node) {
  Cursor c = Children(node);
  PutUpper(first_ + cst_->nodes[c.TakeRule()].begin);
  if (c.AtRule()) Node(c.TakeRule());
  glue_ = true;
  while (!c.AtEnd() && !c.At(TokenKind::AS)) Next(c);
  Take(c);
  const bool query = c.AtRule() && RuleOf(c.RuleNode() + 1) == Rule::PlainQuery;
  if (query) {
    doc_.HardLine(false);
    fresh_ = true;
    return Rest(c);
  }
  doc_.Open();
  doc_.Indent();
  Line();
  Rest(c);
  doc_.Dedent();
  doc_.Close();
}

/// `name value`: the name in lower case, the name of a kind in upper case.
void Layout::WriteProperty(uint32_t node) {
  Cursor c = Children(node);
  const bool kind = c.At(TokenKind::KIND);
  const uint32_t token = first_ + c.Position();
  const std::string name = LowerText(TextOf(token));
  c.AtRule() ? static_cast<void>(c.TakeRule()) : static_cast<void>(c.TakeToken());
  Put(token, KindOf(token) == TokenKind::QUOTED_IDENT ? TextOf(token) : Keep(name));
  if (kind && c.AtRule()) PutUpper(first_ + cst_->nodes[c.TakeRule()].begin);
  if (c.At(TokenKind::LPAREN)) return Brackets(c, kind && CountCommas(node) > 0);
  if (c.At(Rule::Expr)) {
    const uint32_t value = c.RuleNode();
    const bool list = value + 2 < cst_->nodes.size() && RuleOf(value + 2) == Rule::ParenContent &&
                      KindOf(first_ + cst_->nodes[value].begin) == TokenKind::LPAREN && CountCommas(value + 2) > 0;
    for (const std::string_view wide : kLongLists) break_list_ = break_list_ || (list && name == wide);
  }
  Rest(c);
  break_list_ = false;
}

}  // namespace wapc::grammar
