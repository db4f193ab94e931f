#ifndef WAPC_COMPILER_PASSES_BIND_ORIGIN_H_
#define WAPC_COMPILER_PASSES_BIND_ORIGIN_H_

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "compiler/passes/scope.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// Adds a note that points at the column which gives an operand its type: back through every model that only passes it
/// on, to the raw column in its schema file. Nothing is added for what is no column of a model.
void NoteOrigin(const grammar::Expr& operand, const Project* project, Scope& scope, base::DiagnosticBuilder& report);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_BIND_ORIGIN_H_
