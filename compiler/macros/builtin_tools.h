#ifndef WAPC_COMPILER_MACROS_BUILTIN_TOOLS_H_
#define WAPC_COMPILER_MACROS_BUILTIN_TOOLS_H_

#include <string>
#include <string_view>
#include <vector>

#include "compiler/macros/builtin.h"

namespace wapc::compiler {

/// The arguments of a call by the names of its parameters, positional ones first; null where none was given. Reports
/// one that nothing takes, and too few; then the list is empty.
std::vector<grammar::Expr*> ArgumentsOf(MacroExpander& expander, const BuiltinMacro& macro,
                                        const grammar::MacroCall& call, const std::vector<std::string_view>& names,
                                        size_t needed);

/// The items and the lambda of @EACH and its kind: the last argument is the lambda, the one before it a list, or all
/// before it items. Null when the call has another form, which is reported.
struct Loop {
  std::vector<grammar::Expr*> items;
  const grammar::Lambda* lambda = nullptr;
};
Loop LoopOf(MacroExpander& expander, const BuiltinMacro& macro, const grammar::MacroCall& call, size_t parameters);

/// A text argument, or `otherwise` when it was not given.
std::string TextArgument(MacroExpander& expander, grammar::Expr* argument, std::string_view otherwise);
/// A flag argument, likewise.
bool FlagArgument(MacroExpander& expander, grammar::Expr* argument, bool otherwise);

/// Reports a call that has not the form of the macro's signature.
void ReportForm(MacroExpander& expander, const BuiltinMacro& macro, const grammar::MacroCall& call);

/// Operands joined by AND or OR, those that are the literal NULL left out; TRUE when none is left.
grammar::Expr* JoinOperands(MacroExpander& expander, const grammar::MacroCall& call, grammar::BinaryOp op);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_MACROS_BUILTIN_TOOLS_H_
