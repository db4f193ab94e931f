#ifndef WAPC_COMPILER_PLAN_APPLICABLE_H_
#define WAPC_COMPILER_PLAN_APPLICABLE_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reports the models that compile and that `wapc apply` cannot fill yet: kinds, properties of kinds, and statements.
/// No plan is made of a project that has one.
void CheckApplicable(const Project& project, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_APPLICABLE_H_
