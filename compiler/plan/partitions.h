#ifndef WAPC_COMPILER_PLAN_PARTITIONS_H_
#define WAPC_COMPILER_PLAN_PARTITIONS_H_

#include "compiler/plan/writer.h"

namespace wapc::compiler {

/// Replaces the partitions of the table (`partitioned_by`) that the delta has rows of. NULL is a partition, too.
void MovePartitions(StepWriter& steps);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_PARTITIONS_H_
