#include <algorithm>

#include "grammar/fold.h"
#include "grammar/writer.h"

namespace wapc::grammar {
namespace {

std::string_view TextOf(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner: return "JOIN ";
    case JoinKind::kLeft: return "LEFT JOIN ";
    case JoinKind::kRight: return "RIGHT JOIN ";
    case JoinKind::kFull: return "FULL JOIN ";
    case JoinKind::kCross: return "CROSS JOIN ";
    case JoinKind::kSemi: return "SEMI JOIN ";
    case JoinKind::kAnti: return "ANTI JOIN ";
    case JoinKind::kAsof: return "ASOF JOIN ";
    case JoinKind::kAsofLeft: return "ASOF LEFT JOIN ";
    case JoinKind::kPositional: return "POSITIONAL JOIN ";
    case JoinKind::kComma: break;
  }
  return "";
}

bool IsComma(const TableRef& table) {
  const auto* join = As<Join>(&table);
  return join != nullptr && join->join == JoinKind::kComma;
}

}  // namespace

void Writer::WriteTable(const TableRef& table) {
  // Only a join in parentheses can have an alias.
  if (table.kind == TableRefKind::kJoin && !table.alias.text.empty()) {
    Put("(");
    WriteTableBody(table);
    Put(")");
  } else {
    WriteTableBody(table);
  }
  WriteAlias(table);
  if (table.sample != nullptr) WriteSample(*table.sample);
}

void Writer::WriteSample(const Sample& sample) {
  Put(" TABLESAMPLE ");
  // DuckDB alone takes an amount without a unit for rows.
  Put(sample.method);
  Put(sample.method.empty() ? "(" : " (");
  WriteExpr(*sample.amount);
  if (sample.rows) Put(" ROWS");
  if (!sample.rows && options_.dialect->write.sample_percent) Put(" PERCENT");
  Put(")");
  if (sample.seed.empty()) return;
  Put(" REPEATABLE (");
  Put(sample.seed);
  Put(")");
}

void Writer::WriteTableBody(const TableRef& table) {
  switch (table.kind) {
    case TableRefKind::kName: return WriteTableName(static_cast<const TableName&>(table));
    case TableRefKind::kSubquery: {
      const auto& subquery = static_cast<const SubqueryRef&>(table);
      return WriteSubquery(subquery.lateral ? "LATERAL " : "", *subquery.query);
    }
    case TableRefKind::kJoin: return WriteJoin(static_cast<const Join&>(table));
    case TableRefKind::kFunction: {
      const auto& function = static_cast<const TableFunction&>(table);
      if (function.lateral) Put("LATERAL ");
      if (function.table_word) Put("TABLE(");
      WriteCall(*function.call);
      if (function.table_word) Put(")");
      if (function.with_ordinality) Put(" WITH ORDINALITY");
      return;
    }
    case TableRefKind::kPivot: return WritePivot(static_cast<const Pivot&>(table));
    case TableRefKind::kUnpivot: return WriteUnpivot(static_cast<const Unpivot&>(table));
    case TableRefKind::kMacro: return WriteMacro(*static_cast<const MacroTable&>(table).call);
  }
}

/// A macro that gives a relation: without parentheses where it has no arguments.
void Writer::WriteMacro(const MacroCall& call) {
  if (!call.arguments.empty()) return WriteMacroCall(call);
  Put("@");
  Put(canonical_ ? LowerCase(call.name.text) : std::string(call.name.text));
}

bool Writer::IsCteInScope(const TableName& table) const {
  return table.parts.size() == 1 && std::find(ctes_.begin(), ctes_.end(), FoldName(table.parts[0])) != ctes_.end();
}

void Writer::WriteTableName(const TableName& table) {
  const auto text = options_.relation && !IsCteInScope(table) ? options_.relation(table) : std::nullopt;
  if (!text) return WritePath(table.parts);
  Put(*text);
  if (!table.alias.text.empty()) return;
  Put(" AS ");
  WriteName(table.parts.back());
}

void Writer::WriteAlias(const TableRef& table) {
  if (table.alias.text.empty()) return;
  Put(" AS ");
  WriteName(table.alias);
  if (table.column_aliases.empty()) return;
  Put(" (");
  WriteNames(table.column_aliases);
  Put(")");
}

/// One side of a join: a join on the right, or a comma inside another join, needs parentheses.
void Writer::WriteJoinSide(const TableRef& side, bool right, bool comma) {
  const bool join = side.kind == TableRefKind::kJoin && side.alias.text.empty();
  const bool parenthesized = join && (right ? !comma || IsComma(side) : !comma && IsComma(side));
  if (!parenthesized) return WriteTable(side);
  Put("(");
  Indented([&] {
    if (pretty_) NewLine();
    WriteTable(side);
  });
  if (pretty_) NewLine();
  Put(")");
}

void Writer::WriteJoin(const Join& join) {
  const bool comma = join.join == JoinKind::kComma;
  WriteJoinSide(*join.left, false, comma);
  if (comma) {
    Put(",");
    if (pretty_) {
      Indented([&] {
        NewLine();
        WriteJoinSide(*join.right, true, true);
      });
    } else {
      Put(" ");
      WriteJoinSide(*join.right, true, true);
    }
    return;
  }
  Clause();
  if (join.natural) Put("NATURAL ");
  const std::string_view words = TextOf(join.join);
  if (join.only_if == nullptr) {
    Put(words);
  } else {
    Put(words.substr(0, words.size() - std::string_view("JOIN ").size()));
    PutClause("JOIN", join.only_if);
  }
  WriteJoinSide(*join.right, true, false);
  if (join.match_condition != nullptr) {
    Put(" MATCH_CONDITION (");
    WriteExpr(*join.match_condition);
    Put(")");
  }
  if (join.on != nullptr) {
    const auto on = [&] {
      Put(" ON ");
      WriteExpr(*join.on);
    };
    if (Flat(on)) return;
    Indented([&] {
      NewLine();
      Put("ON ");
      WriteConditionText(*join.on);
    });
  }
  if (!join.using_columns.empty()) {
    Put(" USING (");
    WriteNames(join.using_columns);
    Put(")");
  }
}

void Writer::WritePivot(const Pivot& pivot) {
  WriteJoinSide(*pivot.source, true, false);
  Put(" PIVOT (");
  CommaItems(pivot.aggregates, [&](const PivotAggregate& aggregate) {
    WriteExpr(*aggregate.call);
    if (aggregate.alias.text.empty()) return;
    Put(" AS ");
    WriteName(aggregate.alias);
  });
  Put(" FOR");
  for (const PivotColumn& column : pivot.columns) {
    Put(" ");
    WriteExpr(*column.expr, kPostfixLevel);
    WritePivotValues(column.values);
  }
  if (!pivot.group_by.empty()) {
    Put(" GROUP BY ");
    CommaItems(pivot.group_by, [&](const Expr* item) { WriteExpr(*item); });
  }
  Put(")");
}

void Writer::WritePivotValues(const List<PivotValue>& values) {
  Enclosed(" IN (", values, ")", [&](const PivotValue& value) {
    WriteExpr(*value.value);
    if (value.alias.text.empty()) return;
    Put(" AS ");
    WriteName(value.alias);
  });
}

void Writer::WriteUnpivot(const Unpivot& unpivot) {
  WriteJoinSide(*unpivot.source, true, false);
  Put(unpivot.include_nulls ? " UNPIVOT INCLUDE NULLS (" : " UNPIVOT (");
  if (unpivot.values.size() == 1) {
    WriteName(unpivot.values[0]);
  } else {
    Put("(");
    WriteNames(unpivot.values);
    Put(")");
  }
  Put(" FOR ");
  WriteName(unpivot.name);
  WritePivotValues(unpivot.columns);
  Put(")");
}

}  // namespace wapc::grammar
