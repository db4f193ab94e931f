#ifndef WAPC_COMPILER_MACROS_HYGIENE_H_
#define WAPC_COMPILER_MACROS_HYGIENE_H_

#include <string>
#include <utility>
#include <vector>

#include "grammar/ast.h"

namespace wapc::compiler {

/// Renames the aliases and CTEs of a macro's body that a value of an argument names as well, so that a name in an
/// argument keeps its meaning inside of the body: `t` becomes `t_1`.
void KeepNamesApart(grammar::Expr& body, const std::vector<std::pair<std::string, const grammar::Expr*>>& values,
                    grammar::Arena& arena);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_HYGIENE_H_
