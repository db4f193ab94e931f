#include <fmt/format.h>

#include "compiler/plan/intervals.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& IncrementalByTimeRangeKind();

namespace {

using runtime::RelationName;

// Only rows whose time lies in the batch, whatever the query gives.
std::string BatchRows(const StepWriter& steps) {
  const RuntimeVariable time{RuntimeVariable::Moment::kStart, *TimeForm(steps.model())};
  const std::string column = "q." + steps.Name(steps.model().properties.time_column);
  return fmt::format("{}\nWHERE {} >= {} AND {} < {}", steps.Rows(), column, RuntimeTemplate(time, "@{batch_start}"),
                     column, RuntimeTemplate(time, "@{batch_end}"));
}

// An empty table of the query's columns. What a query gives no rows for needs a range all the same.
void Make(StepWriter& steps, std::string_view name, const RelationName& relation) {
  if (steps.model().reads_itself) {
    steps.CreateEmpty(name, relation);
    return;
  }
  const std::string epoch = MomentText(0);
  steps.AddBuild(name, fmt::format("CREATE TABLE {} AS\n{}\nLIMIT 0", steps.Relation(relation), BatchRows(steps)),
                 {runtime::Batch{epoch, epoch, epoch}});
}

void Fill(StepWriter& steps, const RelationName& relation) {
  steps.AddBuild("fill", steps.InsertRows(relation, BatchRows(steps)), steps.change().batches);
}

void Create(StepWriter& steps) {
  Make(steps, "create", steps.planned().relation);
  Fill(steps, steps.planned().relation);
}

// A model that reads itself sees, batch by batch, the table as it is about to be: the candidate comes first.
void Delta(StepWriter& steps) {
  const RelationName delta = steps.Delta();
  const std::string ranges = InBatches(steps.model(), steps.change().batches, "t", steps.project());
  Make(steps, "delta", delta);
  if (!steps.model().reads_itself) Fill(steps, delta);
  steps.planned().temporary = {steps.planned().candidate, delta};
  steps.Move(delta, ranges, ranges);
  if (steps.model().reads_itself) Fill(steps, delta);
}

}  // namespace

const KindPlan& IncrementalByTimeRangeKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kIncrementalByTimeRange,
                                   .in_place = true,
                                   .has_intervals = true,
                                   .create = Create,
                                   .delta = Delta};
  return kSteps;
}

}  // namespace wapc::compiler
