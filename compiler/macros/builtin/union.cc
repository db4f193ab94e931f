#include "compiler/macros/builtin_tools.h"
#include "grammar/fold.h"

// What:  the rows of several relations, of the columns that all of them have with one type:
//        @UNION('all', schema.a, schema.b); a condition first takes only the first relation where it does not hold.
// Why:   tables of one shape that drift apart in single columns.
// It becomes SELECT * of each, joined by a UNION that binding narrows to the common columns.
namespace wapc::compiler {

const BuiltinMacro& UnionMacro();

namespace {

using grammar::As;
using grammar::Expr;

// Takes the condition and the word from the front of the arguments.
struct Options {
  bool holds = true;
  bool all = true;
  bool valid = true;
};

Options TakeOptions(MacroExpander& expander, const grammar::MacroCall& call, std::vector<Expr*>& arguments) {
  Options out;
  const auto relation = [](const Expr* expr) { return As<grammar::ColumnRef>(expr) != nullptr; };
  const auto word = [](const Expr* expr) {
    const auto* const literal = As<grammar::Literal>(expr);
    return literal != nullptr && literal->type == grammar::LiteralKind::kString;
  };
  if (!arguments.empty() && !relation(arguments[0]) && !word(arguments[0])) {
    out.holds = expander.Holds(*arguments[0]);
    arguments.erase(arguments.begin());
  }
  if (!arguments.empty() && word(arguments[0])) {
    const std::string kind = grammar::LowerCase(expander.TextOf(*arguments[0]));
    out.all = kind == "all";
    out.valid = out.all || kind == "distinct";
    arguments.erase(arguments.begin());
  }
  out.valid = out.valid && !arguments.empty();
  for (const Expr* const argument : arguments) out.valid = out.valid && relation(argument);
  if (!out.valid) ReportForm(expander, UnionMacro(), call);
  return out;
}

std::vector<Expr*> Expand(MacroExpander& expander, grammar::MacroCall& call) {
  std::vector<Expr*> relations;
  for (const grammar::Argument& argument : call.arguments) {
    for (Expr* const item : expander.Items(argument.value)) relations.push_back(item);
  }
  const Options options = TakeOptions(expander, call, relations);
  if (!options.valid) return {expander.Null(call.span)};
  grammar::Arena& arena = expander.arena();
  auto* const query = arena.New<grammar::Query>();
  query->span = call.span;
  for (Expr* const relation : relations) {
    const grammar::Query* const one =
        expander.QueryFromText("SELECT * FROM @relation", {{"relation", relation}}, call.span);
    if (one == nullptr) break;
    if (query->body == nullptr) {
      query->body = one->body;
    } else {
      query->body = arena.New<grammar::SetOperation>(grammar::QueryBody{grammar::BodyKind::kSetOperation, call.span},
                                                     grammar::SetOperator::kUnion, options.all, false, query->body,
                                                     one->body, true);
    }
    if (!options.holds) break;
  }
  return {arena.New<grammar::ScalarSubquery>(Expr{grammar::ExprKind::kScalarSubquery, call.span}, query)};
}

}  // namespace

const BuiltinMacro& UnionMacro() {
  static constexpr BuiltinMacro kMacro{"union", "union('all' or 'distinct', relation, relation, ...)", Expand};
  return kMacro;
}

}  // namespace wapc::compiler
