#ifndef WAPC_GRAMMAR_WALK_H_
#define WAPC_GRAMMAR_WALK_H_

#include <functional>

#include "grammar/ast.h"

namespace wapc::grammar {

/// What Walk and Rewrite call. A hook that is absent means: go on into the children.
struct Visitor {
  /// Called before an expression's children, subqueries too; false skips them.
  std::function<bool(Expr&)> expr;
  /// Called before a table reference's children; false skips them.
  std::function<bool(TableRef&)> table;
  /// Called before a query's parts; false skips them.
  std::function<bool(Query&)> query;
};

/// Visits every node once, in the order of the text.
void Walk(Query& query, const Visitor& visitor);
void Walk(Expr& expr, const Visitor& visitor);

/// Changes a tree in place, children before what holds them. A hook that is absent changes nothing.
struct RewriteHooks {
  /// Gives what stands in place of an expression: itself, or another. The call inside a TableFunction or a MacroTable
  /// is part of its relation: it is not asked for, its arguments are.
  std::function<Expr*(Expr&)> expr;
  std::function<TableRef*(TableRef&)> table;
  std::function<void(Query&)> query;
  std::function<void(Identifier&)> name;
};
void Rewrite(Query& query, const RewriteHooks& hooks);
Expr* Rewrite(Expr& expr, const RewriteHooks& hooks);

/// A deep copy in the arena. `replace_expr` is asked first for every expression: a result that is not null stands in
/// the copy instead of the node (and is not copied itself). The same for relations; the call inside a TableFunction or
/// a MacroTable is part of its relation, so only its arguments are asked for. Texts stay views into what they were.
struct CloneHooks {
  std::function<Expr*(const Expr&)> replace_expr;
  std::function<TableRef*(const TableRef&)> replace_table;
};
Query* Clone(const Query& query, Arena& arena, const CloneHooks& hooks = {});
Expr* Clone(const Expr& expr, Arena& arena, const CloneHooks& hooks = {});

/// Whether two trees mean the same text: spans, letter case of unquoted names and redundant parentheses do not count.
bool Equal(const Query& a, const Query& b);
bool Equal(const Expr& a, const Expr& b);
/// The same of statements: their blocks' properties, macros and queries.
bool Equal(const Statement& a, const Statement& b);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_WALK_H_
