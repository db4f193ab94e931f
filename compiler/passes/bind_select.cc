#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/passes/bind_facts.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;

const Relation& Binder::BindSelect(grammar::Select& select, grammar::Query* owner, Scope* outer) {
  Scope scope(outer);
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
    if (As<grammar::Star>(item.expr) != nullptr) {
      output.complete = false;
      continue;
    }
    const std::string_view name = item.alias.text.empty() ? NameOf(*item.expr, scope) : item.alias.text;
    output.columns.push_back(MakeColumn(name, std::move(state.value), item.span.known() ? item.span : item.expr->span));
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
  for (const grammar::OrderItem& item : order) {
    size_t index = 0;
    const bool stars = std::any_of(scope.items.begin(), scope.items.end(),
                                   [](const grammar::SelectItem& i) { return As<grammar::Star>(i.expr) != nullptr; });
    if (Position(*item.expr, stars ? SIZE_MAX : scope.items.size(), "ORDER BY", &index)) continue;
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
  for (grammar::SelectItem& item : scope.items) {
    if (!item.alias.text.empty() || As<grammar::Cast>(item.expr) == nullptr) continue;
    const std::string_view name = NameOf(*item.expr, scope);
    if (!name.empty()) item.alias = {name, false, item.expr->span};
  }
}

std::string_view Binder::NameOf(const Expr& expr, Scope& scope) {
  if (const auto* const ref = As<grammar::ColumnRef>(&expr)) {
    const grammar::Identifier& last = ref->parts.back();
    if (ref->parts.size() > 1) return last.text;
    const Lookup found = FindName(last.text, scope);
    if (found.found == Found::kColumn) {
      return found.scope->tables[found.place.table].relation->columns[found.place.column].name;
    }
    return last.text;
  }
  if (const auto* const field = As<grammar::FieldAccess>(&expr)) return field->field.text;
  if (const auto* const cast = As<grammar::Cast>(&expr)) return NameOf(*cast->operand, scope);
  return {};
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
    const Lookup found = FindName(ref->parts[0].text, scope);
    if (found.found != Found::kColumn || found.scope != &scope) return;
    place = found.place;
  } else {
    Scope* holder = nullptr;
    const ScopeTable* const table = FindTable(ref->parts.size() == 3 ? ref->parts[0].text : std::string_view(),
                                              ref->parts[ref->parts.size() - 2].text, scope, &holder, &place.table);
    if (table == nullptr || holder != &scope) return;
    const int column = FindColumn(*table->relation, ref->parts.back().text, NameHash(ref->parts.back().text));
    if (column < 0) return;
    place.column = static_cast<size_t>(column);
  }
  if (place.table >= begin) ProveNotNull(scope.tables[place.table], place.column);
}

}  // namespace wapc::compiler
