#include "compiler/staging/rule.h"

// What:  keeps only the rows for which a condition over the staged columns holds.
// Why:   test rows and rows from before a cut-off do not belong into any model.
// Write: - where: _loaded_at > timestamp '2013-01-01'
namespace wapc::compiler {
namespace {

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!MatchesTable(call.match, draft)) return false;
  if (const grammar::Expr* const expr = tools.Expression(*call.value, "where")) {
    if (grammar::Expr* const filter = tools.OverDraft(*expr, draft)) draft.filters.push_back(filter);
  }
  return true;
}

}  // namespace

const StagingRule& WhereRule() {
  static constexpr StagingRule kRule{"where", "keeps the rows for which a condition holds", Apply};
  return kRule;
}

}  // namespace wapc::compiler
