#include "compiler/lint/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/lint/rule.h"
#include "compiler/passes/scope.h"
#include "compiler/project/yaml_keys.h"

namespace wapc::compiler {
namespace {

using base::Severity;
using base::YamlNode;

constexpr base::DiagnosticCode kUnknownLintRule{"unknown-lint-rule", Severity::kError};
constexpr base::DiagnosticCode kLintRuleTwice{"lint-rule-twice", Severity::kError};

bool IsAll(std::string_view name) { return FoldName(name) == "all"; }

void ReportUnknown(std::string_view name, base::Span span, base::Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const LintRule* const rule : AllLintRules()) names.emplace_back(rule->code.name);
  const auto nearest = base::ClosestName(name, names);
  diagnostics.Report(kUnknownLintRule, span, fmt::format("there is no lint rule '{}'", name))
      .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "docs/lint.md lists the rules");
}

// One of the three lists: the rules that it names, and whether it says "ALL".
struct RuleList {
  std::map<const LintRule*, base::Span> named;
  bool all = false;
};

RuleList ReadList(const YamlNode& linter, std::string_view key, base::Diagnostics& diagnostics) {
  RuleList out;
  const YamlNode* const value = linter.Find(key);
  if (value == nullptr || value->is_null()) return out;
  const std::vector<YamlNode>& items = value->is_sequence() ? value->items : std::vector<YamlNode>{*value};
  for (const YamlNode& item : items) {
    if (!item.is_scalar()) {
      ReportWrongType(item, key, "a list of rules, or \"ALL\"", diagnostics);
    } else if (IsAll(item.scalar)) {
      out.all = true;
    } else if (const LintRule* const rule = FindLintRule(item.scalar)) {
      out.named.emplace(rule, item.span);
    } else if (!IsAlwaysChecked(item.scalar)) {
      ReportUnknown(item.scalar, item.span, diagnostics);
    }
  }
  return out;
}

void ReportTwice(const RuleList& one, const RuleList& other, base::Diagnostics& diagnostics) {
  for (const auto& [rule, span] : one.named) {
    const auto again = other.named.find(rule);
    if (again == other.named.end()) continue;
    const bool later = again->second.begin > span.begin;
    diagnostics
        .Report(kLintRuleTwice, later ? again->second : span,
                fmt::format("the lint rule '{}' stands in two lists, which say different things", rule->code.name))
        .Note(later ? span : again->second, "first here")
        .Help("keep it in one: rules (errors), warn_rules or ignored_rules");
  }
}

}  // namespace

void ReadLinter(const YamlNode& root, Config& config, base::Diagnostics& diagnostics) {
  const YamlNode none;
  const YamlNode* linter = MapAt(root, "linter", diagnostics);
  if (linter == nullptr) linter = &none;
  CheckKeys(*linter, {"enabled", "rules", "warn_rules", "ignored_rules"}, "linter", diagnostics);
  const RuleList errors = ReadList(*linter, "rules", diagnostics);
  const RuleList warnings = ReadList(*linter, "warn_rules", diagnostics);
  const RuleList ignored = ReadList(*linter, "ignored_rules", diagnostics);
  ReportTwice(errors, warnings, diagnostics);
  ReportTwice(errors, ignored, diagnostics);
  ReportTwice(warnings, ignored, diagnostics);
  config.lint = BoolAt(*linter, "enabled", diagnostics).value_or(true);
  if (!config.lint) return;
  for (const LintRule* const rule : AllLintRules()) {
    const bool named = errors.named.contains(rule) || warnings.named.contains(rule);
    if (ignored.named.contains(rule) || (ignored.all && !named)) continue;
    const bool is_error = errors.named.contains(rule) || (errors.all && !warnings.named.contains(rule));
    const bool is_warning = warnings.named.contains(rule) || warnings.all || rule->on_by_default;
    if (!is_error && !is_warning) continue;
    config.lint_rules.emplace(rule->code.name, is_error ? Severity::kError : Severity::kWarning);
  }
}

void CheckIgnoredRules(std::vector<std::string>& names, base::Span span, base::Diagnostics& diagnostics) {
  std::vector<std::string> codes;
  for (const std::string& name : names) {
    if (const LintRule* const rule = FindLintRule(name)) {
      codes.emplace_back(rule->code.name);
    } else if (IsAll(name)) {
      for (const LintRule* const each : AllLintRules()) codes.emplace_back(each->code.name);
    } else if (!IsAlwaysChecked(name)) {
      ReportUnknown(name, span, diagnostics);
    }
  }
  names = std::move(codes);
}

}  // namespace wapc::compiler
