#include <algorithm>
#include <array>
#include <limits>

#include "compiler/passes/binder.h"
#include "compiler/passes/functions.h"
#include "compiler/passes/typing.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr int kAnyCost = 5;
constexpr int kNullToList = 160;

// What the stand-ins T, K and V came to be in one call.
class Bindings {
 public:
  explicit Bindings(const Typing& typing) : typing_(typing) {}

  bool Bind(const Parameter& parameter, const Value& value) {
    if (parameter.keyed) return BindMap(value);
    if (parameter.variable == '\0' || parameter.variable == 'A') return true;
    const Type* type = &value.type;
    for (int i = 0; i < parameter.dimensions; ++i) {
      if (type->kind != TypeKind::kArray || type->children.empty()) return true;
      type = &type->children[0];
    }
    if (type == &value.type) return Add(parameter.variable, value);
    return Add(parameter.variable, Value::Of(*type, true));
  }

  Type Result(const Parameter& parameter) const {
    if (parameter.keyed) {
      Type map = Type::Of(TypeKind::kMap);
      map.children = {Get('K'), Get('V')};
      return map;
    }
    if (parameter.variable == '\0') return parameter.type;
    Type type = Get(parameter.variable);
    for (int i = 0; i < parameter.dimensions; ++i) type = Type::Array(std::move(type));
    return type;
  }

 private:
  static size_t Slot(char variable) { return variable == 'T' || variable == 'N' ? 0 : variable == 'K' ? 1 : 2; }
  Type Get(char variable) const {
    const std::optional<Value>& bound = slots_[Slot(variable)];
    return bound ? bound->type : Type::Of(TypeKind::kNull);
  }
  bool Add(char variable, const Value& value) {
    std::optional<Value>& slot = slots_[Slot(variable)];
    if (!slot) {
      slot = value;
      return true;
    }
    std::optional<Type> met = typing_.meet(*slot, value);
    if (!met) return false;
    slot = Value::Of(std::move(*met), true);
    return true;
  }
  bool BindMap(const Value& value) {
    if (value.type.kind != TypeKind::kMap || value.type.children.size() < 2) return true;
    return Add('K', Value::Of(value.type.children[0], true)) && Add('V', Value::Of(value.type.children[1], true));
  }

  const Typing& typing_;
  std::array<std::optional<Value>, 3> slots_;
};

int StandInCost(const Value& from, const Parameter& to) {
  const Type* type = &from.type;
  if (type->is_unknown()) return 0;
  if (to.variable == 'N' && type->kind == TypeKind::kArray) return -1;
  if (to.dimensions == 0) return kAnyCost;
  if (type->kind == TypeKind::kNull) return kNullToList;
  for (int i = 0; i < to.dimensions; ++i) {
    if (type->is_unknown() || type->kind == TypeKind::kNull) return kAnyCost;
    if (type->kind != TypeKind::kArray) return -1;
    if (type->children.empty()) return kAnyCost;
    type = &type->children[0];
  }
  return kAnyCost;
}

int CostOf(const Typing& typing, const Value& from, const Parameter& to) {
  if (to.lambda) return 0;
  if (to.variable != '\0') return StandInCost(from, to);
  return typing.cast_cost(from, to.type);
}

// The sum over all arguments; negative when one has no way.
int CostOf(const FunctionCatalog& catalog, const Signature& signature, const CallTypes& call) {
  const std::span<const Value> values = call.values;
  const size_t fixed = signature.parameters.size() - (signature.variadic ? 1 : 0);
  if (values.size() < fixed || (!signature.variadic && values.size() > fixed)) return -1;
  int sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const int cost = CostOf(*call.typing, values[i],
                            catalog.parameter(signature.parameters[std::min(i, signature.parameters.size() - 1)]));
    if (cost < 0) return -1;
    sum += cost;
  }
  return sum;
}

bool ResultNullable(const Signature& signature, std::span<const Value> values) {
  const auto nullable = [](const Value& value) { return value.nullable; };
  switch (signature.nulls) {
    case NullRule::kNever: return false;
    case NullRule::kStrict: return std::any_of(values.begin(), values.end(), nullable);
    case NullRule::kAll: return std::all_of(values.begin(), values.end(), nullable);
    default: return true;
  }
}

std::optional<Type> ResultType(const FunctionCatalog& catalog, const Signature& signature, const CallTypes& call) {
  if (signature.rule != nullptr) return signature.rule(call);
  Bindings bindings(*call.typing);
  for (size_t i = 0; i < call.values.size(); ++i) {
    const size_t index = std::min(i, signature.parameters.size() - 1);
    if (!bindings.Bind(catalog.parameter(signature.parameters[index]), call.values[i])) return std::nullopt;
  }
  const Parameter& result = catalog.parameter(signature.result);
  Type type = result.variable == 'A' && !call.values.empty() ? call.values[0].type : bindings.Result(result);
  if (call.typing->drops_lengths) return WithoutLengths(std::move(type));
  // A decimal without digits is the first decimal argument's.
  if (type.kind == TypeKind::kDecimal && type.precision == 0) {
    for (const Value& value : call.values) {
      if (const auto shape = ShapeOf(value.type)) return Type::Decimal(shape->precision, shape->scale);
    }
  }
  return type;
}

const Signature* Cheapest(const FunctionCatalog& catalog, const FunctionSet& set, const CallTypes& call) {
  const Signature* best = nullptr;
  int best_cost = std::numeric_limits<int>::max();
  for (const Signature& signature : set.signatures) {
    const int cost = CostOf(catalog, signature, call);
    if (cost < 0 || cost >= best_cost) continue;
    best = &signature;
    best_cost = cost;
    if (cost == 0) break;
  }
  return best;
}

}  // namespace

std::optional<Resolution> ResolveCall(const FunctionCatalog& catalog, const FunctionSet& set, const CallTypes& call) {
  const Signature* const best =
      call.typing->choose != nullptr ? call.typing->choose(catalog, set, call.values) : Cheapest(catalog, set, call);
  if (best == nullptr) return std::nullopt;
  Resolution out{best, {}, ResultNullable(*best, call.values)};
  const bool unknown =
      std::any_of(call.values.begin(), call.values.end(), [](const Value& value) { return value.type.is_unknown(); });
  // An unknown argument leaves open which overload it is, unless there is one only.
  if (unknown && (set.signatures.size() > 1 || best->rule != nullptr) && best->kind != FunctionKind::kTable) return out;
  std::optional<Type> type = ResultType(catalog, *best, call);
  if (!type) return std::nullopt;
  out.type = std::move(*type);
  return out;
}

}  // namespace wapc::compiler
