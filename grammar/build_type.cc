#include <algorithm>
#include <charconv>

#include "grammar/builder.h"

namespace wapc::grammar {
namespace {

bool In(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

/// A type's name in lower case; several words have one blank between them whatever stood there.
std::string_view Builder::TypeWords(const Identifier& name, uint32_t token) {
  const std::string_view text = LowerText(name.text);
  if (TokenAt(token).kind != TokenKind::TYPE_WORDS) return text;
  const std::string head(text.substr(0, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz")));
  if (head == "interval") return text.back() == 'h' ? "interval year to month" : "interval day to second";
  return arena_.Copy(head + (head == "double" ? " precision" : " varying"));
}

/// Of an array's dimension that says how long it is.
void Builder::AddSize(TypeName* type, int64_t size) {
  std::vector<int64_t> sizes(type->sizes.begin(), type->sizes.end());
  sizes.resize(static_cast<size_t>(type->dimensions), -1);
  sizes.push_back(size);
  type->sizes = arena_.Copy(sizes);
  ++type->dimensions;
}

int64_t Builder::WholeNumber(uint32_t token) {
  const std::string_view text = TextOf(token);
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    Fail(SpanOf(token, token + 1), "the argument of a type must be a whole number");
  }
  return value;
}

/// The sizes behind a type, where no subscript can be meant.
void Builder::TypeSizes(Cursor& c, TypeName* type) {
  while (c.At(Rule::TypeSize)) {
    Cursor size = Children(c.TakeRule());
    size.Accept(TokenKind::LBRACK);
    AddSize(type, WholeNumber(size.TakeToken()));
    size.Accept(TokenKind::RBRACK);
    while (size.Accept(TokenKind::EMPTY_BRACKETS)) AddSize(type, -1);
  }
}

TypeName* Builder::SizedType(Cursor& c) {
  TypeName* const type = BuildType(c.TakeRule());
  TypeSizes(c, type);
  return type;
}

TypeName* Builder::BuildType(uint32_t node) {
  Cursor c = Children(node);
  auto* type = arena_.New<TypeName>();
  type->span = NodeSpan(node);
  const uint32_t first = c.Position();
  if (c.Accept(TokenKind::TYPE_OPEN)) {
    const std::string_view word = LowerText(TextOf(first));
    type->name = word.substr(0, word.size() - 1);
    const bool outermost = angles_++ == 0;
    TypeArguments(c, type);
    if (c.Accept(TokenKind::GT)) --angles_;
    if (c.Accept(TokenKind::SHR)) angles_ -= 2;
    if (outermost && angles_ != 0) {
      angles_ = 0;
      Fail(type->span, "the '<' and '>' of this type don't match");
    }
  } else {
    type->name = TypeWords(Name(c), first);
    if (c.Accept(TokenKind::LPAREN)) TypeArguments(c, type);
    c.Accept(TokenKind::RPAREN);
  }
  type->with_time_zone = c.Accept(TokenKind::WITH_TIME_ZONE);
  type->without_time_zone = c.Accept(TokenKind::WITHOUT_TIME_ZONE);
  while (c.Accept(TokenKind::EMPTY_BRACKETS)) ++type->dimensions;
  return type;
}

void Builder::TypeArguments(Cursor& c, TypeName* type) {
  std::vector<int64_t> numbers;
  std::vector<std::string_view> values;
  std::vector<Identifier> field_names;
  std::vector<TypeName*> nested;
  do {
    Cursor argument = Children(c.TakeRule());
    const uint32_t first = argument.Position();
    if (argument.At(TokenKind::STRING)) {
      values.push_back(StringValue(first));
      continue;
    }
    const bool negative = argument.Accept(TokenKind::MINUS);
    if (argument.At(TokenKind::NUMBER)) {
      const int64_t value = WholeNumber(argument.TakeToken());
      numbers.push_back(negative ? -value : value);
      continue;
    }
    const uint32_t type_node = argument.TakeRule();
    argument.Accept(TokenKind::COLON);
    if (argument.At(Rule::TypeName)) {
      if (cst_.nodes[type_node].end != first + 1) Fail(NodeSpan(type_node), "expected a field's name and its type");
      field_names.push_back(TokenName(first));
      nested.push_back(SizedType(argument));
      continue;
    }
    nested.push_back(BuildType(type_node));
    TypeSizes(argument, nested.back());
  } while (c.Accept(TokenKind::COMMA));
  if (!values.empty() && !(nested.empty() && numbers.empty())) {
    Fail(type->span, "a " + std::string(type->name) + " holds texts, or numbers and types, but not both");
  }
  const bool holds_fields = In(type->name, {"struct", "row", "union", "object", "nested", "tuple"});
  if (!field_names.empty() && !holds_fields) {
    Fail(type->span, "a " + std::string(type->name) + " has no named fields", "put a comma between its types");
  } else if (!field_names.empty() && (field_names.size() != nested.size() || !numbers.empty()))
    Fail(type->span, "every field of a struct needs a name and a type");
  type->arguments = arena_.Copy(numbers);
  type->values = arena_.Copy(values);
  type->field_names = arena_.Copy(field_names);
  type->nested = arena_.Copy(nested);
}

}  // namespace wapc::grammar
