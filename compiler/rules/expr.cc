#include "compiler/staging/rule.h"

// What:  puts an expression in place of every column that matches; @col is the column as the rules before gave it.
// Why:   cleaning (trimming, nulls for blanks) is the same for hundreds of columns.
// Write: - match: {type: text}
//          expr: nullif(trim(@col), '')
namespace wapc::compiler {
namespace {

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  const grammar::Expr* const expr = tools.Expression(*call.value, "expr");
  bool matched = expr == nullptr;  // a broken expression was reported; it does not match nothing besides
  for (DraftColumn& column : draft.columns) {
    if (expr == nullptr || !MatchesColumn(call.match, draft, column)) continue;
    column.expr = tools.ForColumn(*expr, *column.expr, *draft.arena);
    column.span = call.value->span;
    column.replaced = matched = true;
  }
  return matched;
}

}  // namespace

const StagingRule& ExprRule() {
  static constexpr StagingRule kRule{"expr", "puts an expression in place of every column that matches", Apply};
  return kRule;
}

}  // namespace wapc::compiler
