#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>

#include "compiler/passes/binder.h"
#include "compiler/passes/functions.h"
#include "compiler/passes/functions_rules.h"
#include "compiler/passes/scope.h"
#include "compiler/passes/typing.h"

/// The result types that a signature line cannot tell. `=name` in a file of overrides names an entry of kRules.
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;
using Result = std::optional<Type>;

const Value& At(const CallTypes& call, size_t index) {
  static const Value kNone = Value::Of(TypeKind::kNull, true);
  return index < call.values.size() ? call.values[index] : kNone;
}

Type Element(const Type& list) {
  return list.kind == TypeKind::kArray && !list.children.empty() ? list.children[0] : Type{};
}

// A Value without its literal form: what it is once stored.
Value Stored(const Value& value) { return Value::Of(value.type, value.nullable); }

const grammar::Literal* LiteralAt(const CallTypes& call, size_t index) {
  return index < call.arguments.size() ? grammar::As<grammar::Literal>(call.arguments[index].value) : nullptr;
}

std::optional<std::string_view> StringAt(const CallTypes& call, size_t index) {
  const grammar::Literal* const literal = LiteralAt(call, index);
  if (literal == nullptr || literal->type != grammar::LiteralKind::kString) return std::nullopt;
  return literal->text;
}

Result MeetAll(const CallTypes& call) {
  if (call.values.empty()) return Type::Of(TypeKind::kNull);
  Value sum = call.values[0];
  for (const Value& value : call.values.subspan(1)) {
    std::optional<Value> met = Fold(*call.typing, sum, value);
    if (!met) return std::nullopt;
    sum = std::move(*met);
  }
  return sum.type;
}

Result First(const CallTypes& call) { return At(call, 0).type; }
Result ListOfFirst(const CallTypes& call) { return Type::Array(At(call, 0).type); }
Result Common(const CallTypes& call) { return MeetAll(call); }
Result Branches(const CallTypes& call) { return call.typing->meet(At(call, 1), At(call, 2)); }
Result ListOf(const CallTypes& call) {
  Result element = MeetAll(call);
  return element ? Result(Type::Array(std::move(*element))) : std::nullopt;
}

// nullif(a, b): a, as the operator = takes it.
Result NullIf(const CallTypes& call) {
  const FunctionCatalog& catalog = call.typing->catalog();
  const FunctionSet* const equals = catalog.Find("=");
  if (equals == nullptr || call.typing->choose == nullptr) return At(call, 0).type;
  const Signature* const chosen = call.typing->choose(catalog, *equals, call.values);
  if (chosen == nullptr) return std::nullopt;
  const Parameter& left = catalog.parameter(chosen->parameters[0]);
  const Type& own = At(call, 0).type;
  if (own.kind == TypeKind::kNull && left.variable != '\0') return At(call, 1).type;
  const bool taken_as_it_is = left.variable != '\0' || (left.type.kind == own.kind && own.kind != TypeKind::kText);
  return taken_as_it_is ? own : left.type;
}

// lag and lead: the default takes the column's type.
Result Lag(const CallTypes& call) {
  if (call.typing->cast_cost(At(call, 2), At(call, 0).type) < 0) return call.typing->meet(At(call, 0), At(call, 2));
  return At(call, 0).type;
}

Result Sum(const CallTypes& call) {
  const auto shape = ShapeOf(At(call, 0).type);
  return Type::Decimal(kMaxDecimal, shape ? shape->scale : 0);
}

std::optional<int64_t> IntegerAt(const CallTypes& call, size_t index) {
  const Value& value = At(call, index);
  return value.literal == LiteralForm::kInteger ? std::optional(value.integer) : std::nullopt;
}

// round(decimal, digits): fewer digits after the point, as many in all.
Result Round(const CallTypes& call) {
  const auto shape = ShapeOf(At(call, 0).type);
  if (!shape) return std::nullopt;
  if (call.values.size() == 1) return Type::Decimal(shape->precision, 0);
  const auto digits = IntegerAt(call, 1);
  if (!digits) return Type::Decimal(shape->precision, shape->scale);
  return Type::Decimal(shape->precision, static_cast<int>(std::clamp<int64_t>(*digits, 0, shape->scale)));
}

Result WholeDecimal(const CallTypes& call) {
  const auto shape = ShapeOf(At(call, 0).type);
  return shape ? Result(Type::Decimal(shape->precision, 0)) : std::nullopt;
}

// ||: lists join to a list, blobs to a blob, all else to text.
Result Concat(const CallTypes& call) {
  const auto is = [&](TypeKind kind) {
    return std::any_of(call.values.begin(), call.values.end(), [kind](const Value& v) { return v.type.kind == kind; });
  };
  if (is(TypeKind::kArray)) return MeetAll(call);
  if (is(TypeKind::kBinary)) {
    return std::all_of(call.values.begin(), call.values.end(),
                       [&](const Value& v) { return call.typing->cast_cost(v, Type::Of(TypeKind::kBinary)) >= 0; })
               ? Result(Type::Of(TypeKind::kBinary))
               : std::nullopt;
  }
  return Type::Text();
}

Result Row(const CallTypes& call) {
  Type type = Type::Of(TypeKind::kStruct);
  for (const Value& value : call.values) {
    type.children.push_back(value.type);
    type.fields.emplace_back();
  }
  return type;
}

std::string FieldName(const grammar::Argument& argument) {
  if (!argument.name.text.empty()) return std::string(argument.name.text);
  if (const auto* const ref = grammar::As<grammar::ColumnRef>(argument.value))
    return std::string(ref->parts.back().text);
  return {};
}

void AddField(Type& type, std::string name, const Value& value) {
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i] == name && !name.empty()) {
      type.children[i] = value.type;
      return;
    }
  }
  type.fields.push_back(std::move(name));
  type.children.push_back(value.type);
}

Result StructPack(const CallTypes& call) {
  Type type = Type::Of(TypeKind::kStruct);
  for (size_t i = 0; i < call.values.size(); ++i) {
    AddField(type, i < call.arguments.size() ? FieldName(call.arguments[i]) : std::string(), call.values[i]);
  }
  return type;
}

Result StructInsert(const CallTypes& call) {
  Type type = At(call, 0).type;
  if (type.kind != TypeKind::kStruct) return std::nullopt;
  for (size_t i = 1; i < call.values.size(); ++i) AddField(type, FieldName(call.arguments[i]), call.values[i]);
  return type;
}

Result StructConcat(const CallTypes& call) {
  Type type = Type::Of(TypeKind::kStruct);
  for (const Value& value : call.values) {
    for (size_t i = 0; i < value.type.children.size(); ++i) {
      AddField(type, value.type.fields[i], Value::Of(value.type.children[i], true));
    }
  }
  return type;
}

Result StructField(const CallTypes& call) {
  const Type& type = At(call, 0).type;
  if (const auto position = IntegerAt(call, 1)) {
    const bool inside = *position >= 1 && static_cast<size_t>(*position) <= type.children.size();
    return inside ? Result(type.children[static_cast<size_t>(*position) - 1]) : std::nullopt;
  }
  const auto name = StringAt(call, 1);
  for (size_t i = 0; name && i < type.fields.size(); ++i) {
    if (SameName(type.fields[i], *name)) return type.children[i];
  }
  return std::nullopt;
}

Result Zip(const CallTypes& call) {
  Type row = Type::Of(TypeKind::kStruct);
  for (const Value& value : call.values) {
    if (value.type.kind == TypeKind::kBool) continue;
    row.children.push_back(Element(value.type));
    row.fields.emplace_back();
  }
  return Type::Array(std::move(row));
}

Result MapFromEntries(const CallTypes& call) {
  const Type entry = Element(At(call, 0).type);
  if (entry.kind != TypeKind::kStruct || entry.children.size() != 2) return std::nullopt;
  Type map = Type::Of(TypeKind::kMap);
  map.children = entry.children;
  return map;
}

Result MapEntries(const CallTypes& call) {
  const Type& map = At(call, 0).type;
  if (map.children.size() != 2) return std::nullopt;
  Type entry = Type::Of(TypeKind::kStruct);
  entry.children = map.children;
  entry.fields = {"key", "value"};
  return Type::Array(std::move(entry));
}

Result Histogram(const CallTypes& call) {
  Type map = Type::Of(TypeKind::kMap);
  map.children = {At(call, 0).type, Type::Of(TypeKind::kUint64)};
  return map;
}

// Between two values: whole numbers give a double, dates a timestamp.
Type Interpolate(const Type& type) {
  if (type.is_integer() && type.kind != TypeKind::kInt256) return Type::Of(TypeKind::kDouble);
  if (type.kind == TypeKind::kDate) return Type::Timestamp();
  return type;
}

Result Interpolated(const CallTypes& call) { return Interpolate(At(call, 0).type); }
Result InterpolatedList(const CallTypes& call) { return Type::Array(Interpolate(At(call, 0).type)); }

Result Deviation(const CallTypes& call) {
  const Type type = Interpolate(At(call, 0).type);
  const bool is_time =
      type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampTz || type.kind == TypeKind::kTime;
  return is_time ? Type::Of(TypeKind::kInterval) : type;
}

Result Unnest(const CallTypes& call) {
  const Type& type = At(call, 0).type;
  if (type.is_unknown() || type.kind == TypeKind::kNull) return type;
  if (type.kind == TypeKind::kMap && call.typing->unnest_spreads_rows) return Type::Of(TypeKind::kStruct);
  return type.kind == TypeKind::kArray ? Result(Element(type)) : std::nullopt;
}

// The aggregate of that name over the elements.
Result AggregateOver(const CallTypes& call, std::string_view name) {
  const FunctionCatalog& catalog = call.typing->catalog();
  const FunctionSet* const set = catalog.Find(name);
  if (set == nullptr || !set->has(FunctionKind::kAggregate)) return std::nullopt;
  std::vector<Value> values{Value::Of(Element(At(call, 0).type), true)};
  if (call.values.size() > 2) values.insert(values.end(), call.values.begin() + 2, call.values.end());
  std::optional<Resolution> found = ResolveCall(catalog, *set, {values, {}, call.typing});
  return found ? Result(std::move(found->type)) : std::nullopt;
}

Result ListAggregate(const CallTypes& call) {
  const auto name = StringAt(call, 1);
  return name ? AggregateOver(call, *name) : std::nullopt;
}
Result ListMedian(const CallTypes& call) { return AggregateOver(call, "median"); }
Result ListSum(const CallTypes& call) { return AggregateOver(call, "sum"); }
Result ListAvg(const CallTypes& call) { return AggregateOver(call, "avg"); }
Result ListMad(const CallTypes& call) { return AggregateOver(call, "mad"); }
Result ListHistogram(const CallTypes& call) { return AggregateOver(call, "histogram"); }

// A lambda's Value is that of its body.
Result LambdaList(const CallTypes& call) { return Type::Array(At(call, 1).type); }
Result LambdaValue(const CallTypes& call) {
  return call.typing->meet(Stored(Value::Of(Element(At(call, 0).type), true)), Stored(At(call, 1)));
}

Result Opaque(const CallTypes& /*call*/) { return Type{}; }

// A number of whole units, but for what has a fraction.
Type PartType(std::string_view part) {
  const bool fraction = SameName(part, "epoch") || SameName(part, "julian");
  return Type::Of(fraction ? TypeKind::kDouble : TypeKind::kInt64);
}

Result DatePart(const CallTypes& call) { return PartType(StringAt(call, 0).value_or("")); }

// The texts of a list that is written out.
std::vector<std::string_view> StringsAt(const CallTypes& call, size_t index) {
  std::vector<std::string_view> out;
  const auto* const array =
      index < call.arguments.size() ? grammar::As<grammar::Array>(call.arguments[index].value) : nullptr;
  if (array == nullptr) return out;
  for (const grammar::Expr* const item : array->items) {
    const auto* const literal = grammar::As<grammar::Literal>(item);
    if (literal == nullptr || literal->type != grammar::LiteralKind::kString) return {};
    out.push_back(literal->text);
  }
  return out;
}

Result DateParts(const CallTypes& call) {
  Type type = Type::Of(TypeKind::kStruct);
  for (const std::string_view part : StringsAt(call, 0))
    AddField(type, std::string(part), Value::Of(PartType(part), true));
  return type.children.empty() ? std::nullopt : Result(std::move(type));
}

Result NamedGroups(const CallTypes& call) {
  Type type = Type::Of(TypeKind::kStruct);
  for (const std::string_view name : StringsAt(call, 2))
    AddField(type, std::string(name), Value::Of(Type::Text(), true));
  return type.children.empty() ? std::nullopt : Result(std::move(type));
}

// A structure as json_transform reads it: "INTEGER", ["INTEGER"], {"a": "INTEGER"}.
Result TypeOfStructure(const nlohmann::ordered_json& structure) {
  if (structure.is_string()) {
    const std::string name = FoldName(structure.get<std::string>());
    for (const TypeWord& word : TypeWords("duckdb")) {
      if (std::find(word.names.begin(), word.names.end(), name) != word.names.end()) return word.type;
    }
    return std::nullopt;
  }
  if (structure.is_array() && structure.size() == 1) {
    Result element = TypeOfStructure(structure[0]);
    return element ? Result(Type::Array(std::move(*element))) : std::nullopt;
  }
  if (!structure.is_object() || structure.empty()) return std::nullopt;
  Type type = Type::Of(TypeKind::kStruct);
  for (const auto& [name, child] : structure.items()) {
    const Result field = TypeOfStructure(child);
    if (!field) return std::nullopt;
    AddField(type, name, Value::Of(*field, true));
  }
  return type;
}

Result JsonTransform(const CallTypes& call) {
  const auto text = StringAt(call, 1);
  if (!text) return std::nullopt;
  const auto structure = nlohmann::ordered_json::parse(*text, nullptr, false);
  return structure.is_discarded() ? std::nullopt : TypeOfStructure(structure);
}

Result Add(const CallTypes& call) { return DecimalResult(DecimalRule::kAdd, At(call, 0).type, At(call, 1).type); }
Result Multiply(const CallTypes& call) {
  return DecimalResult(DecimalRule::kMultiply, At(call, 0).type, At(call, 1).type);
}
Result Modulo(const CallTypes& call) { return DecimalResult(DecimalRule::kModulo, At(call, 0).type, At(call, 1).type); }

constexpr std::array kRules{
    NamedRule{"first", First},
    NamedRule{"list_of_first", ListOfFirst},
    NamedRule{"common", Common},
    NamedRule{"coalesce", Common},
    NamedRule{"branches", Branches},
    NamedRule{"list", ListOf},
    NamedRule{"lag", Lag},
    NamedRule{"nullif", NullIf},
    NamedRule{"decimal38", Sum},
    NamedRule{"round", Round},
    NamedRule{"whole", WholeDecimal},
    NamedRule{"concat", Concat},
    NamedRule{"row", Row},
    NamedRule{"struct_pack", StructPack},
    NamedRule{"struct_insert", StructInsert},
    NamedRule{"struct_concat", StructConcat},
    NamedRule{"struct_field", StructField},
    NamedRule{"zip", Zip},
    NamedRule{"map_from_entries", MapFromEntries},
    NamedRule{"map_entries", MapEntries},
    NamedRule{"histogram", Histogram},
    NamedRule{"interpolated", Interpolated},
    NamedRule{"interpolated_list", InterpolatedList},
    NamedRule{"deviation", Deviation},
    NamedRule{"unnest", Unnest},
    NamedRule{"list_aggregate", ListAggregate},
    NamedRule{"list_aggregate:median", ListMedian},
    NamedRule{"list_aggregate:sum", ListSum},
    NamedRule{"list_aggregate:avg", ListAvg},
    NamedRule{"list_aggregate:mad", ListMad},
    NamedRule{"list_aggregate:histogram", ListHistogram},
    NamedRule{"lambda_list", LambdaList},
    NamedRule{"lambda_value", LambdaValue},
    NamedRule{"opaque", Opaque},
    NamedRule{"no_columns", Opaque},
    NamedRule{"json_transform", JsonTransform},
    NamedRule{"date_part", DatePart},
    NamedRule{"date_parts", DateParts},
    NamedRule{"named_groups", NamedGroups},
    NamedRule{"repeat", First},
    NamedRule{"decimal_add", Add},
    NamedRule{"decimal_multiply", Multiply},
    NamedRule{"decimal_modulo", Modulo},
};

}  // namespace

ResultRule FindRule(std::string_view name) {
  for (const std::span<const NamedRule> rules : {std::span<const NamedRule>(kRules), DecimalRules(), NestedRules()}) {
    for (const NamedRule& entry : rules) {
      if (entry.name == name) return entry.rule;
    }
  }
  return nullptr;
}

}  // namespace wapc::compiler
