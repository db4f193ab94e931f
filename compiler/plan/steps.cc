#include "compiler/plan/steps.h"

#include <fmt/format.h>

#include "compiler/plan/emit.h"
#include "compiler/plan/kind.h"
#include "compiler/plan/names.h"
#include "compiler/plan/writer.h"
#include "compiler/project/quarantine.h"

namespace wapc::compiler {

using runtime::Action;
using runtime::PlanModel;
using runtime::RelationName;

namespace {

std::optional<PutAside> PutRowsAside(StepWriter& steps) {
  return HasQuarantine(steps.model()) ? std::optional(AddPutAside(steps)) : std::nullopt;
}

std::optional<PutAside> AddBuildSteps(StepWriter& steps, const KindPlan& kind) {
  steps.AddHooks(steps.model().hooks.before);
  kind.create(steps);
  auto aside = PutRowsAside(steps);
  steps.AddHooks(steps.model().hooks.after);
  return aside;
}

// What follows the new rows must not be seen before they are.
std::optional<PutAside> AddDeltaSteps(StepWriter& steps, const KindPlan& kind) {
  steps.AddHooks(steps.model().hooks.before);
  kind.delta(steps);
  auto aside = PutRowsAside(steps);
  steps.PublishHooks(steps.model().hooks.after);
  return aside;
}

// ON_VIRTUAL_UPDATE: for readers, so `@this_model` is their view.
void AddAfterViews(StepWriter& steps) {
  runtime::PlanModel& planned = steps.planned();
  for (const HookStatement& hook : steps.model().hooks.on_virtual_update) {
    planned.after_views.push_back({fmt::format("{}/views/{}", planned.model, planned.after_views.size() + 1),
                                   EmitHook(hook.text, steps.Relation(planned.view)),
                                   {runtime::Batch{}}});
  }
}

}  // namespace

std::optional<PutAside> AddSteps(const Project& project, const Model& model, const ModelChange& change,
                                 const RelationName& parent_delta, const QuarantineSource& quarantine,
                                 PlanModel& planned) {
  StepWriter steps(project, model, change, parent_delta, planned);
  const KindPlan& kind = *FindKindPlan(model.kind);
  planned.keeps_loads = kind.keeps_loads;
  std::optional<PutAside> aside;
  switch (change.action) {
    case Action::kBuild:
    case Action::kView:
      if (QuarantinedBy(project, model) == nullptr) {
        aside = AddBuildSteps(steps, kind);
      } else {
        AddQuarantineSteps(steps, quarantine.aside, quarantine.earlier);
      }
      break;
    case Action::kDelta: aside = AddDeltaSteps(steps, kind); break;
    case Action::kReuse:
    case Action::kAudit:
    case Action::kMetadata:
    case Action::kRemove: break;
  }
  AddAfterViews(steps);
  if (change.run_audits) planned.audits = PlanAudits(project, model, change.batches);
  return aside;
}

std::vector<runtime::PlanAudit> PlanAudits(const Project& project, const Model& model,
                                           const std::vector<runtime::Batch>& batches) {
  if (QuarantinedBy(project, model) != nullptr) return QuarantineAudits(project, model);
  std::vector<runtime::PlanAudit> out;
  for (const AuditCall& audit : model.audits) {
    // Those that put rows aside have nothing left to find; what they found is in the quarantine.
    if (audit.query == nullptr || IsQuarantine(audit)) continue;
    runtime::PlanAudit planned{audit.title, audit.digest, audit.blocking, EmitAudit(model, audit, batches, project)};
    planned.count = EmitAuditCount(model, audit, batches, project);
    planned.standalone = audit.standalone;
    planned.max_rows = audit.max_rows;
    planned.max_share = audit.max_share;
    out.push_back(std::move(planned));
  }
  return out;
}

runtime::PlanLoads FreezeLoads(const Project& project, const std::string& dataset, const std::string& id) {
  runtime::PlanLoads out;
  out.dataset = dataset;
  out.snapshot = PhysicalName(dataset, "_dlt_loads", id);
  out.freeze.id = dataset + "/freeze";
  out.freeze.sql = fmt::format("CREATE TABLE {} AS\nSELECT *\nFROM {}\nWHERE status = 0", Quoted(out.snapshot, project),
                               Quoted(runtime::RelationName{dataset, "_dlt_loads"}, project));
  return out;
}

}  // namespace wapc::compiler
