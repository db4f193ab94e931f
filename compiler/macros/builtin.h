#ifndef WAPC_COMPILER_MACROS_BUILTIN_H_
#define WAPC_COMPILER_MACROS_BUILTIN_H_

#include <string_view>
#include <vector>

#include "compiler/macros/expander.h"
#include "grammar/ast.h"

namespace wapc::compiler {

/// A macro whose result depends on more than its arguments' text: loops, conditions, what the call says. One file each
/// in compiler/macros/builtin/, found by its name; what SQL alone can say stands in compiler/macros/sql/ instead.
struct BuiltinMacro {
  std::string_view name;       ///< in lower case
  std::string_view signature;  ///< for messages: "each(list, x -> expression)"
  /// What stands for a call; any number of expressions.
  std::vector<grammar::Expr*> (*expand)(MacroExpander& expander, grammar::MacroCall& call);
};

/// Every built-in macro of compiler/macros/builtin/, by name.
std::vector<const BuiltinMacro*> AllBuiltinMacros();

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_BUILTIN_H_
