#ifndef WAPC_COMPILER_PLAN_CHANGES_H_
#define WAPC_COMPILER_PLAN_CHANGES_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/build_plan.h"
#include "compiler/plan/difference.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// What a plan decides about one model.
struct ModelChange {
  bool planned = false;   ///< false: the environment serves it already, as it is
  bool left_out = false;  ///< it is not what the environment serves, and stays out of this plan
  runtime::Action action = runtime::Action::kBuild;
  runtime::Category category = runtime::Category::kAdded;
  runtime::Impact impact = runtime::Impact::kNone;
  Difference difference;        ///< what those that read it may see differently
  bool schema_changed = false;  ///< of a forward-only change: columns or their types are not those of the table
  /// Its rows are newer than those that were read so far, and why.
  std::optional<runtime::Category> fresh;
  std::string reason;
  std::string table_version;
  std::set<std::string> datasets;  ///< dlt datasets whose complete loads it holds
  runtime::BuildRecord existing;   ///< of kReuse, kDelta, kAudit, kMetadata: the build that is used
  /// Of kBuild: the table starts from the rows of what is served under that name now.
  const runtime::EnvironmentModel* copy_of = nullptr;
  bool run_audits = true;
  std::vector<runtime::Batch> batches;  ///< of a time-range model: what kBuild and kDelta fill
  bool ranged = false;                  ///< --start and --end say what is filled again
  bool restates_itself = false;         ///< its auto_restatement_cron came
};

/// Decides for every model of the project, by its index; EXTERNAL models are never planned.
std::vector<ModelChange> DecideChanges(const Project& project, const runtime::State& state, const PlanOptions& options,
                                       base::Diagnostics& diagnostics);

/// The dlt datasets whose loads a model's rows depend on: through `_dlt_loads`, its kind, or the models it reads.
std::vector<std::set<std::string>> DatasetsOf(const Project& project);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_CHANGES_H_
