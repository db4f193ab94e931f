#include "compiler/staging/staging.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "compiler/ast_build.h"
#include "compiler/project/flags.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/settings.h"
#include "compiler/staging/staged_table.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;

namespace {

constexpr DiagnosticCode kStagingCollision{"staging-collision", Severity::kError};

// The number of a row among those that are alike; no column of a model is named so.
constexpr std::string_view kRowNumber = "_first_row";

bool CheckNames(const Draft& draft, Diagnostics& diagnostics) {
  std::map<std::string, const DraftColumn*> seen;
  bool distinct = true;
  for (const DraftColumn& column : draft.columns) {
    const auto [first, fresh] = seen.emplace(grammar::FoldName({column.name, false, {}}), &column);
    if (fresh) continue;
    distinct = false;
    auto report =
        diagnostics.Report(kStagingCollision, column.span,
                           fmt::format("two columns of {} are now named '{}'", draft.table->name, column.name));
    if (column.raw != nullptr) report.Note(column.raw->span, fmt::format("one is '{}'", column.raw->name));
    if (first->second->raw != nullptr) {
      report.Note(first->second->raw->span, fmt::format("the other is '{}'", first->second->raw->name));
    }
    report.Help("rename one of them: `rename: {columns: {...}}`");
  }
  return distinct;
}

// A query around `inner` that keeps its first rows, for dialects without QUALIFY.
grammar::Query* FirstRows(const Draft& draft, grammar::Query* inner, const AstBuilder& build) {
  std::vector<grammar::SelectItem> items;
  for (const DraftColumn& column : draft.columns) {
    items.push_back({build.Column({"q", column.name}), build.Name(column.name), column.span});
  }
  return build.Select(items, build.Subquery(inner, "q"), build.Column({"q", kRowNumber}));
}

grammar::Query* QueryOf(const StagingDefaults& defaults, const grammar::Dialect& dialect) {
  const Draft& draft = defaults.draft;
  const AstBuilder build(*draft.arena, draft.table->span);
  std::vector<grammar::SelectItem> items;
  for (const DraftColumn& column : draft.columns) {
    const AstBuilder at(*draft.arena, column.span);
    items.push_back({column.expr, at.Name(column.name), column.span});
  }
  const bool wrapped = draft.first_row != nullptr && !dialect.Has(grammar::Feature::kQualify);
  if (wrapped) items.push_back({draft.first_row, build.Name(kRowNumber), draft.table->span});
  grammar::Query* const query = build.Select(items, defaults.from, build.All(draft.filters));
  if (wrapped) return FirstRows(draft, query, build);
  if (draft.first_row != nullptr) static_cast<grammar::Select*>(query->body)->qualify = draft.first_row;
  return query;
}

// Every staging.yml of a project at work.
class Stager {
 public:
  Stager(const Project& project, RuleTools& tools) : project_(project), tools_(tools), reader_(project, tools) {}

  std::vector<StagedTable> Run() {
    settings_.reserve(project_.staging.size());
    for (const StagingFile& file : project_.staging) {
      if (file.root.is_null()) continue;
      settings_.push_back(reader_.Read(file));
      StageDataset(settings_.back());
    }
    reader_.ReportIdle();
    return std::move(staged_);
  }

 private:
  void StageDataset(const StagingSettings& settings) {
    for (const metadata::Schema& schema : project_.schemas) {
      if (schema.dataset != settings.file->dataset) continue;
      for (const metadata::Table& table : schema.tables) {
        if (settings.Covers(table)) Stage(settings, schema, table);
      }
    }
  }

  void Stage(const StagingSettings& settings, const metadata::Schema& schema, const metadata::Table& table) {
    auto arena = std::make_shared<grammar::Arena>();
    auto defaults = DefaultsFor(schema, table, *arena, *project_.config.dialect, tools_);
    if (!defaults) return;
    StagedTable staged;
    staged.settings = &settings;
    staged.entries = settings.EntriesFor(table);
    staged.defaults = std::move(*defaults);
    Draft& draft = staged.defaults.draft;
    for (BoundRule* const rule : settings.rules) rule->matched |= rule->rule->apply(rule->call, draft, tools_);
    ApplyColumnEntries(staged, tools_);
    if (!CheckNames(draft, tools_.diagnostics())) return;
    Model& model = staged.model;
    model.name = StagedName(settings, schema, table);
    const size_t dot = model.name.find('.');
    model.schema = model.name.substr(0, dot);
    model.table = model.name.substr(dot + 1);
    model.origin = Origin::kStaging;
    model.name_span = model.kind_span = table.span;
    model.raw_schema = &schema;
    model.raw_table = &table;
    model.arena = std::move(arena);
    model.query = QueryOf(staged.defaults, *project_.config.dialect);
    AddFacts(staged, project_.config, tools_);
    SetKind(staged, tools_);
    AddGrain(staged, tools_);
    AddClaims(staged, tools_);
    staged_.push_back(std::move(staged));
  }

  const Project& project_;
  RuleTools& tools_;
  SettingsReader reader_;
  std::vector<StagingSettings> settings_;
  std::vector<StagedTable> staged_;
};

}  // namespace

Project StageRawTables(Project project, const base::SourceMap& sources, Diagnostics& diagnostics) {
  project.arenas.push_back(std::make_shared<grammar::Arena>());
  RuleTools tools(sources, *project.arenas.back(), diagnostics, *project.config.dialect);
  Stager stager(project, tools);
  std::vector<StagedTable> staged = stager.Run();
  std::erase_if(staged, [&project](StagedTable& table) { return TurnOff(table.model, project); });
  SettleNested(staged, project, tools);
  AddReferences(staged);
  for (StagedTable& table : staged) project.models.push_back(std::move(table.model));
  return project;
}

}  // namespace wapc::compiler
