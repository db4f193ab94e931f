#include "runtime/apply/follow.h"

#include <string>

namespace wapc::runtime {
namespace {

void UseBuild(const BuildRecord& build, PlanModel& model) {
  model.build_id = build.build_id;
  model.relation = model.candidate = build.relation;
}

}  // namespace

base::Status FollowServed(Run& run) {
  if (run.environment == nullptr) return {};
  for (PlanModel& model : run.plan.models) {
    const auto found = run.environment->models.find(model.model);
    if (found == run.environment->models.end()) continue;
    const EnvironmentModel& served = found->second;
    const bool same = served.digests.table_version == model.digests.table_version;
    if (!same) continue;
    if (model.action == Action::kAudit || model.action == Action::kMetadata) UseBuild(served.build, model);
    if (model.action == Action::kDelta && served.build.relation != model.relation) {
      return base::Error{base::ErrorKind::kRace, "the table of " + model.model +
                                                     " was built again since this plan was made; run wapc plan again"};
    }
  }
  return {};
}

}  // namespace wapc::runtime
