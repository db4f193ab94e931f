#include "compiler/staging/rule.h"

// What:  says how the models of matching tables are stored: full (rebuilt from all rows of complete loads each time) or
//        incremental (what the write disposition gives, which is what holds without a rule).
// Why:   a small table is easier to reason about when it is rebuilt; a rule over windows needs all rows.
// Write: - match: {table: "dim_*"}
//          materialised: full
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kMaterialisedChoice{"materialised-choice", base::Severity::kError};

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!MatchesTable(call.match, draft)) return false;
  const std::string& choice = call.value->scalar;
  if (choice == "full") {
    draft.materialised = Materialised::kFull;
  } else if (choice == "incremental") {
    draft.materialised = Materialised::kIncremental;
  } else {
    tools.Once(kMaterialisedChoice, call.value->span, "a staging model is 'full' or 'incremental'",
               "a view would show rows that no audit saw, so there is no such choice");
    return true;
  }
  draft.materialised_span = call.value->span;
  return true;
}

}  // namespace

const StagingRule& MaterialisedRule() {
  static constexpr StagingRule kRule{"materialised", "says how models are stored: full or incremental", Apply};
  return kRule;
}

}  // namespace wapc::compiler
