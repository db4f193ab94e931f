#ifndef WAPC_COMPILER_TRANSLATE_TRANSLATE_H_
#define WAPC_COMPILER_TRANSLATE_TRANSLATE_H_

#include <optional>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "compiler/passes/binder.h"
#include "grammar/ast.h"
#include "grammar/dialect.h"

/// From one dialect's tree to another's, with the same meaning.
namespace wapc::compiler::translate {

struct Options {
  const grammar::Dialect* from = nullptr;
  const grammar::Dialect* to = nullptr;
  bool lenient = false;             ///< what cannot be said for sure is a warning, not an error
  const Project* tables = nullptr;  ///< may be null
};

/// Changes a query of the dialect `from`, which the caller owns, until printed in the dialect `to` it gives the same
/// rows. What the target cannot say, or what depends on a type that is not known, is reported at its span; then the
/// tree is not worth printing. Types are those of literals, casts, functions, of the query's own CTEs and subqueries,
/// and of the tables ("schema.table") that are models of `options.tables`; other tables are not known.
void Translate(grammar::Query& query, const Options& options, grammar::Arena& arena, base::Diagnostics& diagnostics);

/// Likewise for a bound model of a project, in a copy; null when something was reported as an error. The columns of
/// every table are known.
grammar::Query* TranslateModel(const Model& model, const Project& project, const Options& options,
                               grammar::Arena& arena, base::Diagnostics& diagnostics);

/// What binding told of a query.
struct Bound {
  ExprTypes types;
  AliasUses aliases;
  PivotOutputs pivots;
  /// What its relations mean, or null; the names of the copy are added.
  std::map<const grammar::TableName*, int>* relations = nullptr;
};

/// A translated copy of a query that was bound; null when something was reported as an error.
grammar::Query* TranslateBound(const grammar::Query& query, const Bound& bound, const Options& options,
                               grammar::Arena& arena, base::Diagnostics& diagnostics);

/// How an engine of the dialect `to` stores a name that one of `from` stores as `name`, when both write it the same way
/// (without quotes where they can).
std::string StoredIn(std::string_view name, const grammar::Dialect& from, const grammar::Dialect& to);

}  // namespace wapc::compiler::translate

#endif  // WAPC_COMPILER_TRANSLATE_TRANSLATE_H_
