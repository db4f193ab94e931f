#include <algorithm>

#include "compiler/project/yaml_keys.h"
#include "compiler/staging/rule.h"

// What:  keeps only the columns that are listed, in the order of the list; dlt's own come behind them.
// Why:   a wide source of which ten columns are wanted, in an order that reads well.
// Write: - match: {table: flights}
//          select: [carrier, flight, "dep_*", "arr_*"]
namespace wapc::compiler {
namespace {

using base::YamlNode;

// The position of the first pattern that names the column; the list's length where none does.
size_t PlaceOf(const DraftColumn& column, const YamlNode& list) {
  const auto found = std::find_if(list.items.begin(), list.items.end(),
                                  [&column](const YamlNode& item) { return NamesColumn(item, column); });
  return static_cast<size_t>(found - list.items.begin());
}

bool Apply(const RuleCall& call, Draft& draft, RuleTools& tools) {
  if (!call.value->is_sequence()) {
    ReportWrongType(*call.value, "select", "a list of columns", tools.diagnostics());
    return true;
  }
  if (!MatchesTable(call.match, draft)) return false;
  const size_t unnamed = call.value->items.size();
  std::vector<std::string> names;
  for (const DraftColumn& column : draft.columns) {
    if (!column.system && PlaceOf(column, *call.value) == unnamed) names.push_back(column.name);
  }
  draft.Drop(names, call.value->span);
  std::stable_sort(draft.columns.begin(), draft.columns.end(), [&](const DraftColumn& a, const DraftColumn& b) {
    return PlaceOf(a, *call.value) < PlaceOf(b, *call.value);
  });
  return std::any_of(draft.columns.begin(), draft.columns.end(),
                     [](const DraftColumn& column) { return !column.system; });
}

}  // namespace

const StagingRule& SelectRule() {
  static constexpr StagingRule kRule{"select", "keeps only the listed columns, in that order", Apply};
  return kRule;
}

}  // namespace wapc::compiler
