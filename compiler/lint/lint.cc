#include "compiler/lint/lint.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "compiler/lint/rule.h"
#include "compiler/project/quarantine.h"

namespace wapc::compiler {
namespace {

struct ActiveRule {
  const LintRule* rule;
  base::Severity severity;
};

std::vector<ActiveRule> ActiveRules(const Config& config) {
  std::vector<ActiveRule> out;
  for (const LintRule* const rule : AllLintRules()) {
    const auto found = config.lint_rules.find(rule->code.name);
    if (found != config.lint_rules.end()) out.push_back({rule, found->second});
  }
  return out;
}

// Staging models and raw tables have no text of the user's to mend; what did not change was looked at before.
bool IsLinted(const Model& model) {
  return (model.origin == Origin::kFile || model.origin == Origin::kSeed) && model.kind != ModelKind::kExternal &&
         model.typed && !model.known_before;
}

bool Ignores(const Model& model, std::string_view code) {
  return std::find(model.ignored_rules.begin(), model.ignored_rules.end(), code) != model.ignored_rules.end();
}

void LintModel(const Project& project, const Model& model, const std::vector<ActiveRule>& rules,
               const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  static const BindFacts kNoFacts;
  const LintContext context{project, model, model.facts != nullptr ? *model.facts : kNoFacts, sources};
  for (const ActiveRule& active : rules) {
    if (!model.ignored_rules.empty() && Ignores(model, active.rule->code.name)) continue;
    base::Diagnostics found;
    active.rule->check(context, found);
    for (base::Diagnostic diagnostic : found.all()) {
      diagnostic.severity = active.severity;
      diagnostics.Add(std::move(diagnostic));
    }
  }
}

}  // namespace

Project LintModels(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics) {
  const std::vector<ActiveRule> rules = ActiveRules(project.config);
  if (rules.empty()) return project;
  std::vector<base::Diagnostics> found(project.models.size());
  base::ParallelFor(project.models.size(), 0, [&](size_t i) {
    const Model& model = project.models[i];
    // What holds rows put aside has no text of the user's either.
    if (IsLinted(model) && QuarantinedBy(project, model) == nullptr)
      LintModel(project, model, rules, sources, found[i]);
  });
  for (base::Diagnostics& one : found) diagnostics.Append(std::move(one));
  return project;
}

}  // namespace wapc::compiler
