#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "compiler/passes/typing.h"

/// Trino 476: coercions of its documentation's chapter "Data types" and of io.trino.type.TypeCoercion.
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

const FunctionCatalog& Catalog() {
  static const FunctionCatalog kCatalog({"trino.functions"});
  return kCatalog;
}

// The engine's type for one that it does not have.
Type Engine(Type type) {
  switch (type.kind) {
    case TypeKind::kUint8: return Type::Of(TypeKind::kInt16);
    case TypeKind::kUint16: return Type::Of(TypeKind::kInt32);
    case TypeKind::kUint32: return Type::Of(TypeKind::kInt64);
    case TypeKind::kUint64: return Type::Decimal(20, 0);
    case TypeKind::kInt128:
    case TypeKind::kUint128:
    case TypeKind::kInt256: return Type::Decimal(kMaxDecimal, 0);
    case TypeKind::kEnum: return Type::Text();
    default: return type;
  }
}

// Numbers from narrow to wide: each goes to those behind it by itself.
int Rank(TypeKind kind) {
  constexpr std::array kOrder{TypeKind::kInt8,    TypeKind::kInt16, TypeKind::kInt32, TypeKind::kInt64,
                              TypeKind::kDecimal, TypeKind::kFloat, TypeKind::kDouble};
  const auto* const found = std::find(kOrder.begin(), kOrder.end(), kind);
  return found == kOrder.end() ? -1 : static_cast<int>(found - kOrder.begin());
}

int TimeRank(TypeKind kind) {
  switch (kind) {
    case TypeKind::kDate: return 0;
    case TypeKind::kTimestamp: return 1;
    case TypeKind::kTimestampTz: return 2;
    default: return -1;
  }
}

int CostOfTypes(const Type& from, const Type& to) {
  if (from.is_unknown() || from.kind == TypeKind::kNull) return 1;
  const int rank = Rank(from.kind);
  const int target = Rank(to.kind);
  if (rank >= 0 && target >= 0) return target - rank;
  const int time = TimeRank(from.kind);
  const int target_time = TimeRank(to.kind);
  if (time >= 0 && target_time >= 0) return target_time - time;
  if (from.kind != to.kind) return -1;
  if (from.kind == TypeKind::kEngine) return from.name == to.name ? 0 : -1;
  if (from.children.size() != to.children.size()) return to.children.empty() ? 0 : -1;
  int sum = 0;
  for (size_t i = 0; i < from.children.size(); ++i) {
    const int cost = CostOfTypes(from.children[i], to.children[i]);
    if (cost < 0) return -1;
    sum += cost;
  }
  return sum;
}

int CastCost(const Value& from, const Type& to) { return CostOfTypes(Engine(from.type), to); }

std::optional<Type> MeetTypes(const Type& a, const Type& b);

std::optional<Type> MeetChildren(const Type& a, const Type& b) {
  if (a.children.size() != b.children.size()) return std::nullopt;
  Type out = a;
  for (size_t i = 0; i < a.children.size(); ++i) {
    std::optional<Type> child = MeetTypes(a.children[i], b.children[i]);
    if (!child) return std::nullopt;
    out.children[i] = std::move(*child);
    if (i < out.fields.size() && i < b.fields.size() && out.fields[i] != b.fields[i]) out.fields[i].clear();
  }
  return out;
}

Type MeetDecimals(const Type& a, const Type& b) {
  const DecimalShape left = ShapeOf(a).value_or(DecimalShape{});
  const DecimalShape right = ShapeOf(b).value_or(DecimalShape{});
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  return Type::Decimal(std::min(whole + scale, kMaxDecimal), scale);
}

std::optional<Type> MeetNumbers(const Type& a, const Type& b) {
  const Type& wider = Rank(a.kind) >= Rank(b.kind) ? a : b;
  return wider.kind == TypeKind::kDecimal ? MeetDecimals(a, b) : wider;
}

std::optional<Type> MeetTypes(const Type& a, const Type& b) {
  if (a.is_unknown() || b.is_unknown()) return Type{};
  if (a.kind == TypeKind::kNull) return b;
  if (b.kind == TypeKind::kNull) return a;
  if (Rank(a.kind) >= 0 && Rank(b.kind) >= 0) return MeetNumbers(a, b);
  if (TimeRank(a.kind) >= 0 && TimeRank(b.kind) >= 0) {
    Type out = TimeRank(a.kind) >= TimeRank(b.kind) ? a : b;
    out.precision = std::max(a.precision, b.precision);
    return out;
  }
  if (a.kind != b.kind) return std::nullopt;
  switch (a.kind) {
    case TypeKind::kText:
    case TypeKind::kBinary: {
      Type out = a;
      out.precision = a.precision == 0 || b.precision == 0 ? 0 : std::max(a.precision, b.precision);
      return out;
    }
    case TypeKind::kTime: return a.precision >= b.precision ? a : b;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct: return MeetChildren(a, b);
    case TypeKind::kEngine: return a.name == b.name ? std::optional(a) : std::nullopt;
    default: return a;
  }
}

std::optional<Type> MeetValues(const Value& a, const Value& b) { return MeetTypes(Engine(a.type), Engine(b.type)); }

bool CastableTypes(const Type& from, const Type& to) {
  const auto either = [&](TypeKind kind) { return from.kind == kind || to.kind == kind; };
  if (from.is_unknown() || either(TypeKind::kNull) || either(TypeKind::kText) || either(TypeKind::kJson)) return true;
  const auto number = [](const Type& type) { return type.is_numeric() || type.kind == TypeKind::kBool; };
  if (number(from) && number(to)) return true;
  const auto moment = [](const Type& type) { return TimeRank(type.kind) >= 0; };
  if (moment(from) && moment(to)) return true;
  const bool clock = to.kind == TypeKind::kTime || (to.kind == TypeKind::kEngine && to.name == "timetz");
  if (clock && (moment(from) || from.kind == TypeKind::kTime)) return from.kind != TypeKind::kDate;
  if (from.kind == TypeKind::kEngine || to.kind == TypeKind::kEngine) {
    return from.name == to.name || to.kind == TypeKind::kBinary || from.kind == TypeKind::kBinary ||
           (from.name == "timetz" && to.kind == TypeKind::kTime);
  }
  const bool bytes = from.kind == TypeKind::kBinary || to.kind == TypeKind::kBinary;
  if (bytes && (from.kind == TypeKind::kUuid || to.kind == TypeKind::kUuid)) return true;
  if (from.kind != to.kind || from.children.size() != to.children.size()) return false;
  for (size_t i = 0; i < from.children.size(); ++i) {
    if (!CastableTypes(from.children[i], to.children[i])) return false;
  }
  return true;
}

bool Castable(const Value& from, const Type& to) { return CastableTypes(Engine(from.type), Engine(to)); }

// A decimal has as many digits as are written, without zeros in front.
Value Number(std::string_view written) {
  std::string text;
  std::copy_if(written.begin(), written.end(), std::back_inserter(text), [](char c) { return c != '_'; });
  if (text.find_first_of("eE") != std::string::npos && !text.starts_with("0x") && !text.starts_with("0X")) {
    return Value::Of(TypeKind::kDouble, false);
  }
  if (const size_t dot = text.find('.'); dot != std::string::npos) {
    const size_t zeros = std::min(text.find_first_not_of('0'), dot);
    const int scale = static_cast<int>(text.size() - dot - 1);
    const int precision = static_cast<int>(dot - zeros) + scale;
    return Value::Of(Type::Decimal(std::clamp(precision, 1, kMaxDecimal), scale), false);
  }
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end) return Value::Of(TypeKind::kInt64, false);
  Value out = Value::Of(std::in_range<int32_t>(value) ? TypeKind::kInt32 : TypeKind::kInt64, false);
  out.literal = LiteralForm::kInteger;
  out.integer = value;
  return out;
}

// A varchar of just that length, and nothing else: it is no date before a cast says so.
Value String(std::string_view text) {
  const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return Value::Of(Type::Text(static_cast<int>(std::count_if(text.begin(), text.end(), starts))), false);
}

}  // namespace

const Typing& TrinoTyping() {
  static const Typing kTyping = {
      .dialect = "trino",
      .catalog = Catalog,
      .alias_in_order_by = AliasRule::kAnywhere,
      .values_column = "_col{}",
      .unnest_spreads_rows = true,
      .table_names_are_rows = false,
      .null_column = Type::Text(),
      .extract_function = "extract",
      .year_month_interval = "interval_ym",
      .number = Number,
      .string = String,
      .meet = MeetValues,
      .cast_cost = CastCost,
      .castable = Castable,
  };
  return kTyping;
}

}  // namespace wapc::compiler
