#ifndef WAPC_GRAMMAR_FIELDS_H_
#define WAPC_GRAMMAR_FIELDS_H_

#include "grammar/ast.h"

/// What every node of the tree is made of, said once: Walk, Clone and Equal are visitors of it. Internal to this room.
///
/// A visitor V has: Scalar(value) for enums, flags and numbers; Text(text); Name(identifier); Own(list) before the
/// items of a list are gone through (it may replace the list); Type(type&); Child(pointer&) for every pointer to a
/// node.
namespace wapc::grammar {

template <class V, class T, class F>
void Items(V& v, List<T>& list, F each) {
  v.Own(list);
  for (T& item : list) each(item);
}
template <class V>
void Names(V& v, List<Identifier>& names) {
  Items(v, names, [&](Identifier& name) { v.Name(name); });
}
template <class V, class T>
void Children(V& v, List<T*>& list) {
  Items(v, list, [&](T*& item) { v.Child(item); });
}
template <class V>
void Fields(V& v, List<OrderItem>& list) {
  Items(v, list, [&](OrderItem& item) {
    v.Child(item.expr);
    v.Scalar(item.descending);
    v.Scalar(item.nulls_first);
    v.Scalar(item.nulls_last);
  });
}
template <class V>
void Fields(V& v, List<SelectItem>& list) {
  Items(v, list, [&](SelectItem& item) {
    v.Child(item.expr);
    v.Name(item.alias);
  });
}
template <class V>
void Fields(V& v, List<Argument>& list) {
  Items(v, list, [&](Argument& item) {
    v.Name(item.name);
    v.Child(item.value);
  });
}

// ---- expressions

template <class V>
void Fields(V& v, Literal& n) {
  v.Scalar(n.type);
  if (n.type == LiteralKind::kNumber || n.type == LiteralKind::kString) v.Text(n.text);
}
template <class V>
void Fields(V& v, TypedLiteral& n) {
  v.Type(n.type);
  v.Text(n.text);
}
template <class V>
void Fields(V& v, Interval& n) {
  v.Child(n.value);
  v.Text(n.unit);
  v.Text(n.to_unit);
}
template <class V>
void Fields(V& v, ColumnRef& n) {
  Names(v, n.parts);
}
template <class V>
void Fields(V& v, Star& n) {
  Names(v, n.qualifier);
  Names(v, n.exclude);
  Fields(v, n.replace);
  Items(v, n.rename, [&](auto& pair) {
    v.Name(pair.first);
    v.Name(pair.second);
  });
  v.Text(n.prefix);
  v.Text(n.suffix);
  v.Child(n.like);
}
template <class V>
void Fields(V& v, Unary& n) {
  v.Scalar(n.op);
  v.Child(n.operand);
}
template <class V>
void Fields(V& v, Binary& n) {
  v.Scalar(n.op);
  v.Child(n.left);
  v.Child(n.right);
}
template <class V>
void Fields(V& v, Between& n) {
  v.Scalar(n.negated);
  v.Child(n.operand);
  v.Child(n.low);
  v.Child(n.high);
  v.Scalar(n.symmetric);
}
template <class V>
void Fields(V& v, InList& n) {
  v.Scalar(n.negated);
  v.Child(n.operand);
  Children(v, n.items);
}
template <class V>
void Fields(V& v, InSubquery& n) {
  v.Scalar(n.negated);
  v.Child(n.operand);
  v.Child(n.query);
}
template <class V>
void Fields(V& v, Like& n) {
  v.Scalar(n.op);
  v.Scalar(n.negated);
  v.Child(n.operand);
  v.Child(n.pattern);
  v.Child(n.escape);
  v.Scalar(n.quantifier);
  Children(v, n.patterns);
}
template <class V>
void Fields(V& v, IsNull& n) {
  v.Scalar(n.negated);
  v.Child(n.operand);
}
template <class V>
void Fields(V& v, IsDistinct& n) {
  v.Scalar(n.negated);
  v.Child(n.left);
  v.Child(n.right);
}
template <class V>
void Fields(V& v, IsBool& n) {
  v.Scalar(n.test);
  v.Scalar(n.negated);
  v.Child(n.operand);
}
template <class V>
void Fields(V& v, Case& n) {
  v.Child(n.operand);
  Items(v, n.whens, [&](WhenClause& when) {
    v.Child(when.condition);
    v.Child(when.result);
  });
  v.Child(n.otherwise);
}
template <class V>
void Fields(V& v, Cast& n) {
  // `x::t` is CAST(x AS t).
  v.Scalar(n.style == CastStyle::kTryCast);
  v.Child(n.operand);
  v.Type(n.type);
}
template <class V>
void Fields(V& v, FunctionCall& n) {
  Names(v, n.name);
  v.Scalar(n.distinct);
  v.Scalar(n.bare);
  Fields(v, n.arguments);
  Fields(v, n.order_by);
  Fields(v, n.within_group);
  v.Child(n.filter);
  v.Scalar(n.nulls);
  v.Child(n.over);
  v.Name(n.over_name);
  v.Text(n.on_overflow);
}
template <class V>
void Fields(V& v, Extract& n) {
  v.Text(n.field);
  v.Child(n.operand);
}
template <class V>
void Fields(V& v, Exists& n) {
  v.Child(n.query);
}
template <class V>
void Fields(V& v, ScalarSubquery& n) {
  v.Child(n.query);
}
template <class V>
void Fields(V& v, Quantified& n) {
  v.Scalar(n.op);
  v.Scalar(n.all);
  v.Child(n.left);
  v.Child(n.query);
  v.Child(n.array);
}
template <class V>
void Fields(V& v, Array& n) {
  Children(v, n.items);
}
template <class V>
void Fields(V& v, ArraySubquery& n) {
  v.Child(n.query);
}
template <class V>
void Fields(V& v, Struct& n) {
  Items(v, n.fields, [&](StructField& field) {
    v.Name(field.name);
    v.Child(field.value);
  });
}
template <class V>
void Fields(V& v, Map& n) {
  Items(v, n.entries, [&](MapEntry& entry) {
    v.Child(entry.key);
    v.Child(entry.value);
  });
}
template <class V>
void Fields(V& v, Tuple& n) {
  v.Scalar(n.row);
  Children(v, n.items);
}
template <class V>
void Fields(V& v, Index& n) {
  v.Child(n.base);
  v.Child(n.index);
}
template <class V>
void Fields(V& v, Slice& n) {
  v.Child(n.base);
  v.Child(n.low);
  v.Child(n.high);
  v.Child(n.step);
}
template <class V>
void Fields(V& v, FieldAccess& n) {
  v.Child(n.base);
  v.Name(n.field);
  v.Scalar(n.style);
}
template <class V>
void Fields(V& v, Lambda& n) {
  Names(v, n.parameters);
  v.Child(n.body);
}
template <class V>
void Fields(V& v, AtTimeZone& n) {
  v.Child(n.operand);
  v.Child(n.zone);
}
template <class V>
void Fields(V& v, Collate& n) {
  v.Child(n.operand);
  v.Name(n.collation);
}
template <class V>
void Fields(V& v, Parameter& n) {
  v.Text(n.text);
}
template <class V>
void Fields(V& v, MacroVariable& n) {
  v.Text(n.name);
}
template <class V>
void Fields(V& v, MacroCall& n) {
  v.Name(n.name);
  Fields(v, n.arguments);
}
template <class V>
void Fields(V& v, Aliased& n) {
  v.Child(n.value);
  v.Name(n.alias);
}

// ---- windows

template <class V>
void Fields(V& v, Frame& n) {
  v.Scalar(n.unit);
  v.Scalar(n.between);
  v.Scalar(n.start.kind);
  v.Child(n.start.offset);
  v.Scalar(n.end.kind);
  v.Child(n.end.offset);
  v.Scalar(n.exclude);
}
template <class V>
void Fields(V& v, WindowSpec& n) {
  v.Name(n.base);
  Children(v, n.partition_by);
  Fields(v, n.order_by);
  v.Child(n.frame);
}

// ---- tables

template <class V>
void Fields(V& v, Sample& n) {
  v.Text(n.method);
  v.Child(n.amount);
  v.Scalar(n.rows);
  v.Text(n.seed);
}
template <class V>
void AliasFields(V& v, TableRef& n) {
  v.Name(n.alias);
  Names(v, n.column_aliases);
  v.Child(n.sample);
}
template <class V>
void Fields(V& v, TableName& n) {
  Names(v, n.parts);
}
template <class V>
void Fields(V& v, SubqueryRef& n) {
  v.Scalar(n.lateral);
  v.Child(n.query);
}
template <class V>
void Fields(V& v, Join& n) {
  v.Child(n.left);
  v.Scalar(n.join);
  v.Scalar(n.natural);
  v.Child(n.right);
  v.Child(n.on);
  Names(v, n.using_columns);
  v.Child(n.only_if);
  v.Child(n.match_condition);
}
template <class V>
void Fields(V& v, TableFunction& n) {
  v.Scalar(n.lateral);
  v.Scalar(n.with_ordinality);
  v.Child(n.call);
  v.Scalar(n.table_word);
}
template <class V>
void Fields(V& v, List<PivotValue>& list) {
  Items(v, list, [&](PivotValue& value) {
    v.Child(value.value);
    v.Name(value.alias);
  });
}
template <class V>
void Fields(V& v, Pivot& n) {
  v.Child(n.source);
  Items(v, n.aggregates, [&](PivotAggregate& aggregate) {
    v.Child(aggregate.call);
    v.Name(aggregate.alias);
  });
  Items(v, n.columns, [&](PivotColumn& column) {
    v.Child(column.expr);
    Fields(v, column.values);
  });
  Children(v, n.group_by);
}
template <class V>
void Fields(V& v, Unpivot& n) {
  v.Child(n.source);
  Names(v, n.values);
  v.Name(n.name);
  Fields(v, n.columns);
  v.Scalar(n.include_nulls);
}
template <class V>
void Fields(V& v, MacroTable& n) {
  v.Child(n.call);
}

// ---- queries

template <class V>
void Fields(V& v, List<GroupElement>& list) {
  Items(v, list, [&](GroupElement& element) {
    v.Scalar(element.kind);
    v.Child(element.expr);
    Fields(v, element.elements);
  });
}
template <class V>
void Fields(V& v, Select& n) {
  v.Scalar(n.distinct);
  Children(v, n.distinct_on);
  Fields(v, n.items);
  v.Child(n.from);
  v.Child(n.where);
  v.Scalar(n.group_by_all);
  Fields(v, n.group_by);
  v.Child(n.having);
  Items(v, n.windows, [&](NamedWindow& window) {
    v.Name(window.name);
    v.Child(window.spec);
  });
  v.Child(n.qualify);
  v.Child(n.where_if);
  v.Child(n.group_by_if);
  v.Child(n.having_if);
}
template <class V>
void Fields(V& v, SetOperation& n) {
  v.Child(n.left);
  v.Scalar(n.op);
  v.Scalar(n.all);
  v.Scalar(n.by_name);
  v.Scalar(n.common);
  v.Child(n.right);
}
template <class V>
void Fields(V& v, Values& n) {
  Items(v, n.rows, [&](List<Expr*>& row) { Children(v, row); });
}
template <class V>
void Fields(V& v, NestedQuery& n) {
  v.Child(n.query);
}
template <class V>
void Fields(V& v, MacroQuery& n) {
  v.Child(n.call);
}
template <class V>
void Fields(V& v, Query& n) {
  v.Scalar(n.recursive);
  Items(v, n.ctes, [&](Cte& cte) {
    v.Name(cte.name);
    Names(v, cte.columns);
    v.Scalar(cte.materialized);
    v.Child(cte.query);
  });
  v.Child(n.body);
  Fields(v, n.order_by);
  v.Scalar(n.order_by_all);
  v.Scalar(n.order_by_all_descending);
  v.Child(n.limit);
  v.Child(n.offset);
  v.Child(n.ctes_if);
  v.Child(n.order_by_if);
  v.Child(n.limit_if);
  v.Scalar(n.order_by_all_nulls_first);
  v.Scalar(n.order_by_all_nulls_last);
  v.Scalar(n.limit_percent);
  v.Scalar(n.with_ties);
}

// ---- from a kind to the type

/// Calls `f` with the node as its own type.
template <class F>
auto Visit(Expr& e, F&& f) {
  switch (e.kind) {
    case ExprKind::kLiteral: return f(static_cast<Literal&>(e));
    case ExprKind::kTypedLiteral: return f(static_cast<TypedLiteral&>(e));
    case ExprKind::kInterval: return f(static_cast<Interval&>(e));
    case ExprKind::kColumnRef: return f(static_cast<ColumnRef&>(e));
    case ExprKind::kStar: return f(static_cast<Star&>(e));
    case ExprKind::kUnary: return f(static_cast<Unary&>(e));
    case ExprKind::kBinary: return f(static_cast<Binary&>(e));
    case ExprKind::kBetween: return f(static_cast<Between&>(e));
    case ExprKind::kInList: return f(static_cast<InList&>(e));
    case ExprKind::kInSubquery: return f(static_cast<InSubquery&>(e));
    case ExprKind::kLike: return f(static_cast<Like&>(e));
    case ExprKind::kIsNull: return f(static_cast<IsNull&>(e));
    case ExprKind::kIsDistinct: return f(static_cast<IsDistinct&>(e));
    case ExprKind::kIsBool: return f(static_cast<IsBool&>(e));
    case ExprKind::kCase: return f(static_cast<Case&>(e));
    case ExprKind::kCast: return f(static_cast<Cast&>(e));
    case ExprKind::kFunctionCall: return f(static_cast<FunctionCall&>(e));
    case ExprKind::kExtract: return f(static_cast<Extract&>(e));
    case ExprKind::kExists: return f(static_cast<Exists&>(e));
    case ExprKind::kScalarSubquery: return f(static_cast<ScalarSubquery&>(e));
    case ExprKind::kQuantified: return f(static_cast<Quantified&>(e));
    case ExprKind::kArray: return f(static_cast<Array&>(e));
    case ExprKind::kArraySubquery: return f(static_cast<ArraySubquery&>(e));
    case ExprKind::kStruct: return f(static_cast<Struct&>(e));
    case ExprKind::kMap: return f(static_cast<Map&>(e));
    case ExprKind::kTuple: return f(static_cast<Tuple&>(e));
    case ExprKind::kIndex: return f(static_cast<Index&>(e));
    case ExprKind::kSlice: return f(static_cast<Slice&>(e));
    case ExprKind::kFieldAccess: return f(static_cast<FieldAccess&>(e));
    case ExprKind::kLambda: return f(static_cast<Lambda&>(e));
    case ExprKind::kAtTimeZone: return f(static_cast<AtTimeZone&>(e));
    case ExprKind::kCollate: return f(static_cast<Collate&>(e));
    case ExprKind::kParameter: return f(static_cast<Parameter&>(e));
    case ExprKind::kMacroVariable: return f(static_cast<MacroVariable&>(e));
    case ExprKind::kMacroCall: return f(static_cast<MacroCall&>(e));
    default: return f(static_cast<Aliased&>(e));
  }
}
template <class F>
auto Visit(TableRef& t, F&& f) {
  switch (t.kind) {
    case TableRefKind::kName: return f(static_cast<TableName&>(t));
    case TableRefKind::kSubquery: return f(static_cast<SubqueryRef&>(t));
    case TableRefKind::kJoin: return f(static_cast<Join&>(t));
    case TableRefKind::kFunction: return f(static_cast<TableFunction&>(t));
    case TableRefKind::kPivot: return f(static_cast<Pivot&>(t));
    case TableRefKind::kUnpivot: return f(static_cast<Unpivot&>(t));
    default: return f(static_cast<MacroTable&>(t));
  }
}
template <class F>
auto Visit(QueryBody& b, F&& f) {
  switch (b.kind) {
    case BodyKind::kSelect: return f(static_cast<Select&>(b));
    case BodyKind::kSetOperation: return f(static_cast<SetOperation&>(b));
    case BodyKind::kValues: return f(static_cast<Values&>(b));
    case BodyKind::kMacro: return f(static_cast<MacroQuery&>(b));
    default: return f(static_cast<NestedQuery&>(b));
  }
}

/// The fields of a node, whatever its type.
template <class V>
void AllFields(V& v, Expr& e) {
  Visit(e, [&v](auto& node) { Fields(v, node); });
}
template <class V>
void AllFields(V& v, TableRef& t) {
  Visit(t, [&v](auto& node) { Fields(v, node); });
  AliasFields(v, t);
}
template <class V>
void AllFields(V& v, QueryBody& b) {
  Visit(b, [&v](auto& node) { Fields(v, node); });
}

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FIELDS_H_
