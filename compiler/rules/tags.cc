#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

// What:  puts tags on the models of every table that matches.
// Why:   selections, flags and owners go by tags.
// Write: - match: {table: "asana_*"}
//          tags: [asana, nightly]
namespace wapc::compiler {
namespace {

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!MatchesTable(call.match, draft)) return false;
  if (call.value->is_scalar()) {
    draft.tags.push_back(call.value->scalar);
  } else if (call.value->is_sequence()) {
    for (const base::YamlNode& item : call.value->items) draft.tags.push_back(item.scalar);
  } else {
    ReportWrongType(*call.value, "tags", "a list of text", tools.diagnostics());
  }
  return true;
}

}  // namespace

const StagingRule& TagsRule() {
  static constexpr StagingRule kRule{"tags", "puts tags on the models of every table that matches", Apply};
  return kRule;
}

}  // namespace wapc::compiler
