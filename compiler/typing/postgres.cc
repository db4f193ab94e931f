#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "compiler/passes/casts.h"
#include "compiler/passes/typing.h"

/// PostgreSQL 15: its manual's chapter "Type Conversion", over the casts of its catalogue (postgres.casts).
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

const FunctionCatalog& Catalog() {
  static const FunctionCatalog kCatalog({"postgres.overrides", "postgres.functions"});
  return kCatalog;
}

const CastTable& Casts() {
  static const CastTable kCasts("postgres.casts");
  return kCasts;
}

// The engine's type for one that it does not have: a raw column of uint16 is an integer there.
Type Engine(Type type) {
  switch (type.kind) {
    case TypeKind::kInt8:
    case TypeKind::kUint8: return Type::Of(TypeKind::kInt16);
    case TypeKind::kUint16: return Type::Of(TypeKind::kInt32);
    case TypeKind::kUint32: return Type::Of(TypeKind::kInt64);
    case TypeKind::kUint64:
    case TypeKind::kInt128:
    case TypeKind::kUint128:
    case TypeKind::kInt256: return Type::Decimal(0, 0);
    case TypeKind::kEnum: return Type::Text();
    default: return type;
  }
}

bool IsOpen(const Value& value) { return value.literal == LiteralForm::kString || value.type.kind == TypeKind::kNull; }

enum class Category : uint8_t { kBool, kNumber, kText, kTime, kSpan, kArray, kNetwork, kBits, kRange, kRow, kOther };

Category EngineCategory(std::string_view name) {
  if (name == "money" || name == "oid" || name.starts_with("reg")) return Category::kNumber;
  if (name == "timetz") return Category::kTime;
  if (name == "inet" || name == "cidr") return Category::kNetwork;
  if (name == "bit" || name == "varbit") return Category::kBits;
  if (name.ends_with("range")) return Category::kRange;
  return name == "record" ? Category::kRow : Category::kOther;
}

Category CategoryOf(const Type& type) {
  if (type.is_numeric()) return Category::kNumber;
  switch (type.kind) {
    case TypeKind::kBool: return Category::kBool;
    case TypeKind::kText: return Category::kText;
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz: return Category::kTime;
    case TypeKind::kInterval: return Category::kSpan;
    case TypeKind::kArray: return Category::kArray;
    case TypeKind::kStruct: return Category::kRow;
    case TypeKind::kEngine: return EngineCategory(type.name);
    default: return Category::kOther;
  }
}

bool IsPreferred(const Type& type) {
  switch (type.kind) {
    case TypeKind::kBool:
    case TypeKind::kDouble:
    case TypeKind::kText:
    case TypeKind::kTimestampTz:
    case TypeKind::kInterval: return true;
    case TypeKind::kEngine: return type.name == "oid" || type.name == "inet" || type.name == "varbit";
    default: return false;
  }
}

bool SameType(const Type& a, const Type& b) {
  if (a.kind != b.kind) return false;
  if (a.kind == TypeKind::kEngine) return a.name == b.name;
  if (a.kind == TypeKind::kArray) {
    return a.children.empty() || b.children.empty() || SameType(a.children[0], b.children[0]);
  }
  return true;
}

bool Implicit(const Type& from, const Type& to) {
  if (SameType(from, to)) return true;
  if (from.kind == TypeKind::kArray && to.kind == TypeKind::kArray) {
    return from.children.empty() || to.children.empty() || Implicit(from.children[0], to.children[0]);
  }
  const bool row = from.kind == TypeKind::kStruct && to.kind == TypeKind::kEngine && to.name == "record";
  return row || Casts().Find(from, to) == CastContext::kImplicit;
}

int CastCost(const Value& from, const Type& to) {
  if (from.type.is_unknown() || IsOpen(from)) return 1;
  const Type source = Engine(from.type);
  if (SameType(source, to)) return 0;
  return Implicit(source, to) ? 1 : -1;
}

// Lengths are kept only where both have the same.
Type Joined(const Type& a, const Type& b) {
  Type out = WithoutLengths(a);
  return WithoutLengths(b) == out && a == b ? a : out;
}

std::optional<Type> MeetTypes(const Type& a, const Type& b) {
  if (a.kind == TypeKind::kArray && b.kind == TypeKind::kArray) {
    if (a.children.empty() || b.children.empty()) return a.children.empty() ? b : a;
    if (SameType(a, b)) return Joined(a, b);
  } else if (SameType(a, b)) {
    return Joined(a, b);
  }
  if (CategoryOf(a) != CategoryOf(b)) return std::nullopt;
  const bool to_b = Implicit(a, b);
  const bool to_a = Implicit(b, a);
  if (!IsPreferred(a) && to_b && !to_a) return WithoutLengths(b);
  return to_a ? std::optional(WithoutLengths(a)) : std::nullopt;
}

std::optional<Type> MeetValues(const Value& a, const Value& b) {
  if (a.type.is_unknown() || b.type.is_unknown()) return Type{};
  if (IsOpen(a) && IsOpen(b)) {
    const bool nothing = a.type.kind == TypeKind::kNull && b.type.kind == TypeKind::kNull;
    return Type::Of(nothing ? TypeKind::kNull : TypeKind::kText);
  }
  if (IsOpen(a)) return WithoutLengths(Engine(b.type));
  if (IsOpen(b)) return WithoutLengths(Engine(a.type));
  return MeetTypes(Engine(a.type), Engine(b.type));
}

// One overload beside the values that it would take.
class Candidate {
 public:
  Candidate(const FunctionCatalog& catalog, const Signature& signature) : catalog_(&catalog), signature_(&signature) {}

  const Signature* signature() const { return signature_; }
  const Parameter& at(size_t i) const {
    return catalog_->parameter(signature_->parameters[std::min(i, signature_->parameters.size() - 1)]);
  }
  bool Exact(size_t i, const Type& type) const { return at(i).variable == '\0' && SameType(at(i).type, type); }

  bool TakesCount(size_t count) const {
    const size_t fixed = signature_->parameters.size() - (signature_->variadic ? 1 : 0);
    return count >= fixed && (signature_->variadic || count == fixed);
  }

  /// Whether every value can be what its parameter asks for, those of one stand-in together.
  bool Takes(std::span<const Value> values) const {
    std::optional<Value> element;
    std::optional<Value> common;
    for (size_t i = 0; i < values.size(); ++i) {
      const Parameter& parameter = at(i);
      if (parameter.variable == '\0' ? CastCost(values[i], parameter.type) < 0
                                     : !TakesStandIn(values[i], parameter, element, common)) {
        return false;
      }
    }
    // A literal alone does not say which type a stand-in is.
    return !element || !IsOpen(*element);
  }

 private:
  static bool TakesStandIn(const Value& value, const Parameter& parameter, std::optional<Value>& element,
                           std::optional<Value>& common) {
    if (parameter.variable == 'A' || value.type.is_unknown()) return true;
    Value inner = value;
    inner.type = Engine(value.type);
    for (int i = 0; i < parameter.dimensions && !IsOpen(value); ++i) {
      if (inner.type.kind != TypeKind::kArray) return false;
      inner = Value::Of(inner.type.children.empty() ? Type{} : inner.type.children[0], true);
    }
    if (parameter.variable == 'N' && inner.type.kind == TypeKind::kArray) return false;
    if (parameter.variable == 'V') return Join(inner, common);
    if (IsOpen(inner)) {
      if (!element) element = inner;
      return true;
    }
    const bool same = !element || IsOpen(*element) || element->type.is_unknown() || SameType(element->type, inner.type);
    element = inner;
    return same;
  }
  static bool Join(const Value& value, std::optional<Value>& common) {
    if (!common) {
      common = value;
      return true;
    }
    std::optional<Type> met = MeetValues(*common, value);
    const bool open = IsOpen(*common) && IsOpen(value);
    if (met) common = Value::Of(std::move(*met), true);
    if (met && open) common->literal = LiteralForm::kString;
    return met.has_value();
  }

  const FunctionCatalog* catalog_;
  const Signature* signature_;
};

using Candidates = std::vector<Candidate>;

// Keeps those with the highest score.
template <class Score>
void KeepBest(Candidates& candidates, const Score& score) {
  int best = 0;
  for (const Candidate& candidate : candidates) best = std::max(best, score(candidate));
  std::erase_if(candidates, [&](const Candidate& candidate) { return score(candidate) < best; });
}

int ExactCount(const Candidate& candidate, std::span<const Value> values) {
  int count = 0;
  for (size_t i = 0; i < values.size(); ++i) count += !IsOpen(values[i]) && candidate.Exact(i, values[i].type) ? 1 : 0;
  return count;
}

int PreferredCount(const Candidate& candidate, std::span<const Value> values) {
  int count = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (IsOpen(values[i])) continue;
    const Parameter& to = candidate.at(i);
    const bool preferred =
        to.variable == '\0' && IsPreferred(to.type) && CategoryOf(to.type) == CategoryOf(values[i].type);
    count += candidate.Exact(i, values[i].type) || preferred ? 1 : 0;
  }
  return count;
}

// A literal is of the category that all candidates take there, of text if one takes that. False: they do not agree.
bool ChooseByLiteral(Candidates& candidates, size_t i) {
  const auto fixed = [&](const Candidate& candidate) { return candidate.at(i).variable == '\0'; };
  const auto is_text = [&](const Candidate& candidate) {
    return fixed(candidate) && CategoryOf(candidate.at(i).type) == Category::kText;
  };
  const bool text = std::any_of(candidates.begin(), candidates.end(), is_text);
  if (!text && !std::all_of(candidates.begin(), candidates.end(), fixed)) return false;
  const Category category = text ? Category::kText : CategoryOf(candidates.front().at(i).type);
  const auto of_category = [&](const Candidate& candidate) {
    return fixed(candidate) && CategoryOf(candidate.at(i).type) == category;
  };
  if (!text && !std::all_of(candidates.begin(), candidates.end(), of_category)) return false;
  std::erase_if(candidates, [&](const Candidate& candidate) { return !of_category(candidate); });
  const auto preferred = [&](const Candidate& candidate) { return IsPreferred(candidate.at(i).type); };
  if (std::any_of(candidates.begin(), candidates.end(), preferred)) {
    std::erase_if(candidates, [&](const Candidate& candidate) { return !preferred(candidate); });
  }
  return true;
}

// With literals among the values: first by their categories, then as if they had the type of the others.
const Signature* ChooseAmongLiterals(Candidates candidates, std::span<const Value> values) {
  Candidates by_category = candidates;
  bool settled = true;
  for (size_t i = 0; i < values.size() && settled; ++i) {
    if (IsOpen(values[i])) settled = ChooseByLiteral(by_category, i);
  }
  if (settled && by_category.size() == 1) return by_category[0].signature();
  if (settled && !by_category.empty()) candidates = by_category;
  const auto known = std::find_if(values.begin(), values.end(), [](const Value& value) { return !IsOpen(value); });
  if (known == values.end()) return nullptr;
  std::vector<Value> guessed(values.begin(), values.end());
  for (Value& value : guessed) {
    if (IsOpen(value)) {
      value = *known;
    } else if (!SameType(value.type, known->type)) {
      return nullptr;
    }
  }
  std::erase_if(candidates, [&](const Candidate& candidate) { return !candidate.Takes(guessed); });
  return candidates.size() == 1 ? candidates[0].signature() : nullptr;
}

bool IsOperator(std::string_view name) {
  return name.find_first_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

const Signature* FindExact(const Candidates& candidates, std::span<const Value> values, bool is_operator) {
  std::vector<Value> typed(values.begin(), values.end());
  // Beside an operand of a known type, a literal is first taken as one of that type.
  if (is_operator && typed.size() == 2) {
    if (IsOpen(typed[0]) && !IsOpen(typed[1])) typed[0] = typed[1];
    if (IsOpen(typed[1]) && !IsOpen(typed[0])) typed[1] = typed[0];
  }
  for (const Candidate& candidate : candidates) {
    if (ExactCount(candidate, typed) == static_cast<int>(typed.size())) return candidate.signature();
  }
  return nullptr;
}

const Signature* Choose(const FunctionCatalog& catalog, const FunctionSet& set, std::span<const Value> written) {
  std::vector<Value> values(written.begin(), written.end());
  bool unknown = false;
  for (Value& value : values) {
    value.type = Engine(std::move(value.type));
    unknown |= value.type.is_unknown();
  }
  Candidates candidates;
  for (const Signature& signature : set.signatures) {
    const Candidate candidate(catalog, signature);
    if (candidate.TakesCount(values.size()) && candidate.Takes(values)) candidates.push_back(candidate);
  }
  if (candidates.empty()) return nullptr;
  if (const Signature* const exact = FindExact(candidates, values, IsOperator(set.name))) return exact;
  if (candidates.size() == 1 || unknown) return candidates[0].signature();
  KeepBest(candidates, [&](const Candidate& candidate) { return ExactCount(candidate, values); });
  if (candidates.size() == 1) return candidates[0].signature();
  KeepBest(candidates, [&](const Candidate& candidate) { return PreferredCount(candidate, values); });
  if (candidates.size() == 1) return candidates[0].signature();
  return std::any_of(values.begin(), values.end(), IsOpen) ? ChooseAmongLiterals(std::move(candidates), values)
                                                           : nullptr;
}

// What has an operator = between them.
bool Comparable(const Value& a, const Value& b) {
  if (a.type.kind == TypeKind::kStruct && b.type.kind == TypeKind::kStruct) {
    if (a.type.children.size() != b.type.children.size()) return false;
    for (size_t i = 0; i < a.type.children.size(); ++i) {
      if (!Comparable(Value::Of(a.type.children[i], true), Value::Of(b.type.children[i], true))) return false;
    }
    return true;
  }
  const FunctionSet* const equals = Catalog().Find("=");
  const std::array values{a, b};
  return equals != nullptr && Choose(Catalog(), *equals, values) != nullptr;
}

bool Castable(const Value& from, const Type& target) {
  if (from.type.is_unknown() || IsOpen(from)) return true;
  const Type source = Engine(from.type);
  const Type to = Engine(target);
  // Through text everything can be written and read.
  if (SameType(source, to) || source.kind == TypeKind::kText || to.kind == TypeKind::kText) return true;
  if (source.kind == TypeKind::kArray && to.kind == TypeKind::kArray) {
    return source.children.empty() || to.children.empty() ||
           Castable(Value::Of(source.children[0], true), to.children[0]);
  }
  return Casts().Find(source, to) != CastContext::kNone;
}

Value Number(std::string_view written) {
  std::string text;
  std::copy_if(written.begin(), written.end(), std::back_inserter(text), [](char c) { return c != '_'; });
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end) return Value::Of(Type::Decimal(0, 0), false);
  Value out = Value::Of(std::in_range<int32_t>(value) ? TypeKind::kInt32 : TypeKind::kInt64, false);
  out.literal = LiteralForm::kInteger;
  out.integer = value;
  return out;
}

}  // namespace

const Typing& PostgresTyping() {
  static const Typing kTyping = {
      .dialect = "postgres",
      .catalog = Catalog,
      .alias_in_group_by = AliasRule::kWhole,
      .alias_in_order_by = AliasRule::kWhole,
      .item_names = ItemNames::kPostgres,
      .values_column = "column{}",
      .values_from = 1,
      .function_alias_names_column = true,
      .scalar_functions_in_from = true,
      .null_column = Type::Text(),
      .null_settles_in_subquery = true,
      .flat_arrays = true,
      .operators_by_sign = true,
      .extract_function = "extract",
      .year_month_interval = {},
      .literals_stay_open = true,
      .drops_lengths = true,
      .number = Number,
      .string = StringOf,
      .meet = MeetValues,
      .comparable = Comparable,
      .cast_cost = CastCost,
      .choose = Choose,
      .castable = Castable,
  };
  return kTyping;
}

}  // namespace wapc::compiler
