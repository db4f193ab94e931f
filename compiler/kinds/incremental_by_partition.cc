#include "compiler/plan/kind.h"
#include "compiler/plan/partitions.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& IncrementalByPartitionKind();

namespace {

// Partitions of which the query gives rows are replaced as a whole.
void Delta(StepWriter& steps) {
  steps.MakeDelta();
  MovePartitions(steps);
}

}  // namespace

const KindPlan& IncrementalByPartitionKind() {
  static constexpr KindPlan kPlan{.kind = ModelKind::kIncrementalByPartition,
                                  .in_place = true,
                                  .keeps_loads = true,
                                  .keeps_history = true,
                                  .create = CreateTable,
                                  .delta = Delta};
  return kPlan;
}

}  // namespace wapc::compiler
