#include "compiler/staging/staging.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <set>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/audit_yaml.h"
#include "compiler/staging/defaults.h"
#include "compiler/staging/rule.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::YamlNode;
using metadata::MergeStrategy;
using metadata::WriteDisposition;

namespace {

constexpr DiagnosticCode kUnknownRule{"unknown-rule", Severity::kError};
constexpr DiagnosticCode kRuleShape{"rule-shape", Severity::kError};
constexpr DiagnosticCode kRuleMatchesNothing{"rule-matches-nothing", Severity::kWarning};
constexpr DiagnosticCode kStagingCollision{"staging-collision", Severity::kError};
constexpr DiagnosticCode kUnknownRawTable{"unknown-raw-table", Severity::kError};
constexpr DiagnosticCode kNoSchemaFile{"no-schema-file", Severity::kError};
constexpr DiagnosticCode kParentNotStaged{"parent-not-staged", Severity::kError};
constexpr DiagnosticCode kGrainColumn{"grain-column", Severity::kError};

// One rule of the list, with its implementation.
struct BoundRule {
  const StagingRule* rule = nullptr;
  RuleCall call;
  base::Span span;
  bool matched = false;
};

// One staging.yml at work.
class Stager {
 public:
  Stager(const StagingFile& file, const Project& project, const base::SourceMap& sources, grammar::Arena& arena,
         Diagnostics& diagnostics)
      : file_(file),
        project_(project),
        diagnostics_(diagnostics),
        tools_(sources, arena, diagnostics, *project.config.dialect) {}

  std::vector<Model> Run() {
    if (file_.root.is_null()) return {};
    if (!file_.root.is_map()) {
      ReportWrongType(file_.root, "staging.yml", "a mapping", diagnostics_);
      return {};
    }
    CheckKeys(file_.root, {"target", "name", "exclude", "rules", "tables"}, "staging.yml", diagnostics_);
    target_ = TextAt(file_.root, "target", diagnostics_).value_or(file_.dataset + "_staging");
    name_ = TextAt(file_.root, "name", diagnostics_).value_or("stg_{table}");
    exclude_ = TextsAt(file_.root, "exclude", diagnostics_);
    if (file_.root.Find("exclude") == nullptr) exclude_ = {"_dlt_*"};
    ReadRules();
    CheckTables();
    std::vector<Model> out;
    for (const metadata::Schema& schema : project_.schemas) {
      if (schema.dataset != file_.dataset) continue;
      for (const metadata::Table& table : schema.tables) {
        if (!Covers(table)) continue;
        if (auto model = Stage(schema, table)) out.push_back(std::move(*model));
      }
    }
    ReportIdleRules();
    return out;
  }

 private:
  // ------------------------------------------------------------------------------------------- staging.yml
  void ReadRules() {
    const YamlNode* const rules = ListAt(file_.root, "rules", diagnostics_);
    if (rules == nullptr) return;
    for (const YamlNode& item : rules->items) ReadRule(item);
  }

  void ReadRule(const YamlNode& item) {
    if (!item.is_map()) {
      ReportWrongType(item, "rules", "a list of mappings", diagnostics_);
      return;
    }
    BoundRule bound;
    bound.span = item.span;
    for (const base::YamlEntry& entry : item.entries) {
      if (entry.key == "match") {
        CheckMatch(entry.value, diagnostics_);
        bound.call.match = &entry.value;
      } else if (bound.rule != nullptr) {
        diagnostics_.Report(kRuleShape, entry.key_span, "one entry of 'rules' holds one rule")
            .Help(fmt::format("move '{}' into an entry of its own", entry.key));
      } else {
        bound.rule = FindRule(entry);
        bound.call.value = &entry.value;
        bound.span = entry.key_span;
        if (bound.rule == nullptr) return;
      }
    }
    if (bound.rule != nullptr) {
      rules_.push_back(bound);
    } else {
      diagnostics_.Report(kRuleShape, item.span, "this entry of 'rules' has a match, but no rule beside it");
    }
  }

  const StagingRule* FindRule(const base::YamlEntry& entry) {
    std::vector<std::string> names;
    for (const StagingRule* const rule : AllStagingRules()) {
      if (rule->key == entry.key) return rule;
      names.emplace_back(rule->key);
    }
    const auto nearest = base::ClosestName(entry.key, names);
    diagnostics_.Report(kUnknownRule, entry.key_span, fmt::format("there is no staging rule '{}'", entry.key))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : fmt::format("rules: {}", fmt::join(names, ", ")));
    return nullptr;
  }

  void CheckTables() {
    std::vector<std::string> names;
    for (const metadata::Schema& schema : project_.schemas) {
      if (schema.dataset != file_.dataset) continue;
      for (const metadata::Table& table : schema.tables) names.push_back(table.name);
    }
    if (names.empty()) {
      diagnostics_
          .Report(kNoSchemaFile, {file_.source, 0, 0},
                  fmt::format("there is no schema file beside this staging.yml, in metadata/{}", file_.dataset))
          .Help("put dlt's schema export there as schema.yml");
      return;
    }
    const YamlNode* const tables = MapAt(file_.root, "tables", diagnostics_);
    if (tables == nullptr) return;
    for (const base::YamlEntry& entry : tables->entries) {
      CheckKeys(entry.value, {"grain", "audits", "description", "owner", "tags"}, "a table of staging.yml",
                diagnostics_);
      if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
      const auto nearest = base::ClosestName(entry.key, names);
      diagnostics_
          .Report(kUnknownRawTable, entry.key_span, fmt::format("{} has no table '{}'", file_.dataset, entry.key))
          .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "remove the entry");
    }
  }

  bool Covers(const metadata::Table& table) const {
    return table.enabled && table.seen_data &&
           std::none_of(exclude_.begin(), exclude_.end(),
                        [&](const std::string& p) { return MatchesPattern(p, table.name); });
  }

  void ReportIdleRules() {
    for (const BoundRule& rule : rules_) {
      if (rule.matched) continue;
      diagnostics_.Report(kRuleMatchesNothing, rule.span, fmt::format("this {} rule matches nothing", rule.rule->key))
          .Help("mend its match, or remove it");
    }
  }

  // ---------------------------------------------------------------------------------------------- one table
  std::string TableName(const metadata::Table& table) const {
    std::string out = name_;
    constexpr std::string_view kPlaceholder = "{table}";
    if (const size_t at = out.find(kPlaceholder); at != std::string::npos) {
      out.replace(at, kPlaceholder.size(), table.name);
    }
    return out;
  }

  std::string ModelName(const metadata::Table& table) const { return target_ + "." + TableName(table); }

  std::optional<Model> Stage(const metadata::Schema& schema, const metadata::Table& table) {
    auto arena = std::make_shared<grammar::Arena>();
    auto defaults = DefaultsFor(schema, table, *arena, *project_.config.dialect, tools_);
    if (!defaults) return std::nullopt;
    Draft& draft = defaults->draft;
    for (BoundRule& rule : rules_) rule.matched |= rule.rule->apply(rule.call, draft, tools_);
    if (!CheckNames(draft)) return std::nullopt;
    Model model;
    model.schema = target_;
    model.table = TableName(table);
    model.name = ModelName(table);
    model.origin = Origin::kStaging;
    model.name_span = model.kind_span = table.span;
    model.raw_schema = &schema;
    model.raw_table = &table;
    model.cron = project_.config.default_cron;
    model.start = project_.config.default_start;
    model.arena = arena;
    model.query = QueryOf(*defaults);
    AddFacts(table, draft, model);
    SetKind(*defaults, model);
    AddGrain(*defaults, model);
    AddAudits(draft, model);
    return model;
  }

  bool CheckNames(const Draft& draft) {
    std::map<std::string, const DraftColumn*> seen;
    bool distinct = true;
    for (const DraftColumn& column : draft.columns) {
      const auto [first, fresh] = seen.emplace(grammar::FoldName({column.name, false, {}}), &column);
      if (fresh) continue;
      distinct = false;
      auto report =
          diagnostics_.Report(kStagingCollision, column.span,
                              fmt::format("two columns of {} are now named '{}'", draft.table->name, column.name));
      if (column.raw != nullptr) report.Note(column.raw->span, fmt::format("one is '{}'", column.raw->name));
      if (first->second->raw != nullptr) {
        report.Note(first->second->raw->span, fmt::format("the other is '{}'", first->second->raw->name));
      }
      report.Help("rename one of them: `rename: {columns: {...}}`");
    }
    return distinct;
  }

  static grammar::Query* QueryOf(const StagingDefaults& defaults) {
    const Draft& draft = defaults.draft;
    const AstBuilder build(*draft.arena, draft.table->span);
    std::vector<grammar::SelectItem> items;
    for (const DraftColumn& column : draft.columns) {
      const AstBuilder at(*draft.arena, column.span);
      items.push_back({column.expr, at.Name(column.name), column.span});
    }
    return build.Select(items, defaults.from, build.All(draft.filters));
  }

  const YamlNode* TableEntry(const metadata::Table& table) const {
    const YamlNode* const tables = file_.root.Find("tables");
    return tables == nullptr ? nullptr : tables->Find(table.name);
  }

  void AddFacts(const metadata::Table& table, const Draft& draft, Model& model) {
    model.description = table.description;
    model.owner = table.owner.empty() ? project_.config.default_owner : table.owner;
    model.tags = table.tags;
    for (const DraftColumn& column : draft.columns) {
      if (column.raw != nullptr && !column.raw->description.empty()) {
        model.column_descriptions[column.name] = column.raw->description;
      }
    }
    const YamlNode* const entry = TableEntry(table);
    if (entry == nullptr) return;
    if (const auto text = TextAt(*entry, "description", diagnostics_)) model.description = *text;
    if (const auto text = TextAt(*entry, "owner", diagnostics_)) model.owner = *text;
    for (std::string& tag : TextsAt(*entry, "tags", diagnostics_)) model.tags.push_back(std::move(tag));
  }

  // Kind from the write disposition of the root (dlt's docs on loading): replace is rebuilt, append grows by load,
  // merge keeps one row a key.
  void SetKind(const StagingDefaults& defaults, Model& model) {
    const Draft& draft = defaults.draft;
    const std::string source = file_.dataset + "." + draft.root->name;
    const bool merged = draft.root->disposition == WriteDisposition::kMerge;
    const bool scd2 = merged && draft.root->merge_strategy == MergeStrategy::kScd2;
    if (draft.root->disposition == WriteDisposition::kReplace || scd2) {
      model.kind = ModelKind::kFull;
      model.hold_source = source;
      return;
    }
    model.load_column = kLoadIdColumn;
    if (!merged || draft.root->merge_strategy == MergeStrategy::kInsertOnly) {
      model.kind = ModelKind::kIncrementalByLoad;
      return;
    }
    model.kind = ModelKind::kIncrementalByUniqueKey;
    model.unique_key_span = draft.table->span;
    if (draft.root != draft.table) {
      model.unique_key = draft.NamesOf({defaults.row_key});
      SetParent(defaults, model);
      return;
    }
    const auto key = draft.table->PrimaryKey();
    model.unique_key = draft.NamesOf(key.empty() ? std::vector<std::string>{defaults.row_key} : key);
    model.removed.source = source;
  }

  // A nested row follows its parent: it goes when the parent's row is gone or was replaced.
  void SetParent(const StagingDefaults& defaults, Model& model) {
    const Draft& draft = defaults.draft;
    const metadata::Table* const parent = draft.schema->Find(draft.table->parent);
    if (!Covers(*parent)) {
      diagnostics_
          .Report(kParentNotStaged, draft.table->span,
                  fmt::format("{} follows the rows of {}, which is not staged", draft.table->name, parent->name))
          .Help(fmt::format("stage {} too, or exclude both", parent->name));
      return;
    }
    model.removed.parent = ModelName(*parent);
    model.removed.parent_column = draft.NamesOf({defaults.parent_key}).front();
    model.removed.parent_key = "_dlt_id";
    for (const metadata::Column& column : parent->columns) {
      if (column.row_key) model.removed.parent_key = column.name;
    }
  }

  // staging.yml first, then x-wapc, then the keys that dlt merges by, then the row key.
  void AddGrain(const StagingDefaults& defaults, Model& model) {
    const Draft& draft = defaults.draft;
    const YamlNode* const entry = TableEntry(*draft.table);
    model.grain_span = draft.table->span;
    if (entry != nullptr && entry->Find("grain") != nullptr) {
      model.grain_span = entry->Find("grain")->span;
      for (const std::string& name : TextsAt(*entry, "grain", diagnostics_)) AddGrainColumn(name, draft, model);
      return;
    }
    if (!draft.table->grain.empty()) {
      for (const std::string& name : draft.table->grain) AddGrainColumn(name, draft, model);
      return;
    }
    const bool versions =
        draft.root->merge_strategy == MergeStrategy::kScd2 && draft.root->disposition == WriteDisposition::kMerge;
    const auto key = versions ? std::vector<std::string>() : draft.table->PrimaryKey();
    model.grain = draft.NamesOf(key.empty() ? std::vector<std::string>{defaults.row_key} : key);
  }

  // A grain names staged columns; the raw name of a renamed one is understood too.
  void AddGrainColumn(const std::string& name, const Draft& draft, Model& model) {
    if (draft.Find(name) != nullptr) {
      model.grain.push_back(name);
      return;
    }
    if (const auto renamed = draft.NamesOf({name}); !renamed.empty()) {
      model.grain.push_back(renamed.front());
      return;
    }
    std::vector<std::string> names;
    for (const DraftColumn& column : draft.columns) names.push_back(column.name);
    const auto nearest = base::ClosestName(name, names);
    diagnostics_
        .Report(kGrainColumn, model.grain_span,
                fmt::format("the grain of {} names a column '{}' that it has not", draft.table->name, name))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "name staged columns");
  }

  AuditCall Call(std::string name, const std::vector<std::string>& columns, const Model& model, base::Span span) const {
    AuditCall call;
    call.name = std::move(name);
    call.span = span;
    call.arguments.emplace_back("columns", AstBuilder(*model.arena, span).Columns(columns));
    return call;
  }

  // dlt does not enforce its hints everywhere, so each becomes an audit.
  void AddAudits(const Draft& draft, Model& model) {
    const std::set<std::string> grain(model.grain.begin(), model.grain.end());
    std::vector<std::string> required;
    std::vector<std::string> unique;
    for (const DraftColumn& column : draft.columns) {
      if (column.raw == nullptr) continue;
      const bool alone = grain.size() == 1 && grain.contains(column.name);
      if (!column.raw->nullable && !grain.contains(column.name)) required.push_back(column.name);
      if (column.raw->unique && !alone) unique.push_back(column.name);
    }
    if (!required.empty()) model.audits.push_back(Call("not_null", required, model, draft.table->span));
    if (!unique.empty()) model.audits.push_back(Call("unique_values", unique, model, draft.table->span));
    for (const DraftColumn& column : draft.columns) {
      if (column.raw != nullptr && column.raw->audits) Append(*column.raw->audits, column.name, model);
    }
    if (draft.table->audits) Append(*draft.table->audits, "", model);
    const YamlNode* const entry = TableEntry(*draft.table);
    const YamlNode* const audits = entry == nullptr ? nullptr : entry->Find("audits");
    if (audits != nullptr) Append(*audits, "", model);
  }

  void Append(const YamlNode& list, std::string_view column, Model& model) {
    for (AuditCall& call : ReadYamlAudits(list, column, *model.arena, tools_)) model.audits.push_back(std::move(call));
  }

  const StagingFile& file_;
  const Project& project_;
  Diagnostics& diagnostics_;
  RuleTools tools_;
  std::string target_, name_;
  std::vector<std::string> exclude_;
  std::vector<BoundRule> rules_;
};

}  // namespace

Project StageRawTables(Project project, const base::SourceMap& sources, Diagnostics& diagnostics) {
  std::vector<Model> staged;
  for (const StagingFile& file : project.staging) {
    project.arenas.push_back(std::make_shared<grammar::Arena>());
    Stager stager(file, project, sources, *project.arenas.back(), diagnostics);
    for (Model& model : stager.Run()) staged.push_back(std::move(model));
  }
  for (Model& model : staged) project.models.push_back(std::move(model));
  return project;
}

}  // namespace wapc::compiler
