#include "compiler/passes/binder.h"

#include <algorithm>

#include "compiler/passes/bind_output.h"
#include "compiler/passes/binder_impl.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

// A bare NULL that is stored has a type: an integer in DuckDB.
void SettleNulls(Type& type, const Type& null_column) {
  if (type.kind == TypeKind::kNull) type = null_column;
  for (Type& child : type.children) SettleNulls(child, null_column);
}

std::vector<ColumnSource> Owned(const Sources& sources) {
  std::vector<ColumnSource> out;
  out.reserve(sources.size());
  for (const SourceRef& source : sources) out.push_back({source.model, std::string(source.column)});
  return out;
}

}  // namespace

std::vector<Column> ColumnsOf(const Relation& relation, const grammar::Dialect& dialect) {
  const Type& null_column = TypingOf(dialect).null_column;
  std::vector<Column> out;
  out.reserve(relation.columns.size());
  for (const RelationColumn& column : relation.columns) {
    out.push_back({std::string(column.name), column.type, column.nullable, {}, column.span, Owned(column.sources)});
    SettleNulls(out.back().type, null_column);
  }
  return out;
}

std::optional<std::vector<Column>> BindQuery(grammar::Query& query, const BindContext& context,
                                             base::Diagnostics& diagnostics) {
  const size_t before = diagnostics.error_count();
  Binder binder(context, nullptr, diagnostics);
  const Relation& relation = binder.BindQuery(query, nullptr);
  if (diagnostics.error_count() > before || !binder.complete()) return std::nullopt;
  return ColumnsOf(relation, binder.dialect());
}

ExprTypes TypesOf(const Project& project, const Model& model, AliasUses* aliases, PivotOutputs* pivots) {
  ExprTypes types;
  if (model.query == nullptr || !model.typed) return types;
  grammar::Arena arena;
  base::Diagnostics unheard;
  BindContext context;
  context.project = &project;
  context.relations = &model.relations;
  context.arena = &arena;
  context.types = &types;
  context.aliases = aliases;
  context.pivots = pivots;
  Binder(context, nullptr, unheard).BindQuery(*model.query, nullptr);
  return types;
}

ExprTypes TypesOf(grammar::Query& query, const grammar::Dialect& dialect, grammar::Arena& arena, AliasUses* aliases) {
  ExprTypes types;
  base::Diagnostics unheard;
  BindContext context;
  context.arena = &arena;
  context.keep_stars = true;
  context.types = &types;
  context.aliases = aliases;
  context.dialect = &dialect;
  Binder(context, nullptr, unheard).BindQuery(query, nullptr);
  return types;
}

std::vector<ColumnSource> ReadsOf(const Project& project, const Model& model) {
  std::vector<ColumnSource> reads;
  if (model.query == nullptr) return reads;
  grammar::Arena arena;
  base::Diagnostics unheard;
  BindContext context;
  context.project = &project;
  context.relations = &model.relations;
  context.arena = &arena;
  context.reads = &reads;
  Binder(context, nullptr, unheard).BindQuery(*model.query, nullptr);
  std::sort(reads.begin(), reads.end());
  reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
  return reads;
}

}  // namespace wapc::compiler
