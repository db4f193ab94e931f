#include <fmt/format.h>

#include "compiler/translate/shape.h"
#include "grammar/walk.h"

/// SEMI, ANTI and ASOF joins for engines without them.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Identifier;
using grammar::Join;
using grammar::JoinKind;
using grammar::Select;
using grammar::TableRef;

namespace {

// What columns of a relation are qualified with; nothing for one without a single name.
std::optional<Identifier> Qualifier(const TableRef& ref) {
  if (!ref.alias.text.empty()) return ref.alias;
  const auto* const name = As<grammar::TableName>(&ref);
  return name == nullptr ? std::nullopt : std::optional(name->parts.back());
}

Expr* And(Context& context, Expr* a, Expr* b, base::Span span) {
  if (a == nullptr) return b;
  Bindings bindings;
  bindings.values["a"] = a;
  bindings.values["b"] = b;
  return context.Make("$a AND $b", bindings, span);
}

// ON or USING as one condition; null when it cannot be told which side a column is of.
Expr* Condition(Context& context, const Join& join) {
  if (join.on != nullptr) return join.on;
  const auto left = Qualifier(*join.left);
  const auto right = Qualifier(*join.right);
  if (!left || !right || join.natural) return nullptr;
  Expr* all = nullptr;
  for (const Identifier& name : join.using_columns) {
    Bindings bindings;
    bindings.values["a"] = NewColumn(context, {*left, name}, join.span);
    bindings.values["b"] = NewColumn(context, {*right, name}, join.span);
    all = And(context, all, context.Make("$a = $b", bindings, join.span), join.span);
  }
  return all;
}

grammar::Query* SelectFrom(Context& context, TableRef& from, Expr* where, bool star) {
  auto* const select = context.arena.New<Select>();
  select->kind = grammar::BodyKind::kSelect;
  select->span = from.span;
  auto* const all = context.arena.New<grammar::Star>();
  all->kind = grammar::ExprKind::kStar;
  all->span = from.span;
  const std::vector<grammar::SelectItem> items = {
      {star ? static_cast<Expr*>(all) : NewNumber(context, 1, from.span), {}, from.span}};
  select->items = context.arena.Copy(items);
  select->from = &from;
  select->where = where;
  auto* const query = context.arena.New<grammar::Query>();
  query->span = from.span;
  query->body = select;
  return query;
}

// a >= b in the ON of an ASOF join: the right side's rows are ordered by b.
const grammar::Binary* Inequality(const Expr& on) {
  const auto* const binary = As<grammar::Binary>(&on);
  if (binary == nullptr) return nullptr;
  using Op = grammar::BinaryOp;
  if (binary->op == Op::kAnd) {
    const auto* const left = Inequality(*binary->left);
    return left != nullptr ? left : Inequality(*binary->right);
  }
  const bool inequality =
      binary->op == Op::kGe || binary->op == Op::kGt || binary->op == Op::kLe || binary->op == Op::kLt;
  return inequality ? binary : nullptr;
}

bool IsQualifiedBy(const Expr& expr, const Identifier& table) {
  const auto* const ref = As<grammar::ColumnRef>(&expr);
  return ref != nullptr && ref->parts.size() == 2 && ref->parts[0].text == table.text;
}

// The matching rows of the right side, the nearest first, and only that.
bool ToLateral(Context& context, Join& join) {
  const auto name = Qualifier(*join.right);
  const auto* const test = join.on == nullptr ? nullptr : Inequality(*join.on);
  if (!name || test == nullptr || !context.writes.Can("correlated-lateral")) return false;
  const bool right_is_right = IsQualifiedBy(*test->right, *name);
  if (!right_is_right && !IsQualifiedBy(*test->left, *name)) return false;
  const bool greater = test->op == grammar::BinaryOp::kGe || test->op == grammar::BinaryOp::kGt;
  grammar::Query* const query = SelectFrom(context, *join.right, join.on, true);
  const Expr& key = right_is_right ? *test->right : *test->left;
  const std::vector<grammar::OrderItem> order = {{context.Copy(key), greater == right_is_right, false, false}};
  query->order_by = context.arena.Copy(order);
  query->limit = NewNumber(context, 1, join.span);
  auto* const lateral = context.arena.New<grammar::SubqueryRef>();
  lateral->kind = grammar::TableRefKind::kSubquery;
  lateral->span = join.right->span;
  lateral->alias = *name;
  lateral->query = query;
  lateral->lateral = true;
  join.right = lateral;
  join.on = context.Make("TRUE", {}, join.span);
  join.join = join.join == JoinKind::kAsofLeft ? JoinKind::kLeft : JoinKind::kInner;
  return true;
}

void ToLaterals(Context& context, TableRef& ref) {
  auto* const join = As<Join>(&ref);
  if (join == nullptr) return;
  ToLaterals(context, *join->left);
  ToLaterals(context, *join->right);
  if (join->join != JoinKind::kAsof && join->join != JoinKind::kAsofLeft) return;
  if (!ToLateral(context, *join)) {
    context.Refuse(join->span, fmt::format("{} has no ASOF JOIN as {} has it", context.to.title, context.from.title),
                   "join on the range, and keep the nearest row with row_number()");
  }
}

}  // namespace

void SemiJoinsToExists(Context& context, Select& select) {
  if (context.Has(grammar::Feature::kSemiJoin)) return;
  for (auto* join = As<Join>(select.from); join != nullptr; join = As<Join>(select.from)) {
    if (join->join != JoinKind::kSemi && join->join != JoinKind::kAnti) return;
    Expr* const condition = Condition(context, *join);
    if (condition == nullptr) return;
    auto* const exists = context.arena.New<grammar::Exists>();
    *exists = {{grammar::ExprKind::kExists, join->span, false}, SelectFrom(context, *join->right, condition, false)};
    Bindings bindings;
    bindings.values["e"] = exists;
    Expr* const test = context.Make(join->join == JoinKind::kSemi ? "$e" : "NOT $e", bindings, join->span);
    select.where = And(context, select.where, test, join->span);
    select.from = join->left;
  }
}

void AsofJoinToLateral(Context& context, Select& select) {
  if (context.writes.Can("asof-join") && context.reads.Can("asof-join")) return;
  if (select.from != nullptr) ToLaterals(context, *select.from);
}

void InlineWindows(Context& context, Select& select) {
  if (context.Has(grammar::Feature::kNamedWindow) || select.windows.empty()) return;
  const auto find = [&](const Identifier& name) -> const grammar::WindowSpec* {
    for (const grammar::NamedWindow& window : select.windows) {
      if (window.name.text == name.text) return window.spec;
    }
    return nullptr;
  };
  const auto copy = [&](const grammar::WindowSpec& spec) {
    auto* const out = context.arena.New<grammar::WindowSpec>(spec);
    std::vector<Expr*> partition;
    for (const Expr* const expr : spec.partition_by) partition.push_back(context.Copy(*expr));
    std::vector<grammar::OrderItem> order(spec.order_by.begin(), spec.order_by.end());
    for (grammar::OrderItem& item : order) item.expr = context.Copy(*item.expr);
    out->partition_by = context.arena.Copy(partition);
    out->order_by = context.arena.Copy(order);
    return out;
  };
  grammar::RewriteHooks hooks;
  hooks.expr = [&](Expr& expr) -> Expr* {
    auto* const call = As<grammar::FunctionCall>(&expr);
    if (call == nullptr || call->over_name.text.empty()) return &expr;
    if (const grammar::WindowSpec* const spec = find(call->over_name); spec != nullptr && spec->base.text.empty()) {
      call->over = copy(*spec);
      call->over_name = {};
    }
    return &expr;
  };
  std::vector<grammar::SelectItem> items(select.items.begin(), select.items.end());
  for (grammar::SelectItem& item : items) item.expr = grammar::Rewrite(*item.expr, hooks);
  select.items = context.arena.Copy(items);
  if (select.qualify != nullptr) select.qualify = grammar::Rewrite(*select.qualify, hooks);
  select.windows = {};
}

}  // namespace wapc::compiler::translate
