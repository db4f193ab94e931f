#include <fmt/format.h>

#include <map>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/staged_table.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using metadata::MergeStrategy;
using metadata::WriteDisposition;

namespace {

constexpr DiagnosticCode kStagingKeyDropped{"staging-key-dropped", Severity::kError};
constexpr DiagnosticCode kParentNotStaged{"parent-not-staged", Severity::kError};
constexpr DiagnosticCode kMaterialisedChoice{"materialised-choice", Severity::kError};

std::string Source(const StagedTable& staged) {
  return staged.settings->file->dataset + "." + staged.draft().root->name;
}

bool IsNested(const Draft& draft) { return draft.root != draft.table; }

// Rebuilt from the rows of complete loads, and left as it is while the raw table holds others.
void SetFull(StagedTable& staged) {
  Model& model = staged.model;
  model.kind = ModelKind::kFull;
  model.load_column.clear();
  model.unique_key.clear();
  model.removed = {};
  model.hold_source = Source(staged);
}

void SetUniqueKey(StagedTable& staged, std::vector<std::string> key) {
  Model& model = staged.model;
  model.kind = ModelKind::kIncrementalByUniqueKey;
  model.unique_key = std::move(key);
  model.unique_key_span = staged.draft().table->span;
}

// The staged names of key columns, all of them or an error: part of a key is no key.
std::vector<std::string> WholeKey(const Draft& draft, const std::vector<std::string>& key, RuleTools& tools) {
  for (const std::string& raw : key) {
    const auto dropped = draft.dropped.find(raw);
    if (dropped == draft.dropped.end()) continue;
    tools.diagnostics()
        .Report(kStagingKeyDropped, dropped->second,
                fmt::format("this leaves out '{}', by which the rows of {} are told apart", raw, draft.table->name))
        .Note(draft.table->Find(raw)->span, "part of the key here")
        .Help("keep the column, or hash it; or choose `materialised: full` for the table");
  }
  return draft.NamesOf(key);
}

// A nested row follows its parent: it goes when the parent's row is gone or was replaced.
void FollowParent(StagedTable& staged) {
  const Draft& draft = staged.draft();
  const metadata::Table& parent = *draft.schema->Find(draft.table->parent);
  RemovedKeys& removed = staged.model.removed;
  removed.parent = StagedName(*staged.settings, *draft.schema, parent);
  removed.parent_column = draft.NamesOf({staged.defaults.parent_key}).front();
  removed.parent_key = "_dlt_id";
  for (const metadata::Column& column : parent.columns) {
    if (column.row_key) removed.parent_key = column.name;
  }
}

void SetMerged(StagedTable& staged, RuleTools& tools) {
  const Draft& draft = staged.draft();
  if (IsNested(draft)) {
    SetUniqueKey(staged, draft.NamesOf({staged.defaults.row_key}));
    FollowParent(staged);
    return;
  }
  const auto key = draft.table->PrimaryKey();
  SetUniqueKey(staged, WholeKey(draft, key.empty() ? std::vector<std::string>{staged.defaults.row_key} : key, tools));
  staged.model.removed.source = Source(staged);
}

Materialised Choice(const StagedTable& staged, base::Span& span, RuleTools& tools) {
  Materialised choice = staged.draft().materialised;
  span = staged.draft().materialised_span;
  for (const base::YamlNode* const entry : staged.entries) {
    const base::YamlNode* const value = entry->Find("materialised");
    if (value == nullptr) continue;
    span = value->span;
    if (value->scalar == "full" || value->scalar == "incremental") {
      choice = value->scalar == "full" ? Materialised::kFull : Materialised::kIncremental;
    } else {
      tools.Once(kMaterialisedChoice, span, "a staging model is 'full' or 'incremental'",
                 "a view would show rows that no audit saw, so there is no such choice");
    }
  }
  return choice;
}

}  // namespace

void SetKind(StagedTable& staged, RuleTools& tools) {
  const Draft& draft = staged.draft();
  const bool merged = draft.root->disposition == WriteDisposition::kMerge;
  const bool scd2 = merged && draft.root->merge_strategy == MergeStrategy::kScd2;
  const bool replaced = draft.root->disposition == WriteDisposition::kReplace;
  base::Span span;
  const Materialised choice = Choice(staged, span, tools);
  if (choice == Materialised::kIncremental && (replaced || scd2)) {
    tools.Once(kMaterialisedChoice, span,
               fmt::format("{} is {} with every load, so it cannot be incremental", draft.table->name,
                           scd2 ? "given new validity windows" : "replaced"),
               "leave it out of the match: it is full");
  }
  // Which row is the first of a merged table's can change without a new row, so that all are looked at.
  if (replaced || scd2 || choice == Materialised::kFull || (merged && draft.first_row != nullptr)) {
    SetFull(staged);
    return;
  }
  staged.model.load_column = kLoadIdColumn;
  if (draft.first_row != nullptr) {
    SetUniqueKey(staged, draft.one_row_by);
  } else if (merged && draft.root->merge_strategy != MergeStrategy::kInsertOnly) {
    SetMerged(staged, tools);
  } else {
    staged.model.kind = ModelKind::kIncrementalByLoad;
  }
}

void SettleNested(std::vector<StagedTable>& staged, const Project& project, RuleTools& tools) {
  std::map<std::string, const StagedTable*> by_name;
  for (const StagedTable& table : staged) by_name[table.model.name] = &table;
  const auto follows = [&](const StagedTable& table) {
    const auto parent = by_name.find(table.model.removed.parent);
    if (parent == by_name.end()) return false;
    const StagedTable& above = *parent->second;
    return above.model.kind == ModelKind::kIncrementalByUniqueKey && above.draft().filters.empty();
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (StagedTable& table : staged) {
      if (table.model.removed.parent.empty() || !by_name.contains(table.model.removed.parent) || follows(table))
        continue;
      SetFull(table);
      changed = true;
    }
  }
  for (const StagedTable& table : staged) {
    const RemovedKeys& removed = table.model.removed;
    if (removed.parent.empty() || by_name.contains(removed.parent)) continue;
    const Draft& draft = table.draft();
    auto report = tools.diagnostics().Report(
        kParentNotStaged, draft.table->span,
        fmt::format("{} follows the rows of {}, which is not staged", draft.table->name, draft.table->parent));
    const auto off = project.disabled.find(removed.parent);
    if (off != project.disabled.end()) report.Note(off->second.flag.span, "turned off here");
    report.Help(fmt::format("stage {} too, or exclude both", draft.table->parent));
  }
}

}  // namespace wapc::compiler
