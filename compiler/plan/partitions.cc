#include "compiler/plan/partitions.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/plan/emit.h"

namespace wapc::compiler {

using runtime::RelationName;

namespace {

std::string PartName(size_t index) { return fmt::format("wapc__part_{}", index + 1); }

// Whether the partition of a row of the table is in a relation.
std::string InParts(const StepWriter& steps, const RelationName& parts, const std::vector<std::string>& exprs) {
  std::vector<std::string> same;
  for (size_t i = 0; i < exprs.size(); ++i) same.push_back(steps.SameValue("r." + PartName(i), "(" + exprs[i] + ")"));
  return fmt::format("EXISTS (SELECT 1 FROM {} AS r WHERE {})", steps.Relation(parts), fmt::join(same, " AND "));
}

}  // namespace

void MovePartitions(StepWriter& steps) {
  const std::vector<std::string> exprs = EmitPartitions(steps.model(), steps.project());
  std::vector<std::string> items;
  std::vector<std::string> names;
  for (size_t i = 0; i < exprs.size(); ++i) {
    names.push_back(PartName(i));
    items.push_back(fmt::format("{} AS {}", exprs[i], names.back()));
  }
  const RelationName replaced = steps.Aside("replaced");
  steps.AddBuild("replaced",
                 fmt::format("CREATE TABLE {} AS\nSELECT DISTINCT {}\nFROM {} AS t", steps.Relation(replaced),
                             fmt::join(items, ", "), steps.Relation(steps.Delta())));
  steps.planned().temporary = {steps.planned().candidate, replaced, steps.Delta()};
  const RelationName kept =
      steps.Keep("keep-keys", fmt::format("SELECT {}\nFROM {}", fmt::join(names, ", "), steps.Relation(replaced)));
  steps.Move(steps.Delta(), InParts(steps, replaced, exprs), InParts(steps, kept, exprs));
}

}  // namespace wapc::compiler
