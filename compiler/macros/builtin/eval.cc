#include <fmt/format.h>

#include "compiler/macros/builtin_tools.h"
#include "compiler/macros/constant.h"
#include "grammar/printer.h"

// What:  the value of an expression that is known while compiling: @EVAL(2 * @size) gives 20.
// Why:   numbers and texts that follow from variables stand in the SQL as plain literals.
namespace wapc::compiler {

const BuiltinMacro& EvalMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, EvalMacro(), call, {"expression"}, 1);
  if (arguments.empty()) return {};
  const grammar::Expr* const value = expander.Result(arguments[0]);
  if (const auto constant = EvaluateConstant(*value)) return {LiteralOf(*constant, call.span, expander.arena())};
  expander
      .Report(kNotConstant, arguments[0]->span,
              fmt::format("this is not known while compiling: {}", grammar::Print(*value, {})))
      .Help("@EVAL computes with literals and variables; what depends on rows is plain SQL");
  return {expander.Null(call.span)};
}

}  // namespace

const BuiltinMacro& EvalMacro() {
  static constexpr BuiltinMacro kMacro{"eval", "eval(expression)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
