#ifndef WAPC_COMPILER_PLAN_STEPS_H_
#define WAPC_COMPILER_PLAN_STEPS_H_

#include <optional>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/changes.h"
#include "compiler/plan/quarantine.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// What a quarantine model is filled from: the rows that its model puts aside in this plan (null: it is not filled),
/// and the relation that holds what was put aside before, as it is to stand in a template (empty: nothing was).
struct QuarantineSource {
  const PutAside* aside = nullptr;
  std::string earlier;
};

/// Fills what apply runs for one model: the statements that make its build or delta aside, those of the publish, what
/// holds it back, and its audits. `planned` has its names already; `parent_delta` is the delta of the model's parent in
/// this plan (empty name: none). Gives what the model puts aside, if it is filled and has audits that do so.
std::optional<PutAside> AddSteps(const Project& project, const Model& model, const ModelChange& change,
                                 const runtime::RelationName& parent_delta, const QuarantineSource& quarantine,
                                 runtime::PlanModel& planned);

/// The audits of a model, as templates.
std::vector<runtime::PlanAudit> PlanAudits(const Project& project, const Model& model,
                                           const std::vector<runtime::Batch>& batches);

/// The statement that freezes the complete loads of a dataset.
runtime::PlanLoads FreezeLoads(const Project& project, const std::string& dataset, const std::string& id);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_STEPS_H_
