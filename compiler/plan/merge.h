#ifndef WAPC_COMPILER_PLAN_MERGE_H_
#define WAPC_COMPILER_PLAN_MERGE_H_

#include "compiler/plan/writer.h"

namespace wapc::compiler {

/// Makes the delta of a model with `when_matched` or `merge_filter`: all rows of the keys that `source` has, as a MERGE
/// of `source` into the table would leave them. Computed aside, so that audits see it before it is there.
void MakeMergedDelta(StepWriter& steps, const runtime::RelationName& source);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_MERGE_H_
