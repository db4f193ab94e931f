#ifndef WAPC_COMPILER_PLAN_APPLICABLE_H_
#define WAPC_COMPILER_PLAN_APPLICABLE_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reports the models that compile and that cannot be filled: time ranges whose intervals cannot be told, and
/// schedules by the clocks of an unknown zone. No plan is made of a project that has one.
void CheckApplicable(const Project& project, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_APPLICABLE_H_
