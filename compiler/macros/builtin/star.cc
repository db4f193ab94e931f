#include "compiler/macros/builtin_tools.h"

// What:  the columns of a relation: @STAR(schema.model, alias, [left_out], 'prefix_', '_suffix').
// Why:   a join of two relations with equal names needs other names, and a new column upstream needs no edit.
// It becomes `alias.*` with the names changed, which binding turns into columns.
namespace wapc::compiler {

const BuiltinMacro& StarMacro();

namespace {

std::vector<grammar::Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  auto arguments = ArgumentsOf(expander, StarMacro(), call,
                               {"relation", "alias", "exclude", "prefix", "suffix", "quote_identifiers", "except_"}, 1);
  if (arguments.empty()) return {};
  const bool aliased = arguments[1] != nullptr;
  const auto* const name = grammar::As<grammar::ColumnRef>(expander.Result(arguments[aliased ? 1 : 0]));
  if (name == nullptr) {
    ReportForm(expander, StarMacro(), call);
    return {expander.Null(call.span)};
  }
  auto* const star = expander.arena().New<grammar::Star>(grammar::Expr{grammar::ExprKind::kStar, call.span});
  star->qualifier = name->parts;
  grammar::Expr* const exclude = arguments[2] != nullptr ? arguments[2] : arguments[6];
  std::vector<grammar::Identifier> left_out;
  if (exclude != nullptr) {
    for (const grammar::Expr* const item : expander.Items(exclude)) {
      left_out.push_back({expander.arena().Copy(expander.TextOf(*item)), false, item->span});
    }
  }
  star->exclude = expander.arena().Copy(left_out);
  star->prefix = expander.arena().Copy(TextArgument(expander, arguments[3], ""));
  star->suffix = expander.arena().Copy(TextArgument(expander, arguments[4], ""));
  return {star};
}

}  // namespace

const BuiltinMacro& StarMacro() {
  static constexpr BuiltinMacro kMacro{
      "star", "star(relation, alias, exclude := [a, b], prefix := 'p_', suffix := '_s')", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
