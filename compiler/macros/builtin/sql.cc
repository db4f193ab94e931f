#include "compiler/macros/builtin_tools.h"

// What:  a text read as SQL: @SQL('a + @x') is the expression.
// Why:   SQL that a variable holds as text.
namespace wapc::compiler {

const BuiltinMacro& SqlMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, SqlMacro(), call, {"text"}, 1);
  if (arguments.empty()) return {};
  grammar::Expr* const value = expander.Result(arguments[0]);
  const auto* const text = grammar::As<grammar::Literal>(value);
  if (text == nullptr || text->type != grammar::LiteralKind::kString) return {value};
  std::string sql = expander.Fill(text->text, call.span);
  const size_t begin = sql.find_first_not_of(" \n\t");
  const std::string_view word =
      begin == std::string::npos ? std::string_view() : std::string_view{sql}.substr(begin, 6);
  if (word == "SELECT" || word == "select") sql = "(" + sql + ")";
  return {expander.FromText(sql, {}, call.span)};
}

}  // namespace

const BuiltinMacro& SqlMacro() {
  static constexpr BuiltinMacro kMacro{"sql", "sql('expression or query')", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
