#ifndef WAPC_COMPILER_PLAN_UNITS_H_
#define WAPC_COMPILER_PLAN_UNITS_H_

#include "compiler/ir.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// Says of each model of a plan with which others it is published together or not at all (PlanModel::group), as
/// `plan.publish` asks: `all` needs no groups, `schema` makes one of each schema that readers see, `independent` leaves
/// every model by itself. Whatever the choice, these are one group: a table that is moved in place and the VIEWs over
/// it, directly or through VIEWs; a table and the one whose removed rows it follows; the models that one standalone
/// audit reads. `plan.models` is in the order of the graph.
void AssignGroups(const Project& project, runtime::Plan& plan);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_UNITS_H_
