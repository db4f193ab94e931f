#include "compiler/staging/settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "compiler/project/yaml_keys.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::YamlNode;

namespace {

constexpr DiagnosticCode kUnknownRule{"unknown-rule", Severity::kError};
constexpr DiagnosticCode kRuleShape{"rule-shape", Severity::kError};
constexpr DiagnosticCode kRuleMatchesNothing{"rule-matches-nothing", Severity::kWarning};
constexpr DiagnosticCode kUnknownRawTable{"unknown-raw-table", Severity::kError};
constexpr DiagnosticCode kNoSchemaFile{"no-schema-file", Severity::kError};

bool IsFile(std::string_view entry) { return entry.ends_with(".yml") || entry.ends_with(".yaml"); }
bool IsPattern(std::string_view name) { return name.find_first_of("*?[") != std::string_view::npos; }

// The items of `include`: one text, or a list of them.
std::vector<const YamlNode*> Items(const YamlNode* node) {
  std::vector<const YamlNode*> out;
  if (node == nullptr) return out;
  if (node->is_scalar()) out.push_back(node);
  for (const YamlNode& item : node->items) out.push_back(&item);
  return out;
}

bool AnyMatches(const std::vector<std::string>& patterns, std::string_view name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [name](const std::string& p) { return MatchesPattern(p, name); });
}

}  // namespace

bool StagingSettings::Covers(const metadata::Table& table) const {
  return table.enabled && table.seen_data && (include.empty() || AnyMatches(include, table.name)) &&
         !AnyMatches(exclude, table.name);
}

std::vector<const YamlNode*> StagingSettings::EntriesFor(const metadata::Table& table) const {
  std::vector<const YamlNode*> out;
  for (const bool patterns : {true, false}) {
    for (const base::YamlEntry* const entry : tables) {
      const bool is_pattern = IsPattern(entry->key);
      if (is_pattern != patterns) continue;
      if (is_pattern ? MatchesPattern(entry->key, table.name) : entry->key == table.name) out.push_back(&entry->value);
    }
  }
  return out;
}

std::vector<std::pair<std::string, base::Span>> IncludedFiles(const StagingFile& file) {
  std::vector<std::pair<std::string, base::Span>> out;
  for (const YamlNode* const item : Items(file.root.Find("include"))) {
    if (!item->is_scalar() || !IsFile(item->scalar)) continue;
    const auto path = std::filesystem::path(file.path).parent_path() / item->scalar;
    out.emplace_back(path.lexically_normal().generic_string(), item->span);
  }
  return out;
}

StagingSettings SettingsReader::Read(const StagingFile& file) {
  StagingSettings out;
  out.file = &file;
  out.target = file.dataset + "_staging";
  out.name = "stg_{table}";
  out.exclude = {"_dlt_*"};
  std::set<std::string> open;
  Merge(file, open, out);
  CheckTables(out);
  return out;
}

void SettingsReader::Merge(const StagingFile& file, std::set<std::string>& open, StagingSettings& out) {
  base::Diagnostics& diagnostics = tools_.diagnostics();
  if (file.root.is_null() || !open.insert(file.path).second) return;
  const bool fresh = !rules_of_.contains(&file);
  if (!file.root.is_map()) {
    if (fresh) ReportWrongType(file.root, "staging.yml", "a mapping", diagnostics);
    return;
  }
  if (fresh) {
    CheckKeys(file.root, {"target", "name", "include", "exclude", "rules", "tables"}, "staging.yml", diagnostics);
  }
  MergeIncludes(file, open, out);
  if (const auto target = TextAt(file.root, "target", diagnostics)) out.target = *target;
  if (const YamlNode* const name = file.root.Find("name")) MergeName(*name, out);
  if (file.root.Find("exclude") != nullptr) out.exclude = TextsAt(file.root, "exclude", diagnostics);
  const std::vector<BoundRule*>& rules = RulesOf(file);
  out.rules.insert(out.rules.end(), rules.begin(), rules.end());
  const YamlNode* const tables = MapAt(file.root, "tables", diagnostics);
  if (tables == nullptr) return;
  for (const base::YamlEntry& entry : tables->entries) out.tables.push_back(&entry);
}

void SettingsReader::MergeIncludes(const StagingFile& file, std::set<std::string>& open, StagingSettings& out) {
  for (const auto& [path, span] : IncludedFiles(file)) {
    const auto shared = project_.shared_rules.find(path);
    if (shared != project_.shared_rules.end()) Merge(shared->second, open, out);
  }
  std::vector<std::string> patterns;
  for (const YamlNode* const item : Items(file.root.Find("include"))) {
    if (!item->is_scalar()) {
      ReportWrongType(*item, "include", "tables and files", tools_.diagnostics());
    } else if (!IsFile(item->scalar)) {
      patterns.push_back(item->scalar);
    }
  }
  if (!patterns.empty()) out.include = std::move(patterns);
}

// `name: "stg_{table}"`, or a mapping with `template` and how {table} is renamed first.
void SettingsReader::MergeName(const YamlNode& name, StagingSettings& out) {
  base::Diagnostics& diagnostics = tools_.diagnostics();
  if (name.is_scalar()) {
    out.name = name.scalar;
    return;
  }
  if (!name.is_map()) {
    ReportWrongType(name, "name", "text, or a mapping with 'template'", diagnostics);
    return;
  }
  std::vector<std::string_view> keys = RenamingKeys();
  keys.emplace_back("template");
  CheckKeys(name, keys, "name", diagnostics);
  out.name = TextAt(name, "template", diagnostics).value_or(out.name);
  out.table_names = ReadRenaming(name, tools_);
}

const std::vector<BoundRule*>& SettingsReader::RulesOf(const StagingFile& file) {
  const auto [entry, fresh] = rules_of_.try_emplace(&file);
  if (!fresh) return entry->second;
  if (const YamlNode* const rules = ListAt(file.root, "rules", tools_.diagnostics())) {
    for (const YamlNode& item : rules->items) {
      if (BoundRule* const rule = ReadRule(item)) entry->second.push_back(rule);
    }
  }
  return entry->second;
}

BoundRule* SettingsReader::ReadRule(const YamlNode& item) {
  base::Diagnostics& diagnostics = tools_.diagnostics();
  if (!item.is_map()) {
    ReportWrongType(item, "rules", "a list of mappings", diagnostics);
    return nullptr;
  }
  BoundRule bound;
  bound.span = item.span;
  for (const base::YamlEntry& entry : item.entries) {
    if (entry.key == "match") {
      CheckMatch(entry.value, diagnostics);
      bound.call.match = &entry.value;
    } else if (bound.rule != nullptr) {
      diagnostics.Report(kRuleShape, entry.key_span, "one entry of 'rules' holds one rule")
          .Help(fmt::format("move '{}' into an entry of its own", entry.key));
    } else {
      bound.rule = FindRule(entry);
      bound.call.value = &entry.value;
      bound.span = entry.key_span;
      if (bound.rule == nullptr) return nullptr;
    }
  }
  if (bound.rule == nullptr) {
    diagnostics.Report(kRuleShape, item.span, "this entry of 'rules' has a match, but no rule beside it");
    return nullptr;
  }
  return &rules_.emplace_back(bound);
}

const StagingRule* SettingsReader::FindRule(const base::YamlEntry& entry) {
  std::vector<std::string> names;
  const std::string_view key = entry.key == "normalize"      ? "normalise"
                               : entry.key == "materialized" ? "materialised"
                                                             : std::string_view(entry.key);
  for (const StagingRule* const rule : AllStagingRules()) {
    if (rule->key == key) return rule;
    names.emplace_back(rule->key);
  }
  const auto nearest = base::ClosestName(entry.key, names);
  tools_.diagnostics()
      .Report(kUnknownRule, entry.key_span, fmt::format("there is no staging rule '{}'", entry.key))
      .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : fmt::format("rules: {}", fmt::join(names, ", ")));
  return nullptr;
}

void SettingsReader::CheckTables(const StagingSettings& settings) {
  base::Diagnostics& diagnostics = tools_.diagnostics();
  std::vector<std::string> names;
  for (const metadata::Schema& schema : project_.schemas) {
    if (schema.dataset != settings.file->dataset) continue;
    for (const metadata::Table& table : schema.tables) names.push_back(table.name);
  }
  if (names.empty()) {
    diagnostics
        .Report(kNoSchemaFile, {settings.file->source, 0, 0},
                fmt::format("there is no schema file beside this staging.yml, in metadata/{}", settings.file->dataset))
        .Help("put dlt's schema export there as schema.yml");
    return;
  }
  for (const base::YamlEntry* const entry : settings.tables) {
    // Entries of a file that several schemas share are for some of them.
    if (entry->key_span.source != settings.file->source) continue;
    const auto is = [entry](const std::string& name) { return MatchesPattern(entry->key, name); };
    if (std::any_of(names.begin(), names.end(), is)) continue;
    const auto nearest = base::ClosestName(entry->key, names);
    diagnostics
        .Report(kUnknownRawTable, entry->key_span,
                fmt::format("{} has no table '{}'", settings.file->dataset, entry->key))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "remove the entry");
  }
}

void SettingsReader::ReportIdle() {
  base::Diagnostics& diagnostics = tools_.diagnostics();
  for (const BoundRule& rule : rules_) {
    if (rule.matched) continue;
    diagnostics.Report(kRuleMatchesNothing, rule.span, fmt::format("this {} rule matches nothing", rule.rule->key))
        .Help("mend its match, or remove it");
  }
  for (const base::YamlEntry* const entry : tools_.IdleEntries()) {
    diagnostics.Report(kRuleMatchesNothing, entry->key_span, fmt::format("no column is named '{}'", entry->key))
        .Help("mend the name, or remove the entry");
  }
}

}  // namespace wapc::compiler
