#include "compiler/passes/binder.h"

#include <algorithm>

#include "compiler/passes/bind_output.h"
#include "compiler/passes/binder_impl.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr base::DiagnosticCode kMisplacedSubquery{"misplaced-subquery", base::Severity::kError};

// A bare NULL that is stored becomes an integer, as in DuckDB.
void SettleNulls(Type& type) {
  if (type.kind == TypeKind::kNull) type = Type::Of(TypeKind::kInt32);
  for (Type& child : type.children) SettleNulls(child);
}

std::vector<ColumnSource> Owned(const Sources& sources) {
  std::vector<ColumnSource> out;
  out.reserve(sources.size());
  for (const SourceRef& source : sources) out.push_back({source.model, std::string(source.column)});
  return out;
}

bool HasSubquery(grammar::Expr& expr, base::Span* span) {
  bool found = false;
  grammar::Visitor visitor;
  visitor.query = [&](grammar::Query& query) {
    if (!found) *span = query.span;
    found = true;
    return false;
  };
  grammar::Walk(expr, visitor);
  return found;
}

}  // namespace

std::vector<Column> ColumnsOf(const Relation& relation) {
  std::vector<Column> out;
  out.reserve(relation.columns.size());
  for (const RelationColumn& column : relation.columns) {
    out.push_back({std::string(column.name), column.type, column.nullable, {}, column.span, Owned(column.sources)});
    SettleNulls(out.back().type);
  }
  return out;
}

std::optional<std::vector<Column>> BindQuery(grammar::Query& query, const BindContext& context,
                                             base::Diagnostics& diagnostics) {
  const size_t before = diagnostics.error_count();
  Binder binder(context, nullptr, diagnostics);
  const Relation& relation = binder.BindQuery(query, nullptr);
  if (diagnostics.error_count() > before || !binder.complete()) return std::nullopt;
  return ColumnsOf(relation);
}

std::optional<Column> BindExpression(grammar::Expr& expr, const RelationColumns& relation, const BindContext& context,
                                     base::Diagnostics& diagnostics) {
  base::Span span;
  if (HasSubquery(expr, &span)) {
    diagnostics.Report(kMisplacedSubquery, span, "a query cannot stand here: the expression is computed row by row")
        .Help("write it in a model of its own");
    return std::nullopt;
  }
  const size_t before = diagnostics.error_count();
  Binder binder(context, nullptr, diagnostics);
  const Relation columns = RelationOf(relation.columns, -1);
  Scope scope(nullptr);
  scope.tables.push_back({{}, {}, expr.span, &columns, false, true, {}, {}});
  Sources sources;
  Value value = binder.BindTracked(expr, scope, sources);
  if (diagnostics.error_count() > before || !binder.complete()) return std::nullopt;
  std::sort(sources.begin(), sources.end());
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  Column column{{}, std::move(value.type), value.nullable, {}, expr.span, Owned(sources)};
  SettleNulls(column.type);
  return column;
}

}  // namespace wapc::compiler
