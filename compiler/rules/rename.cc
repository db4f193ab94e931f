#include <fmt/format.h>

#include <string>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/renaming.h"
#include "compiler/staging/rule.h"

// What:  renames columns: strips or adds a prefix or a suffix (as whole strings), replaces what a pattern finds,
//        changes the case, or names one by one.
// Why:   sources repeat their own name in every column, and camel case needs quotes in SQL.
// Write: - rename: {strip_prefix: "sf_", case: snake, patterns: {"^(.+)_dt$": "$1_date"}}
//        - match: {table: flights}
//          rename: {columns: {dep_time: departed_at}}
namespace wapc::compiler {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kRenameEmpty{"rename-empty", base::Severity::kError};

// The entry of `columns:` that is for this column, by its name now or its raw name.
const base::YamlEntry* EntryFor(const YamlNode* columns, const DraftColumn& column) {
  if (columns == nullptr) return nullptr;
  for (const base::YamlEntry& entry : columns->entries) {
    if (entry.key == column.name || (column.raw != nullptr && entry.key == column.raw->name)) return &entry;
  }
  return nullptr;
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!call.value->is_map()) {
    ReportWrongType(*call.value, "rename", "a mapping", tools.diagnostics());
    return true;
  }
  std::vector<std::string_view> keys = RenamingKeys();
  keys.emplace_back("columns");
  CheckKeys(*call.value, keys, "rename", tools.diagnostics());
  const Renaming renaming = ReadRenaming(*call.value, tools);
  const YamlNode* const columns = MapAt(*call.value, "columns", tools.diagnostics());
  if (columns != nullptr) {
    for (const base::YamlEntry& entry : columns->entries) tools.Entry(entry, false);
  }
  bool matched = columns != nullptr && !columns->entries.empty();  // each entry is reported by itself
  for (DraftColumn& column : draft.columns) {
    if (!MatchesColumn(call.match, draft, column)) continue;
    const base::YamlEntry* const entry = EntryFor(columns, column);
    if (entry != nullptr) tools.Entry(*entry, true);
    const bool named = entry != nullptr && entry->value.is_scalar();
    std::string name = named ? entry->value.scalar : renaming.NewName(column.name);
    if (name == column.name) continue;
    matched = true;
    const base::Span span = named ? entry->key_span : call.value->span;
    if (name.empty()) {
      tools.diagnostics().Report(
          kRenameEmpty, span, fmt::format("this leaves nothing of the name of {}.{}", draft.table->name, column.name));
      continue;
    }
    column.name = std::move(name);
    column.span = span;
  }
  return matched;
}

}  // namespace

const StagingRule& RenameRule() {
  static constexpr StagingRule kRule{"rename", "renames columns by prefix, suffix, case, pattern, or one by one",
                                     Apply};
  return kRule;
}

}  // namespace wapc::compiler
