#include <fmt/format.h>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

// What:  adds columns that are computed from the staged ones.
// Why:   a fact that every mart needs is written once.
// Write: - match: {table: flights}
//          compute: {is_late: arr_delay > 15}
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kColumnExists{"staging-column-exists", base::Severity::kError};

void AddColumn(const base::YamlEntry& entry, Draft& draft, RuleTools& tools) {
  const grammar::Expr* const expr = tools.Expression(entry.value, entry.key);
  if (expr == nullptr) return;
  if (draft.Find(entry.key) != nullptr) {
    tools.diagnostics()
        .Report(kColumnExists, entry.key_span,
                fmt::format("the staging model of {} already has a column '{}'", draft.table->name, entry.key))
        .Help("give the computed column another name, or change the column with `expr`");
    return;
  }
  DraftColumn column;
  column.name = entry.key;
  column.span = entry.key_span;
  column.expr = tools.OverDraft(*expr, draft);
  if (column.expr != nullptr) draft.columns.push_back(std::move(column));
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!MatchesTable(call.match, draft)) return false;
  if (!call.value->is_map()) {
    ReportWrongType(*call.value, "compute", "a mapping of names to expressions", tools.diagnostics());
    return true;
  }
  for (const base::YamlEntry& entry : call.value->entries) AddColumn(entry, draft, tools);
  return true;
}

}  // namespace

const StagingRule& ComputeRule() {
  static constexpr StagingRule kRule{"compute", "adds columns computed from the staged ones", Apply};
  return kRule;
}

}  // namespace wapc::compiler
