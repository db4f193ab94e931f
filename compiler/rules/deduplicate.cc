#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/defaults.h"
#include "compiler/staging/rule.h"
#include "grammar/dialect.h"

// What:  keeps one row of those that are alike in some columns: the first in an order, else the one loaded last. An
//        appended table becomes one that is updated by those columns.
// Why:   sources send a row again when it changed; what is wanted is how it is now.
// Write: - match: {table: events}
//          deduplicate: {by: [event_id], order: [updated_at desc]}
namespace wapc::compiler {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kDeduplicateColumn{"deduplicate-column", base::Severity::kError};

// The columns by which rows are alike: as written, else the primary key.
std::vector<std::string> Keys(const YamlNode& value, const Draft& draft, RuleTools& tools) {
  if (value.is_sequence()) {
    std::vector<std::string> out;
    for (const YamlNode& item : value.items) out.push_back(item.scalar);
    return out;
  }
  std::vector<std::string> out =
      value.is_map() ? TextsAt(value, "by", tools.diagnostics()) : std::vector<std::string>();
  return out.empty() ? draft.NamesOf(draft.table->PrimaryKey()) : out;
}

// As written, then dlt's dedup_sort, then the load; _dlt_id decides between rows that are alike in all that.
std::vector<std::string> Order(const YamlNode& value, const Draft& draft, RuleTools& tools) {
  std::vector<std::string> out =
      value.is_map() ? TextsAt(value, "order", tools.diagnostics()) : std::vector<std::string>();
  for (const DraftColumn& column : draft.columns) {
    if (!out.empty() || column.raw == nullptr || column.raw->dedup_sort.empty()) continue;
    out.push_back(grammar::QuoteIfNeeded(column.name, tools.dialect()) + " " + column.raw->dedup_sort);
  }
  for (const std::string_view name : {kLoadedAtColumn, kLoadIdColumn, std::string_view("_dlt_id")}) {
    if (draft.Find(name) != nullptr) out.push_back(fmt::format("{} DESC", name));
  }
  return out;
}

bool KeysAreThere(const std::vector<std::string>& keys, base::Span span, const Draft& draft, RuleTools& tools) {
  for (const std::string& key : keys) {
    if (draft.Find(key) != nullptr) continue;
    std::vector<std::string> names;
    for (const DraftColumn& column : draft.columns) names.push_back(column.name);
    const auto nearest = base::ClosestName(key, names);
    tools.Once(kDeduplicateColumn, span,
               fmt::format("the staging model of {} has no column '{}' to tell rows apart by", draft.table->name, key),
               nearest ? fmt::format("did you mean '{}'?", *nearest) : "name staged columns under 'by'");
    return false;
  }
  if (!keys.empty()) return true;
  tools.Once(kDeduplicateColumn, span,
             fmt::format("{} has no primary key, so it is not known which rows are alike", draft.table->name),
             "name the columns: deduplicate: {by: [...]}");
  return false;
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!MatchesTable(call.match, draft)) return false;
  const YamlNode& value = *call.value;
  if (!value.is_map() && !value.is_sequence() && !value.AsBool().value_or(false)) {
    ReportWrongType(value, "deduplicate", "columns, or a mapping with 'by' and 'order'", tools.diagnostics());
    return true;
  }
  if (value.is_map()) CheckKeys(value, {"by", "order"}, "deduplicate", tools.diagnostics());
  const std::vector<std::string> keys = Keys(value, draft, tools);
  if (!KeysAreThere(keys, value.span, draft, tools)) return true;
  std::vector<std::string> quoted;
  for (const std::string& key : keys) quoted.push_back(grammar::QuoteIfNeeded(key, tools.dialect()));
  const std::string text = fmt::format("row_number() OVER (PARTITION BY {} ORDER BY {}) = 1", fmt::join(quoted, ", "),
                                       fmt::join(Order(value, draft, tools), ", "));
  const grammar::Expr* const expr = tools.Template(text, value.span);
  grammar::Expr* const first = expr == nullptr ? nullptr : tools.OverDraft(*expr, draft);
  if (first == nullptr) return true;
  draft.one_row_by = keys;
  draft.first_row = first;
  return true;
}

}  // namespace

const StagingRule& DeduplicateRule() {
  static constexpr StagingRule kRule{"deduplicate", "keeps one row of those that are alike in some columns", Apply};
  return kRule;
}

}  // namespace wapc::compiler
