#ifndef WAPC_COMPILER_PLAN_SCHEMA_CHANGES_H_
#define WAPC_COMPILER_PLAN_SCHEMA_CHANGES_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "runtime/plan.h"
#include "runtime/state/records.h"

namespace wapc::compiler {

/// Reports forward-only changes of a plan whose columns are not those of the table that stays, as the model's
/// `on_destructive_change` (a column is gone or has another type) and `on_additive_change` (one is new) ask for: an
/// error, a warning, or nothing. Columns are never left as they were, so `ignore` is an error that says so.
void CheckSchemaChanges(const Project& project, const runtime::Plan& plan, const runtime::State& state,
                        base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_SCHEMA_CHANGES_H_
