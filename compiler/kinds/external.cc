#include "compiler/plan/kind.h"

namespace wapc::compiler {

const KindPlan& ExternalKind();

const KindPlan& ExternalKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kExternal};
  return kSteps;
}

}  // namespace wapc::compiler
