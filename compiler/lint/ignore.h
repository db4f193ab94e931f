#ifndef WAPC_COMPILER_LINT_IGNORE_H_
#define WAPC_COMPILER_LINT_IGNORE_H_

#include <set>
#include <string>

#include "base/diagnostics.h"
#include "base/source.h"
#include "compiler/ir.h"

namespace wapc::compiler {

/// Drops the warnings that a comment `-- wapc: ignore CODE[, CODE]` speaks of: those of its own line, or, when it
/// stands alone, of the next line that is no comment. Lint findings go whatever they weigh; other errors stay. With
/// `judge`, reports comments that ignore nothing (not where other errors may have kept a finding from being made).
/// `files`, where given, are all that is looked at.
void ApplyIgnores(const Config& config, bool judge, const base::SourceMap& sources, base::Diagnostics& diagnostics,
                  const std::set<std::string>* files = nullptr);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_LINT_IGNORE_H_
