#ifndef WAPC_COMPILER_PASSES_KINDS_DERIVED_H_
#define WAPC_COMPILER_PASSES_KINDS_DERIVED_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Makes Model::partition_query of `partitioned_by` where the kind replaces partitions, and binds it: its expressions
/// are over the columns of the model.
void DerivePartitions(const Project& project, Model& model, base::Diagnostics& diagnostics);

/// Makes Model::merge_query of `when_matched` and `merge_filter` and binds it. A clause may not set a key column.
void DeriveMerge(const Project& project, Model& model, base::Diagnostics& diagnostics);

/// Whether rows of the model are replaced by partition.
bool ReplacesPartitions(const Model& model);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_KINDS_DERIVED_H_
