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

// `percentile_cont(0.5) WITHIN GROUP (ORDER BY x)` is quantile_cont(x, 0.5) in DuckDB.
std::string_view FunctionName(const grammar::FunctionCall& call, const Typing& typing) {
  const std::string_view name = call.name.back().text;
  if (call.within_group.empty() || !typing.percentile_is_quantile) return name;
  if (SameName(name, "percentile_cont")) return "quantile_cont";
  if (SameName(name, "percentile_disc")) return "quantile_disc";
  return name;
}

bool Reduces(std::string_view name) { return name.find("reduce") != std::string_view::npos; }

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

bool TakesLambdaAt(const FunctionSet& set, const FunctionCatalog& catalog, size_t index) {
  return std::any_of(set.signatures.begin(), set.signatures.end(), [&](const Signature& signature) {
    return index < signature.parameters.size() && catalog.parameter(signature.parameters[index]).lambda;
  });
}

Value Child(const Value& value, size_t index) {
  return Value::Of(index < value.type.children.size() ? value.type.children[index] : Type{}, true);
}

// What a function gives to the parameters of its lambda: `before` are the arguments that stand before it.
std::vector<Value> LambdaValues(std::string_view function, std::span<const Value> before) {
  const Value& list = before[0];
  if (list.type.kind == TypeKind::kMap) return {Child(list, 0), Child(list, 1)};
  if (Reduces(function)) {
    // reduce(list, start, (sum, x) -> ..., sum -> ...), or list_reduce(list, (sum, x) -> ...).
    if (before.size() > 1) return {Value::Of(before.back().type, true), Child(list, 0)};
    return {Child(list, 0), Child(list, 0)};
  }
  if (function == "zip_with" && before.size() > 1) return {Child(list, 0), Child(before[1], 0)};
  if (function == "array_sort") return {Child(list, 0), Child(list, 0)};
  return {Child(list, 0)};
}

}  // namespace

Value Binder::BindCall(grammar::FunctionCall& call, Scope& scope) {
  const FunctionSet* const set = catalog_.Find(FunctionName(call, typing_));
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
    if (typing_.percentile_is_quantile) BindWithinGroup(call, scope, arguments, values);
    const std::vector<Value> more = BindArguments(call, set, scope, arguments);
    values.insert(values.end(), more.begin(), more.end());
    if (!typing_.percentile_is_quantile) BindWithinGroup(call, scope, arguments, values);
    if (call.filter != nullptr) CheckCondition(BindExpr(*call.filter, scope), call.filter->span, "FILTER");
    for (const grammar::OrderItem& item : call.order_by) BindExpr(*item.expr, scope);
  }
  if (windowed) BindWindow(call, scope);
  const auto found = ResolveCall(catalog_, set, {values, arguments, &typing_});
  if (!found) return ReportSignature(call, set, values);
  Value out = Value::Of(found->type, found->nullable);
  // Without GROUP BY there may be no row, and a frame or filter may leave none.
  const bool rows = aggregate && scope.grouping.grouped && call.filter == nullptr;
  if ((aggregate || windowed) && !rows && found->signature->nulls != NullRule::kNever) out.nullable = true;
  return out;
}

// What is ordered is an argument of percentile_cont and mode; listagg takes only its order from there.
void Binder::BindWithinGroup(const grammar::FunctionCall& call, Scope& scope, std::vector<grammar::Argument>& arguments,
                             std::vector<Value>& values) {
  const bool only_order = SameName(call.name.back().text, "listagg");
  for (const grammar::OrderItem& item : call.within_group) {
    Value value = BindExpr(*item.expr, scope);
    if (only_order) continue;
    arguments.push_back({{}, item.expr});
    values.push_back(std::move(value));
  }
}

// Whether an aggregate or window function may stand here.
bool Binder::CheckPlace(const grammar::FunctionCall& call, bool aggregate, bool window, Scope& scope) {
  const std::string_view name = call.name.back().text;
  const bool groups = scope.clause == Clause::kSelect || scope.clause == Clause::kHaving ||
                      scope.clause == Clause::kQualify || scope.clause == Clause::kOrderBy;
  if (window && call.over == nullptr && call.over_name.text.empty()) {
    Fail(kMisplacedWindow, call.span, fmt::format("{}(...) needs OVER (...)", name),
         "it looks at rows in an order: say which with OVER (ORDER BY ...)");
    return false;
  }
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
    if (Expr* const part = DatePart(*argument.value, set, values.size(), scope)) {
      arguments.back().value = part;
      values.push_back(BindExpr(*part, scope));
      continue;
    }
    const bool lambda = set.takes_lambda && !values.empty() && TakesLambdaAt(set, catalog_, values.size());
    values.push_back(lambda ? BindLambdaArgument(*argument.value, values, set, scope)
                            : BindExpr(*argument.value, scope));
  }
  return values;
}

// `day` in dateadd(day, 1, x), as a text; null where it is a value.
grammar::Expr* Binder::DatePart(Expr& expr, const FunctionSet& set, size_t index, Scope& scope) {
  constexpr std::array<std::string_view, 6> kWithParts{"date_", "datea", "dated", "time", "last_day", "trunc"};
  const auto* const ref = typing_.bare_date_parts ? As<grammar::ColumnRef>(&expr) : nullptr;
  if (ref == nullptr || ref->parts.size() != 1 || ref->parts[0].quoted) return nullptr;
  const bool has_parts = std::any_of(kWithParts.begin(), kWithParts.end(),
                                     [&](std::string_view start) { return set.name.starts_with(start); });
  const bool first = !set.name.starts_with("last_day") && !set.name.starts_with("trunc");
  if (!has_parts || index != (first ? 0 : 1)) return nullptr;
  if (set.signatures[0].parameters.empty() || FindName(Key(ref->parts[0]), scope).found == Found::kColumn)
    return nullptr;
  auto* const text = scratch_.New<grammar::Literal>();
  text->kind = grammar::ExprKind::kLiteral;
  text->span = expr.span;
  text->type = grammar::LiteralKind::kString;
  text->text = ref->parts[0].text;
  return text;
}

// `x -> x + 1` reads like the JSON operator when x is a name, so that both trees are taken.
Value Binder::BindLambdaArgument(Expr& expr, std::span<const Value> before, const FunctionSet& set, Scope& scope) {
  const std::vector<Value> given = LambdaValues(set.name, before);
  if (auto* const lambda = As<grammar::Lambda>(&expr)) {
    return BindLambdaBody(lambda->parameters, *lambda->body, given, scope);
  }
  if (auto* const arrow = As<grammar::Binary>(&expr); arrow != nullptr && arrow->op == grammar::BinaryOp::kArrow) {
    if (auto names = LambdaNames(*arrow->left)) return BindLambdaBody(*names, *arrow->right, given, scope);
  }
  return Fail(kNoSuchSignature, expr.span, fmt::format("{} takes a lambda here", set.name), "write x -> ...");
}

// What is given to no parameter by its function is the place of the element.
Value Binder::BindLambdaBody(grammar::List<grammar::Identifier> parameters, Expr& body, std::span<const Value> given,
                             Scope& scope) {
  const size_t before = scope.lambdas.size();
  for (size_t i = 0; i < parameters.size(); ++i) {
    scope.lambdas.push_back({Key(parameters[i]), i < given.size() ? given[i] : Value::Of(TypeKind::kInt64, false)});
  }
  Value value = BindExpr(body, scope);
  value.literal = LiteralForm::kNone;
  scope.lambdas.resize(before);
  return value;
}

// A lambda where none is taken: `column -> 'path'` of JSON.
Value Binder::BindLambda(grammar::Lambda& lambda, Scope& scope) {
  if (lambda.parameters.size() == 1) {
    const Lookup found = FindName(Key(lambda.parameters[0]), scope);
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
  if (call.over_name.text.empty()) return;
  const std::string_view name = Key(call.over_name);
  for (const grammar::NamedWindow& window : scope.windows) {
    if (!names_.Same(Key(window.name), name)) continue;
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
    if (!spec.base.text.empty() && names_.Same(Key(window.name), Key(spec.base))) BindWindowSpec(*window.spec, scope);
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
                "it takes *, a pattern or a list of names, in the SELECT list; else write the columns out");
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
