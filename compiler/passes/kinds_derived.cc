#include "compiler/passes/kinds_derived.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/ast_build.h"
#include "compiler/passes/binder.h"
#include "grammar/walk.h"

namespace wapc::compiler {
namespace {

constexpr base::DiagnosticCode kMergeKey{"merge-key", base::Severity::kError};

// `@this_model AS alias`.
grammar::TableRef* ThisModel(const AstBuilder& build, std::string_view alias) {
  auto* const call = build.arena().New<grammar::MacroCall>();
  call->kind = grammar::MacroCall::kKind;
  call->span = build.span();
  call->name = build.Name("this_model");
  auto* const from = build.arena().New<grammar::MacroTable>();
  from->kind = grammar::MacroTable::kKind;
  from->span = build.span();
  from->call = call;
  from->alias = build.Name(alias);
  return from;
}

void Bind(const Project& project, const Model& model, grammar::Query& query, base::Diagnostics& diagnostics) {
  const RelationColumns columns{model.columns};
  BindContext context;
  context.project = &project;
  context.relations = &model.relations;
  context.arena = model.arena.get();
  context.keep_stars = true;
  context.macro_relation = [&columns](std::string_view name) { return name == "this_model" ? &columns : nullptr; };
  BindQuery(query, context, diagnostics);
}

}  // namespace

bool ReplacesPartitions(const Model& model) {
  if (model.partitioned_by.empty()) return false;
  return model.kind == ModelKind::kIncrementalByPartition ||
         (model.kind == ModelKind::kIncrementalUnmanaged && model.properties.insert_overwrite);
}

void DerivePartitions(const Project& project, Model& model, base::Diagnostics& diagnostics) {
  if (!ReplacesPartitions(model)) return;
  const AstBuilder build(*model.arena, model.partitioned_by.front()->span);
  std::vector<grammar::SelectItem> items;
  for (const grammar::Expr* const part : model.partitioned_by) {
    const std::string name = fmt::format("wapc__part_{}", items.size() + 1);
    items.push_back({grammar::Clone(*part, *model.arena), build.Name(name), part->span});
  }
  model.partition_query = build.Select(items, ThisModel(build, "t"), nullptr);
  Bind(project, model, *model.partition_query, diagnostics);
}

void DeriveMerge(const Project& project, Model& model, base::Diagnostics& diagnostics) {
  if (model.when_matched.empty() && model.merge_filter == nullptr) return;
  const AstBuilder build(*model.arena, model.kind_span);
  std::vector<grammar::SelectItem> items;
  const auto add = [&](const grammar::Expr* expr) {
    if (expr == nullptr) return;
    const std::string name = fmt::format("wapc__{}", items.size() + 1);
    items.push_back({grammar::Clone(*expr, *model.arena), build.Name(name), expr->span});
  };
  add(model.merge_filter);
  for (const MatchClause& clause : model.when_matched) {
    add(clause.condition);
    for (const auto& [column, value] : clause.sets) {
      add(value);
      const auto& key = model.unique_key;
      if (std::find(key.begin(), key.end(), column) == key.end()) continue;
      diagnostics.Report(kMergeKey, clause.span, fmt::format("when_matched sets '{}', a column of the key", column))
          .Help("rows match by their key, so it is the same already: take the assignment out");
    }
  }
  grammar::TableRef* const both =
      build.InnerJoin(ThisModel(build, "target"), ThisModel(build, "source"), build.Bool(true));
  model.merge_query = build.Select(items, both, nullptr);
  Bind(project, model, *model.merge_query, diagnostics);
}

}  // namespace wapc::compiler
