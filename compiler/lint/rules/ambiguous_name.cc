#include <fmt/format.h>

#include "compiler/lint/rule.h"

/// ambiguous-name: a bare name that does not mean what a reader expects.
/// Why: the rules of SQL choose silently. In a subquery a column that its own FROM lacks is taken from the query around
/// it, so that a misspelt IN is true for every row; in GROUP BY a column of the source wins over an alias of its name.
/// Bad: `WHERE id IN (SELECT id FROM raw.customers)`, where customers has no id. Good: qualify every column there.
namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kAmbiguousName{"ambiguous-name", base::Severity::kWarning};

void ReportOuter(const NameFact& fact, base::Diagnostics& diagnostics) {
  const std::string meant = fmt::format("{}.{}", fact.table, fact.name);
  auto report = diagnostics.Report(
      kAmbiguousName, fact.span,
      fmt::format("this subquery has no column \"{}\" of its own, so that it means the one of the query around it",
                  fact.name));
  report.Note(fact.other, "taken from here");
  if (fact.table.empty()) return;
  report.Help(fmt::format("write {} if that is meant", meant));
  report.Fix(fact.span, meant, fmt::format("write {}", meant), true);
}

void ReportAlias(const NameFact& fact, base::Diagnostics& diagnostics) {
  diagnostics
      .Report(kAmbiguousName, fact.span,
              fmt::format("GROUP BY {} groups by the column of the source, not by the value that is called so here",
                          fact.name))
      .Note(fact.other, "this value has the same name")
      .Help("give the value a name of its own, or group by its position or its expression");
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  for (const NameFact& fact : context.facts.names) {
    if (fact.why == NameFact::Why::kOuterQuery) {
      ReportOuter(fact, diagnostics);
    } else {
      ReportAlias(fact, diagnostics);
    }
  }
}

}  // namespace

const LintRule& AmbiguousNameLint() {
  static const LintRule kRule{kAmbiguousName, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
