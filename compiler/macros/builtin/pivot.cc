#include <fmt/format.h>

#include "compiler/macros/builtin_tools.h"
#include "grammar/printer.h"

// What:  a column for each value of another: @PIVOT(status, ['open', 'done']) gives
//        SUM(CASE WHEN status = 'open' THEN 1 ELSE 0 END) AS "'open'", and so on.
// Why:   every engine has CASE; few have PIVOT, each in its own way. Names are SQLMesh's, quotes included.
namespace wapc::compiler {

const BuiltinMacro& PivotMacro();

namespace {

using grammar::Expr;

std::vector<Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(
      expander, PivotMacro(), call,
      {"column", "values", "alias", "agg", "cmp", "prefix", "suffix", "then_value", "else_value", "quote", "distinct"},
      2);
  if (arguments.empty()) return {};
  const auto value = [&](size_t at, const char* otherwise) {
    return arguments[at] != nullptr ? expander.Result(arguments[at]) : expander.FromText(otherwise, {}, call.span);
  };
  Expr* const column = expander.Result(arguments[0]);
  const bool named = FlagArgument(expander, arguments[2], true);
  const std::string prefix = TextArgument(expander, arguments[5], "");
  const std::string suffix = TextArgument(expander, arguments[6], "");
  Expr* const then_value = value(7, "1");
  Expr* const else_value = value(8, "0");
  const bool quote = FlagArgument(expander, arguments[9], true);
  const std::string text = fmt::format("{}({}CASE WHEN @column {} @value THEN @then_value ELSE @else_value END)",
                                       TextArgument(expander, arguments[3], "SUM"),
                                       FlagArgument(expander, arguments[10], false) ? "DISTINCT " : "",
                                       TextArgument(expander, arguments[4], "="));
  std::vector<Expr*> out;
  for (Expr* const item : expander.Items(arguments[1])) {
    Expr* made = expander.FromText(
        text, {{"column", column}, {"value", item}, {"then_value", then_value}, {"else_value", else_value}}, call.span);
    if (named) {
      const std::string name = prefix + grammar::Print(*item, {}) + suffix;
      made = expander.arena().New<grammar::Aliased>(Expr{grammar::ExprKind::kAliased, call.span}, made,
                                                    grammar::Identifier{expander.arena().Copy(name), quote, call.span});
    }
    out.push_back(made);
  }
  return out;
}

}  // namespace

const BuiltinMacro& PivotMacro() {
  static constexpr BuiltinMacro kMacro{"pivot",
                                       "pivot(column, [value, ...], alias := true, agg := 'SUM', cmp := '=', prefix := "
                                       "'', suffix := '', then_value := 1, "
                                       "else_value := 0, quote := true, distinct := false)",
                                       Expand};
  return kMacro;
}

}  // namespace wapc::compiler
