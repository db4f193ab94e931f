#include <fmt/format.h>

#include "compiler/plan/kind.h"
#include "compiler/plan/partitions.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& IncrementalUnmanagedKind();

namespace {

using runtime::RelationName;

// Nothing names the rows that were added, so each is taken away as often as it came.
void Append(StepWriter& steps) {
  steps.planned().temporary = {steps.planned().candidate, steps.Delta()};
  const std::vector<std::string> columns = steps.ColumnNames();
  const std::string table = steps.Relation(steps.planned().relation);
  const RelationName added = steps.Keep(
      "keep", fmt::format("SELECT {}\nFROM {}", steps.ColumnList(columns, ""), steps.Relation(steps.Delta())));
  const std::string rest = steps.Relation(steps.Aside("rest"));
  steps.AddUndo("rest",
                fmt::format("CREATE TABLE {} AS\nSELECT {}\nFROM {} AS t\nEXCEPT ALL\nSELECT {}\nFROM {} AS t", rest,
                            steps.ComparableList("t"), table, steps.ComparableList("t"), steps.Relation(added)));
  steps.Move(steps.Delta(), "", "TRUE");
  steps.AddUndo("add", fmt::format("INSERT INTO {} ({})\nSELECT {}\nFROM {} AS t", table, steps.ColumnList(columns, ""),
                                   steps.RestoredList("t"), rest));
  steps.AddUndo("drop", fmt::format("DROP TABLE {}", rest));
}

void Overwrite(StepWriter& steps) {
  steps.planned().temporary = {steps.planned().candidate, steps.Delta()};
  steps.Move(steps.Delta(), "TRUE", "TRUE");
}

// With insert_overwrite, its default, the rows replace the table, or the partitions that they belong to.
void Delta(StepWriter& steps) {
  steps.MakeDelta();
  if (!steps.model().properties.insert_overwrite) {
    Append(steps);
  } else if (steps.model().partitioned_by.empty()) {
    Overwrite(steps);
  } else {
    MovePartitions(steps);
  }
}

}  // namespace

const KindPlan& IncrementalUnmanagedKind() {
  static constexpr KindPlan kPlan{.kind = ModelKind::kIncrementalUnmanaged,
                                  .in_place = true,
                                  .keeps_loads = true,
                                  .keeps_history = true,
                                  .create = CreateTable,
                                  .delta = Delta};
  return kPlan;
}

}  // namespace wapc::compiler
