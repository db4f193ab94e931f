#include "compiler/lint/rule.h"

/// missing-grain: A model without a grain: nobody knows, and nothing checks, what one row of it is.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kMissingGrain{"missing-grain", base::Severity::kWarning};

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (!(KeyOf(context.model).empty())) return;
  diagnostics.Report(kMissingGrain, context.model.name_span, "the model says of no columns that they identify a row")
      .Help("add `grain (column, ...)`: it is audited, and readers know what a row is");
}

}  // namespace

const LintRule& MissingGrainLint() {
  static const LintRule kRule{kMissingGrain, false, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
