#include "compiler/lint/rule.h"

/// missing-audit: A model that publishes whatever it computes, since nothing is checked.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kMissingAudit{"missing-audit", base::Severity::kWarning};

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (!(context.model.audits.empty() && context.model.grain.empty())) return;
  diagnostics
      .Report(kMissingAudit, context.model.name_span,
              "the model has no audit and no grain, so that any rows are published")
      .Help("add `grain (...)`, or `audits (not_null(columns := (...)))`");
}

}  // namespace

const LintRule& MissingAuditLint() {
  static const LintRule kRule{kMissingAudit, false, {"nomissingaudits"}, Check};
  return kRule;
}

}  // namespace wapc::compiler
