#include <fmt/format.h>

#include "compiler/lint/rule.h"
#include "grammar/walk.h"

/// null-comparison: a comparison with NULL.
/// Why: it is neither true nor false but unknown, so that no row passes a filter by it.
/// Bad: `WHERE x = NULL`, `WHERE x NOT IN (1, NULL)`. Good: `WHERE x IS NULL`, `WHERE x NOT IN (1) AND x IS NOT NULL`.
/// Fix (suggested, as it changes the rows): IS NULL.
namespace wapc::compiler {
namespace {

using grammar::As;
using grammar::BinaryOp;

constexpr base::DiagnosticCode kNullComparison{"null-comparison", base::Severity::kWarning};

bool IsNullLiteral(const grammar::Expr* expr) {
  const auto* const literal = As<grammar::Literal>(expr);
  return literal != nullptr && literal->type == grammar::LiteralKind::kNull;
}

void CheckBinary(const grammar::Binary& binary, base::Diagnostics& diagnostics) {
  const bool compares = binary.op >= BinaryOp::kEq && binary.op <= BinaryOp::kGe;
  if (!compares || (!IsNullLiteral(binary.left) && !IsNullLiteral(binary.right))) return;
  auto report = diagnostics.Report(kNullComparison, binary.span,
                                   "a comparison with NULL is never true, whatever stands on the other side");
  const bool equality = binary.op == BinaryOp::kEq || binary.op == BinaryOp::kNe;
  const std::string_view test = binary.op == BinaryOp::kNe ? "IS NOT NULL" : "IS NULL";
  report.Help(equality ? fmt::format("write {}", test) : std::string("compare with a value"));
  if (!equality || !IsNullLiteral(binary.right)) return;
  report.Fix(base::Join(binary.op_span, binary.right->span), std::string(test), fmt::format("write {}", test), false);
}

void CheckIn(const grammar::InList& in, base::Diagnostics& diagnostics) {
  for (const grammar::Expr* const item : in.items) {
    if (!IsNullLiteral(item)) continue;
    diagnostics
        .Report(kNullComparison, item->span,
                in.negated ? "NOT IN with a NULL in its list is never true" : "IN never finds NULL")
        .Help(in.negated ? "take NULL out of the list, and add AND ... IS NOT NULL if that is meant"
                         : "take it out, and add OR ... IS NULL if that is meant");
  }
}

void CheckCase(const grammar::Case& expr, base::Diagnostics& diagnostics) {
  if (expr.operand == nullptr) return;
  for (const grammar::WhenClause& when : expr.whens) {
    if (!IsNullLiteral(when.condition)) continue;
    diagnostics.Report(kNullComparison, when.condition->span, "WHEN NULL never matches: CASE compares with =")
        .Help("write CASE WHEN ... IS NULL THEN ...");
  }
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  if (context.model.query == nullptr) return;
  grammar::Visitor visitor;
  visitor.expr = [&](grammar::Expr& expr) {
    if (const auto* const binary = As<grammar::Binary>(&expr)) CheckBinary(*binary, diagnostics);
    if (const auto* const in = As<grammar::InList>(&expr)) CheckIn(*in, diagnostics);
    if (const auto* const chosen = As<grammar::Case>(&expr)) CheckCase(*chosen, diagnostics);
    return true;
  };
  grammar::Walk(*context.model.query, visitor);
}

}  // namespace

const LintRule& NullComparisonLint() {
  static const LintRule kRule{kNullComparison, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
