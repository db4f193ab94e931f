#include "compiler/macros/builtin_tools.h"

// What:  its arguments joined by OR; NULL and what gives nothing is left out, and TRUE stands for none at all.
// Why:   conditions that are there only sometimes: @OR(a > 1, @IF(@strict, b > 1)).
namespace wapc::compiler {
namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  return {JoinOperands(expander, call, grammar::BinaryOp::kOr)};
}

}  // namespace

const BuiltinMacro& OrMacro() {
  static constexpr BuiltinMacro kMacro{"or", "or(a, b, ...)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
