#include "compiler/macros/builtin_tools.h"

// What:  the items of a list for which a condition holds that is known while compiling: @FILTER([1, 2], x -> x > 1).
// Why:   one list of a project serves models that each need a part of it.
namespace wapc::compiler {

const BuiltinMacro& FilterMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const Loop loop = LoopOf(expander, FilterMacro(), call, 1);
  std::vector<grammar::Expr*> out;
  if (loop.lambda == nullptr) return out;
  for (grammar::Expr* const item : loop.items) {
    const std::vector<grammar::Expr*> condition = expander.Apply(*loop.lambda, {item});
    if (condition.size() == 1 && expander.Holds(*condition.front())) out.push_back(item);
  }
  return out;
}

}  // namespace

const BuiltinMacro& FilterMacro() {
  static constexpr BuiltinMacro kMacro{"filter", "filter([a, b], x -> condition)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
