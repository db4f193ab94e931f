#include "compiler/staging/rule.h"
#include "grammar/walk.h"

// What:  puts an expression in place of every column that matches; @col is the column as the rules before gave it.
// Why:   cleaning (trimming, nulls for blanks, hashing) is the same for hundreds of columns.
// Write: - match: {type: text}
//          expr: nullif(trim(@col), '')
namespace wapc::compiler {
namespace {

grammar::Expr* Substitute(const grammar::Expr& expr, const grammar::Expr& column, grammar::Arena& arena) {
  grammar::CloneHooks hooks;
  hooks.replace_expr = [&](const grammar::Expr& node) -> grammar::Expr* {
    const auto* const variable = grammar::As<grammar::MacroVariable>(&node);
    return variable != nullptr && variable->name == "col" ? grammar::Clone(column, arena) : nullptr;
  };
  return grammar::Clone(expr, arena, hooks);
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  const grammar::Expr* const expr = tools.Expression(*call.value, "expr");
  bool matched = expr == nullptr;  // a broken expression was reported; it does not match nothing besides
  for (DraftColumn& column : draft.columns) {
    if (expr == nullptr || !MatchesColumn(call.match, draft, column)) continue;
    column.expr = Substitute(*expr, *column.expr, *draft.arena);
    column.span = call.value->span;
    matched = true;
  }
  return matched;
}

}  // namespace

const StagingRule& ExprRule() {
  static constexpr StagingRule kRule{"expr", "puts an expression in place of every column that matches", Apply};
  return kRule;
}

}  // namespace wapc::compiler
