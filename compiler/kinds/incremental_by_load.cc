#include <fmt/format.h>

#include "compiler/plan/kind.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& IncrementalByLoadKind();

namespace {

using runtime::RelationName;

// Rows of new loads come to those that are there; a load that is held already is not read again.
void Delta(StepWriter& steps) {
  const RelationName delta = steps.Delta();
  steps.AddBuild("delta",
                 fmt::format("CREATE TABLE {} AS\n{}{}", steps.Relation(delta), steps.Rows(), steps.NewLoadsFilter()));
  steps.planned().temporary = {steps.planned().candidate, delta};
  const std::vector<std::string> key{steps.model().load_column};
  const RelationName loads = steps.Keep(
      "keep-loads", fmt::format("SELECT DISTINCT {}\nFROM {}", steps.ColumnList(key, ""), steps.Relation(delta)));
  steps.Move(delta, "", steps.InKeys(loads, key));
}

}  // namespace

const KindPlan& IncrementalByLoadKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kIncrementalByLoad,
                                   .in_place = true,
                                   .keeps_loads = true,
                                   .create = CreateTable,
                                   .delta = Delta};
  return kSteps;
}

}  // namespace wapc::compiler
