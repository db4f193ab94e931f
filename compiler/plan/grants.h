#ifndef WAPC_COMPILER_PLAN_GRANTS_H_
#define WAPC_COMPILER_PLAN_GRANTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir.h"
#include "runtime/plan.h"

namespace wapc::compiler {

/// The roles that may read a model's view, by its own `grants` and those that wapc.yaml has for its schema or for all;
/// sorted, without repeats.
std::vector<std::string> ReadersOf(const Config& config, const Model& model);

/// Adds to `planned.after_views` what gives these roles their right, and takes it from those that had it by the
/// metadata text that is `served` (empty: none). Nothing on an engine without roles.
void AddGrants(const Project& project, const Model& model, std::string_view served, runtime::PlanModel& planned);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_GRANTS_H_
