#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/translate/context.h"
#include "grammar/fold.h"
#include "grammar/walk.h"

/// DISTINCT, ORDER BY, FILTER, IGNORE NULLS and OVER of a call that was translated.
namespace wapc::compiler::translate {

using grammar::As;
using grammar::Expr;
using grammar::FunctionCall;

namespace {

bool HasModifiers(const FunctionCall& call) {
  return call.distinct || !call.order_by.empty() || call.filter != nullptr || call.over != nullptr ||
         !call.over_name.text.empty() || call.nulls != grammar::NullTreatment::kDefault;
}

std::string NameOf(const FunctionCall& call) { return grammar::LowerCase(call.name.back().text); }

// The aggregates and window functions of what was written, none inside of another.
std::vector<FunctionCall*> Aggregates(const Context& context, Expr& written, const FunctionCall& call) {
  std::vector<FunctionCall*> out;
  std::vector<const Expr*> theirs;
  for (const grammar::Argument& argument : call.arguments) theirs.push_back(argument.value);
  grammar::Visitor visitor;
  visitor.expr = [&](Expr& each) {
    if (std::find(theirs.begin(), theirs.end(), &each) != theirs.end()) return false;
    auto* const found = As<FunctionCall>(&each);
    if (found == nullptr || !context.writes.IsAggregate(NameOf(*found))) return true;
    out.push_back(found);
    return false;
  };
  grammar::Walk(written, visitor);
  return out;
}

// Aggregates that pass over rows whose first argument is NULL.
bool PassesOverNull(const std::string& name) {
  static const std::set<std::string_view> kNames = {"count",
                                                    "sum",
                                                    "min",
                                                    "max",
                                                    "avg",
                                                    "stddev_samp",
                                                    "stddev_pop",
                                                    "var_samp",
                                                    "var_pop",
                                                    "bool_and",
                                                    "bool_or",
                                                    "count_if",
                                                    "booland_agg",
                                                    "boolor_agg",
                                                    "listagg",
                                                    "string_agg",
                                                    "corr",
                                                    "covar_samp",
                                                    "covar_pop",
                                                    "any_value",
                                                    "median",
                                                    "approx_distinct",
                                                    "approx_count_distinct"};
  return kNames.contains(name);
}

// agg(x) FILTER (WHERE c) is agg(CASE WHEN c THEN x END) for these.
void FilterByCase(Context& context, FunctionCall& target, Expr& condition) {
  if (target.arguments.empty() || !PassesOverNull(NameOf(target))) {
    context.Refuse(target.span, fmt::format("{} has no FILTER for {}() here", context.to.title, NameOf(target)),
                   "filter in a subquery first");
    return;
  }
  Bindings bindings;
  bindings.values["c"] = &condition;
  Expr* const value = target.arguments[0].value;
  const bool star = As<grammar::Star>(value) != nullptr;
  if (!star) bindings.values["x"] = value;
  std::vector<grammar::Argument> arguments(target.arguments.begin(), target.arguments.end());
  arguments[0].value =
      context.Make(star ? "CASE WHEN $c THEN 1 END" : "CASE WHEN $c THEN $x END", bindings, target.span);
  target.arguments = context.arena.Copy(arguments);
}

void AddFilter(Context& context, FunctionCall& target, Expr& condition) {
  const bool window = target.over != nullptr || !target.over_name.text.empty();
  if (!context.Has(grammar::Feature::kFilterClause) || (window && !context.writes.Can("filter-window"))) {
    return FilterByCase(context, target, condition);
  }
  if (target.filter == nullptr) {
    target.filter = &condition;
    return;
  }
  Bindings bindings;
  bindings.values["a"] = target.filter;
  bindings.values["b"] = &condition;
  target.filter = context.Make("$a AND $b", bindings, target.span);
}

bool IsValueFunction(std::string_view name) {
  return name == "first_value" || name == "last_value" || name == "nth_value";
}

// Engines differ in which rows first_value and its like look at when nothing is said.
void SettleFrame(Context& context, const FunctionCall& target) {
  grammar::WindowSpec* const over = target.over;
  if (over == nullptr || over->frame != nullptr || over->order_by.empty() || !IsValueFunction(NameOf(target))) return;
  const bool whole = context.reads.Can("whole-frame");
  if (whole == context.writes.Can("whole-frame")) return;
  using Kind = grammar::FrameBoundKind;
  over->frame =
      context.arena.New<grammar::Frame>(grammar::Frame{whole ? grammar::FrameUnit::kRows : grammar::FrameUnit::kRange,
                                                       {Kind::kUnboundedPreceding, nullptr},
                                                       {whole ? Kind::kUnboundedFollowing : Kind::kCurrentRow, nullptr},
                                                       true,
                                                       grammar::FrameExclude::kNone});
}

void CheckWindow(Context& context, const FunctionCall& target) {
  if (target.over == nullptr && target.over_name.text.empty()) return;
  const auto refuse = [&](std::string_view what, const std::string& help) {
    context.Refuse(target.span, fmt::format("{} has no {} over a window", context.to.title, what), help);
  };
  if (target.distinct && !context.writes.Can("distinct-window")) {
    refuse("DISTINCT", "aggregate the distinct values in a subquery and join it");
  }
  if (!target.order_by.empty() && !context.writes.Can("ordered-window")) {
    refuse("ORDER BY inside an aggregate", "order by the window's own ORDER BY");
  }
  if (!target.within_group.empty() && !context.writes.Can("within-group-window")) {
    refuse(NameOf(target) + "()", "compute it per group in a subquery and join that");
  }
}

void MoveTo(Context& context, const FunctionCall& call, FunctionCall& target, bool first) {
  target.distinct |= call.distinct;
  if (!call.order_by.empty()) {
    const bool in_group = context.writes.Can("within-group:" + NameOf(target));
    auto& order = in_group ? target.within_group : target.order_by;
    order = context.arena.Copy(std::vector<grammar::OrderItem>(call.order_by.begin(), call.order_by.end()));
    SettleNulls(context, order);
  }
  target.over = call.over;
  target.over_name = call.over_name;
  if (call.filter != nullptr) AddFilter(context, target, first ? *call.filter : *context.Copy(*call.filter));
  if (call.nulls == grammar::NullTreatment::kIgnore) {
    if (context.Has(grammar::Feature::kIgnoreNulls)) {
      target.nulls = call.nulls;
    } else {
      context.Refuse(call.span, fmt::format("{} has no IGNORE NULLS", context.to.title),
                     "number the rows by count(x) OVER (ORDER BY ...), and take max(x) within each number");
    }
  }
  if (target.over != nullptr) SettleNulls(context, target.over->order_by);
  SettleFrame(context, target);
  CheckWindow(context, target);
}

}  // namespace

Expr* MoveModifiers(Context& context, const FunctionCall& call, Expr* written) {
  if (!call.on_overflow.empty() && call.on_overflow != "error") {
    context.Refuse(call.span, fmt::format("{} has no ON OVERFLOW TRUNCATE", context.to.title),
                   std::string(grammar::InsteadOf(grammar::Feature::kListOverflow)));
  }
  if (!HasModifiers(call)) return written;
  const std::vector<FunctionCall*> targets = Aggregates(context, *written, call);
  if (targets.empty()) {
    context.Refuse(
        call.span,
        fmt::format("{}() cannot take DISTINCT, ORDER BY, FILTER or OVER in {}", NameOf(call), context.to.title),
        "aggregate in a subquery first");
    return written;
  }
  for (size_t i = 0; i < targets.size(); ++i) MoveTo(context, call, *targets[i], i == 0);
  return written;
}

void SettleNulls(const Context& context, grammar::List<grammar::OrderItem> items) {
  for (grammar::OrderItem& item : items) {
    if (item.nulls_first || item.nulls_last) continue;
    const bool first = grammar::NullsFirst(context.from, item.descending);
    if (first == grammar::NullsFirst(context.to, item.descending)) continue;
    (first ? item.nulls_first : item.nulls_last) = true;
  }
}

}  // namespace wapc::compiler::translate
