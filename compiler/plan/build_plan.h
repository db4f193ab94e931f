#ifndef WAPC_COMPILER_PLAN_BUILD_PLAN_H_
#define WAPC_COMPILER_PLAN_BUILD_PLAN_H_

#include <set>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/macros/moment.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

struct PlanOptions {
  std::string environment = "prod";
  std::string gateway;
  std::string now;                ///< of --now; empty without
  Moment moment = 0;              ///< what intervals have to be over by: --now, or the clock
  std::set<std::string> restate;  ///< models to build again although nothing changed
  bool forward_only = false;      ///< changes keep every table that is moved in place
  std::set<std::string> rebuild;  ///< models that are made anew although they change forward-only
};

/// Compares a compiled project with what an environment serves: which models change and why, what is built, audited and
/// published. Same project, same state, same options: same plan.
runtime::Plan BuildPlan(const Project& project, const runtime::State& state, const PlanOptions& options);

/// The dlt datasets whose loads planning has to know.
std::vector<std::string> LoadedDatasets(const Project& project);

/// What `wapc audit` runs.
struct ServedAudits {
  std::vector<runtime::PlanModel> models;  ///< only names, the served relation and audits
  std::vector<std::string> changed;        ///< not audited: the project's model is not the one that is served
};

/// The audits of the models that an environment serves; of `names` alone when it is not empty.
ServedAudits AuditsOfServed(const Project& project, const runtime::EnvironmentRecord& environment,
                            const std::set<std::string>& names);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_BUILD_PLAN_H_
