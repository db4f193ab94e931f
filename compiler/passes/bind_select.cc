#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "compiler/passes/bind_facts.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;

namespace {

struct TypeItem {
  std::string_view written;
  std::string_view name;
};
// The names that PostgreSQL's catalogue has for types that are written otherwise.
constexpr std::array kTypeItems{
    TypeItem{"int", "int4"},           TypeItem{"integer", "int4"},
    TypeItem{"bigint", "int8"},        TypeItem{"smallint", "int2"},
    TypeItem{"decimal", "numeric"},    TypeItem{"dec", "numeric"},
    TypeItem{"real", "float4"},        TypeItem{"double precision", "float8"},
    TypeItem{"float", "float8"},       TypeItem{"boolean", "bool"},
    TypeItem{"char", "bpchar"},        TypeItem{"character", "bpchar"},
    TypeItem{"bit varying", "varbit"}, TypeItem{"character varying", "varchar"},
};

std::string_view TypeItemName(const grammar::TypeName& type) {
  if (type.with_time_zone) return type.name == "time" ? "timetz" : "timestamptz";
  const auto* const found = std::find_if(kTypeItems.begin(), kTypeItems.end(),
                                         [&](const TypeItem& item) { return item.written == type.name; });
  return found == kTypeItems.end() ? type.name : found->name;
}

}  // namespace

const Relation& Binder::BindSelect(grammar::Select& select, grammar::Query* owner, Scope* outer) {
  Scope scope = NewScope(outer);
  if (select.from != nullptr) {
    scope.clause = Clause::kFrom;
    BindFrom(*select.from, scope);
  }
  const grammar::List<grammar::SelectItem> written = select.items;
  ExpandStars(select, scope);
  scope.items = select.items;
  scope.states.resize(select.items.size());
  scope.windows = select.windows;
  NameItems(scope);
  BindCondition(select.where, scope, Clause::kWhere, "WHERE");
  ProveFrom(select.where, scope, 0);
  BindGroupBy(select, scope);
  scope.grouping.collecting = true;
  scope.clause = Clause::kSelect;
  for (size_t i = 0; i < scope.items.size(); ++i) BindItem(scope, i);
  scope.item = scope.items.size();
  if (scope.grouping.by_all) GroupByAll(scope);
  if (select.having != nullptr) scope.grouping.aggregated = true;
  BindCondition(select.having, scope, Clause::kHaving, "HAVING");
  BindCondition(select.qualify, scope, Clause::kQualify, "QUALIFY");
  scope.clause = Clause::kOrderBy;
  for (Expr* const expr : select.distinct_on) BindExpr(*expr, scope);
  if (owner != nullptr) BindOrder(owner->order_by, scope);
  ReportBare(scope);
  if (context_.facts != nullptr) RecordSelect(select, written, scope, context_.relations, *context_.facts);
  if (context_.keep_stars) select.items = written;

  Relation output;
  output.columns.reserve(scope.items.size());
  for (size_t i = 0; i < scope.items.size(); ++i) {
    const grammar::SelectItem& item = scope.items[i];
    ItemState& state = scope.states[i];
    const grammar::Expr& expr = *item.expr;
    if (As<grammar::Star>(&expr) != nullptr) {
      output.complete = false;
      continue;
    }
    const std::string_view name = state.name.empty() ? NameOf(expr, scope) : state.name;
    output.columns.push_back(MakeColumn(name, std::move(state.value), item.span.known() ? item.span : expr.span));
    std::sort(state.sources.begin(), state.sources.end());
    state.sources.erase(std::unique(state.sources.begin(), state.sources.end()), state.sources.end());
    output.columns.back().sources = std::move(state.sources);
  }
  return Keep(std::move(output));
}

void Binder::BindItem(Scope& scope, size_t index) {
  Expr& expr = *scope.items[index].expr;
  if (As<grammar::Star>(&expr) != nullptr) return;
  scope.item = index;
  scope.saw_aggregate = false;
  scope.saw_window = false;
  ItemState& state = scope.states[index];
  state.sources.clear();
  state.value = BindTracked(expr, scope, state.sources);
  state.bound = true;
  state.has_aggregate = scope.saw_aggregate;
  state.has_window = scope.saw_window;
}

// An item that an earlier clause names by its alias: bound for its type only; its own turn reports.
void Binder::ProbeItem(Scope& scope, size_t index) {
  base::Diagnostics unheard;
  const Restore diagnostics(diagnostics_, &unheard);
  const Restore clause(scope.clause, Clause::kSelect);
  const Restore item(scope.item, index);
  const Restore aggregate(scope.saw_aggregate, false);
  const Restore window(scope.saw_window, false);
  const Restore collecting(scope.grouping.collecting, false);
  const Restore aggregated(scope.grouping.aggregated, false);
  const Restore complete(complete_, complete_);
  BindItem(scope, index);
  scope.states[index].bound = false;
}

void Binder::BindCondition(Expr* condition, Scope& scope, Clause clause, std::string_view what) {
  if (condition == nullptr) return;
  scope.clause = clause;
  CheckCondition(BindExpr(*condition, scope), condition->span, what);
}

void Binder::BindOrder(grammar::List<grammar::OrderItem> order, Scope& scope) {
  const Restore before(scope.whole, false);
  for (const grammar::OrderItem& item : order) {
    size_t index = 0;
    const bool stars = std::any_of(scope.items.begin(), scope.items.end(),
                                   [](const grammar::SelectItem& i) { return As<grammar::Star>(i.expr) != nullptr; });
    if (Position(*item.expr, stars ? SIZE_MAX : scope.items.size(), "ORDER BY", &index)) continue;
    scope.whole = As<grammar::ColumnRef>(item.expr) != nullptr;
    BindExpr(*item.expr, scope);
  }
}

// `GROUP BY 1`, `ORDER BY 2`: true when the expression is such a number; `index` counts from 0 and is right only when
// inside.
bool Binder::Position(const Expr& expr, size_t count, std::string_view clause, size_t* index) {
  const auto* const literal = As<grammar::Literal>(&expr);
  if (literal == nullptr || literal->type != grammar::LiteralKind::kNumber) return false;
  size_t position = 0;
  const char* const end = literal->text.data() + literal->text.size();
  if (std::from_chars(literal->text.data(), end, position).ptr != end) return false;
  if (position < 1 || position > count) {
    Fail(kUnknownColumn, expr.span, fmt::format("{} {} is not the number of an output column", clause, literal->text),
         fmt::format("there are {} of them, counted from 1", count));
    position = 1;
  }
  *index = position - 1;
  return true;
}

// A cast keeps its column's name: written out, since engines differ in what they call it.
void Binder::NameItems(Scope& scope) {
  for (size_t i = 0; i < scope.items.size(); ++i) {
    grammar::SelectItem& item = scope.items[i];
    if (item.alias.text.empty() && As<grammar::Cast>(item.expr) != nullptr) {
      const std::string_view name = NameOf(*item.expr, scope);
      if (!name.empty()) item.alias = {name, false, item.expr->span};
    }
    if (!item.alias.text.empty()) {
      scope.states[i].name = Key(item.alias);
    } else if (const auto* const ref = As<grammar::ColumnRef>(item.expr); ref != nullptr && ref->parts.size() > 1) {
      scope.states[i].column = Key(ref->parts.back());
    }
  }
}

std::string_view Binder::NameOf(const Expr& expr, Scope& scope) {
  if (const auto* const ref = As<grammar::ColumnRef>(&expr)) {
    const grammar::Identifier& last = ref->parts.back();
    if (ref->parts.size() > 1) return Key(last);
    const Lookup found = FindName(Key(last), scope);
    if (found.found == Found::kColumn) {
      return found.scope->tables[found.place.table].relation->columns[found.place.column].name;
    }
    return Key(last);
  }
  if (const auto* const field = As<grammar::FieldAccess>(&expr)) return Key(field->field);
  if (const auto* const cast = As<grammar::Cast>(&expr)) {
    const std::string_view name = NameOf(*cast->operand, scope);
    const bool by_type = name.empty() && typing_.item_names == ItemNames::kPostgres;
    return by_type ? TypeItemName(*cast->type) : name;
  }
  return typing_.item_names == ItemNames::kPostgres ? PostgresName(expr, scope) : std::string_view();
}

// PostgreSQL's FigureColname: what it calls a column that has no alias; empty where that is "?column?".
std::string_view Binder::PostgresName(const Expr& expr, Scope& scope) {
  switch (expr.kind) {
    case grammar::ExprKind::kFunctionCall: {
      const std::string_view name = Key(static_cast<const grammar::FunctionCall&>(expr).name.back());
      return name == "trim" ? "btrim" : name;
    }
    case grammar::ExprKind::kCase: {
      const Expr* const otherwise = static_cast<const grammar::Case&>(expr).otherwise;
      const std::string_view name = otherwise != nullptr ? NameOf(*otherwise, scope) : std::string_view();
      return name.empty() ? "case" : name;
    }
    case grammar::ExprKind::kIndex: return NameOf(*static_cast<const grammar::Index&>(expr).base, scope);
    case grammar::ExprKind::kSlice: return NameOf(*static_cast<const grammar::Slice&>(expr).base, scope);
    case grammar::ExprKind::kCollate: return NameOf(*static_cast<const grammar::Collate&>(expr).operand, scope);
    case grammar::ExprKind::kExtract: return "extract";
    case grammar::ExprKind::kExists: return "exists";
    case grammar::ExprKind::kArray:
    case grammar::ExprKind::kArraySubquery: return "array";
    case grammar::ExprKind::kTuple: return "row";
    case grammar::ExprKind::kAtTimeZone: return "timezone";
    default: return {};
  }
}

// Rows that pass `x IS NOT NULL`, or a comparison of x, have an x.
void Binder::ProveFrom(const Expr* condition, Scope& scope, size_t begin) {
  if (condition == nullptr) return;
  if (const auto* const binary = As<grammar::Binary>(condition)) {
    if (binary->op == grammar::BinaryOp::kAnd) {
      ProveFrom(binary->left, scope, begin);
      ProveFrom(binary->right, scope, begin);
    } else if (binary->op >= grammar::BinaryOp::kEq && binary->op <= grammar::BinaryOp::kGe) {
      ProveColumn(binary->left, scope, begin);
      ProveColumn(binary->right, scope, begin);
    }
  } else if (const auto* const null = As<grammar::IsNull>(condition)) {
    if (null->negated) ProveColumn(null->operand, scope, begin);
  } else if (const auto* const between = As<grammar::Between>(condition)) {
    if (!between->negated) ProveColumn(between->operand, scope, begin);
  } else if (const auto* const in = As<grammar::InList>(condition)) {
    if (!in->negated) ProveColumn(in->operand, scope, begin);
  } else if (const auto* const subquery = As<grammar::InSubquery>(condition)) {
    if (!subquery->negated) ProveColumn(subquery->operand, scope, begin);
  } else if (const auto* const like = As<grammar::Like>(condition)) {
    ProveColumn(like->operand, scope, begin);
  }
}

void Binder::ProveColumn(const Expr* expr, Scope& scope, size_t begin) {
  const auto* const ref = As<grammar::ColumnRef>(expr);
  if (ref == nullptr) return;
  ColumnPlace place;
  if (ref->parts.size() == 1) {
    const Lookup found = FindName(Key(ref->parts[0]), scope);
    if (found.found != Found::kColumn || found.scope != &scope) return;
    place = found.place;
  } else {
    Scope* holder = nullptr;
    const ScopeTable* const table = FindTable(ref->parts.size() == 3 ? Key(ref->parts[0]) : std::string_view(),
                                              Key(ref->parts[ref->parts.size() - 2]), scope, &holder, &place.table);
    if (table == nullptr || holder != &scope) return;
    const int column = ColumnOf(*table->relation, Key(ref->parts.back()));
    if (column < 0) return;
    place.column = static_cast<size_t>(column);
  }
  if (place.table >= begin) ProveNotNull(scope.tables[place.table], place.column);
}

}  // namespace wapc::compiler
