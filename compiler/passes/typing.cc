#include "compiler/passes/typing.h"

#include <algorithm>

namespace wapc::compiler {

using metadata::Type;
using metadata::TypeKind;

const Typing& TypingOf(const grammar::Dialect& dialect) {
  static const std::vector<const Typing*> kAll = AllTypings();
  const auto named = [](std::string_view name) {
    return std::find_if(kAll.begin(), kAll.end(), [name](const Typing* typing) { return typing->dialect == name; });
  };
  const auto found = named(dialect.name);
  return found != kAll.end() ? **found : **named("duckdb");
}

std::optional<Value> Fold(const Typing& typing, const Value& a, const Value& b) {
  const auto open = [](const Value& value) {
    return value.literal == LiteralForm::kString || value.type.kind == TypeKind::kNull;
  };
  std::optional<Type> met = typing.meet(a, b);
  if (!met) return std::nullopt;
  Value out = Value::Of(std::move(*met), a.nullable || b.nullable);
  if (typing.literals_stay_open && open(a) && open(b)) out.literal = LiteralForm::kString;
  return out;
}

Type WithoutLengths(Type type) {
  switch (type.kind) {
    case TypeKind::kDecimal:
      type.precision = 0;
      type.scale = 0;
      break;
    case TypeKind::kText:
    case TypeKind::kBinary: type.precision = 0; break;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: type.precision = 6; break;
    default: break;
  }
  for (Type& child : type.children) child = WithoutLengths(std::move(child));
  return type;
}

}  // namespace wapc::compiler
