#include <algorithm>
#include <array>

#include "compiler/passes/functions_rules.h"
#include "compiler/passes/typing.h"

/// How many digits decimals have behind an operator or function of Trino ("decimal_...") and Snowflake ("number_..."),
/// as their documentation gives the formulas.
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;
using Result = std::optional<Type>;

struct Shapes {
  DecimalShape a;
  DecimalShape b;
  int whole() const { return std::max(a.precision - a.scale, b.precision - b.scale); }
  int scale() const { return std::max(a.scale, b.scale); }
};

// What is no number by itself (text, a variant) is read as a whole one.
DecimalShape ShapeAt(const CallTypes& call, size_t index) {
  if (index >= call.values.size()) return {};
  return ShapeOf(call.values[index].type).value_or(DecimalShape{kMaxDecimal, 0});
}

Shapes ShapesOf(const CallTypes& call) { return {ShapeAt(call, 0), ShapeAt(call, 1)}; }

Type Decimal(int precision, int scale) {
  return Type::Decimal(std::clamp(precision, 1, kMaxDecimal), std::clamp(scale, 0, kMaxDecimal));
}

std::optional<int> IntegerAt(const CallTypes& call, size_t index) {
  if (index >= call.values.size() || call.values[index].literal != LiteralForm::kInteger) return std::nullopt;
  return static_cast<int>(std::clamp<int64_t>(call.values[index].integer, -kMaxDecimal, kMaxDecimal));
}

Result DecimalSum(const CallTypes& call) {
  const Shapes shapes = ShapesOf(call);
  return Decimal(shapes.whole() + shapes.scale() + 1, shapes.scale());
}

Result DecimalProduct(const CallTypes& call) {
  const auto [a, b] = ShapesOf(call);
  return Decimal(a.precision + b.precision, a.scale + b.scale);
}

Result DecimalQuotient(const CallTypes& call) {
  const auto [a, b] = ShapesOf(call);
  return Decimal(a.precision + b.scale + std::max(b.scale - a.scale, 0), std::max(a.scale, b.scale));
}

Result DecimalRemainder(const CallTypes& call) {
  const Shapes shapes = ShapesOf(call);
  const int whole = std::min(shapes.a.precision - shapes.a.scale, shapes.b.precision - shapes.b.scale);
  return Decimal(whole + shapes.scale(), shapes.scale());
}

Result DecimalCeiling(const CallTypes& call) {
  const DecimalShape shape = ShapeAt(call, 0);
  return Decimal(shape.precision - shape.scale + std::min(shape.scale, 1), 0);
}

Result DecimalRounded(const CallTypes& call) {
  if (call.values.size() == 1) return DecimalCeiling(call);
  const DecimalShape shape = ShapeAt(call, 0);
  return Decimal(shape.precision + 1, shape.scale);
}

Result DecimalTruncated(const CallTypes& call) {
  const DecimalShape shape = ShapeAt(call, 0);
  return Decimal(shape.precision - shape.scale, 0);
}

constexpr int kMoreDigits = 6;   // a quotient has six digits more behind the point than its dividend,
constexpr int kMostDigits = 12;  // but this makes no more than twelve

Result NumberProduct(const CallTypes& call) {
  const auto [a, b] = ShapesOf(call);
  const int scale = std::min(a.scale + b.scale, std::max({a.scale, b.scale, kMostDigits}));
  return Decimal(a.precision - a.scale + b.precision - b.scale + scale, scale);
}

int QuotientScale(int scale) { return std::max(scale, std::min(scale + kMoreDigits, kMostDigits)); }

Type Quotient(const DecimalShape& a, const DecimalShape& b) {
  const int scale = QuotientScale(a.scale);
  return Decimal(a.precision - a.scale + b.scale + scale, scale);
}

Result NumberQuotient(const CallTypes& call) {
  const auto [a, b] = ShapesOf(call);
  return Quotient(a, b);
}

Result NumberRatio(const CallTypes& call) { return Quotient(ShapeAt(call, 0), ShapeAt(call, 0)); }

Result NumberRemainder(const CallTypes& call) {
  const Shapes shapes = ShapesOf(call);
  return Decimal(shapes.whole() + shapes.scale(), shapes.scale());
}

Result NumberWhole(const CallTypes& call) {
  const DecimalShape shape = ShapeAt(call, 0);
  return Decimal(shape.precision - shape.scale + (shape.scale > 0 ? 1 : 0), 0);
}

Result NumberRounded(const CallTypes& call) {
  const DecimalShape shape = ShapeAt(call, 0);
  const int scale = std::clamp(IntegerAt(call, 1).value_or(shape.scale), 0, shape.scale);
  return Decimal(shape.precision - shape.scale + scale + (scale < shape.scale ? 1 : 0), scale);
}

Result NumberAverage(const CallTypes& call) { return Decimal(kMaxDecimal, QuotientScale(ShapeAt(call, 0).scale)); }

// Between two values: three digits more.
Type Between(const DecimalShape& shape) {
  constexpr int kDigits = 3;
  return Decimal(shape.precision + kDigits, shape.scale + kDigits);
}
Result NumberMedian(const CallTypes& call) { return Between(ShapeAt(call, 0)); }
Result NumberPercentile(const CallTypes& call) { return Between(ShapeAt(call, 1)); }

// to_number(x, [format,] precision, scale)
Result ToNumber(const CallTypes& call) {
  const size_t first = call.values.size() > 1 && call.values[1].type.kind == TypeKind::kText ? 2 : 1;
  return Decimal(IntegerAt(call, first).value_or(kMaxDecimal), IntegerAt(call, first + 1).value_or(0));
}

constexpr std::array kRules{
    NamedRule{"decimal_sum", DecimalSum},
    NamedRule{"decimal_product", DecimalProduct},
    NamedRule{"decimal_quotient", DecimalQuotient},
    NamedRule{"decimal_remainder", DecimalRemainder},
    NamedRule{"decimal_ceiling", DecimalCeiling},
    NamedRule{"decimal_rounded", DecimalRounded},
    NamedRule{"decimal_truncated", DecimalTruncated},
    NamedRule{"number_sum", DecimalSum},
    NamedRule{"number_product", NumberProduct},
    NamedRule{"number_quotient", NumberQuotient},
    NamedRule{"number_quotient_of_same", NumberRatio},
    NamedRule{"number_remainder", NumberRemainder},
    NamedRule{"number_whole", NumberWhole},
    NamedRule{"number_rounded", NumberRounded},
    NamedRule{"number_average", NumberAverage},
    NamedRule{"number_median", NumberMedian},
    NamedRule{"number_percentile", NumberPercentile},
    NamedRule{"to_number", ToNumber},
};

}  // namespace

std::span<const NamedRule> DecimalRules() { return kRules; }

}  // namespace wapc::compiler
