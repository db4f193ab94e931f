#include "compiler/lint/rule.h"

/// nullable-not-in: NOT IN over a subquery whose column may be NULL.
/// Why: one NULL among its rows, and NOT IN is true for no row at all.
/// Bad: `WHERE id NOT IN (SELECT parent_id FROM raw.nodes)`. Good: `WHERE NOT EXISTS (SELECT 1 FROM raw.nodes AS n
/// WHERE n.parent_id = o.id)`, or a filter in the subquery: `WHERE parent_id IS NOT NULL`.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kNullableNotIn{"nullable-not-in", base::Severity::kWarning};

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  for (const NotInFact& fact : context.facts.not_in) {
    diagnostics
        .Report(kNullableNotIn, fact.span, "one NULL among the rows of the subquery, and NOT IN is true for no row")
        .Note(fact.column, "this may be NULL")
        .Help("filter it in the subquery: WHERE ... IS NOT NULL; or write NOT EXISTS");
  }
}

}  // namespace

const LintRule& NullableNotInLint() {
  static const LintRule kRule{kNullableNotIn, false, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
