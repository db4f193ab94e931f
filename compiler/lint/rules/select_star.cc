#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

#include "compiler/lint/rule.h"
#include "grammar/printer.h"

/// select-star: the model's own columns are whatever its sources have.
/// Why: a column that is added upstream silently becomes part of what this model promises its readers.
/// Bad: `SELECT * FROM raw.orders`. Good: `SELECT id, amount FROM raw.orders`.
/// Fix (safe): writes the columns out.
namespace wapc::compiler {
namespace {

using grammar::As;

constexpr base::DiagnosticCode kSelectStar{"select-star", base::Severity::kWarning};
constexpr size_t kLineWidth = 80;

// The columns in place of the star: on one line where they fit, else one a line below it.
std::string Columns(const StarFact& star, const LintContext& context) {
  grammar::PrintOptions options;
  options.dialect = context.project.config.dialect;
  std::vector<std::string> names;
  size_t width = 0;
  for (const grammar::SelectItem& item : star.items) {
    std::string text = grammar::Print(*item.expr, options);
    if (!item.alias.text.empty()) text += " AS " + grammar::QuoteIfNeeded(item.alias.text, *options.dialect);
    width += text.size() + 2;
    names.push_back(std::move(text));
  }
  const base::LineColumn at = context.sources.Locate(star.star->span.source, star.star->span.begin);
  const std::string between = width + at.column <= kLineWidth ? ", " : ",\n" + std::string(at.column - 1, ' ');
  return fmt::format("{}", fmt::join(names, between));
}

void CheckSelect(const grammar::Select& select, const LintContext& context, base::Diagnostics& diagnostics) {
  for (const SelectFacts& facts : context.facts.selects) {
    if (facts.select != &select) continue;
    for (const StarFact& star : facts.stars) {
      auto report = diagnostics.Report(kSelectStar, star.star->span,
                                       "a star in the final SELECT: the model's columns are whatever its sources have");
      report.Help("write the columns out, or put the star into a CTE and name the columns in the final SELECT");
      const std::string_view written = context.sources.Text(star.star->span);
      const bool as_written = written.find('*') != std::string_view::npos && !star.items.empty();
      const bool comment = written.find("--") != std::string_view::npos || written.find("/*") != std::string_view::npos;
      if (as_written) report.Fix(star.star->span, Columns(star, context), "write the columns out", !comment);
    }
  }
}

void CheckBody(const grammar::QueryBody* body, const LintContext& context, base::Diagnostics& diagnostics) {
  if (const auto* const select = As<grammar::Select>(body)) CheckSelect(*select, context, diagnostics);
  if (const auto* const nested = As<grammar::NestedQuery>(body)) CheckBody(nested->query->body, context, diagnostics);
  if (const auto* const set = As<grammar::SetOperation>(body)) {
    CheckBody(set->left, context, diagnostics);
    CheckBody(set->right, context, diagnostics);
  }
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (context.model.query != nullptr) CheckBody(context.model.query->body, context, diagnostics);
}

}  // namespace

const LintRule& SelectStarLint() {
  static const LintRule kRule{kSelectStar, false, {"noselectstar"}, Check};
  return kRule;
}

}  // namespace wapc::compiler
