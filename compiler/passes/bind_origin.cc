#include "compiler/passes/bind_origin.h"

#include <fmt/format.h>

#include <string>

namespace wapc::compiler {
namespace {

const RelationColumn* ColumnOf(const grammar::Expr& operand, Scope& scope) {
  const auto* const ref = grammar::As<grammar::ColumnRef>(&operand);
  if (ref == nullptr || ref->parts.size() > 2) return nullptr;
  if (ref->parts.size() == 1) {
    const Lookup found = FindName(ref->parts[0].text, scope);
    if (found.found != Found::kColumn) return nullptr;
    return &found.scope->tables[found.place.table].relation->columns[found.place.column];
  }
  Scope* holder = nullptr;
  size_t index = 0;
  const ScopeTable* const table = FindTable({}, ref->parts[0].text, scope, &holder, &index);
  if (table == nullptr) return nullptr;
  const int column = FindColumn(*table->relation, ref->parts[1].text, NameHash(ref->parts[1].text), scope.names);
  return column < 0 ? nullptr : &table->relation->columns[static_cast<size_t>(column)];
}

}  // namespace

void NoteOrigin(const grammar::Expr& operand, const Project* project, Scope& scope, base::DiagnosticBuilder& report) {
  const RelationColumn* const read = ColumnOf(operand, scope);
  if (project == nullptr || read == nullptr || read->sources.size() != 1 || read->sources[0].model < 0) return;
  const Model* model = &project->models[static_cast<size_t>(read->sources[0].model)];
  const Column* column = model->Find(read->sources[0].column);
  if (column == nullptr || column->type != read->type) return;
  // A model reads no model that reads it, so this ends.
  while (column->sources.size() == 1 && column->sources[0].model >= 0) {
    const Model& upstream = project->models[static_cast<size_t>(column->sources[0].model)];
    const Column* const origin = upstream.Find(column->sources[0].column);
    if (origin == nullptr || origin->type != column->type) break;
    model = &upstream;
    column = origin;
  }
  report.Note(column->span, fmt::format("{}.{} is {}", model->name, column->name, ToString(column->type)));
}

}  // namespace wapc::compiler
