#ifndef WAPC_COMPILER_PASSES_AUDITS_TEMPLATE_H_
#define WAPC_COMPILER_PASSES_AUDITS_TEMPLATE_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "grammar/ast.h"
#include "grammar/dialect.h"

/// Audits are queries with holes: `@name` stands for an argument. Arguments are put in on the tree, never as text.
///
/// An argument may be a list, `(a, b)`. Where SQL takes a list (SELECT, GROUP BY, PARTITION BY, IN, arguments of a
/// function)
/// `@name` stands for all of its items. `@any(@name, condition)` and `@all(@name, condition)` join the condition for
/// every item with OR and AND; `@each` is the item. `@matches(text, pattern)` is the dialect's search for a regular
/// expression. In FROM, `@name` stands for the model that the argument names.
namespace wapc::compiler {

using AuditArguments = std::map<std::string, grammar::Expr*>;

/// The holes of a query: names after @ that are no variable of time and not `each`.
std::set<std::string> AuditParameters(grammar::Query& query);

/// The items of an argument: those of a list, else itself alone.
std::vector<grammar::Expr*> ListItems(grammar::Expr* argument);

/// A copy of the query with every hole filled; one that has no argument stays. Conditions that became constant are left
/// out.
grammar::Query* FillAudit(const grammar::Query& query, const AuditArguments& arguments, const grammar::Dialect& dialect,
                          grammar::Arena& arena);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_AUDITS_TEMPLATE_H_
