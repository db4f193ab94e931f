#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/parallel.h"
#include "compiler/passes/bind_facts.h"
#include "compiler/passes/bind_output.h"
#include "compiler/passes/binder_impl.h"
#include "compiler/passes/passes.h"

namespace wapc::compiler {
namespace {

using metadata::Type;

constexpr base::DiagnosticCode kDuplicateColumn{"duplicate-column", base::Severity::kError};
constexpr base::DiagnosticCode kUnnamedColumn{"unnamed-column", base::Severity::kError};
constexpr base::DiagnosticCode kOwnColumns{"own-columns", base::Severity::kError};
constexpr base::DiagnosticCode kColumnContract{"column-contract", base::Severity::kError};

// Every column needs a name, and one of its own.
void CheckNames(const std::vector<Column>& columns, base::Diagnostics& diagnostics) {
  for (size_t i = 0; i < columns.size(); ++i) {
    const Column& column = columns[i];
    if (column.name.empty()) {
      if (column.type.is_unknown()) continue;
      diagnostics.Report(kUnnamedColumn, column.span, "this column has no name").Help("name it: ... AS name");
      continue;
    }
    for (size_t before = 0; before < i; ++before) {
      if (!SameName(columns[before].name, column.name)) continue;
      diagnostics.Report(kDuplicateColumn, column.span, fmt::format("a second column is named \"{}\"", column.name))
          .Note(columns[before].span, "the first one is here")
          .Help("give one of them another name with AS");
      break;
    }
  }
}

const Column* FindByName(const std::vector<Column>& columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [name](const Column& column) { return SameName(column.name, name); });
  return found == columns.end() ? nullptr : &*found;
}

// `columns (...)` of the MODEL block against what the query gives.
void CheckContract(const Model& model, const std::vector<Column>& columns, const grammar::Dialect& dialect,
                   base::Diagnostics& diagnostics) {
  for (const auto& [name, type_name] : model.declared_columns) {
    const Column* const column = FindByName(columns, name);
    if (column == nullptr) {
      diagnostics.Report(kColumnContract, type_name->span, fmt::format("the query gives no column \"{}\"", name))
          .Help("select it, or take it out of columns (...)");
      continue;
    }
    const std::optional<Type> declared = ResolveType(*type_name, dialect, diagnostics);
    if (!declared || column->type.is_unknown() || SameForEngine(*declared, column->type)) continue;
    diagnostics
        .Report(kColumnContract, type_name->span,
                fmt::format("\"{}\" is declared as {}, but the query gives {}", name, ToString(*declared),
                            ToString(column->type)))
        .Note(column->span, "given here")
        .Help("cast it in the query, or declare what it gives");
  }
  if (model.declared_columns.empty()) return;
  for (const Column& column : columns) {
    const auto same = [&](const auto& entry) { return SameName(entry.first, column.name); };
    if (std::any_of(model.declared_columns.begin(), model.declared_columns.end(), same)) continue;
    diagnostics
        .Report(kColumnContract, column.span, fmt::format("\"{}\" is not among the declared columns", column.name))
        .Help("add it to columns (...), or take it out of the query");
  }
}

// A SCD model has two columns more than its query: since when a row holds, and until when.
void AddKindColumns(const Model& model, std::vector<Column>& columns) {
  if (model.kind != ModelKind::kScdType2ByTime && model.kind != ModelKind::kScdType2ByColumn) return;
  const KindProperties& properties = model.properties;
  columns.push_back({properties.valid_from, properties.time_type, false, {}, model.kind_span, {}});
  columns.push_back({properties.valid_to, properties.time_type, true, {}, model.kind_span, {}});
}

// The columns under which a model that reads itself sees its own rows: those that it declares.
void DeclareOwnColumns(Model& model, const grammar::Dialect& dialect, base::Diagnostics& diagnostics) {
  model.columns.clear();
  for (const auto& [name, type_name] : model.declared_columns) {
    const std::optional<Type> type = ResolveType(*type_name, dialect, diagnostics);
    model.columns.push_back({name, type.value_or(Type{}), true, {}, type_name->span, {}});
  }
  if (model.columns.empty()) {
    diagnostics.Report(kOwnColumns, model.name_span, fmt::format("{} reads itself and declares no columns", model.name))
        .Help("add `columns (id bigint, ...)`: what its query gives, so that it can be read before it is there");
  }
  AddKindColumns(model, model.columns);
  model.typed = !diagnostics.has_errors();
}

// Binds one model whose upstreams are done; true when it is typed.
bool BindModel(const Project& project, Model& model, const ModelRelations& relations, grammar::Arena& arena,
               base::Diagnostics& diagnostics) {
  BindContext context;
  context.project = &project;
  context.relations = &model.relations;
  context.arena = &arena;
  auto facts = std::make_shared<BindFacts>();
  if (!project.config.lint_rules.empty()) context.facts = facts.get();
  if (model.reads_itself) DeclareOwnColumns(model, *project.config.dialect, diagnostics);
  Binder binder(context, &relations, diagnostics);
  const Relation& relation = binder.BindQuery(*model.query, nullptr);
  if (!binder.complete() || !relation.complete) return false;
  std::vector<Column> columns = ColumnsOf(relation, binder.dialect());
  AddKindColumns(model, columns);
  CheckNames(columns, diagnostics);
  if (diagnostics.has_errors()) return false;
  CheckContract(model, columns, *project.config.dialect, diagnostics);
  if (diagnostics.has_errors()) return false;
  for (const auto& [name, text] : model.column_descriptions) {
    for (Column& column : columns) {
      if (SameName(column.name, name)) column.description = text;
    }
  }
  model.columns = std::move(columns);
  model.facts = std::move(facts);
  return true;
}

// Models by how deep they stand: those of one level do not read each other.
std::vector<std::vector<int>> Levels(const Project& project) {
  std::vector<size_t> depth(project.models.size(), 0);
  std::vector<std::vector<int>> levels;
  for (const int index : project.order) {
    const auto at = static_cast<size_t>(index);
    for (const int upstream : project.models[at].depends_on)
      depth[at] = std::max(depth[at], depth[static_cast<size_t>(upstream)] + 1);
    if (levels.size() <= depth[at]) levels.resize(depth[at] + 1);
    levels[depth[at]].push_back(index);
  }
  return levels;
}

}  // namespace

Project BindModels(Project project, const base::SourceMap& /*sources*/, base::Diagnostics& diagnostics) {
  if (project.config.dialect == nullptr) project.config.dialect = &grammar::DuckDbDialect();
  std::vector<base::Diagnostics> found(project.models.size());
  std::vector<std::shared_ptr<grammar::Arena>> arenas(project.models.size());
  ModelRelations relations(project.models.size());
  for (const std::vector<int>& level : Levels(project)) {
    base::ParallelFor(level.size(), 0, [&](size_t i) {
      const auto at = static_cast<size_t>(level[i]);
      Model& model = project.models[at];
      if (model.query != nullptr) {
        arenas[at] = std::make_shared<grammar::Arena>();
        model.typed = BindModel(project, model, relations, *arenas[at], found[at]);
      }
      if (model.typed) relations[at] = std::make_unique<Relation>(RelationOf(model.columns, static_cast<int>(at)));
    });
  }
  for (size_t i = 0; i < found.size(); ++i) {
    diagnostics.Append(std::move(found[i]));
    if (arenas[i] != nullptr) project.arenas.push_back(std::move(arenas[i]));
  }
  return project;
}

}  // namespace wapc::compiler
