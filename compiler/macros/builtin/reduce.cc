#include "compiler/macros/builtin_tools.h"

// What:  one expression of a list, two by two from the left: @REDUCE([a, b, c], (x, y) -> x + y).
// Why:   a sum or a condition over a list of columns is written once.
namespace wapc::compiler {

const BuiltinMacro& ReduceMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const Loop loop = LoopOf(expander, ReduceMacro(), call, 2);
  if (loop.lambda == nullptr || loop.items.empty()) return {};
  grammar::Expr* out = loop.items.front();
  for (size_t i = 1; i < loop.items.size(); ++i) {
    const std::vector<grammar::Expr*> made = expander.Apply(*loop.lambda, {out, loop.items[i]});
    if (made.size() != 1) return {expander.NotOne(call, made.size())};
    out = made.front();
  }
  return {out};
}

}  // namespace

const BuiltinMacro& ReduceMacro() {
  static constexpr BuiltinMacro kMacro{"reduce", "reduce([a, b], (x, y) -> expression)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
