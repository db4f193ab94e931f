#include <fmt/format.h>

#include "compiler/macros/builtin_tools.h"
#include "grammar/fold.h"

// What:  the value of a variable by its name in quotes, else the default: @VAR('region', 'eu').
// Why:   a project need not set what a model has a sensible value for.
namespace wapc::compiler {

const BuiltinMacro& VarMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, VarMacro(), call, {"var_name", "default"}, 1);
  if (arguments.empty()) return {};
  const auto* const name = grammar::As<grammar::Literal>(expander.Result(arguments[0]));
  if (name == nullptr || name->type != grammar::LiteralKind::kString) {
    ReportForm(expander, VarMacro(), call);
    return {expander.Null(call.span)};
  }
  if (const grammar::Expr* const value = expander.Variable(grammar::LowerCase(name->text))) {
    return {expander.Copy(*value)};
  }
  if (arguments[1] != nullptr) return expander.Results(arguments[1]);
  expander
      .Report(kMacroArgument, call.span, fmt::format("there is no variable '{}', and no default is given", name->text))
      .Help(fmt::format("set it in wapc.yaml, `variables: {{{0}: ...}}`, or write @VAR('{0}', default)", name->text));
  return {expander.Null(call.span)};
}

}  // namespace

const BuiltinMacro& VarMacro() {
  static constexpr BuiltinMacro kMacro{"var", "var('name', default)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
