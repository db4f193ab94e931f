#include <algorithm>
#include <string>

#include "compiler/passes/typing.h"

/// Snowflake: its documentation's pages "Data type conversion" and "Arithmetic operators". Every whole number is a
/// NUMBER, and most types become another by themselves.
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

const FunctionCatalog& Catalog() {
  static const FunctionCatalog kCatalog({"snowflake.functions"});
  return kCatalog;
}

// The engine's type: whole numbers are decimals, all floats are doubles.
Type Engine(Type type) {
  if (type.kind == TypeKind::kFloat) return Type::Of(TypeKind::kDouble);
  if (type.kind == TypeKind::kEnum || type.kind == TypeKind::kUuid) return Type::Text();
  if (type.is_integer()) {
    const DecimalShape shape = ShapeOf(type).value_or(DecimalShape{kMaxDecimal, 0});
    return Type::Decimal(shape.precision, shape.scale);
  }
  return type;
}

bool IsOpenType(const Type& type) {
  return type.kind == TypeKind::kJson || (type.kind == TypeKind::kEngine && type.name == "object");
}

constexpr int kNoCast = -1;

int CostFromText(const Type& to) {
  switch (to.kind) {
    case TypeKind::kDecimal:
    case TypeKind::kDate: return 4;
    case TypeKind::kDouble:
    case TypeKind::kTimestamp: return 5;
    case TypeKind::kBool:
    case TypeKind::kTime:
    case TypeKind::kTimestampTz: return 6;
    default: return kNoCast;
  }
}

int CostFromMoment(const Type& from, const Type& to) {
  const auto rank = [](TypeKind kind) {
    return kind == TypeKind::kDate ? 0 : kind == TypeKind::kTimestamp ? 1 : kind == TypeKind::kTimestampTz ? 2 : -1;
  };
  const int target = rank(to.kind);
  if (target < 0) return to.kind == TypeKind::kTime && from.kind != TypeKind::kDate ? 7 : kNoCast;
  const int steps = target - rank(from.kind);
  return steps >= 0 ? steps : 7;
}

int CostOfTypes(const Type& from, const Type& to) {
  if (from.is_unknown()) return 0;
  if (from.kind == TypeKind::kNull) return 1;
  if (from.kind == to.kind) return from.kind == TypeKind::kEngine && from.name != to.name ? kNoCast : 0;
  if (IsOpenType(from)) return 7;
  if (IsOpenType(to)) return 8;
  switch (from.kind) {
    case TypeKind::kDecimal:
      if (to.kind == TypeKind::kDouble) return 2;
      return to.kind == TypeKind::kText ? 3 : to.kind == TypeKind::kBool ? 6 : kNoCast;
    case TypeKind::kDouble:
      return to.kind == TypeKind::kText ? 3 : to.kind == TypeKind::kDecimal || to.kind == TypeKind::kBool ? 6 : kNoCast;
    case TypeKind::kBool: return to.kind == TypeKind::kText ? 4 : to.kind == TypeKind::kDecimal ? 5 : kNoCast;
    case TypeKind::kText: return CostFromText(to);
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: return to.kind == TypeKind::kText ? 4 : CostFromMoment(from, to);
    case TypeKind::kTime: return to.kind == TypeKind::kText ? 4 : kNoCast;
    default: return kNoCast;
  }
}

int CastCost(const Value& from, const Type& to) { return CostOfTypes(Engine(from.type), to); }

std::optional<Type> MeetSame(const Type& a, const Type& b) {
  switch (a.kind) {
    case TypeKind::kDecimal: {
      const int scale = std::max(a.scale, b.scale);
      const int whole = std::max(a.precision - a.scale, b.precision - b.scale);
      return Type::Decimal(std::min(whole + scale, kMaxDecimal), scale);
    }
    case TypeKind::kText:
    case TypeKind::kBinary: {
      Type out = a;
      out.precision = a.precision == 0 || b.precision == 0 ? 0 : std::max(a.precision, b.precision);
      return out;
    }
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: return a.precision >= b.precision ? a : b;
    case TypeKind::kEngine: return a.name == b.name ? std::optional(a) : std::nullopt;
    default: return a;
  }
}

std::optional<Type> MeetValues(const Value& left, const Value& right) {
  const Type a = Engine(left.type);
  const Type b = Engine(right.type);
  if (a.is_unknown() || b.is_unknown()) return Type{};
  if (a.kind == TypeKind::kNull) return b;
  if (b.kind == TypeKind::kNull) return a;
  if (a.kind == b.kind) return MeetSame(a, b);
  // Text becomes the other; else the cheaper way decides.
  if (a.kind == TypeKind::kText && CostFromText(b) >= 0) return b;
  if (b.kind == TypeKind::kText && CostFromText(a) >= 0) return a;
  const int to_b = CostOfTypes(a, b);
  const int to_a = CostOfTypes(b, a);
  if (to_a < 0 && to_b < 0) return std::nullopt;
  return to_a < 0 || (to_b >= 0 && to_b <= to_a) ? b : a;
}

// A number has as many digits as are written; with an exponent it is a float.
Value Number(std::string_view written) {
  std::string text(written);
  if (text.find_first_of("eE") != std::string::npos) return Value::Of(TypeKind::kDouble, false);
  const size_t dot = std::min(text.find('.'), text.size());
  const size_t zeros = std::min(text.find_first_not_of('0'), dot);
  const int scale = dot == text.size() ? 0 : static_cast<int>(text.size() - dot - 1);
  const int precision = std::max(static_cast<int>(dot - zeros) + scale, 1);
  if (precision > kMaxDecimal) return Value::Of(TypeKind::kDouble, false);
  Value out = Value::Of(Type::Decimal(precision, scale), false);
  if (scale == 0) {
    const Value integer = NumberOf(text);
    out.literal = integer.literal;
    out.integer = integer.integer;
  }
  return out;
}

Value String(std::string_view /*text*/) { return Value::Of(Type::Text(), false); }

}  // namespace

const Typing& SnowflakeTyping() {
  static const Typing kTyping = {
      .dialect = "snowflake",
      .catalog = Catalog,
      .alias_in_select = AliasRule::kAnywhere,
      .alias_in_where = AliasRule::kAnywhere,
      .alias_in_group_by = AliasRule::kAnywhere,
      .alias_in_having = AliasRule::kAnywhere,
      .alias_in_order_by = AliasRule::kAnywhere,
      .values_column = "column{}",
      .values_from = 1,
      .bare_date_parts = true,
      .table_names_are_rows = false,
      .null_column = Type::Text(),
      .condition_takes_numbers = true,
      .regex_search = "regexp_instr",
      .regex_search_is_place = true,
      .extract_function = "extract",
      .year_month_interval = {},
      .number = Number,
      .string = String,
      .meet = MeetValues,
      .cast_cost = CastCost,
  };
  return kTyping;
}

}  // namespace wapc::compiler
