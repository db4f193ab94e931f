#ifndef WAPC_COMPILER_PASSES_NAME_LENGTHS_H_
#define WAPC_COMPILER_PASSES_NAME_LENGTHS_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Reports names that the gateway's engine would cut: of models, their schemas and columns, in bytes.
Project CheckNameLengths(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_NAME_LENGTHS_H_
