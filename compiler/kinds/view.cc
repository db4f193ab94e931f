#include <fmt/format.h>

#include "compiler/plan/emit.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/writer.h"

namespace wapc::compiler {

const KindPlan& ViewKind();

namespace {

// While audits run it reads candidates; the publish makes it read what stands then.
void Create(StepWriter& steps) {
  const std::string view = steps.Relation(steps.planned().relation);
  steps.AddBuild("create", fmt::format("CREATE VIEW {} AS\n{}", view, steps.Query()));
  steps.AddPublish("final", fmt::format("CREATE OR REPLACE VIEW {} AS\n{}", view,
                                        EmitQuery(steps.model(), steps.project(), Reads::kPublished)));
}

}  // namespace

const KindPlan& ViewKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kView, .is_view = true, .create = Create};
  return kSteps;
}

}  // namespace wapc::compiler
