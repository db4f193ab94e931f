#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "compiler/ast_build.h"
#include "compiler/project/yaml_keys.h"
#include "compiler/staging/audit_yaml.h"
#include "compiler/staging/staged_table.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::YamlNode;
using metadata::MergeStrategy;
using metadata::WriteDisposition;

namespace {

constexpr DiagnosticCode kGrainColumn{"grain-column", Severity::kError};
constexpr DiagnosticCode kFreshnessAge{"freshness-age", Severity::kError};

bool HasVersions(const Draft& draft) {
  return draft.root->disposition == WriteDisposition::kMerge && draft.root->merge_strategy == MergeStrategy::kScd2;
}

std::string RawWhere(const metadata::Table& table, bool metadata::Column::*flag, std::string_view name) {
  for (const metadata::Column& column : table.columns) {
    if (column.*flag || column.name == name) return column.name;
  }
  return "";
}

AuditCall Call(std::string name, base::Span span) {
  AuditCall call;
  call.name = std::move(name);
  call.span = span;
  return call;
}

AuditCall OnColumns(std::string name, const std::vector<std::string>& columns, const Model& model, base::Span span) {
  AuditCall call = Call(std::move(name), span);
  call.arguments.emplace_back("columns", AstBuilder(*model.arena, span).Columns(columns));
  return call;
}

// A grain names staged columns; the raw name of a renamed one is understood too.
void AddGrainColumn(const std::string& name, const Draft& draft, Model& model, RuleTools& tools) {
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
  tools.diagnostics()
      .Report(kGrainColumn, model.grain_span,
              fmt::format("the grain of {} names a column '{}' that it has not", draft.table->name, name))
      .Help(nearest ? fmt::format("did you mean '{}'?", *nearest) : "name staged columns");
}

// A version of a row is told apart by the row and by when it began: a row that becomes again what it was has two.
std::vector<std::string> VersionKey(const StagedTable& staged) {
  return {staged.defaults.row_key, RawWhere(*staged.draft().table, &metadata::Column::valid_from, "_dlt_valid_from")};
}

std::vector<std::string> DefaultGrain(const StagedTable& staged) {
  const Draft& draft = staged.draft();
  if (!draft.one_row_by.empty()) return draft.one_row_by;
  if (HasVersions(draft) && draft.root == draft.table) return draft.NamesOf(VersionKey(staged));
  const auto key = draft.table->PrimaryKey();
  const auto names = draft.NamesOf(key);
  const bool whole = !key.empty() && names.size() == key.size();
  return whole && !HasVersions(draft) ? names : draft.NamesOf({staged.defaults.row_key});
}

// ------------------------------------------------------------------------------------------------ what hints claim

void AddNullAndUnique(const StagedTable& staged, Model& model) {
  const Draft& draft = staged.draft();
  const std::set<std::string> grain(model.grain.begin(), model.grain.end());
  std::vector<std::string> required;
  std::vector<std::string> unique;
  for (const DraftColumn& column : draft.columns) {
    if (column.raw == nullptr) continue;
    const bool alone = grain.size() == 1 && grain.contains(column.name);
    const bool version = HasVersions(draft) && draft.root == draft.table;
    if (!column.raw->nullable && !grain.contains(column.name)) required.push_back(column.name);
    if (column.raw->unique && !alone && !version) unique.push_back(column.name);
  }
  if (!required.empty()) model.audits.push_back(OnColumns("not_null", required, model, draft.table->span));
  if (!unique.empty()) model.audits.push_back(OnColumns("unique_values", unique, model, draft.table->span));
}

// `x-enum: [a, b]` of a column whose values no rule changed.
void AddEnums(const Draft& draft, Model& model) {
  for (const DraftColumn& column : draft.columns) {
    if (column.raw == nullptr || column.replaced) continue;
    const auto found = column.raw->extensions.find("x-enum");
    if (found == column.raw->extensions.end() || !found->second.is_sequence() || found->second.items.empty()) continue;
    const AstBuilder build(*model.arena, found->second.span);
    std::vector<grammar::Expr*> values;
    for (const YamlNode& item : found->second.items) {
      const bool number = item.Describe() == "a number" && column.raw->type.is_numeric();
      values.push_back(number ? build.Number(item.scalar) : build.Text(item.scalar));
    }
    AuditCall call = Call("accepted_values", found->second.span);
    call.arguments.emplace_back("column", build.Column({column.name}));
    call.arguments.emplace_back("is_in", build.Tuple(values));
    model.audits.push_back(std::move(call));
  }
}

// Of scd2: a window ends after it begins, and a row has one version at a time.
void AddWindows(const StagedTable& staged, Model& model) {
  const Draft& draft = staged.draft();
  if (!HasVersions(draft) || draft.root != draft.table) return;
  const auto from = draft.NamesOf({RawWhere(*draft.table, &metadata::Column::valid_from, "_dlt_valid_from")});
  const auto to = draft.NamesOf({RawWhere(*draft.table, &metadata::Column::valid_to, "_dlt_valid_to")});
  if (from.empty() || to.empty()) return;
  const auto key = draft.table->PrimaryKey();
  auto by = draft.NamesOf(key);
  if (key.empty() || by.size() != key.size()) by = draft.NamesOf({staged.defaults.row_key});
  AuditCall call = OnColumns("valid_windows", by, model, draft.table->span);
  const AstBuilder build(*model.arena, draft.table->span);
  call.arguments.emplace_back("valid_from", build.Column({from.front()}));
  call.arguments.emplace_back("valid_to", build.Column({to.front()}));
  model.audits.push_back(std::move(call));
}

// "24h", "90 minutes", "2 days" as the text of an interval; empty where it is none.
std::string Age(std::string_view text) {
  static const std::map<std::string, std::string_view, std::less<>> kUnits = {
      {"m", "minute"},  {"min", "minute"}, {"minute", "minute"}, {"minutes", "minute"}, {"h", "hour"},
      {"hour", "hour"}, {"hours", "hour"}, {"d", "day"},         {"day", "day"},        {"days", "day"}};
  int count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc() || count <= 0) return "";
  std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto found = kUnits.find(unit);
  return found == kUnits.end() ? "" : fmt::format("INTERVAL '{}' {}", count, found->second);
}

// `x-wapc: {freshness: 24h}`: the newest complete load is no older. A fault of the loads, so it does not block.
void AddFreshness(const Draft& draft, Model& model, RuleTools& tools) {
  const auto found = draft.table->extensions.find("freshness");
  if (found == draft.table->extensions.end()) return;
  const std::string age = found->second.is_scalar() ? Age(found->second.scalar) : "";
  if (age.empty()) {
    tools.Once(kFreshnessAge, found->second.span, "freshness takes an age, such as 24h, 90 minutes or 2 days",
               "write a whole number and minutes, hours or days");
    return;
  }
  const grammar::Expr* const interval = tools.Template(age, found->second.span);
  if (interval == nullptr) return;
  AuditCall call = Call("freshness", found->second.span);
  call.blocking = false;
  call.arguments.emplace_back("column", AstBuilder(*model.arena, call.span).Column({kLoadedAtColumn}));
  call.arguments.emplace_back("max_age", tools.ForColumn(*interval, *interval, *model.arena));
  model.audits.push_back(std::move(call));
}

void Append(const YamlNode& list, std::string_view column, Model& model, RuleTools& tools) {
  for (AuditCall& call : ReadYamlAudits(list, column, *model.arena, tools)) model.audits.push_back(std::move(call));
}

void AddWritten(const StagedTable& staged, Model& model, RuleTools& tools) {
  const Draft& draft = staged.draft();
  for (const DraftColumn& column : draft.columns) {
    if (column.raw != nullptr && column.raw->audits) Append(*column.raw->audits, column.name, model, tools);
  }
  if (draft.table->audits) Append(*draft.table->audits, "", model, tools);
  for (const YamlNode* const entry : staged.entries) {
    if (const YamlNode* const audits = entry->Find("audits")) Append(*audits, "", model, tools);
    const YamlNode* const columns = entry->Find("columns");
    if (columns == nullptr) continue;
    for (const base::YamlEntry& column : columns->entries) {
      const YamlNode* const audits = column.value.Find("audits");
      const auto renamed = draft.NamesOf({column.key});
      if (audits != nullptr) Append(*audits, renamed.empty() ? column.key : renamed.front(), model, tools);
    }
  }
}

// ------------------------------------------------------------------------------------------------------- references

void AddReference(const metadata::Reference& reference, StagedTable& from, const StagedTable& to) {
  const auto columns = from.draft().NamesOf(reference.columns);
  const auto referenced = to.draft().NamesOf(reference.referenced_columns);
  const bool whole = !columns.empty() && columns.size() == reference.columns.size() &&
                     referenced.size() == reference.referenced_columns.size() && columns.size() == referenced.size();
  if (!whole) return;
  const AstBuilder build(*from.model.arena, reference.span);
  AuditCall call = OnColumns("relationships", columns, from.model, reference.span);
  // What is referred to may come with a later load, so it does not block.
  call.blocking = false;
  call.arguments.emplace_back("to", build.Column({to.model.schema, to.model.table}));
  call.arguments.emplace_back("to_columns", build.Columns(referenced));
  from.model.audits.push_back(std::move(call));
}

}  // namespace

void AddGrain(StagedTable& staged, RuleTools& tools) {
  const Draft& draft = staged.draft();
  Model& model = staged.model;
  model.grain_span = draft.table->span;
  const YamlNode* said = nullptr;
  for (const YamlNode* const entry : staged.entries) {
    if (entry->Find("grain") != nullptr) said = entry;
  }
  if (said != nullptr) {
    model.grain_span = said->Find("grain")->span;
    for (const std::string& name : TextsAt(*said, "grain", tools.diagnostics())) {
      AddGrainColumn(name, draft, model, tools);
    }
    return;
  }
  if (draft.table->grain.empty()) {
    model.grain = DefaultGrain(staged);
    return;
  }
  for (const std::string& name : draft.table->grain) AddGrainColumn(name, draft, model, tools);
}

void AddClaims(StagedTable& staged, RuleTools& tools) {
  Model& model = staged.model;
  AddNullAndUnique(staged, model);
  AddEnums(staged.draft(), model);
  AddWindows(staged, model);
  AddFreshness(staged.draft(), model, tools);
  AddWritten(staged, model, tools);
}

void AddReferences(std::vector<StagedTable>& staged) {
  std::map<std::pair<std::string, std::string>, const StagedTable*> by_table;
  for (const StagedTable& table : staged) {
    by_table[{table.settings->file->dataset, table.draft().table->name}] = &table;
  }
  for (StagedTable& table : staged) {
    for (const metadata::Reference& reference : table.draft().table->references) {
      const auto to = by_table.find({table.settings->file->dataset, reference.table});
      if (to != by_table.end()) AddReference(reference, table, *to->second);
    }
  }
}

}  // namespace wapc::compiler
