#include <algorithm>
#include <array>

#include "compiler/passes/functions_rules.h"
#include "compiler/passes/scope.h"
#include "compiler/passes/typing.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;
using Result = std::optional<Type>;

Type At(const CallTypes& call, size_t index) {
  return index < call.values.size() ? call.values[index].type : Type::Of(TypeKind::kNull);
}

Type Child(const Type& type, size_t index) { return index < type.children.size() ? type.children[index] : Type{}; }

Type MapOf(Type key, Type value) {
  Type map = Type::Of(TypeKind::kMap);
  map.children = {std::move(key), std::move(value)};
  return map;
}

Result Second(const CallTypes& call) { return At(call, 1); }
Result Third(const CallTypes& call) { return At(call, 2); }
Result TextMap(const CallTypes& call) { return MapOf(At(call, 0), At(call, 0)); }
Result TextMultimap(const CallTypes& call) { return MapOf(At(call, 0), Type::Array(At(call, 0))); }
Result ElementHistogram(const CallTypes& call) { return MapOf(Child(At(call, 0), 0), Type::Of(TypeKind::kInt64)); }
Result Histogram(const CallTypes& call) { return MapOf(At(call, 0), Type::Of(TypeKind::kInt64)); }
Result Multimap(const CallTypes& call) { return MapOf(At(call, 0), Type::Array(At(call, 1))); }
Result Frequencies(const CallTypes& call) { return MapOf(At(call, 1), Type::Of(TypeKind::kInt64)); }
Result DoubleMap(const CallTypes& /*call*/) { return MapOf(Type::Of(TypeKind::kDouble), Type::Of(TypeKind::kDouble)); }

// A lambda's type is that of its body.
Result LambdaReduced(const CallTypes& call) { return At(call, call.values.size() - 1); }
Result LambdaZip(const CallTypes& call) { return Type::Array(At(call, 2)); }
Result LambdaKeys(const CallTypes& call) { return MapOf(At(call, 1), Child(At(call, 0), 1)); }
Result LambdaValues(const CallTypes& call) { return MapOf(Child(At(call, 0), 0), At(call, call.values.size() - 1)); }

Result MultimapFromEntries(const CallTypes& call) {
  const Type entry = Child(At(call, 0), 0);
  if (entry.children.size() != 2) return std::nullopt;
  return MapOf(entry.children[0], Type::Array(entry.children[1]));
}

// decode(x, search, result, ..., [default])
Result Decode(const CallTypes& call) {
  std::optional<Value> sum;
  for (size_t i = 2; i < call.values.size(); ++i) {
    const bool otherwise = i + 1 == call.values.size() && i % 2 == 1;
    if (i % 2 == 1 && !otherwise) continue;
    std::optional<Value> next = sum ? Fold(*call.typing, *sum, call.values[i]) : call.values[i];
    if (!next) return std::nullopt;
    sum = std::move(next);
  }
  return sum ? Result(sum->type) : std::nullopt;
}

std::string PartOf(const CallTypes& call) {
  const auto* const literal = call.arguments.empty() ? nullptr : grammar::As<grammar::Literal>(call.arguments[0].value);
  return literal == nullptr ? std::string() : FoldName(literal->text);
}

bool IsOfClock(std::string_view part) {
  constexpr std::array<std::string_view, 9> kWords{"hour", "minute", "second", "milli", "micro",
                                                   "nano", "hh",     "mi",     "ms"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [part](std::string_view word) { return part.find(word) != std::string_view::npos; });
}

// A date that is moved by hours is a timestamp.
Result DateAdded(const CallTypes& call) {
  return IsOfClock(PartOf(call)) ? Type::Timestamp(9) : Type::Of(TypeKind::kDate);
}

Result DateInterval(const CallTypes& call) {
  const auto* const interval =
      call.arguments.size() < 2 ? nullptr : grammar::As<grammar::Interval>(call.arguments[1].value);
  if (interval == nullptr) return Type::Of(TypeKind::kDate);
  const auto* const text = grammar::As<grammar::Literal>(interval->value);
  const bool clock = IsOfClock(interval->unit) || (text != nullptr && IsOfClock(FoldName(text->text)));
  return clock ? Type::Timestamp(9) : Type::Of(TypeKind::kDate);
}

constexpr std::array kRules{
    NamedRule{"second", Second},
    NamedRule{"third", Third},
    NamedRule{"text_map", TextMap},
    NamedRule{"text_multimap", TextMultimap},
    NamedRule{"element_histogram", ElementHistogram},
    NamedRule{"histogram64", Histogram},
    NamedRule{"multimap", Multimap},
    NamedRule{"frequencies", Frequencies},
    NamedRule{"double_map", DoubleMap},
    NamedRule{"lambda_reduced", LambdaReduced},
    NamedRule{"lambda_zip", LambdaZip},
    NamedRule{"lambda_keys", LambdaKeys},
    NamedRule{"lambda_values", LambdaValues},
    NamedRule{"multimap_from_entries", MultimapFromEntries},
    NamedRule{"decode", Decode},
    NamedRule{"date_added", DateAdded},
    NamedRule{"date_interval", DateInterval},
};

}  // namespace

std::span<const NamedRule> NestedRules() { return kRules; }

}  // namespace wapc::compiler
