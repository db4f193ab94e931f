#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/plan/kind.h"
#include "compiler/plan/scd.h"

namespace wapc::compiler {

const KindPlan& ScdType2ByColumnKind();

namespace {

// The columns whose change makes a new version: those that are named, or all but the key and the kind's own.
std::vector<std::string> Compared(const Model& model) {
  if (!model.properties.compared_columns.empty()) return model.properties.compared_columns;
  std::vector<std::string> out;
  for (size_t i = 0; i + 2 < model.columns.size(); ++i) {
    const std::string& name = model.columns[i].name;
    const auto& key = model.unique_key;
    const bool skipped = std::find(key.begin(), key.end(), name) != key.end() || name == model.properties.updated_at;
    if (!skipped) out.push_back(name);
  }
  return out;
}

// A row is newer when it differs; then is the apply's moment, or what the row says by its time of update.
ScdRules Rules(const StepWriter& steps) {
  const KindProperties& properties = steps.model().properties;
  std::vector<std::string> differs;
  for (const std::string& column : Compared(steps.model())) {
    differs.push_back(fmt::format("{} IS DISTINCT FROM {}", steps.Comparable("s." + steps.Name(column), column),
                                  steps.Comparable("t." + steps.Name(column), column)));
  }
  const std::string now = ScdNow(steps);
  const std::string moment =
      properties.updated_at.empty()
          ? now
          : fmt::format("COALESCE({}, {})", ScdMoment(steps, "s." + steps.Name(properties.updated_at)), now);
  return {.changed = differs.empty() ? "FALSE" : fmt::format("{}", fmt::join(differs, " OR ")),
          .ends = moment,
          .restarts = moment,
          .returns = moment,
          .begins = moment,
          .first = properties.execution_time_as_valid_from ? moment : ScdEpoch(steps)};
}

void Create(StepWriter& steps) { CreateScd(steps, Rules(steps)); }
void Delta(StepWriter& steps) { MoveScd(steps, Rules(steps)); }

}  // namespace

const KindPlan& ScdType2ByColumnKind() {
  static constexpr KindPlan kPlan{.kind = ModelKind::kScdType2ByColumn,
                                  .in_place = true,
                                  .keeps_loads = true,
                                  .keeps_history = true,
                                  .create = Create,
                                  .delta = Delta};
  return kPlan;
}

}  // namespace wapc::compiler
