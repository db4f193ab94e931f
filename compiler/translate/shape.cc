#include "compiler/translate/shape.h"

#include <fmt/format.h>

#include <algorithm>

#include "grammar/fold.h"
#include "grammar/walk.h"

namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::Identifier;
using grammar::Select;
using grammar::SelectItem;

namespace {

// An aggregate outside of every window: what GROUP BY ALL does not group by.
bool HoldsAggregate(const Context& context, Expr& expr) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.query = [](grammar::Query&) { return false; };
  visitor.expr = [&](Expr& each) {
    const auto* const call = As<grammar::FunctionCall>(&each);
    if (call != nullptr && call->over == nullptr && call->over_name.text.empty() &&
        context.reads.IsAggregate(grammar::LowerCase(call->name.back().text))) {
      found = true;
    }
    return !found;
  };
  grammar::Walk(expr, visitor);
  return found;
}

// Without the target's own: a name or position that the SELECT list answers for.
void ListItems(Context& context, Select& select, std::vector<size_t>& out) {
  for (size_t i = 0; i < select.items.size(); ++i) {
    if (!HoldsAggregate(context, *select.items[i].expr)) out.push_back(i + 1);
  }
}

void TranslateSelect(Context& context, Select& select, grammar::Query* owner) {
  InlineAliases(context, select, owner);
  ListGroupByAll(context, select);
  UnqualifyUsing(context, select, owner);
  SemiJoinsToExists(context, select);
  AsofJoinToLateral(context, select);
  DistinctOnToQualify(context, select, owner);
  QualifyToSubquery(context, select, owner);
  InlineWindows(context, select);
}

void TranslateBody(Context& context, grammar::QueryBody& body, grammar::Query* owner) {
  if (auto* const select = As<Select>(&body)) return TranslateSelect(context, *select, owner);
  auto* const operation = As<grammar::SetOperation>(&body);
  if (operation == nullptr) return;
  TranslateBody(context, *operation->left, nullptr);
  TranslateBody(context, *operation->right, nullptr);
  MatchByName(context, *operation);
}

}  // namespace

Identifier NameOfItem(const SelectItem& item) {
  if (!item.alias.text.empty()) return item.alias;
  if (const auto* const ref = As<grammar::ColumnRef>(item.expr)) return ref->parts.back();
  return {};
}

Identifier NewName(Context& context, std::string_view text, base::Span span) {
  return {context.arena.Copy(text), false, span};
}

Expr* NewColumn(Context& context, const std::vector<Identifier>& parts, base::Span span) {
  return context.arena.New<grammar::ColumnRef>(
      grammar::ColumnRef{{grammar::ExprKind::kColumnRef, span, false}, context.arena.Copy(parts)});
}

Expr* NewNumber(Context& context, size_t number, base::Span span) {
  return context.arena.New<grammar::Literal>(grammar::Literal{{grammar::ExprKind::kLiteral, span, false},
                                                              grammar::LiteralKind::kNumber,
                                                              context.arena.Copy(std::to_string(number))});
}

bool HoldsStar(const Select& select) {
  return std::any_of(select.items.begin(), select.items.end(),
                     [](const SelectItem& item) { return As<grammar::Star>(item.expr) != nullptr; });
}

void ListGroupByAll(Context& context, Select& select) {
  if (!select.group_by_all || context.Has(grammar::Feature::kGroupByAll)) return;
  if (HoldsStar(select)) {
    return context.Refuse(
        select.span,
        fmt::format("{} has no GROUP BY ALL, and what the star stands for is not known here", context.to.title),
        "list the columns");
  }
  std::vector<size_t> positions;
  ListItems(context, select, positions);
  std::vector<grammar::GroupElement> elements;
  for (const size_t position : positions) {
    elements.push_back({grammar::GroupElementKind::kExpr, NewNumber(context, position, select.span), {}});
  }
  select.group_by_all = false;
  select.group_by = context.arena.Copy(elements);
}

void ListOrderByAll(Context& context, grammar::Query& query) {
  auto* const select = As<Select>(query.body);
  const bool descending = query.order_by_all_descending;
  const bool same_nulls = grammar::NullsFirst(context.from, descending) == grammar::NullsFirst(context.to, descending);
  const bool written = query.order_by_all_nulls_first || query.order_by_all_nulls_last;
  if (!query.order_by_all || ((same_nulls || written) && context.Has(grammar::Feature::kOrderByAll))) return;
  if (select == nullptr || HoldsStar(*select)) {
    return context.Refuse(query.span, fmt::format("{} has no ORDER BY ALL", context.to.title), "list what to order by");
  }
  std::vector<grammar::OrderItem> items;
  for (size_t i = 0; i < select->items.size(); ++i) {
    items.push_back({NewNumber(context, i + 1, query.span), descending, query.order_by_all_nulls_first,
                     query.order_by_all_nulls_last});
  }
  query.order_by_all = false;
  query.order_by = context.arena.Copy(items);
}

void MatchByName(Context& context, grammar::SetOperation& operation) {
  if (!operation.by_name || context.Has(grammar::Feature::kSetByName)) return;
  auto* const left = As<Select>(operation.left);
  auto* const right = As<Select>(operation.right);
  const auto listed = [](const Select* select) {
    return select != nullptr && !HoldsStar(*select) &&
           std::all_of(select->items.begin(), select->items.end(),
                       [](const SelectItem& item) { return !NameOfItem(item).text.empty(); });
  };
  if (!listed(left) || !listed(right)) {
    return context.Refuse(operation.span, fmt::format("{} has no BY NAME", context.to.title),
                          "list the columns of both sides in one order");
  }
  const auto find = [](const std::vector<SelectItem>& items, const Identifier& name) {
    return std::find_if(items.begin(), items.end(), [&](const SelectItem& item) {
      return grammar::LowerCase(NameOfItem(item).text) == grammar::LowerCase(name.text);
    });
  };
  const std::vector<SelectItem> theirs(right->items.begin(), right->items.end());
  std::vector<SelectItem> lefts(left->items.begin(), left->items.end());
  const auto absent = [&](const SelectItem& item) {
    return SelectItem{context.Make("NULL", {}, item.span), NameOfItem(item), item.span};
  };
  for (const SelectItem& item : theirs) {
    if (find(lefts, NameOfItem(item)) == lefts.end()) lefts.push_back(absent(item));
  }
  std::vector<SelectItem> rights;
  for (const SelectItem& item : lefts) {
    const auto found = find(theirs, NameOfItem(item));
    rights.push_back(found == theirs.end() ? absent(item) : *found);
  }
  left->items = context.arena.Copy(lefts);
  right->items = context.arena.Copy(rights);
  operation.by_name = false;
}

void TranslateQueryShape(Context& context, grammar::Query& query) {
  grammar::RewriteHooks hooks;
  hooks.table = [&context](grammar::TableRef& table) -> grammar::TableRef* {
    if (auto* const pivot = As<grammar::Pivot>(&table)) return PivotToAggregates(context, *pivot);
    if (auto* const unpivot = As<grammar::Unpivot>(&table)) return UnpivotToUnion(context, *unpivot);
    return &table;
  };
  hooks.query = [&context](grammar::Query& each) {
    if (each.body == nullptr) return;
    ListOrderByAll(context, each);
    TranslateBody(context, *each.body, &each);
  };
  grammar::Rewrite(query, hooks);
}

}  // namespace wapc::compiler::translate
