#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Severity;
using base::YamlNode;

namespace {

constexpr DiagnosticCode kUnknownMatch{"unknown-match", Severity::kError};

// A hint that `match` can ask for, by dlt's name for it.
struct Hint {
  std::string_view name;
  bool (*of)(const metadata::Column& column);
};

constexpr std::array<Hint, 13> kHints = {{
    {"nullable", [](const metadata::Column& c) { return c.nullable; }},
    {"unique", [](const metadata::Column& c) { return c.unique; }},
    {"primary_key", [](const metadata::Column& c) { return c.primary_key; }},
    {"merge_key", [](const metadata::Column& c) { return c.merge_key; }},
    {"row_key", [](const metadata::Column& c) { return c.row_key; }},
    {"parent_key", [](const metadata::Column& c) { return c.parent_key; }},
    {"root_key", [](const metadata::Column& c) { return c.root_key; }},
    {"partition", [](const metadata::Column& c) { return c.partition; }},
    {"cluster", [](const metadata::Column& c) { return c.cluster; }},
    {"sort", [](const metadata::Column& c) { return c.sort; }},
    {"variant", [](const metadata::Column& c) { return c.variant; }},
    {"hard_delete", [](const metadata::Column& c) { return c.hard_delete; }},
    {"incremental", [](const metadata::Column& c) { return c.incremental; }},
}};

const Hint* HintNamed(std::string_view name) {
  const auto found = std::find_if(kHints.begin(), kHints.end(), [name](const Hint& hint) { return hint.name == name; });
  return found == kHints.end() ? nullptr : &*found;
}

// Whether a scalar, or any item of a list, satisfies the test.
template <class Test>
bool AnyOf(const YamlNode& node, Test test) {
  if (node.is_scalar()) return test(node.scalar);
  return std::any_of(node.items.begin(), node.items.end(), [&](const YamlNode& item) { return test(item.scalar); });
}

bool HasTag(const std::vector<std::string>& tags, const YamlNode& wanted) {
  return AnyOf(wanted,
               [&tags](std::string_view tag) { return std::find(tags.begin(), tags.end(), tag) != tags.end(); });
}

bool SameValue(const std::map<std::string, YamlNode>& extensions, const std::string& key, const YamlNode& wanted) {
  const auto found = extensions.find(key);
  return found != extensions.end() && found->second.kind == wanted.kind && found->second.scalar == wanted.scalar;
}

bool IsTableKey(std::string_view key) { return key == "table" || key == "tags"; }

bool TableEntryMatches(const base::YamlEntry& entry, const metadata::Table& table) {
  if (entry.key == "table") {
    return AnyOf(entry.value, [&table](std::string_view pattern) { return MatchesPattern(pattern, table.name); });
  }
  return HasTag(table.tags, entry.value);
}

bool ColumnEntryMatches(const base::YamlEntry& entry, const Draft& draft, const DraftColumn& column) {
  if (entry.key == "table") return TableEntryMatches(entry, *draft.table);
  if (entry.key == "column") return NamesColumn(entry.value, column);
  if (column.raw == nullptr) return entry.key == "tags" && HasTag(draft.table->tags, entry.value);
  const metadata::Column& raw = *column.raw;
  if (entry.key == "tags") return HasTag(raw.tags, entry.value) || HasTag(draft.table->tags, entry.value);
  if (entry.key == "type") return AnyOf(entry.value, [&raw](std::string_view type) { return type == raw.dlt_type; });
  if (const Hint* const hint = HintNamed(entry.key)) return hint->of(raw) == entry.value.AsBool().value_or(true);
  return SameValue(raw.extensions, entry.key, entry.value) ||
         SameValue(draft.table->extensions, entry.key, entry.value);
}

}  // namespace

bool NamesColumn(const YamlNode& patterns, const DraftColumn& column) {
  if (column.system) return false;
  return AnyOf(patterns, [&column](std::string_view pattern) {
    return MatchesPattern(pattern, column.name) || (column.raw != nullptr && MatchesPattern(pattern, column.raw->name));
  });
}

bool MatchesPattern(std::string_view pattern, std::string_view name) {
  return ::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), 0) == 0;
}

bool MatchesColumn(const YamlNode* match, const Draft& draft, const DraftColumn& column) {
  if (column.system) return false;
  if (column.raw == nullptr && (match == nullptr || match->Find("column") == nullptr)) return false;
  if (match == nullptr) return true;
  return std::all_of(match->entries.begin(), match->entries.end(),
                     [&](const base::YamlEntry& entry) { return ColumnEntryMatches(entry, draft, column); });
}

bool MatchesTable(const YamlNode* match, const Draft& draft) {
  if (match == nullptr) return true;
  const bool only_table = std::all_of(match->entries.begin(), match->entries.end(),
                                      [](const base::YamlEntry& entry) { return IsTableKey(entry.key); });
  if (only_table) {
    return std::all_of(match->entries.begin(), match->entries.end(),
                       [&](const base::YamlEntry& entry) { return TableEntryMatches(entry, *draft.table); });
  }
  return std::any_of(draft.columns.begin(), draft.columns.end(),
                     [&](const DraftColumn& column) { return MatchesColumn(match, draft, column); });
}

void CheckMatch(const YamlNode& match, base::Diagnostics& diagnostics) {
  if (!match.is_map()) {
    ReportWrongType(match, "match", "a mapping", diagnostics);
    return;
  }
  std::vector<std::string> known = {"table", "column", "type", "tags"};
  for (const Hint& hint : kHints) known.emplace_back(hint.name);
  for (const base::YamlEntry& entry : match.entries) {
    if (entry.key.starts_with("x-") || std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const auto nearest = base::ClosestName(entry.key, known);
    diagnostics.Report(kUnknownMatch, entry.key_span, fmt::format("a match cannot look at '{}'", entry.key))
        .Help(nearest ? fmt::format("did you mean '{}'?", *nearest)
                      : "it looks at table, column, type, tags, dlt's hints, and x- keys");
  }
}

}  // namespace wapc::compiler
