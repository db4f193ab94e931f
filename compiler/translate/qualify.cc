#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/translate/shape.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

/// QUALIFY as a filter on a query around this one, and DISTINCT ON as the first row of each group.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Identifier;
using grammar::Select;
using grammar::SelectItem;

namespace {

constexpr std::string_view kFlag = "wapc_qualify";
constexpr std::string_view kInner = "wapc_inner";

std::string Key(const Identifier& name) { return grammar::LowerCase(name.text); }

/// The SELECT becomes the inner query of one that filters it.
class Wrapper {
 public:
  Wrapper(Context& context, Select& select) : context_(context), select_(select) {}

  void Wrap(grammar::Query* owner) {
    for (const SelectItem& item : select_.items) Keep(item);
    if (owner != nullptr) {
      for (grammar::OrderItem& order : owner->order_by) order.expr = Order(*order.expr);
    }
    inner_.push_back({select_.qualify, NewName(context_, kFlag, select_.qualify->span), select_.qualify->span});
    Finish();
  }

 private:
  Expr* Column(const Identifier& name) { return NewColumn(context_, {name}, select_.span); }

  void Keep(const SelectItem& item) {
    Identifier shown = NameOfItem(item);
    if (shown.text.empty()) shown = NewName(context_, fmt::format("column_{}", inner_.size() + 1), item.span);
    Identifier name = shown;
    if (!names_.insert(Key(shown)).second)
      name = NewName(context_, fmt::format("wapc_{}", inner_.size() + 1), item.span);
    shown_.push_back(Key(shown));
    inner_.push_back({item.expr, name, item.span});
    outer_.push_back({Column(name), Key(name) == Key(shown) ? Identifier{} : shown, item.span});
  }

  // What the outer query orders by: an output column, a position, or a column that the inner query gives for it.
  Expr* Order(Expr& expr) {
    if (As<grammar::Literal>(&expr) != nullptr) return &expr;
    const auto* const ref = As<grammar::ColumnRef>(&expr);
    for (size_t i = 0; i < shown_.size(); ++i) {
      const bool named = ref != nullptr && ref->parts.size() == 1 && shown_[i] == Key(ref->parts[0]);
      if (named || grammar::Equal(*inner_[i].expr, expr)) return Column(inner_[i].alias);
    }
    const Identifier name = NewName(context_, fmt::format("wapc_order_{}", inner_.size() + 1), expr.span);
    inner_.push_back({&expr, name, expr.span});
    return Column(name);
  }

  void Finish() {
    auto* const body = context_.arena.New<Select>(select_);
    body->items = context_.arena.Copy(inner_);
    body->qualify = nullptr;
    body->distinct = false;
    auto* const query = context_.arena.New<grammar::Query>();
    query->span = select_.span;
    query->body = body;
    auto* const from = context_.arena.New<grammar::SubqueryRef>();
    from->kind = grammar::TableRefKind::kSubquery;
    from->span = select_.span;
    from->alias = NewName(context_, kInner, select_.span);
    from->query = query;
    Select outer;
    outer.kind = grammar::BodyKind::kSelect;
    outer.span = select_.span;
    outer.distinct = select_.distinct;
    outer.items = context_.arena.Copy(outer_);
    outer.from = from;
    outer.where = Column(NewName(context_, kFlag, select_.span));
    select_ = outer;
  }

  Context& context_;
  Select& select_;
  std::vector<SelectItem> inner_;
  std::vector<SelectItem> outer_;
  std::vector<std::string> shown_;
  std::set<std::string> names_;
};

// An ORDER BY item as the window sees it: aliases and positions are not known there.
Expr* InWindow(Context& context, const Select& select, const Expr& expr) {
  const auto* const literal = As<grammar::Literal>(&expr);
  if (literal != nullptr && literal->type == grammar::LiteralKind::kNumber) {
    const auto position = static_cast<size_t>(std::strtoul(std::string(literal->text).c_str(), nullptr, 10));
    if (position >= 1 && position <= select.items.size()) return context.Copy(*select.items[position - 1].expr);
  }
  const auto* const ref = As<grammar::ColumnRef>(&expr);
  for (const SelectItem& item : select.items) {
    if (ref != nullptr && ref->parts.size() == 1 && !item.alias.text.empty() && Key(item.alias) == Key(ref->parts[0])) {
      return context.Copy(*item.expr);
    }
  }
  return context.Copy(expr);
}

grammar::FunctionCall* RowNumber(Context& context, const Select& select, const grammar::Query* owner) {
  auto* const call = As<grammar::FunctionCall>(context.Make("row_number()", {}, select.span));
  auto* const window = context.arena.New<grammar::WindowSpec>();
  window->span = select.span;
  std::vector<Expr*> partition;
  std::vector<grammar::OrderItem> order;
  for (const Expr* const expr : select.distinct_on) partition.push_back(InWindow(context, select, *expr));
  if (owner != nullptr) {
    for (const grammar::OrderItem& item : owner->order_by) {
      order.push_back({InWindow(context, select, *item.expr), item.descending, item.nulls_first, item.nulls_last});
    }
  }
  if (order.empty()) order.push_back({context.Copy(*partition.front()), false, false, false});
  window->partition_by = context.arena.Copy(partition);
  window->order_by = context.arena.Copy(order);
  call->over = window;
  return call;
}

}  // namespace

void DistinctOnToQualify(Context& context, Select& select, grammar::Query* owner) {
  if (select.distinct_on.empty() || context.Has(grammar::Feature::kDistinctOn)) return;
  if (select.qualify != nullptr || select.group_by_all || !select.group_by.empty()) {
    return context.Refuse(
        select.span,
        fmt::format("{} has no DISTINCT ON, and here it stands beside GROUP BY or QUALIFY", context.to.title),
        "put the grouping into a subquery");
  }
  Bindings bindings;
  bindings.values["n"] = RowNumber(context, select, owner);
  select.qualify = context.Make("$n = 1", bindings, select.span);
  select.distinct_on = {};
  select.distinct = false;
}

void QualifyToSubquery(Context& context, Select& select, grammar::Query* owner) {
  if (select.qualify == nullptr || context.Has(grammar::Feature::kQualify)) return;
  if (HoldsStar(select)) {
    return context.Refuse(
        select.qualify->span,
        fmt::format("{} has no QUALIFY, and what the star stands for is not known here", context.to.title),
        "list the columns, or filter on the window function in a query around this one");
  }
  Wrapper(context, select).Wrap(owner);
}

}  // namespace wapc::compiler::translate
