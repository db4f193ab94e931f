#include "compiler/plan/schema_changes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kDestructive{"destructive-change", base::Severity::kError};
constexpr base::DiagnosticCode kDestructiveWarning{"destructive-change", base::Severity::kWarning};
constexpr base::DiagnosticCode kAdditive{"additive-change", base::Severity::kError};
constexpr base::DiagnosticCode kAdditiveWarning{"additive-change", base::Severity::kWarning};

using Columns = std::vector<runtime::PlanColumn>;

const runtime::PlanColumn* FindByName(const Columns& columns, const std::string& name) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

// "price is gone; amount becomes int64 from text"
std::string Destroyed(const Columns& old, const Columns& now) {
  std::vector<std::string> out;
  for (const runtime::PlanColumn& column : old) {
    const runtime::PlanColumn* const kept = FindByName(now, column.name);
    if (kept == nullptr) {
      out.push_back(fmt::format("{} is gone", column.name));
    } else if (kept->type != column.type) {
      out.push_back(fmt::format("{} becomes {} from {}", column.name, kept->type, column.type));
    }
  }
  return fmt::format("{}", fmt::join(out, "; "));
}

std::string Added(const Columns& old, const Columns& now) {
  std::vector<std::string> out;
  for (const runtime::PlanColumn& column : now) {
    if (FindByName(old, column.name) == nullptr) out.push_back(fmt::format("{} is new", column.name));
  }
  return fmt::format("{}", fmt::join(out, "; "));
}

struct Rule {
  std::string_view property;
  const base::DiagnosticCode& error;
  const base::DiagnosticCode& warning;
};

void Report(const Rule& rule, const std::string& policy, const std::string& what, const Model& model,
            base::Diagnostics& diagnostics) {
  if (what.empty() || policy == "allow") return;
  const bool ignores = policy == "ignore";
  diagnostics
      .Report(policy == "warn" ? rule.warning : rule.error, model.kind_span,
              fmt::format("{} changes forward-only, and not only its rows: {}", model.name, what))
      .Help(ignores ? fmt::format("wapc gives the table the columns of the query: say `{} allow`, or keep them in the "
                                  "query",
                                  rule.property)
                    : fmt::format("say `{} allow` in the kind, keep the columns, or make the table anew with --rebuild",
                                  rule.property));
}

const runtime::EnvironmentModel* Served(const runtime::State& state, const std::string& environment,
                                        const std::string& model) {
  for (const std::string& name : {environment, std::string("prod")}) {
    const auto found = state.environments.find(name);
    if (found == state.environments.end()) continue;
    const auto served = found->second.models.find(model);
    return served == found->second.models.end() ? nullptr : &served->second;
  }
  return nullptr;
}

}  // namespace

void CheckSchemaChanges(const Project& project, const runtime::Plan& plan, const runtime::State& state,
                        base::Diagnostics& diagnostics) {
  for (const runtime::PlanModel& planned : plan.models) {
    const Model* const model = project.Find(planned.model);
    const runtime::EnvironmentModel* const old = Served(state, plan.environment, planned.model);
    if (planned.impact != runtime::Impact::kForwardOnly || model == nullptr || old == nullptr) continue;
    Report({"on_destructive_change", kDestructive, kDestructiveWarning}, model->properties.on_destructive_change,
           Destroyed(old->columns, planned.columns), *model, diagnostics);
    Report({"on_additive_change", kAdditive, kAdditiveWarning}, model->properties.on_additive_change,
           Added(old->columns, planned.columns), *model, diagnostics);
  }
}

}  // namespace wapc::compiler
