#ifndef WAPC_COMPILER_LINT_RULE_H_
#define WAPC_COMPILER_LINT_RULE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/passes/bind_facts.h"
#include "grammar/dialect.h"

namespace wapc::compiler {

/// What a rule looks at: one model that binding found no fault with.
struct LintContext {
  const Project& project;
  const Model& model;
  const BindFacts& facts;  ///< empty for a model without a query
  const base::SourceMap& sources;
};

/// Finds one kind of fault in a model. Each file in compiler/lint/rules/ is one (cmake/WapcRegistry.cmake); its text
/// for people is compiler/explain/<code>.md.
struct LintRule {
  base::DiagnosticCode code;
  bool on_by_default = false;             ///< as a warning
  std::vector<std::string_view> aliases;  ///< SQLMesh's names for it
  void (*check)(const LintContext& context, base::Diagnostics& diagnostics) = nullptr;
};

/// Every rule, in the order of the names.
std::vector<const LintRule*> AllLintRules();

/// The rule of that code or alias (letter case and '_' for '-' do not count), or null.
const LintRule* FindLintRule(std::string_view name);

/// Whether SQLMesh has a rule of that name that wapc's compiler always checks, as an error of another code.
bool IsAlwaysChecked(std::string_view name);

/// The model's grain, or the key that its kind gives it; empty: none is known.
const std::vector<std::string>& KeyOf(const Model& model);

/// Whether a query gives one row at the most: aggregates without GROUP BY, LIMIT 1, VALUES of one row, no FROM.
bool GivesOneRow(const grammar::Query& query, const grammar::Dialect& dialect);

/// The query of the CTE of that name in a model's query; null when there is none.
const grammar::Query* FindCteQuery(const grammar::Query& query, std::string_view name);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_LINT_RULE_H_
