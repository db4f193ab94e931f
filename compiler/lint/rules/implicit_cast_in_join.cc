#include <fmt/format.h>

#include "compiler/lint/rule.h"

/// implicit-cast-in-join: two columns of different kinds are joined.
/// Why: the engine casts one of them for every row: a date meets only the midnights of a timestamp, a float misses by a
/// rounding error, a zone of the session moves instants.
/// Bad: `ON d.day = f.departed_at`. Good: `ON d.day = CAST(f.departed_at AS date)`.
namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr base::DiagnosticCode kImplicitCastInJoin{"implicit-cast-in-join", base::Severity::kWarning};

// Kinds between which a cast loses nothing are one.
TypeKind Family(const Type& type) {
  if (type.kind == TypeKind::kFloat) return TypeKind::kDouble;
  if (type.is_integer() || type.kind == TypeKind::kDecimal) return TypeKind::kDecimal;
  if (type.kind == TypeKind::kEnum) return TypeKind::kText;
  return type.kind;
}

bool IsKnown(const Type& type) { return type.kind != TypeKind::kUnknown && type.kind != TypeKind::kNull; }

void AddNote(const SelectFacts& facts, const ColumnFact& column, const Type& type, const LintContext& context,
             base::DiagnosticBuilder& report) {
  const TableFact& table = facts.tables[column.table];
  const std::string text = fmt::format("\"{}\" is {}", column.name, ToString(type));
  if (table.model < 0) {
    report.Note(table.span, text + ", from here");
    return;
  }
  const Model& model = context.project.models[static_cast<size_t>(table.model)];
  const Column* const origin = model.Find(column.name);
  report.Note(origin != nullptr ? origin->span : table.span, fmt::format("{} in {}", text, model.name));
}

void Check(const LintContext& context, base::Diagnostics& diagnostics) {
  for (const SelectFacts& facts : context.facts.selects) {
    for (const ComparisonFact& comparison : facts.comparisons) {
      if (!IsKnown(comparison.left_type) || !IsKnown(comparison.right_type)) continue;
      if (Family(comparison.left_type) == Family(comparison.right_type)) continue;
      auto report = diagnostics.Report(kImplicitCastInJoin, comparison.span,
                                       fmt::format("this joins {} with {}, so that one is cast for every row",
                                                   ToString(comparison.left_type), ToString(comparison.right_type)));
      AddNote(facts, comparison.left, comparison.left_type, context, report);
      AddNote(facts, comparison.right, comparison.right_type, context, report);
      report.Help("write the cast that is meant: CAST(... AS ...) on one side");
    }
  }
}

}  // namespace

const LintRule& ImplicitCastInJoinLint() {
  static const LintRule kRule{kImplicitCastInJoin, true, {}, Check};
  return kRule;
}

}  // namespace wapc::compiler
