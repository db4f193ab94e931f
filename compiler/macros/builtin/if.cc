#include "compiler/macros/builtin_tools.h"

// What:  the second argument when a condition known while compiling holds, else the third, else nothing.
// Why:   a column or filter that only some gateways or settings have.
namespace wapc::compiler {

const BuiltinMacro& IfMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, IfMacro(), call, {"condition", "true_value", "false_value"}, 2);
  if (arguments.empty()) return {};
  // Only what is taken is expanded: the other may not even make sense here.
  grammar::Expr* const taken = expander.Holds(*arguments[0]) ? arguments[1] : arguments[2];
  return taken == nullptr ? std::vector<grammar::Expr*>{} : expander.Results(taken);
}

}  // namespace

const BuiltinMacro& IfMacro() {
  static constexpr BuiltinMacro kMacro{"if", "if(condition, value, otherwise)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
