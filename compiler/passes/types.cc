#include "compiler/passes/types.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "compiler/passes/binder.h"
#include "compiler/passes/scope.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr int kNoCast = -1;

// dlt keeps a wei as decimal(38,0) on this engine, so that is how it computes.
Type Engine(const Type& type) { return type.kind == TypeKind::kInt256 ? Type::Decimal(kMaxDecimal, 0) : type; }

bool IsSigned(TypeKind kind) { return kind >= TypeKind::kInt8 && kind <= TypeKind::kInt128; }
bool IsUnsigned(TypeKind kind) { return kind >= TypeKind::kUint8 && kind <= TypeKind::kUint128; }
int Rank(TypeKind kind) {
  return static_cast<int>(kind) - static_cast<int>(IsSigned(kind) ? TypeKind::kInt8 : TypeKind::kUint8);
}

// DuckDB's TargetTypeCost: which target it prefers when several would do.
int TargetCost(const Type& to) {
  switch (to.kind) {
    case TypeKind::kInt64: return 101;
    case TypeKind::kInt32: return 102;
    case TypeKind::kInt128: return 103;
    case TypeKind::kDouble: return 104;
    case TypeKind::kDecimal: return 105;
    case TypeKind::kTimestamp: {
      constexpr std::array kCosts{122, 121, 120, 119};
      return kCosts[static_cast<size_t>(EngineDigits(to.precision) / 3)];
    }
    case TypeKind::kTimestampTz: return 123;
    case TypeKind::kText: return 149;
    case TypeKind::kStruct:
    case TypeKind::kMap:
    case TypeKind::kArray: return 160;
    default: return 110;
  }
}

bool WidensInteger(TypeKind from, TypeKind to) {
  if (to == TypeKind::kFloat || to == TypeKind::kDouble || to == TypeKind::kDecimal) return true;
  if (IsSigned(from)) return IsSigned(to) && to > from;
  if (IsUnsigned(to)) return to > from;
  // An unsigned integer fits the signed ones that are wider.
  return IsSigned(to) && (Rank(to) > Rank(from) || (from == TypeKind::kUint64 && to == TypeKind::kInt128));
}

bool WidensTime(const Type& from, const Type& to) {
  if (from.kind == TypeKind::kDate) return to.kind == TypeKind::kTimestamp || to.kind == TypeKind::kTimestampTz;
  const int digits = EngineDigits(from.precision);
  if (to.kind == TypeKind::kTimestampTz) return digits == 6;
  if (to.kind != TypeKind::kTimestamp) return false;
  return digits == 9 ? EngineDigits(to.precision) == 6 : EngineDigits(to.precision) > digits;
}

bool Widens(const Type& from, const Type& to) {
  if (IsSigned(from.kind) || IsUnsigned(from.kind)) {
    return WidensInteger(from.kind, to.kind) && !(from.kind == TypeKind::kUint128 && IsSigned(to.kind));
  }
  switch (from.kind) {
    case TypeKind::kFloat: return to.kind == TypeKind::kDouble;
    case TypeKind::kDecimal: return to.kind == TypeKind::kFloat || to.kind == TypeKind::kDouble;
    case TypeKind::kEnum: return to.kind == TypeKind::kText;
    case TypeKind::kDate:
    case TypeKind::kTimestamp: return WidensTime(from, to);
    case TypeKind::kEngine: return from.name == "bignum" && to.kind == TypeKind::kDouble;
    default: return false;
  }
}

bool Fits(int64_t value, const Type& to) {
  switch (to.kind) {
    case TypeKind::kFloat:
    case TypeKind::kDouble:
    case TypeKind::kInt64:
    case TypeKind::kInt128: return true;
    case TypeKind::kInt8: return std::in_range<int8_t>(value);
    case TypeKind::kInt16: return std::in_range<int16_t>(value);
    case TypeKind::kInt32: return std::in_range<int32_t>(value);
    case TypeKind::kUint8: return std::in_range<uint8_t>(value);
    case TypeKind::kUint16: return std::in_range<uint16_t>(value);
    case TypeKind::kUint32: return std::in_range<uint32_t>(value);
    case TypeKind::kUint64:
    case TypeKind::kUint128: return value >= 0;
    default: return false;
  }
}

// A type that names only its form ("a decimal", "some list") is not yet one that a string can become.
bool IsComplete(const Type& type) {
  switch (type.kind) {
    case TypeKind::kDecimal: return type.precision > 0;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct: return !type.children.empty();
    case TypeKind::kUnknown: return false;
    default: return true;
  }
}

int LiteralCost(const Value& from, const Type& to) {
  if (from.literal == LiteralForm::kString) {
    if (to.kind == TypeKind::kText) return 1;
    return IsComplete(to) ? 20 : kNoCast;
  }
  if (from.type.kind == to.kind) return 0;
  if (Fits(from.integer, to)) return TargetCost(to) - 90;
  return ImplicitCastCost(Value::Of(from.type, false), to);
}

int ListCost(const Type& from, const Type& to) {
  if (to.children.empty() || from.children.empty()) return 0;
  const int cost = ImplicitCastCost(Value::Of(from.children[0], true), to.children[0]);
  return cost >= 1 ? cost - 1 : cost;
}

Type WidenDecimal(const Type& other, const Type& decimal) {
  const std::optional<DecimalShape> shape = ShapeOf(other);
  if (!shape || shape->precision <= decimal.precision - decimal.scale) return decimal;
  return Type::Decimal(std::min(shape->precision + decimal.scale, kMaxDecimal), decimal.scale);
}

// Integers of which one has a sign and the other none: the next wider one with a sign.
Type MeetIntegers(TypeKind a, TypeKind b) {
  const int rank = std::max(Rank(a), Rank(b));
  if (rank >= Rank(TypeKind::kInt128)) return Type::Of(TypeKind::kDouble);
  const TypeKind smaller = IsSigned(a) ? a : b;
  const TypeKind larger = IsSigned(a) ? b : a;
  // DuckDB looks at the larger of both ranks, the signed one first.
  const int decisive = std::max(Rank(smaller), Rank(larger));
  return Type::Of(static_cast<TypeKind>(static_cast<int>(TypeKind::kInt8) + decisive + 1));
}

std::optional<Type> MeetChildren(const Type& a, const Type& b) {
  if (a.children.empty() || b.children.empty()) return a.children.empty() ? b : a;
  if (a.children.size() != b.children.size()) return std::nullopt;
  Type out = a;
  for (size_t i = 0; i < a.children.size(); ++i) {
    std::optional<Type> child = CommonType(a.children[i], b.children[i]);
    if (!child) return std::nullopt;
    out.children[i] = std::move(*child);
  }
  return out;
}

bool SameFieldName(const std::string& a, const std::string& b) { return a.empty() || b.empty() || SameName(a, b); }

std::optional<Type> MeetStructs(const Type& a, const Type& b) {
  if (a.fields.size() != b.fields.size()) return std::nullopt;
  for (size_t i = 0; i < a.fields.size(); ++i) {
    if (!SameFieldName(a.fields[i], b.fields[i])) return std::nullopt;
  }
  std::optional<Type> out = MeetChildren(a, b);
  for (size_t i = 0; out && i < out->fields.size(); ++i) {
    if (out->fields[i].empty()) out->fields[i] = b.fields[i];
  }
  return out;
}

Type MeetDecimals(const Type& a, const Type& b) {
  const int whole = std::max(a.precision - a.scale, b.precision - b.scale);
  const int scale = std::max(a.scale, b.scale);
  if (whole + scale > kMaxDecimal) return Type::Decimal(kMaxDecimal, kMaxDecimal - whole);
  return Type::Decimal(whole + scale, scale);
}

// Both of one kind.
std::optional<Type> MeetSame(const Type& a, const Type& b) {
  switch (a.kind) {
    case TypeKind::kDecimal: return MeetDecimals(a, b);
    case TypeKind::kText:
    case TypeKind::kBinary: {
      Type out = a;
      out.precision = a.precision == 0 || b.precision == 0 ? 0 : std::max(a.precision, b.precision);
      return out;
    }
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: return a.precision >= b.precision ? a : b;
    case TypeKind::kArray:
    case TypeKind::kMap: return MeetChildren(a, b);
    case TypeKind::kStruct: return MeetStructs(a, b);
    case TypeKind::kEnum: return a == b ? a : Type::Text();
    case TypeKind::kEngine: return a.name == b.name ? std::optional(a) : std::nullopt;
    default: return a;
  }
}

std::optional<Type> MeetByCast(const Value& a, const Value& b) {
  const int to_b = ImplicitCastCost(a, b.type);
  const int to_a = ImplicitCastCost(b, a.type);
  if (to_b >= 0 && (to_a < 0 || to_b < to_a)) {
    return b.type.kind == TypeKind::kDecimal ? WidenDecimal(a.type, b.type) : b.type;
  }
  if (to_a >= 0) return a.type.kind == TypeKind::kDecimal ? WidenDecimal(b.type, a.type) : a.type;
  const bool a_integer = IsSigned(a.type.kind) || IsUnsigned(a.type.kind);
  const bool b_integer = IsSigned(b.type.kind) || IsUnsigned(b.type.kind);
  if (a_integer && b_integer) return MeetIntegers(a.type.kind, b.type.kind);
  if (a.type.kind == TypeKind::kBool && b_integer) return b.type;
  if (b.type.kind == TypeKind::kBool && a_integer) return a.type;
  return std::nullopt;
}

// What decides before any rule of the types: unknown, NULL, JSON (which takes all), and literals.
std::optional<Type> MeetEasily(const Value& a, const Value& b) {
  for (const auto& [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    if (one->type.is_unknown()) return Type{};
    if (one->type.kind == TypeKind::kNull) return other->type;
  }
  if (a.type.kind == TypeKind::kJson) return a.type;
  if (b.type.kind == TypeKind::kJson) return b.type;
  if (a.literal == LiteralForm::kString && b.type.kind != TypeKind::kText) return b.type;
  if (b.literal == LiteralForm::kString && a.type.kind != TypeKind::kText) return a.type;
  return std::nullopt;
}

}  // namespace

Value NumberOf(std::string_view written) {
  std::string text;
  std::copy_if(written.begin(), written.end(), std::back_inserter(text), [](char c) { return c != '_'; });
  if (text.find_first_of("eE") != std::string::npos && !text.starts_with("0x") && !text.starts_with("0X")) {
    return Value::Of(TypeKind::kDouble, false);
  }
  if (const size_t dot = text.find('.'); dot != std::string::npos) {
    const int digits = static_cast<int>(text.size()) - 1;
    if (digits > kMaxDecimal) return Value::Of(TypeKind::kDouble, false);
    return Value::Of(Type::Decimal(std::max(digits, 1), digits - static_cast<int>(dot)), false);
  }
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  if (const auto [stop, code] = std::from_chars(text.data(), end, value); code == std::errc() && stop == end) {
    Value out = Value::Of(std::in_range<int32_t>(value) ? TypeKind::kInt32 : TypeKind::kInt64, false);
    out.literal = LiteralForm::kInteger;
    out.integer = value;
    return out;
  }
  constexpr size_t kInt128Digits = 38;
  return Value::Of(text.size() <= kInt128Digits ? TypeKind::kInt128 : TypeKind::kDouble, false);
}

Value StringOf(std::string_view /*text*/) {
  Value out = Value::Of(Type::Text(), false);
  out.literal = LiteralForm::kString;
  return out;
}

int EngineDigits(int precision) {
  if (precision <= 0) return 0;
  return precision <= 3 ? 3 : precision <= 6 ? 6 : 9;
}

bool SameForEngine(const Type& a, const Type& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case TypeKind::kDecimal: return a.precision == b.precision && a.scale == b.scale;
    case TypeKind::kTimestamp: return EngineDigits(a.precision) == EngineDigits(b.precision);
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return a.children.size() == b.children.size() &&
             std::equal(a.children.begin(), a.children.end(), b.children.begin(), SameForEngine) &&
             std::equal(a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(), SameFieldName);
    case TypeKind::kEnum: return a.fields == b.fields;
    case TypeKind::kEngine: return a.name == b.name;
    default: return true;
  }
}

int ImplicitCastCost(const Value& from, const Type& target) {
  const Type to = Engine(target);
  if (from.type.is_unknown()) return 0;
  if (from.type.kind == TypeKind::kNull) return TargetCost(to);
  if (from.literal != LiteralForm::kNone) return LiteralCost(from, to);
  const Type source = Engine(from.type);
  if (source.kind == TypeKind::kJson && to.kind == TypeKind::kText) return 1;
  if (source.kind == TypeKind::kArray && to.kind == TypeKind::kArray) return ListCost(source, to);
  if (source.kind == to.kind) {
    if (source.kind == TypeKind::kEngine) return source.name == to.name ? 0 : kNoCast;
    if (source.kind == TypeKind::kTimestamp && EngineDigits(source.precision) != EngineDigits(to.precision)) {
      return WidensTime(source, to) ? TargetCost(to) : kNoCast;
    }
    return 0;
  }
  return Widens(source, to) ? TargetCost(to) : kNoCast;
}

std::optional<Type> Meet(const Value& left, const Value& right) {
  if (left.type.kind == TypeKind::kInt256 && right.type.kind == TypeKind::kInt256) return left.type;
  Value a = left;
  Value b = right;
  a.type = Engine(left.type);
  b.type = Engine(right.type);
  if (std::optional<Type> easy = MeetEasily(a, b)) return easy;
  if (a.type.kind == TypeKind::kEnum && b.type.kind != TypeKind::kEnum) a.type = Type::Text();
  if (b.type.kind == TypeKind::kEnum && a.type.kind != TypeKind::kEnum) b.type = Type::Text();
  if (a.type.kind == b.type.kind) return MeetSame(a.type, b.type);
  return MeetByCast(a, b);
}

std::optional<Type> CommonType(const Type& a, const Type& b) { return Meet(Value::Of(a, true), Value::Of(b, true)); }

std::optional<DecimalShape> ShapeOf(const Type& type) {
  switch (type.kind) {
    case TypeKind::kInt8:
    case TypeKind::kUint8: return DecimalShape{3, 0};
    case TypeKind::kInt16:
    case TypeKind::kUint16: return DecimalShape{5, 0};
    case TypeKind::kInt32:
    case TypeKind::kUint32: return DecimalShape{10, 0};
    case TypeKind::kInt64: return DecimalShape{19, 0};
    case TypeKind::kUint64: return DecimalShape{20, 0};
    case TypeKind::kInt128:
    case TypeKind::kUint128:
    case TypeKind::kInt256: return DecimalShape{kMaxDecimal, 0};
    case TypeKind::kDecimal: return DecimalShape{type.precision, type.scale};
    default: return std::nullopt;
  }
}

Type DecimalResult(DecimalRule rule, const Type& a, const Type& b) {
  const DecimalShape left = ShapeOf(a).value_or(DecimalShape{});
  const DecimalShape right = ShapeOf(b).value_or(DecimalShape{});
  const int widest = std::max(left.precision, right.precision);
  int precision = left.precision + right.precision;
  int scale = left.scale + right.scale;
  if (rule != DecimalRule::kMultiply) {
    scale = std::max(left.scale, right.scale);
    precision = std::max(scale + std::max(left.precision - left.scale, right.precision - right.scale), widest);
    // A remainder has to hold the larger operand whole.
    if (rule == DecimalRule::kModulo && precision > kMaxDecimal) return Type::Of(TypeKind::kDouble);
    if (rule == DecimalRule::kAdd) ++precision;
  }
  // What fits 64 bits stays there, checked for overflow when it runs.
  constexpr int kInt64Digits = 18;
  if (precision > kInt64Digits && widest <= kInt64Digits && scale < kInt64Digits) precision = kInt64Digits;
  return Type::Decimal(std::min(precision, kMaxDecimal), std::min(scale, kMaxDecimal));
}

std::string Describe(const Value& value) {
  if (value.type.kind == TypeKind::kNull) return "NULL";
  return ToString(value.type);
}

}  // namespace wapc::compiler
