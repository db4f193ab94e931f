#include "compiler/plan/kind.h"

#include <algorithm>

namespace wapc::compiler {

const KindPlan* FindKindPlan(ModelKind kind) {
  static const std::vector<const KindPlan*> kAll = AllKindPlans();
  const auto found =
      std::find_if(kAll.begin(), kAll.end(), [kind](const KindPlan* entry) { return entry->kind == kind; });
  return found == kAll.end() ? nullptr : *found;
}

bool MovesInPlace(ModelKind kind) {
  const KindPlan* const steps = FindKindPlan(kind);
  return steps != nullptr && steps->in_place;
}

bool HasIntervals(ModelKind kind) {
  const KindPlan* const steps = FindKindPlan(kind);
  return steps != nullptr && steps->has_intervals;
}

bool KeepsHistory(ModelKind kind) {
  const KindPlan* const steps = FindKindPlan(kind);
  return steps != nullptr && steps->keeps_history;
}

}  // namespace wapc::compiler
