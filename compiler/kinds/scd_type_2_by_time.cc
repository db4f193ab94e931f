#include <fmt/format.h>

#include "compiler/plan/kind.h"
#include "compiler/plan/scd.h"

namespace wapc::compiler {

const KindPlan& ScdType2ByTimeKind();

namespace {

// A row is newer when its time of update is; that is when the version before it ended.
ScdRules Rules(const StepWriter& steps) {
  const KindProperties& properties = steps.model().properties;
  const std::string column = steps.Name(properties.updated_at);
  const std::string updated = ScdMoment(steps, "s." + column);
  const std::string begins =
      properties.updated_at_as_valid_from ? fmt::format("COALESCE({}, {})", updated, ScdEpoch(steps)) : ScdEpoch(steps);
  return {.changed = fmt::format("COALESCE(s.{0} > t.{0}, FALSE)", column),
          .ends = fmt::format("COALESCE({}, {})", updated, ScdNow(steps)),
          .restarts = updated,
          .returns = fmt::format("CASE WHEN {0} > o.wapc__closed THEN {0} ELSE o.wapc__closed END", updated),
          .begins = begins,
          .first = begins};
}

void Create(StepWriter& steps) { CreateScd(steps, Rules(steps)); }
void Delta(StepWriter& steps) { MoveScd(steps, Rules(steps)); }

}  // namespace

const KindPlan& ScdType2ByTimeKind() {
  static constexpr KindPlan kPlan{.kind = ModelKind::kScdType2ByTime,
                                  .in_place = true,
                                  .keeps_loads = true,
                                  .keeps_history = true,
                                  .create = Create,
                                  .delta = Delta};
  return kPlan;
}

}  // namespace wapc::compiler
