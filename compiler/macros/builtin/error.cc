#include "compiler/macros/builtin_tools.h"

// What:  an error at the call, with a text: @IF(@unit IN ('mi', 'km'), ..., @ERROR('unit is mi or km')).
// Why:   a macro says by itself what it takes.
namespace wapc::compiler {

const BuiltinMacro& ErrorMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, ErrorMacro(), call, {"text"}, 1);
  if (arguments.empty()) return {};
  expander.Report(kMacroRefused, call.span, TextArgument(expander, arguments[0], ""));
  return {expander.Null(call.span)};
}

}  // namespace

const BuiltinMacro& ErrorMacro() {
  static constexpr BuiltinMacro kMacro{"error", "error('text')", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
