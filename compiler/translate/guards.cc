#include <algorithm>

#include "compiler/translate/context.h"

namespace wapc::compiler::translate {
namespace {

using grammar::As;
using metadata::Type;
using metadata::TypeKind;

bool IsInteger(TypeKind kind) { return kind >= TypeKind::kInt8 && kind <= TypeKind::kInt256; }
bool IsFloat(TypeKind kind) { return kind == TypeKind::kFloat || kind == TypeKind::kDouble; }

struct TypeClass {
  std::string_view name;
  bool (*holds)(TypeKind kind);
};

const TypeClass kClasses[] = {
    {"integer", IsInteger},
    {"small",
     [](TypeKind kind) {
       return (kind >= TypeKind::kInt8 && kind <= TypeKind::kInt64) ||
              (kind >= TypeKind::kUint8 && kind <= TypeKind::kUint32);
     }},
    {"float", IsFloat},
    {"decimal", [](TypeKind kind) { return kind == TypeKind::kDecimal; }},
    {"exact", [](TypeKind kind) { return IsInteger(kind) || kind == TypeKind::kDecimal; }},
    {"number", [](TypeKind kind) { return IsInteger(kind) || IsFloat(kind) || kind == TypeKind::kDecimal; }},
    {"text", [](TypeKind kind) { return kind == TypeKind::kText || kind == TypeKind::kEnum; }},
    {"bool", [](TypeKind kind) { return kind == TypeKind::kBool; }},
    {"binary", [](TypeKind kind) { return kind == TypeKind::kBinary; }},
    {"date", [](TypeKind kind) { return kind == TypeKind::kDate; }},
    {"time", [](TypeKind kind) { return kind == TypeKind::kTime; }},
    {"timestamp", [](TypeKind kind) { return kind == TypeKind::kTimestamp; }},
    {"timestamptz", [](TypeKind kind) { return kind == TypeKind::kTimestampTz; }},
    {"interval", [](TypeKind kind) { return kind == TypeKind::kInterval; }},
    {"json", [](TypeKind kind) { return kind == TypeKind::kJson; }},
    {"array", [](TypeKind kind) { return kind == TypeKind::kArray; }},
    {"map", [](TypeKind kind) { return kind == TypeKind::kMap; }},
    {"struct", [](TypeKind kind) { return kind == TypeKind::kStruct; }},
    {"uuid", [](TypeKind kind) { return kind == TypeKind::kUuid; }},
};

// A number with its sign: "-3".
std::optional<std::string> NumberText(const grammar::Expr& expr) {
  if (const auto* const literal = As<grammar::Literal>(&expr)) {
    if (literal->type == grammar::LiteralKind::kNumber) return std::string(literal->text);
    return std::nullopt;
  }
  const auto* const unary = As<grammar::Unary>(&expr);
  if (unary == nullptr || unary->op != grammar::UnaryOp::kMinus) return std::nullopt;
  const auto inner = NumberText(*unary->operand);
  return inner && !inner->starts_with('-') ? std::optional("-" + *inner) : std::nullopt;
}

bool IsZero(std::string_view digits) { return digits.find_first_of("123456789") == std::string_view::npos; }

const std::string_view kTextGuards[] = {"positive", "negative", "zero",    "nonzero",     "unit",     "string",
                                        "star",     "lambda",   "pattern", "replacement", "strftime", "tochar"};

// Guards on what is written rather than on its type.
std::optional<bool> FitsText(std::string_view guard, const grammar::Expr& expr) {
  const auto number = NumberText(expr);
  if (guard == "positive") return number && !number->starts_with('-') && !IsZero(*number);
  if (guard == "negative") return number && number->starts_with('-') && !IsZero(*number);
  if (guard == "zero") return number && IsZero(*number);
  if (guard == "nonzero") return number && !IsZero(*number);
  if (guard == "unit") return UnitWord(expr).has_value();
  if (guard == "string") {
    const auto* const literal = As<grammar::Literal>(&expr);
    return literal != nullptr && literal->type == grammar::LiteralKind::kString;
  }
  if (guard == "star") return As<grammar::Star>(&expr) != nullptr;
  if (guard == "lambda") return As<grammar::Lambda>(&expr) != nullptr;
  if (guard == "pattern" || guard == "replacement" || guard == "strftime" || guard == "tochar") return true;
  return std::nullopt;
}

// Arithmetic with a decimal or a float is no integer, whatever the other side is.
bool IsNoInteger(const Context& context, const grammar::Expr& expr) {
  const TypeKind kind = context.TypeOf(expr).kind;
  if (kind == TypeKind::kDecimal || IsFloat(kind)) return true;
  const auto* const binary = As<grammar::Binary>(&expr);
  return kind == TypeKind::kUnknown && binary != nullptr &&
         (IsNoInteger(context, *binary->left) || IsNoInteger(context, *binary->right));
}

std::optional<bool> FitsType(const Context& context, std::string_view word, const grammar::Expr& expr) {
  const Type type = context.TypeOf(expr);
  if (type.kind == TypeKind::kNull) return true;
  if (type.kind == TypeKind::kUnknown) {
    const bool integers = word == "integer" || word == "small";
    return integers && IsNoInteger(context, expr) ? std::optional(false) : std::nullopt;
  }
  const auto found = std::find_if(std::begin(kClasses), std::end(kClasses),
                                  [word](const TypeClass& each) { return each.name == word; });
  return found != std::end(kClasses) && found->holds(type.kind);
}

}  // namespace

bool IsGuard(std::string_view guard) {
  while (!guard.empty()) {
    const size_t bar = std::min(guard.find('|'), guard.size());
    std::string_view word = guard.substr(0, bar);
    guard.remove_prefix(std::min(bar + 1, guard.size()));
    if (word.starts_with('!')) word.remove_prefix(1);
    const bool known = std::any_of(std::begin(kClasses), std::end(kClasses),
                                   [word](const TypeClass& each) { return each.name == word; }) ||
                       std::find(std::begin(kTextGuards), std::end(kTextGuards), word) != std::end(kTextGuards);
    if (!known) return false;
  }
  return true;
}

std::optional<bool> Fits(const Context& context, std::string_view guard, const grammar::Expr& expr) {
  bool unknown = false;
  while (!guard.empty()) {
    const size_t bar = std::min(guard.find('|'), guard.size());
    std::string_view word = guard.substr(0, bar);
    guard.remove_prefix(std::min(bar + 1, guard.size()));
    const bool negated = word.starts_with('!');
    if (negated) word.remove_prefix(1);
    auto fits = FitsText(word, expr);
    if (!fits) fits = FitsType(context, word, expr);
    if (!fits) {
      unknown = true;
    } else if (*fits != negated) {
      return true;
    }
  }
  return unknown ? std::nullopt : std::optional(false);
}

}  // namespace wapc::compiler::translate
