#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {

using grammar::As;
using metadata::Type;
using metadata::TypeKind;

namespace {

constexpr base::DiagnosticCode kMisplacedAggregate{"misplaced-aggregate", base::Severity::kError};
constexpr base::DiagnosticCode kMisplacedWindow{"misplaced-window", base::Severity::kError};
constexpr size_t kShownCandidates = 5;

std::string_view ClauseName(Clause clause) {
  switch (clause) {
    case Clause::kFrom: return "a join condition";
    case Clause::kWhere: return "WHERE";
    case Clause::kGroupBy: return "GROUP BY";
    case Clause::kHaving: return "HAVING";
    default: return "this place";
  }
}

// `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)` is quantile_cont(x, 0.5).
std::string_view FunctionName(const grammar::FunctionCall& call) {
  const std::string_view name = call.name.back().text;
  if (call.within_group.empty()) return name;
  if (SameName(name, "percentile_cont")) return "quantile_cont";
  if (SameName(name, "percentile_disc")) return "quantile_disc";
  return name;
}

bool Reduces(std::string_view name) { return FoldName(name).find("reduce") != std::string::npos; }

// The parameters of a lambda: `x`, `(x, i)`; nothing for any other expression.
std::optional<std::vector<grammar::Identifier>> LambdaNames(const grammar::Expr& expr) {
  std::vector<grammar::Identifier> names;
  const auto add = [&](const grammar::Expr* part) {
    const auto* const ref = As<grammar::ColumnRef>(part);
    if (ref == nullptr || ref->parts.size() != 1) return false;
    names.push_back(ref->parts[0]);
    return true;
  };
  if (const auto* const tuple = As<grammar::Tuple>(&expr)) {
    if (!std::all_of(tuple->items.begin(), tuple->items.end(), add)) return std::nullopt;
  } else if (!add(&expr)) {
    return std::nullopt;
  }
  return names;
}

}  // namespace

Value Binder::BindCall(grammar::FunctionCall& call, Scope& scope) {
  const FunctionSet* const set = catalog_.Find(FunctionName(call));
  if (set != nullptr) return BindKnownCall(call, *set, scope);
  for (const grammar::Argument& argument : call.arguments) BindExpr(*argument.value, scope);
  return ReportUnknownFunction(call, false);
}

// `x.f(y)` is f(x, y); `main.f(y)` names the schema of what is built in.
grammar::Expr* Binder::Subject(const grammar::FunctionCall& call) {
  if (call.name.size() < 2 || SameName(call.name[0].text, "main") || SameName(call.name[0].text, "system"))
    return nullptr;
  const auto parts = call.name.first(call.name.size() - 1);
  return scratch_.New<grammar::ColumnRef>(grammar::ColumnRef{
      {grammar::ExprKind::kColumnRef, base::Join(parts.front().span, parts.back().span), false}, parts});
}

Value Binder::BindKnownCall(grammar::FunctionCall& call, const FunctionSet& set, Scope& scope) {
  const bool windowed = call.over != nullptr || !call.over_name.text.empty() || set.has(FunctionKind::kWindow);
  const bool aggregate = set.has(FunctionKind::kAggregate) && !windowed;
  if (!CheckPlace(call, aggregate, windowed, scope)) return Value::Unknown();
  std::vector<grammar::Argument> arguments;
  std::vector<Value> values;
  {
    const Restore in_aggregate(scope.in_aggregate, scope.in_aggregate || aggregate);
    const Restore in_window(scope.in_window, scope.in_window || windowed);
    const Restore shielded(scope.grouping.shielded, scope.grouping.shielded + (aggregate ? 1 : 0));
    if (Expr* const subject = Subject(call)) {
      arguments.push_back({{}, subject});
      values.push_back(BindExpr(*subject, scope));
    }
    for (const grammar::OrderItem& item : call.within_group) {
      arguments.push_back({{}, item.expr});
      values.push_back(BindExpr(*item.expr, scope));
    }
    const std::vector<Value> more = BindArguments(call, set, scope, arguments);
    values.insert(values.end(), more.begin(), more.end());
    if (call.filter != nullptr) CheckCondition(BindExpr(*call.filter, scope), call.filter->span, "FILTER");
    for (const grammar::OrderItem& item : call.order_by) BindExpr(*item.expr, scope);
  }
  if (windowed) BindWindow(call, scope);
  const auto found = ResolveCall(catalog_, set, {values, arguments});
  if (!found) return ReportSignature(call, set, values);
  Value out = Value::Of(found->type, found->nullable);
  // Without GROUP BY there may be no row, and a frame or filter may leave none.
  const bool rows = aggregate && scope.grouping.grouped && call.filter == nullptr;
  if ((aggregate || windowed) && !rows && found->signature->nulls != NullRule::kNever) out.nullable = true;
  return out;
}

// Whether an aggregate or window function may stand here.
bool Binder::CheckPlace(const grammar::FunctionCall& call, bool aggregate, bool window, Scope& scope) {
  const std::string_view name = call.name.back().text;
  const bool groups = scope.clause == Clause::kSelect || scope.clause == Clause::kHaving ||
                      scope.clause == Clause::kQualify || scope.clause == Clause::kOrderBy;
  if (window) {
    if (!groups || scope.clause == Clause::kHaving || scope.in_aggregate || scope.in_window) {
      Fail(kMisplacedWindow, call.span,
           scope.in_aggregate || scope.in_window
               ? fmt::format("{}(...) OVER stands inside another aggregate or window function", name)
               : fmt::format("{}(...) OVER cannot stand in {}", name, ClauseName(scope.clause)),
           "compute it in a subquery first, or filter by it in QUALIFY");
      return false;
    }
    scope.saw_window = true;
    return true;
  }
  if (!aggregate) return true;
  if (scope.in_aggregate) {
    Fail(kMisplacedAggregate, call.span, fmt::format("the aggregate {}(...) stands inside another aggregate", name),
         "aggregate once in a subquery, and again outside of it");
    return false;
  }
  if (!groups) {
    Fail(kMisplacedAggregate, call.span,
         fmt::format("the aggregate {}(...) cannot stand in {}", name, ClauseName(scope.clause)),
         "filter groups in HAVING, or aggregate in a subquery first");
    return false;
  }
  scope.saw_aggregate = true;
  scope.grouping.aggregated = true;
  return true;
}

std::vector<Value> Binder::BindArguments(grammar::FunctionCall& call, const FunctionSet& set, Scope& scope,
                                         std::vector<grammar::Argument>& arguments) {
  std::vector<Value> values;
  // count(*) counts rows: no argument at all.
  if (call.arguments.size() == 1 && As<grammar::Star>(call.arguments[0].value) != nullptr) return values;
  for (const grammar::Argument& argument : call.arguments) {
    arguments.push_back(argument);
    const bool lambda = set.takes_lambda && values.size() == 1;
    values.push_back(lambda ? BindLambdaArgument(*argument.value, values[0], set, scope)
                            : BindExpr(*argument.value, scope));
  }
  return values;
}

// `x -> x + 1` reads like the JSON operator when x is a name, so that both trees are taken.
Value Binder::BindLambdaArgument(Expr& expr, const Value& list, const FunctionSet& set, Scope& scope) {
  const bool reduces = Reduces(set.name);
  if (auto* const lambda = As<grammar::Lambda>(&expr)) {
    return BindLambdaBody(lambda->parameters, *lambda->body, list, reduces, scope);
  }
  if (auto* const arrow = As<grammar::Binary>(&expr); arrow != nullptr && arrow->op == grammar::BinaryOp::kArrow) {
    if (auto names = LambdaNames(*arrow->left)) return BindLambdaBody(*names, *arrow->right, list, reduces, scope);
  }
  return Fail(kNoSuchSignature, expr.span, fmt::format("{} takes a lambda as its second argument", set.name),
              "write x -> ...");
}

Value Binder::BindLambdaBody(grammar::List<grammar::Identifier> parameters, Expr& body, const Value& list, bool reduces,
                             Scope& scope) {
  const size_t before = scope.lambdas.size();
  const Value element = Value::Of(
      list.type.kind == TypeKind::kArray && !list.type.children.empty() ? list.type.children[0] : Type{}, true);
  // list_reduce takes the sum so far, the element and its place; the others the element and its place.
  const size_t elements = reduces ? 2 : 1;
  for (size_t i = 0; i < parameters.size(); ++i) {
    scope.lambdas.push_back({parameters[i].text, i < elements ? element : Value::Of(TypeKind::kInt64, false)});
  }
  Value value = BindExpr(body, scope);
  value.literal = LiteralForm::kNone;
  scope.lambdas.resize(before);
  return value;
}

// A lambda where none is taken: `column -> 'path'` of JSON.
Value Binder::BindLambda(grammar::Lambda& lambda, Scope& scope) {
  if (lambda.parameters.size() == 1) {
    const Lookup found = FindName(lambda.parameters[0].text, scope);
    if (found.found != Found::kNothing) {
      const std::array values{ValueOf(found, lambda.parameters[0], lambda.span, scope), BindExpr(*lambda.body, scope)};
      return Operate("->", "->", values, lambda.span);
    }
    return UnknownName(lambda.parameters[0], scope);
  }
  return Fail(kNoSuchSignature, lambda.span, "a lambda can stand only where a function takes one",
              "list_transform, list_filter and list_reduce do");
}

void Binder::BindWindow(grammar::FunctionCall& call, Scope& scope) {
  const Restore in_window(scope.in_window, true);
  if (call.over != nullptr) BindWindowSpec(*call.over, scope);
  const std::string_view name = !call.over_name.text.empty() ? call.over_name.text : std::string_view();
  if (name.empty()) return;
  for (const grammar::NamedWindow& window : scope.windows) {
    if (!SameName(window.name.text, name)) continue;
    BindWindowSpec(*window.spec, scope);
    return;
  }
  std::vector<std::string> names;
  for (const grammar::NamedWindow& window : scope.windows) names.emplace_back(window.name.text);
  const auto near = base::ClosestName(name, names);
  Fail(kUnknownAlias, call.over_name.span, fmt::format("there is no window called \"{}\"", name),
       near ? fmt::format("did you mean {}?", *near) : std::string("define it: WINDOW name AS (PARTITION BY ...)"));
}

void Binder::BindWindowSpec(grammar::WindowSpec& spec, Scope& scope) {
  for (const grammar::NamedWindow& window : scope.windows) {
    if (!spec.base.text.empty() && SameName(window.name.text, spec.base.text)) BindWindowSpec(*window.spec, scope);
  }
  for (Expr* const expr : spec.partition_by) BindExpr(*expr, scope);
  for (const grammar::OrderItem& item : spec.order_by) BindExpr(*item.expr, scope);
  if (spec.frame == nullptr) return;
  for (Expr* const offset : {spec.frame->start.offset, spec.frame->end.offset}) {
    if (offset != nullptr) BindExpr(*offset, scope);
  }
}

Value Binder::ReportUnknownFunction(const grammar::FunctionCall& call, bool table) {
  const grammar::Identifier& name = call.name.back();
  if (SameName(name.text, "columns")) {
    return Fail(kUnknownFunction, call.span, "COLUMNS(...) is not understood",
                "write the columns out, or * EXCLUDE (...)");
  }
  const auto near = base::ClosestName(FoldName(name.text), catalog_.Names(table));
  return Fail(kUnknownFunction, name.span.known() ? name.span : call.span,
              fmt::format("there is no {}function \"{}\" in {}", table ? "table " : "", name.text, dialect_.name),
              near ? fmt::format("did you mean {}?", *near)
                   : std::string("check its name; wapc knows what the engine has built in"));
}

Value Binder::ReportSignature(const grammar::FunctionCall& call, const FunctionSet& set,
                              std::span<const Value> values) {
  std::string types;
  for (const Value& value : values) types += (types.empty() ? "" : ", ") + Describe(value);
  std::string candidates;
  for (size_t i = 0; i < std::min(set.signatures.size(), kShownCandidates); ++i) {
    const std::string_view text = set.signatures[i].text;
    candidates += (i > 0 ? ", " : "") + std::string(text.substr(0, text.find(") ->") + 1));
  }
  if (set.signatures.size() > kShownCandidates)
    candidates += fmt::format(" and {} more", set.signatures.size() - kShownCandidates);
  return Fail(kNoSuchSignature, call.span, fmt::format("there is no {}({})", set.name, types),
              fmt::format("there is {}", candidates));
}

}  // namespace wapc::compiler
