#ifndef WAPC_COMPILER_PLAN_BUILD_PLAN_H_
#define WAPC_COMPILER_PLAN_BUILD_PLAN_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/diagnostics.h"
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
  std::string publish = "all";    ///< what may fail alone: `all`, `schema` or `independent`
  std::set<std::string> restate;  ///< models to build again although nothing changed
  bool forward_only = false;      ///< changes keep every table that is moved in place
  std::set<std::string> rebuild;  ///< models that are made anew although they change forward-only
  bool allow_loss = false;        ///< a rebuild may hold less than what it replaces
  /// Only changes of these models are taken up, with what follows below them; nothing: of all.
  std::optional<std::set<std::string>> select;
  /// Of restated intervals, and of tables that an environment other than prod makes: from here, and up to there.
  std::optional<Moment> start, end;
  std::optional<Moment> effective_from;  ///< forward-only changes fill the intervals from here on again
  std::string create_from = "prod";      ///< what an environment that is not there yet starts from
  /// Only what is due of what the environment serves; models that changed since are left alone.
  bool run = false;
  bool ignore_cron = false;  ///< with `run`: whatever cron says
};

/// Compares a compiled project with what an environment serves: which models change and why, what is built, audited and
/// published. Same project, same state, same options: same plan. Reports what must not be done so: a forward-only
/// change that drops columns, a selected model that reads what is not selected.
runtime::Plan BuildPlan(const Project& project, const runtime::State& state, const PlanOptions& options,
                        base::Diagnostics& diagnostics);

/// The models that `wapc run` leaves alone: those that are not what the environment serves.
std::vector<std::string> LeftOutOfRun(const Project& project, const runtime::EnvironmentRecord& environment);

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
