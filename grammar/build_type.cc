#include <charconv>

#include "grammar/builder.h"

namespace wapc::grammar {

/// A type's name in lower case; two words have one blank between them whatever stood there.
std::string_view Builder::TypeWords(const Identifier& name, uint32_t token) {
  const std::string_view text = LowerText(name.text);
  if (TokenAt(token).kind != TokenKind::TYPE_WORDS) return text;
  const std::string head(text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz")));
  return arena_.Copy(head + (head == "double" ? " precision" : " varying"));
}

TypeName* Builder::BuildType(uint32_t node) {
  Cursor c = Children(node);
  auto* type = arena_.New<TypeName>();
  type->span = NodeSpan(node);
  const uint32_t first = c.Position();
  const Identifier name = Name(c);
  type->name = TypeWords(name, first);
  if (c.Accept(TokenKind::LPAREN)) TypeArguments(c, type);
  c.Accept(TokenKind::RPAREN);
  type->with_time_zone = c.Accept(TokenKind::WITH_TIME_ZONE);
  type->without_time_zone = c.Accept(TokenKind::WITHOUT_TIME_ZONE);
  while (c.Accept(TokenKind::EMPTY_BRACKETS)) ++type->dimensions;
  return type;
}

void Builder::TypeArguments(Cursor& c, TypeName* type) {
  std::vector<int64_t> numbers;
  std::vector<Identifier> field_names;
  std::vector<TypeName*> nested;
  do {
    Cursor argument = Children(c.TakeRule());
    const uint32_t first = argument.Position();
    if (argument.At(TokenKind::NUMBER)) {
      const std::string_view text = TextOf(first);
      int64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || end != text.data() + text.size()) {
        Fail(SpanOf(first, first + 1), "the argument of a type must be a whole number");
      }
      numbers.push_back(value);
      continue;
    }
    const uint32_t type_node = argument.TakeRule();
    if (argument.AtEnd()) {
      nested.push_back(BuildType(type_node));
      continue;
    }
    if (cst_.nodes[type_node].end != first + 1) Fail(NodeSpan(type_node), "expected a field's name and its type");
    field_names.push_back(TokenName(first));
    nested.push_back(BuildType(argument.TakeRule()));
  } while (c.Accept(TokenKind::COMMA));
  if (!field_names.empty() && (field_names.size() != nested.size() || !numbers.empty()))
    Fail(type->span, "every field of a struct needs a name and a type");
  type->arguments = arena_.Copy(numbers);
  type->field_names = arena_.Copy(field_names);
  type->nested = arena_.Copy(nested);
}

}  // namespace wapc::grammar
