#include "compiler/plan/kind.h"

namespace wapc::compiler {

const KindPlan& EmbeddedKind();

const KindPlan& EmbeddedKind() {
  static constexpr KindPlan kSteps{.kind = ModelKind::kEmbedded};
  return kSteps;
}

}  // namespace wapc::compiler
