#include "compiler/macros/builtin_tools.h"

// What:  an expression for every item of a list: @EACH([a, b], x -> sum(x) AS sum_@x).
// Why:   columns that differ only in a name or a value are written once.
namespace wapc::compiler {

const BuiltinMacro& EachMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const Loop loop = LoopOf(expander, EachMacro(), call, 1);
  std::vector<grammar::Expr*> out;
  if (loop.lambda == nullptr) return out;
  for (grammar::Expr* const item : loop.items) {
    for (grammar::Expr* const made : expander.Apply(*loop.lambda, {item})) out.push_back(made);
  }
  return out;
}

}  // namespace

const BuiltinMacro& EachMacro() {
  static constexpr BuiltinMacro kMacro{"each", "each([a, b], x -> expression)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
