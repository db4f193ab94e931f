#include "compiler/macros/builtin_tools.h"

// What:  its arguments joined by AND; NULL and what gives nothing is left out, and TRUE stands for none at all.
// Why:   conditions that are there only sometimes: @AND(a > 1, @IF(@strict, b > 1)).
namespace wapc::compiler {
namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  return {JoinOperands(expander, call, grammar::BinaryOp::kAnd)};
}

}  // namespace

const BuiltinMacro& AndMacro() {
  static constexpr BuiltinMacro kMacro{"and", "and(a, b, ...)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
