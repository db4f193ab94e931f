#include "compiler/lint/rule.h"

/// missing-owner: A model that nobody is asked about when it breaks.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kMissingOwner{"missing-owner", base::Severity::kWarning};

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (!(context.model.owner.empty())) return;
  diagnostics.Report(kMissingOwner, context.model.name_span, "the model has no owner")
      .Help("add `owner name` to MODEL, or to model_defaults of wapc.yaml");
}

}  // namespace

const LintRule& MissingOwnerLint() {
  static const LintRule kRule{kMissingOwner, false, {"nomissingowner"}, Check};
  return kRule;
}

}  // namespace wapc::compiler
