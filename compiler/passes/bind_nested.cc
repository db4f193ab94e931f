#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/passes/bind_facts.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;
using metadata::Type;
using metadata::TypeKind;

Value Binder::BindArray(grammar::Array& array, Scope& scope) {
  Value element = Value::Of(TypeKind::kNull, true);
  bool first = true;
  for (Expr* const item : array.items) {
    const Value value = BindExpr(*item, scope);
    if (first) {
      element = value;
      first = false;
      continue;
    }
    element = Combine(element, value, item->span, "the items of a list");
  }
  // PostgreSQL has one type for arrays of any depth.
  if (typing_.flat_arrays && element.type.kind == TypeKind::kArray) return Value::Of(std::move(element.type), false);
  if (typing_.flat_arrays && element.type.kind == TypeKind::kNull) element.type = typing_.null_column;
  return Value::Of(Type::Array(std::move(element.type)), false);
}

Value Binder::BindStruct(grammar::Struct& expr, Scope& scope) {
  Type type = Type::Of(TypeKind::kStruct);
  for (const grammar::StructField& field : expr.fields) {
    type.fields.emplace_back(field.name.text);
    type.children.push_back(BindExpr(*field.value, scope).type);
  }
  return Value::Of(std::move(type), false);
}

Value Binder::BindMap(grammar::Map& map, Scope& scope) {
  Type type = Type::Of(TypeKind::kMap);
  type.children = {Type::Of(TypeKind::kNull), Type::Of(TypeKind::kNull)};
  bool first = true;
  for (const grammar::MapEntry& entry : map.entries) {
    const std::array values{BindExpr(*entry.key, scope), BindExpr(*entry.value, scope)};
    const std::array spans{entry.key->span, entry.value->span};
    for (size_t i = 0; i < values.size(); ++i) {
      if (first) {
        type.children[i] = values[i].type;
      } else {
        type.children[i] = Combine(Value::Of(type.children[i], true), values[i], spans[i], "the entries of a map").type;
      }
    }
    first = false;
  }
  return Value::Of(std::move(type), false);
}

Value Binder::BindTuple(grammar::Tuple& tuple, Scope& scope) {
  Type type = Type::Of(TypeKind::kStruct);
  for (Expr* const item : tuple.items) {
    type.fields.emplace_back();
    type.children.push_back(BindExpr(*item, scope).type);
  }
  return Value::Of(std::move(type), false);
}

Value Binder::BindIndex(grammar::Index& index, Scope& scope) {
  const Value base = BindExpr(*index.base, scope);
  const Value at = BindExpr(*index.index, scope);
  const auto* const literal = As<grammar::Literal>(index.index);
  switch (base.type.kind) {
    case TypeKind::kUnknown:
    case TypeKind::kNull:
    case TypeKind::kEngine: return Value::Unknown();
    case TypeKind::kJson: return Value::Of(TypeKind::kJson, true);
    case TypeKind::kText:
      if (typing_.text_is_list) return Value::Of(Type::Text(), base.nullable);
      break;
    case TypeKind::kMap: return Value::Of(base.type.children.size() > 1 ? base.type.children[1] : Type{}, true);
    case TypeKind::kArray: return Value::Of(base.type.children.empty() ? Type{} : base.type.children[0], true);
    case TypeKind::kStruct:
      if (literal != nullptr && literal->type == grammar::LiteralKind::kString) {
        return Field(base, {literal->text, true, literal->span});
      }
      if (at.literal == LiteralForm::kInteger && at.integer >= 1 &&
          static_cast<size_t>(at.integer) <= base.type.children.size()) {
        return Value::Of(base.type.children[static_cast<size_t>(at.integer) - 1], true);
      }
      break;
    default: break;
  }
  // `x[1][2]` of a flat array: the second index looks into the same one.
  if (typing_.flat_arrays && As<grammar::Index>(index.base) != nullptr) return base;
  return Fail(kNoSuchSignature, index.span, fmt::format("{} cannot be indexed by {}", Describe(base), Describe(at)),
              "a list takes a number, a map its key, a struct the name of a field");
}

Value Binder::BindSlice(grammar::Slice& slice, Scope& scope) {
  const Value base = BindExpr(*slice.base, scope);
  for (Expr* const bound : {slice.low, slice.high}) {
    if (bound != nullptr) BindExpr(*bound, scope);
  }
  const TypeKind kind = base.type.kind;
  if (kind == TypeKind::kArray || (kind == TypeKind::kText && typing_.text_is_list) || kind == TypeKind::kUnknown ||
      kind == TypeKind::kNull) {
    return Value::Of(base.type, base.nullable);
  }
  return Fail(kNoSuchSignature, slice.span, fmt::format("{} cannot be sliced", Describe(base)),
              "only lists and text can");
}

const RelationColumn* Binder::SingleColumn(grammar::Query& query, Scope& scope, std::string_view what) {
  const Relation& relation = BindQuery(query, &scope);
  if (!relation.complete) return nullptr;
  if (relation.columns.size() != 1) {
    Fail(kColumnCount, query.span,
         fmt::format("{} needs one column, this query gives {}", what, relation.columns.size()),
         "select only the one that is meant");
    return nullptr;
  }
  Track(relation.columns[0].sources);
  return relation.columns.data();
}

Value Binder::BindScalarSubquery(grammar::ScalarSubquery& expr, Scope& scope) {
  const RelationColumn* const column = SingleColumn(*expr.query, scope, "a subquery that stands for a value");
  return column == nullptr ? Value::Unknown() : Value::Of(column->type, true);
}

Value Binder::BindArraySubquery(grammar::ArraySubquery& expr, Scope& scope) {
  const RelationColumn* const column = SingleColumn(*expr.query, scope, "ARRAY(...)");
  return column == nullptr ? Value::Unknown() : Value::Of(Type::Array(column->type), true);
}

Value Binder::BindInSubquery(grammar::InSubquery& in, Scope& scope) {
  const Value value = BindExpr(*in.operand, scope);
  if (const auto* const tuple = As<grammar::Tuple>(in.operand)) {
    const Relation& relation = BindQuery(*in.query, &scope);
    if (relation.columns.size() == 1 && relation.columns[0].type.kind == TypeKind::kStruct) {
      CheckCompare(value, Value::Of(relation.columns[0].type, true), in.operand->span);
      return Value::Of(TypeKind::kBool, true);
    }
    if (relation.complete && relation.columns.size() != tuple->items.size()) {
      return Fail(kColumnCount, in.query->span,
                  fmt::format("{} values are looked for in a query of {} columns", tuple->items.size(),
                              relation.columns.size()));
    }
    for (size_t i = 0; relation.complete && i < tuple->items.size(); ++i) {
      CheckCompare(Value::Of(value.type.children[i], true), Value::Of(relation.columns[i].type, true),
                   tuple->items[i]->span);
    }
    return Value::Of(TypeKind::kBool, true);
  }
  const RelationColumn* const column = SingleColumn(*in.query, scope, "IN");
  if (column == nullptr) return Value::Of(TypeKind::kBool, true);
  CheckCompare(value, Value::Of(column->type, true), in.operand->span);
  if (context_.facts != nullptr && in.negated && column->nullable) {
    context_.facts->not_in.push_back({in.span, column->span});
  }
  return Value::Of(TypeKind::kBool, value.nullable || column->nullable);
}

Value Binder::BindQuantified(grammar::Quantified& expr, Scope& scope) {
  const Value left = BindExpr(*expr.left, scope);
  Value right = Value::Unknown();
  if (expr.query != nullptr) {
    const RelationColumn* const column = SingleColumn(*expr.query, scope, expr.all ? "ALL" : "ANY");
    if (column != nullptr) right = Value::Of(column->type, true);
  } else {
    const Value list = BindExpr(*expr.array, scope);
    if (list.type.kind == TypeKind::kArray && !list.type.children.empty())
      right = Value::Of(list.type.children[0], true);
  }
  CheckCompare(left, right, expr.span);
  return Value::Of(TypeKind::kBool, true);
}

}  // namespace wapc::compiler
