#include "compiler/macros/builtin_tools.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/macros/constant.h"
#include "grammar/fold.h"

namespace wapc::compiler {

using grammar::As;
using grammar::Expr;
using grammar::ExprKind;
using grammar::MacroCall;

void ReportForm(MacroExpander& expander, const BuiltinMacro& macro, const MacroCall& call) {
  expander.Report(kMacroArgument, call.span, fmt::format("this call of @{} has not its form", macro.name))
      .Help(fmt::format("call it as @{}", macro.signature));
}

std::vector<Expr*> ArgumentsOf(MacroExpander& expander, const BuiltinMacro& macro, const MacroCall& call,
                               const std::vector<std::string_view>& names, size_t needed) {
  std::vector<Expr*> out(names.size(), nullptr);
  size_t next = 0;
  for (const grammar::Argument& argument : call.arguments) {
    size_t at = next++;
    if (!argument.name.text.empty()) {
      const std::string name = grammar::LowerCase(argument.name.text);
      at = static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    }
    if (at >= out.size() || out[at] != nullptr) {
      ReportForm(expander, macro, call);
      return {};
    }
    out[at] = argument.value;
  }
  for (size_t i = 0; i < needed; ++i) {
    if (out[i] != nullptr) continue;
    expander.Report(kMacroArgument, call.span, fmt::format("@{} needs the argument {}", macro.name, names[i]))
        .Help(fmt::format("call it as @{}", macro.signature));
    return {};
  }
  return out;
}

Loop LoopOf(MacroExpander& expander, const BuiltinMacro& macro, const MacroCall& call, size_t parameters) {
  Loop out;
  if (call.arguments.size() >= 2) {
    out.lambda = As<grammar::Lambda>(expander.Result(call.arguments.back().value));
  }
  if (out.lambda == nullptr || out.lambda->parameters.size() != parameters) {
    out.lambda = nullptr;
    ReportForm(expander, macro, call);
    return out;
  }
  const size_t count = call.arguments.size() - 1;
  if (count == 1) {
    out.items = expander.Items(call.arguments[0].value);
    return out;
  }
  for (size_t i = 0; i < count; ++i) out.items.push_back(expander.Result(call.arguments[i].value));
  return out;
}

std::string TextArgument(MacroExpander& expander, Expr* argument, std::string_view otherwise) {
  return argument == nullptr ? std::string(otherwise) : expander.TextOf(*expander.Result(argument));
}

bool FlagArgument(MacroExpander& expander, Expr* argument, bool otherwise) {
  return argument == nullptr ? otherwise : expander.Holds(*argument);
}

Expr* JoinOperands(MacroExpander& expander, const MacroCall& call, grammar::BinaryOp op) {
  Expr* out = nullptr;
  for (const grammar::Argument& argument : call.arguments) {
    for (Expr* const operand : expander.Items(argument.value)) {
      const auto* const literal = As<grammar::Literal>(operand);
      if (literal != nullptr && literal->type == grammar::LiteralKind::kNull) continue;
      out = out == nullptr ? operand
                           : expander.arena().New<grammar::Binary>(Expr{ExprKind::kBinary, call.span}, op, out, operand,
                                                                   call.span);
    }
  }
  return out != nullptr ? out : LiteralOf(true, call.span, expander.arena());
}

}  // namespace wapc::compiler
