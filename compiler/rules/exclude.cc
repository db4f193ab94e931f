#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

// What:  leaves columns out. (Whole tables are left out by `exclude` at the top of staging.yml.)
// Why:   nobody downstream should see a column that is broken, secret or of no use.
// Write: - exclude: ["tmp_*"]
//        - match: {x-pii: true}
//          exclude: true
namespace wapc::compiler {
namespace {

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  const bool all = call.value->AsBool().value_or(false);
  if (!all && !call.value->is_sequence() && !call.value->is_scalar()) {
    ReportWrongType(*call.value, "exclude", "a list of columns, or true beside a match", tools.diagnostics());
    return true;
  }
  std::vector<std::string> names;
  for (const DraftColumn& column : draft.columns) {
    if (all ? !MatchesColumn(call.match, draft, column) || call.match == nullptr
            : !NamesColumn(*call.value, column) ||
                  (call.match != nullptr && !MatchesColumn(call.match, draft, column))) {
      continue;
    }
    names.push_back(column.name);
  }
  draft.Drop(names, call.value->span);
  return !names.empty();
}

}  // namespace

const StagingRule& ExcludeRule() {
  static constexpr StagingRule kRule{"exclude", "leaves columns out", Apply};
  return kRule;
}

}  // namespace wapc::compiler
