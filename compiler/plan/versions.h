#ifndef WAPC_COMPILER_PLAN_VERSIONS_H_
#define WAPC_COMPILER_PLAN_VERSIONS_H_

#include <vector>

#include "compiler/ir.h"
#include "compiler/plan/changes.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// Names the content of every model's table, and says what its change means: a model whose text changed gets a new
/// version; one below a change only where its rows are not proven to be the same. `base` is what the environment
/// serves, or for a new one what prod does; null: nothing. Fills table_version, category, impact, reason, difference,
/// left_out. Reports what `options` and the models' properties do not allow.
void DecideVersions(const Project& project, const runtime::EnvironmentRecord* base, const PlanOptions& options,
                    base::Diagnostics& diagnostics, std::vector<ModelChange>& changes);

/// Whether changes of the model keep its table: it says so, or its history could not be made again.
bool ChangesForwardOnly(const Model& model);

/// Whether `wapc run` leaves a model alone: its definition or its audits are not those that are served.
bool ChangedSince(const Model& model, const runtime::EnvironmentModel& served);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_VERSIONS_H_
