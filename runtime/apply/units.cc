#include "runtime/apply/units.h"

#include <algorithm>
#include <set>
#include <string>

namespace wapc::runtime {
namespace {

/// Models of one key are published together or not at all. A group's name is one of its models' or a schema's, and
/// neither is taken by a model outside of it.
const std::string& GroupOf(const Plan& plan, const PlanModel& model) {
  static const std::string kEverything;
  if (plan.publish == "all") return kEverything;
  return model.group.empty() ? model.model : model.group;
}

bool StaysBehind(const Run& run, const ModelRun& entry, const std::set<std::string>& stopped) {
  if (stopped.contains(GroupOf(run.plan, *entry.model))) return true;
  // What takes a removed model's place may be what failed, so it goes only when everything else does.
  if (entry.model->action == Action::kRemove && run.plan.publish == "independent") return !stopped.empty();
  return std::any_of(entry.reads.begin(), entry.reads.end(),
                     [&](size_t read) { return stopped.contains(GroupOf(run.plan, *run.models[read].model)); });
}

}  // namespace

bool WithholdGroups(Run& run) {
  std::set<std::string> stopped;
  for (const ModelRun& entry : run.models) {
    if (entry.fate == Fate::kFailed || entry.fate == Fate::kSkipped) stopped.insert(GroupOf(run.plan, *entry.model));
  }
  // Groups may read each other both ways, so that one pass in the order of the graph is not always enough.
  for (bool moved = true; moved;) {
    moved = false;
    for (ModelRun& entry : run.models) {
      if (entry.fate != Fate::kDone || !StaysBehind(run, entry, stopped)) continue;
      entry.fate = Fate::kWithheld;
      stopped.insert(GroupOf(run.plan, *entry.model));
      moved = true;
    }
  }
  return std::any_of(run.models.begin(), run.models.end(),
                     [](const ModelRun& entry) { return entry.fate == Fate::kDone; });
}

bool IsPartial(const Run& run) {
  return std::any_of(run.models.begin(), run.models.end(), [](const ModelRun& entry) {
    return entry.fate == Fate::kFailed || entry.fate == Fate::kSkipped || entry.fate == Fate::kWithheld;
  });
}

}  // namespace wapc::runtime
