#ifndef WAPC_COMPILER_PASSES_BIND_OUTPUT_H_
#define WAPC_COMPILER_PASSES_BIND_OUTPUT_H_

#include <vector>

#include "compiler/ir.h"
#include "compiler/passes/scope.h"
#include "grammar/dialect.h"

namespace wapc::compiler {

/// What a bound relation gives, with texts of its own.
std::vector<Column> ColumnsOf(const Relation& relation, const grammar::Dialect& dialect);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_BIND_OUTPUT_H_
