#include <fmt/format.h>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/staged_table.h"

namespace wapc::compiler {

using base::YamlNode;

namespace {

constexpr base::DiagnosticCode kUnknownStagingColumn{"unknown-staging-column", base::Severity::kError};

void Replace(std::string& text, std::string_view placeholder, std::string_view value) {
  for (size_t at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder, at + value.size())) {
    text.replace(at, placeholder.size(), value);
  }
}

std::string Filled(std::string text, const StagingSettings& settings, const metadata::Schema& schema,
                   const metadata::Table& table) {
  Replace(text, "{table}", settings.table_names.NewName(table.name));
  Replace(text, "{schema}", schema.name);
  Replace(text, "{dataset}", settings.file->dataset);
  Replace(text, "{resource}", table.resource.empty() ? table.name : table.resource);
  return text;
}

// The last of the entries that says it, so that a table's own wins over a pattern's.
std::optional<std::string> Said(const std::vector<const YamlNode*>& entries, std::string_view key,
                                base::Diagnostics& diagnostics) {
  std::optional<std::string> out;
  for (const YamlNode* const entry : entries) {
    if (auto text = TextAt(*entry, key, diagnostics)) out = std::move(text);
  }
  return out;
}

DraftColumn* ColumnNamed(Draft& draft, std::string_view name) {
  for (DraftColumn& column : draft.columns) {
    if (column.name == name || (column.raw != nullptr && column.raw->name == name)) return &column;
  }
  return nullptr;
}

void ApplyColumnEntry(const base::YamlEntry& entry, Draft& draft, RuleTools& tools) {
  base::Diagnostics& diagnostics = tools.diagnostics();
  CheckKeys(entry.value, {"name", "cast", "expr", "description", "audits"}, "a column of staging.yml", diagnostics);
  DraftColumn* const column = ColumnNamed(draft, entry.key);
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const DraftColumn& known : draft.columns) names.push_back(known.name);
    const auto nearest = base::ClosestName(entry.key, names);
    tools.Once(kUnknownStagingColumn, entry.key_span,
               fmt::format("the staging model of {} has no column '{}'", draft.table->name, entry.key),
               nearest ? fmt::format("did you mean '{}'?", *nearest) : "remove the entry");
    return;
  }
  if (const YamlNode* const text = entry.value.Find("expr")) {
    if (const grammar::Expr* const expr = tools.Expression(*text, "expr")) {
      column->expr = tools.ForColumn(*expr, *column->expr, *draft.arena);
      column->span = text->span;
      column->replaced = true;
    }
  }
  if (const YamlNode* const type = entry.value.Find("cast"); type != nullptr && type->is_scalar()) {
    if (grammar::TypeName* const parsed = tools.Type(type->scalar, type->span)) {
      column->expr = AstBuilder(*draft.arena, type->span).Cast(column->expr, parsed);
      column->span = type->span;
      column->replaced = true;
    }
  }
  if (const auto name = TextAt(entry.value, "name", diagnostics)) {
    column->name = *name;
    column->span = entry.key_span;
  }
}

}  // namespace

std::string StagedName(const StagingSettings& settings, const metadata::Schema& schema, const metadata::Table& table) {
  std::string target = settings.target;
  std::string name = settings.name;
  for (const YamlNode* const entry : settings.EntriesFor(table)) {
    if (const YamlNode* const own = entry->Find("target"); own != nullptr && own->is_scalar()) target = own->scalar;
    if (const YamlNode* const own = entry->Find("name"); own != nullptr && own->is_scalar()) name = own->scalar;
  }
  return Filled(target, settings, schema, table) + "." + Filled(name, settings, schema, table);
}

void ApplyColumnEntries(StagedTable& staged, RuleTools& tools) {
  for (const YamlNode* const entry : staged.entries) {
    CheckKeys(*entry,
              {"grain", "audits", "description", "owner", "tags", "name", "target", "materialised", "cron", "start",
               "columns"},
              "a table of staging.yml", tools.diagnostics());
    const YamlNode* const columns = MapAt(*entry, "columns", tools.diagnostics());
    if (columns == nullptr) continue;
    for (const base::YamlEntry& column : columns->entries) ApplyColumnEntry(column, staged.defaults.draft, tools);
  }
}

void AddFacts(StagedTable& staged, const Config& config, RuleTools& tools) {
  base::Diagnostics& diagnostics = tools.diagnostics();
  const Draft& draft = staged.draft();
  const metadata::Table& table = *draft.table;
  Model& model = staged.model;
  model.description = Said(staged.entries, "description", diagnostics).value_or(table.description);
  model.owner =
      Said(staged.entries, "owner", diagnostics).value_or(table.owner.empty() ? config.default_owner : table.owner);
  model.cron = Said(staged.entries, "cron", diagnostics).value_or(config.default_cron);
  model.start = Said(staged.entries, "start", diagnostics).value_or(config.default_start);
  model.tags = table.tags;
  model.tags.insert(model.tags.end(), draft.tags.begin(), draft.tags.end());
  for (const DraftColumn& column : draft.columns) {
    if (column.raw != nullptr && !column.raw->description.empty()) {
      model.column_descriptions[column.name] = column.raw->description;
    }
  }
  for (const YamlNode* const entry : staged.entries) {
    for (std::string& tag : TextsAt(*entry, "tags", diagnostics)) model.tags.push_back(std::move(tag));
    const YamlNode* const columns = entry->Find("columns");
    if (columns == nullptr) continue;
    for (const base::YamlEntry& column : columns->entries) {
      const auto text = TextAt(column.value, "description", diagnostics);
      const DraftColumn* const known = ColumnNamed(staged.defaults.draft, column.key);
      if (text && known != nullptr) model.column_descriptions[known->name] = *text;
    }
  }
}

}  // namespace wapc::compiler
