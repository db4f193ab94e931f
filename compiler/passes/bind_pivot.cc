#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/binder_impl.h"
#include "grammar/printer.h"
#include "grammar/walk.h"

namespace wapc::compiler {

using grammar::As;
using metadata::Type;
using metadata::TypeKind;

namespace {

// The columns of the source that an expression reads.
void CollectPlaces(grammar::Expr& expr, Scope& scope, grammar::Arena& arena, std::vector<ColumnPlace>& out) {
  grammar::Visitor visitor;
  visitor.expr = [&](grammar::Expr& node) {
    if (const auto* const ref = As<grammar::ColumnRef>(&node)) {
      const Lookup found = FindName(scope.names.Key(ref->parts.back(), arena), scope);
      if (found.found == Found::kColumn && found.scope == &scope) out.push_back(found.place);
    }
    return true;
  };
  grammar::Walk(expr, visitor);
}

std::string ValueText(const grammar::PivotValue& value) {
  if (!value.alias.text.empty()) return std::string(value.alias.text);
  if (const auto* const literal = As<grammar::Literal>(value.value)) return std::string(literal->text);
  if (const auto* const ref = As<grammar::ColumnRef>(value.value)) return std::string(ref->parts.back().text);
  return grammar::Print(*value.value, {});
}

// Every combination of one value of each column, in the order in which the engine names them.
std::vector<std::string> Combinations(const grammar::Pivot& ref) {
  std::vector<std::string> out{""};
  for (const grammar::PivotColumn& column : ref.columns) {
    std::vector<std::string> next;
    for (const std::string& head : out) {
      for (const grammar::PivotValue& value : column.values) {
        next.push_back(head.empty() ? ValueText(value) : head + "_" + ValueText(value));
      }
    }
    out = std::move(next);
  }
  return out;
}

void RecordPivot(const BindContext& context, const grammar::TableRef& ref, const Relation& output, size_t kept) {
  if (context.pivots == nullptr || !output.complete) return;
  PivotOutput& out = (*context.pivots)[&ref];
  out = {};
  for (size_t i = 0; i < output.columns.size(); ++i) {
    (i < kept ? out.kept : out.made).emplace_back(output.columns[i].name);
  }
}

}  // namespace

// The source's columns that the operator does not use up.
Relation Binder::KeptColumns(Scope& source, const std::vector<ColumnPlace>& used) {
  Relation out;
  for (size_t t = 0; t < source.tables.size(); ++t) {
    const ScopeTable& table = source.tables[t];
    out.complete &= table.relation->complete;
    for (size_t c = 0; c < table.relation->columns.size(); ++c) {
      if (std::find(used.begin(), used.end(), ColumnPlace{t, c}) != used.end()) continue;
      out.columns.push_back(table.relation->columns[c]);
      out.columns.back().nullable = IsNullable(table, c);
    }
  }
  return out;
}

void Binder::BindPivot(grammar::Pivot& ref, Scope& scope) {
  Scope source = NewScope(scope.parent);
  source.clause = Clause::kFrom;
  BindFrom(*ref.source, source);
  std::vector<ColumnPlace> used;
  source.clause = Clause::kSelect;
  std::vector<Value> values;
  std::vector<Sources> sources;
  for (const grammar::PivotAggregate& aggregate : ref.aggregates) {
    sources.emplace_back();
    values.push_back(BindTracked(*aggregate.call, source, sources.back()));
    CollectPlaces(*aggregate.call, source, *arena_, used);
  }
  source.clause = Clause::kFrom;
  bool listed = true;
  for (const grammar::PivotColumn& column : ref.columns) {
    BindExpr(*column.expr, source);
    CollectPlaces(*column.expr, source, *arena_, used);
    listed &= !column.values.empty();
  }
  Relation output = KeptColumns(source, used);
  if (!ref.group_by.empty()) {
    output.columns.clear();
    for (Expr* const expr : ref.group_by) {
      Sources from;
      Value value = BindTracked(*expr, source, from);
      output.columns.push_back(MakeColumn(NameOf(*expr, source), std::move(value), expr->span));
      output.columns.back().sources = std::move(from);
    }
  }
  const size_t kept = output.columns.size();
  if (!listed) {
    Report(kOpaqueRelation, ref.span, "the columns of this PIVOT are known only when it runs")
        .Help("list the values: PIVOT (... FOR column IN ('a', 'b'))");
    output.complete = false;
  }
  for (const std::string& name : listed ? Combinations(ref) : std::vector<std::string>{}) {
    for (size_t i = 0; i < values.size(); ++i) {
      const grammar::PivotAggregate& aggregate = ref.aggregates[i];
      std::string full = name;
      if (!aggregate.alias.text.empty()) {
        full += "_" + std::string(aggregate.alias.text);
      } else if (values.size() > 1) {
        full += "_" + grammar::Print(*aggregate.call, {});
      }
      output.columns.push_back(MakeColumn(arena_->Copy(full), Value::Of(values[i].type, true), aggregate.call->span));
      output.columns.back().sources = sources[i];
    }
  }
  RecordPivot(context_, ref, output, kept);
  AddTable(ref, Key(ref.alias), {}, Keep(std::move(output)), scope);
}

void Binder::BindUnpivot(grammar::Unpivot& ref, Scope& scope) {
  Scope source = NewScope(scope.parent);
  source.clause = Clause::kFrom;
  BindFrom(*ref.source, source);
  std::vector<ColumnPlace> used;
  Value value = Value::Of(TypeKind::kNull, ref.include_nulls);
  Sources sources;
  for (const grammar::PivotValue& column : ref.columns) {
    const Value next = BindTracked(*column.value, source, sources);
    CollectPlaces(*column.value, source, *arena_, used);
    value = Combine(value, next, column.value->span, "the columns of UNPIVOT");
    value.nullable = ref.include_nulls;
  }
  Relation output = KeptColumns(source, used);
  RecordPivot(context_, ref, output, output.columns.size());
  output.columns.push_back(MakeColumn(Key(ref.name), Value::Of(Type::Text(), false), ref.name.span));
  for (const grammar::Identifier& name : ref.values) {
    output.columns.push_back(MakeColumn(Key(name), value, name.span));
    output.columns.back().sources = sources;
  }
  AddTable(ref, Key(ref.alias), {}, Keep(std::move(output)), scope);
}

}  // namespace wapc::compiler
