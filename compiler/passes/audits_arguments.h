#ifndef WAPC_COMPILER_PASSES_AUDITS_ARGUMENTS_H_
#define WAPC_COMPILER_PASSES_AUDITS_ARGUMENTS_H_

#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

/// What the arguments of an audit have to be: `arguments (column = text_column, patterns = texts)` of its AUDIT block.
namespace wapc::compiler {

/// The words for it, as docs/audits.md explains them.
std::vector<std::string> ArgumentKinds();

/// Checks each argument of a call against the audit's `arguments`, and that columns are those of the model; what is
/// wrong is reported at the argument. The model's columns have to be known.
void CheckArguments(const Project& project, const Model& model, const AuditCall& call,
                    const AuditDefinition& definition, grammar::Arena& arena, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_ARGUMENTS_H_
