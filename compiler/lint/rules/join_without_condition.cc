#include "compiler/lint/rule.h"

/// join-without-condition: no condition ties the two sides of a join together.
/// Why: every row of one side meets every row of the other; mostly a condition was forgotten, or names one side only.
/// Bad: `FROM a, b`, `a JOIN b ON true`, `a LEFT JOIN b ON b.x = 1`. Good: `a JOIN b ON b.id = a.id`, or `CROSS JOIN`
/// where it is meant. A side of one row (an aggregate without GROUP BY, VALUES) and LATERAL are left alone.
namespace wapc::compiler {
namespace {

using grammar::JoinKind;

constexpr base::DiagnosticCode kJoinWithoutCondition{"join-without-condition", base::Severity::kWarning};

bool MayStandAlone(const grammar::TableRef& ref, const LintContext& context) {
  switch (ref.kind) {
    case grammar::TableRefKind::kFunction:
    case grammar::TableRefKind::kMacro: return true;
    case grammar::TableRefKind::kSubquery: {
      const auto& subquery = static_cast<const grammar::SubqueryRef&>(ref);
      return subquery.lateral || GivesOneRow(*subquery.query, *context.project.config.dialect);
    }
    case grammar::TableRefKind::kName: {
      const auto& name = static_cast<const grammar::TableName&>(ref);
      if (name.parts.size() > 1) return false;
      const grammar::Query* const cte = FindCteQuery(*context.model.query, name.parts[0].text);
      return cte != nullptr && GivesOneRow(*cte, *context.project.config.dialect);
    }
    case grammar::TableRefKind::kJoin: {
      const auto& join = static_cast<const grammar::Join&>(ref);
      return MayStandAlone(*join.left, context) && MayStandAlone(*join.right, context);
    }
    default: return false;
  }
}

bool IsMeant(const grammar::Join& join) {
  return join.join == JoinKind::kCross || join.join == JoinKind::kPositional || join.join == JoinKind::kAsof ||
         join.join == JoinKind::kAsofLeft;
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  for (const SelectFacts& facts : context.facts.selects) {
    for (const JoinFact& fact : facts.joins) {
      const grammar::Join& join = *fact.join;
      if (fact.connected || IsMeant(join)) continue;
      if (MayStandAlone(*join.left, context) || MayStandAlone(*join.right, context)) continue;
      const bool has_on = join.on != nullptr;
      auto report = diagnostics.Report(
          kJoinWithoutCondition, has_on ? join.on->span : join.right->span,
          has_on ? "this condition does not tie the two sides together: every row meets every row of the other side"
                 : "nothing ties this to what stands before it: every row meets every row");
      if (has_on) report.Note(join.right->span, "the other side is here");
      report.Help("compare a column of one side with a column of the other; write CROSS JOIN where this is meant");
    }
  }
}

}  // namespace

const LintRule& JoinWithoutConditionLint() {
  static const LintRule kRule{kJoinWithoutCondition, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
