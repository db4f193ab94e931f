#ifndef WAPC_COMPILER_LINT_LINT_H_
#define WAPC_COMPILER_LINT_LINT_H_

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Runs the rules that wapc.yaml asks for on every model of a file that is free of errors. Findings weigh what the
/// configuration says; those of a model's `ignored_rules` are dropped.
Project LintModels(Project project, const base::SourceMap& sources, base::Diagnostics& diagnostics);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_LINT_LINT_H_
