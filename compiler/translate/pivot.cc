#include <fmt/format.h>

#include "compiler/translate/shape.h"
#include "grammar/walk.h"

/// PIVOT and UNPIVOT by what every engine has. Engines that have them name their columns each in its own way, so that
/// they are always written out.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Identifier;
using grammar::Select;
using grammar::SelectItem;
using grammar::TableRef;

namespace {

Select* NewSelect(Context& context, TableRef* from, base::Span span) {
  auto* const select = context.arena.New<Select>();
  select->kind = grammar::BodyKind::kSelect;
  select->span = span;
  select->from = from;
  return select;
}

grammar::Query* NewQuery(Context& context, grammar::QueryBody* body) {
  auto* const query = context.arena.New<grammar::Query>();
  query->span = body->span;
  query->body = body;
  return query;
}

// The query in place of the relation, under its name.
TableRef* InPlaceOf(Context& context, const TableRef& ref, grammar::Query* query) {
  auto* const out = context.arena.New<grammar::SubqueryRef>();
  out->kind = grammar::TableRefKind::kSubquery;
  out->span = ref.span;
  out->alias = ref.alias.text.empty() ? NewName(context, "wapc_pivot", ref.span) : ref.alias;
  out->column_aliases = ref.column_aliases;
  out->query = query;
  return out;
}

TableRef* Refuse(Context& context, TableRef& ref, std::string_view word) {
  context.Refuse(ref.span,
                 fmt::format("{} has no {} as {} has it, and it cannot be written out here", context.to.title, word,
                             context.from.title),
                 "aggregate under a condition: sum(x) FILTER (WHERE y = 'a')");
  return &ref;
}

// A bare word in the list of values is a text.
Expr* ValueOf(Context& context, Expr& value) {
  const auto* const ref = As<grammar::ColumnRef>(&value);
  if (ref == nullptr) return context.Copy(value);
  auto* const literal = context.arena.New<grammar::Literal>();
  *literal = {{grammar::ExprKind::kLiteral, value.span, false}, grammar::LiteralKind::kString, ref->parts.back().text};
  return literal;
}

bool IsNull(const Expr& expr) {
  const auto* const literal = As<grammar::Literal>(&expr);
  return literal != nullptr && literal->type == grammar::LiteralKind::kNull;
}

// One condition for each combination of values, in the order in which the columns are named.
bool Conditions(Context& context, const grammar::Pivot& pivot, std::vector<Expr*>& out) {
  out = {nullptr};
  for (const grammar::PivotColumn& column : pivot.columns) {
    std::vector<Expr*> next;
    for (const Expr* const head : out) {
      for (const grammar::PivotValue& value : column.values) {
        if (IsNull(*value.value)) return false;
        Bindings bindings;
        bindings.values["x"] = context.Copy(*column.expr);
        bindings.values["v"] = ValueOf(context, *value.value);
        if (head != nullptr) bindings.values["h"] = context.Copy(*head);
        next.push_back(context.Make(head == nullptr ? "$x = $v" : "$h AND $x = $v", bindings, pivot.span));
      }
    }
    out = std::move(next);
  }
  return true;
}

// The aggregate over the rows of one combination; null when it is no plain call.
Expr* Under(Context& context, const Expr& aggregate, const Expr& condition) {
  auto* const call = As<grammar::FunctionCall>(context.Copy(aggregate));
  if (call == nullptr || call->filter != nullptr || call->over != nullptr) return nullptr;
  call->filter = context.Copy(condition);
  return call;
}

}  // namespace

Identifier NameInTarget(Context& context, std::string_view stored, base::Span span) {
  const std::string name = StoredIn(stored, context.from, context.to);
  return {context.arena.Copy(name), NeedsQuotes(name, context.to), span};
}

TableRef* PivotToAggregates(Context& context, grammar::Pivot& pivot) {
  const auto known = context.pivots.find(&pivot);
  std::vector<Expr*> conditions;
  if (known == context.pivots.end() || !Conditions(context, pivot, conditions)) return Refuse(context, pivot, "PIVOT");
  const PivotOutput& output = known->second;
  if (output.made.size() != conditions.size() * pivot.aggregates.size()) return Refuse(context, pivot, "PIVOT");
  std::vector<SelectItem> items;
  std::vector<grammar::GroupElement> groups;
  for (size_t i = 0; i < output.kept.size(); ++i) {
    const Identifier name = NameInTarget(context, output.kept[i], pivot.span);
    Expr* const column =
        pivot.group_by.empty() ? NewColumn(context, {name}, pivot.span) : context.Copy(*pivot.group_by[i]);
    items.push_back({column, name, pivot.span});
    groups.push_back({grammar::GroupElementKind::kExpr, context.Copy(*column), {}});
  }
  auto made = output.made.begin();
  for (const Expr* const condition : conditions) {
    for (const grammar::PivotAggregate& aggregate : pivot.aggregates) {
      Expr* const value = Under(context, *aggregate.call, *condition);
      if (value == nullptr) return Refuse(context, pivot, "PIVOT");
      items.push_back({value, NameInTarget(context, *made++, pivot.span), pivot.span});
    }
  }
  Select* const select = NewSelect(context, pivot.source, pivot.span);
  select->items = context.arena.Copy(items);
  select->group_by = context.arena.Copy(groups);
  return InPlaceOf(context, pivot, NewQuery(context, select));
}

TableRef* UnpivotToUnion(Context& context, grammar::Unpivot& unpivot) {
  const auto known = context.pivots.find(&unpivot);
  const bool single = unpivot.values.size() == 1 && !unpivot.columns.empty();
  if (known == context.pivots.end() || !single) return Refuse(context, unpivot, "UNPIVOT");
  // Every branch reads a copy of the source; the first one is what the copies are taken of.
  const grammar::Query* const source = NewQuery(context, NewSelect(context, unpivot.source, unpivot.span));
  grammar::QueryBody* all = nullptr;
  for (const grammar::PivotValue& column : unpivot.columns) {
    const auto* const ref = As<grammar::ColumnRef>(column.value);
    if (ref == nullptr) return Refuse(context, unpivot, "UNPIVOT");
    auto* const select = As<Select>(context.CopyQuery(*source)->body);
    std::vector<SelectItem> items;
    for (const std::string& kept : known->second.kept) {
      const Identifier name = NameInTarget(context, kept, unpivot.span);
      items.push_back({NewColumn(context, {name}, unpivot.span), {}, unpivot.span});
    }
    auto* const title = context.arena.New<grammar::Literal>();
    const std::string_view text = column.alias.text.empty() ? ref->parts.back().text : column.alias.text;
    *title = {{grammar::ExprKind::kLiteral, unpivot.span, false}, grammar::LiteralKind::kString, text};
    items.push_back({title, unpivot.name, unpivot.span});
    items.push_back({context.Copy(*column.value), unpivot.values[0], unpivot.span});
    select->items = context.arena.Copy(items);
    Bindings bindings;
    bindings.values["x"] = context.Copy(*column.value);
    if (!unpivot.include_nulls) select->where = context.Make("$x IS NOT NULL", bindings, unpivot.span);
    if (all == nullptr) {
      all = select;
      continue;
    }
    auto* const both = context.arena.New<grammar::SetOperation>();
    both->kind = grammar::BodyKind::kSetOperation;
    both->span = unpivot.span;
    both->op = grammar::SetOperator::kUnion;
    both->all = true;
    both->left = all;
    both->right = select;
    all = both;
  }
  return InPlaceOf(context, unpivot, NewQuery(context, all));
}

}  // namespace wapc::compiler::translate
