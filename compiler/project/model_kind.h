#ifndef WAPC_COMPILER_PROJECT_MODEL_KIND_H_
#define WAPC_COMPILER_PROJECT_MODEL_KIND_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Reads `kind NAME (...)` into the model; without it (null) `config` gives the kind, else VIEW. Reports an unknown
/// kind, one that wapc does not have, and properties that are missing, unknown or of the wrong type.
void ReadKind(const grammar::Property* property, const Config& config, Model& model, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PROJECT_MODEL_KIND_H_
