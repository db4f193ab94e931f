#include "compiler/macros/builtin_tools.h"

// What:  one row of each group of a relation: @DEDUPLICATE(schema.model, [id], ['updated_at DESC']).
// Why:   the last row of each key, the same way everywhere.
namespace wapc::compiler {

const BuiltinMacro& DeduplicateMacro();

namespace {

using grammar::Expr;

std::vector<Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  const auto arguments = ArgumentsOf(expander, DeduplicateMacro(), call, {"relation", "partition_by", "order_by"}, 3);
  if (arguments.empty()) return {};
  std::string order;
  for (const Expr* const item : expander.Items(arguments[2]))
    order += (order.empty() ? "" : ", ") + expander.TextOf(*item);
  Expr* const keys = expander.Result(arguments[1]);
  if (order.empty()) {
    ReportForm(expander, DeduplicateMacro(), call);
    return {expander.Null(call.span)};
  }
  grammar::Query* const query = expander.QueryFromText(
      "SELECT * FROM @relation_ QUALIFY row_number() OVER (PARTITION BY @keys_ ORDER BY " + order + ") = 1",
      {{"relation_", expander.Result(arguments[0])}, {"keys_", keys}}, call.span);
  if (query == nullptr) return {expander.Null(call.span)};
  return {expander.arena().New<grammar::ScalarSubquery>(Expr{grammar::ExprKind::kScalarSubquery, call.span}, query)};
}

}  // namespace

const BuiltinMacro& DeduplicateMacro() {
  static constexpr BuiltinMacro kMacro{"deduplicate", "deduplicate(relation, [key, ...], ['column desc', ...])",
                                       Expand};
  return kMacro;
}

}  // namespace wapc::compiler
