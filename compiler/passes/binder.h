#ifndef WAPC_COMPILER_PASSES_BINDER_H_
#define WAPC_COMPILER_PASSES_BINDER_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/diagnostics.h"
#include "compiler/ir.h"
#include "grammar/ast.h"

namespace wapc::compiler {

struct BindFacts;

/// Columns of a relation that is not a model: `@this_model` in an audit, the raw table in a staging expression.
struct RelationColumns {
  std::vector<Column> columns;
};

/// What binding knows of one expression.
struct ExprType {
  metadata::Type type;  ///< unknown where a raw table says so, or where the expression was refused
  bool nullable = true;
};

/// The type of every expression of a bound tree, subqueries, conditions and window parts included. An argument that is
/// no value of its own (the `*` of count(*), the name of a lambda's parameter) is absent.
using ExprTypes = std::unordered_map<const grammar::Expr*, ExprType>;

/// A name that stands for another expression of its SELECT: an alias.
struct AliasUse {
  const grammar::Expr* item = nullptr;
  bool certain = true;  ///< false: a relation whose columns are not known could have a column of that name
};
using AliasUses = std::unordered_map<const grammar::Expr*, AliasUse>;

/// The columns that PIVOT or UNPIVOT gives, as they are named.
struct PivotOutput {
  std::vector<std::string> kept;  ///< of the source, or of GROUP BY
  std::vector<std::string> made;  ///< of PIVOT: by value and aggregate, in that order
};
using PivotOutputs = std::unordered_map<const grammar::TableRef*, PivotOutput>;

/// What a query may refer to beside its own CTEs.
struct BindContext {
  const Project* project = nullptr;
  /// Which model a relation name means; absent names are not models.
  const std::map<const grammar::TableName*, int>* relations = nullptr;
  /// The columns of `@name` as a relation (`@this_model`), or null.
  std::function<const RelationColumns*(std::string_view macro)> macro_relation;
  grammar::Arena* arena = nullptr;            ///< for what star expansion adds
  bool keep_stars = false;                    ///< leave `*` in the tree as it is written
  BindFacts* facts = nullptr;                 ///< where to write down what lint rules look at; null: nowhere
  ExprTypes* types = nullptr;                 ///< filled when asked for; costs time, so that compiling asks for none
  AliasUses* aliases = nullptr;               ///< likewise: the column references that turned out to be aliases
  PivotOutputs* pivots = nullptr;             ///< likewise; those whose columns are not all known are absent
  const grammar::Dialect* dialect = nullptr;  ///< null: the project's
  /// Every column of a model that the query reads, in conditions too, as often as it does; filled when asked for.
  std::vector<ColumnSource>* reads = nullptr;
};

/// Binds one query: its columns with name, type, nullability and sources; nothing when there were errors (reported).
/// Stars are expanded in the tree.
std::optional<std::vector<Column>> BindQuery(grammar::Query& query, const BindContext& context,
                                             base::Diagnostics& diagnostics);

/// The types of a bound model's expressions: its query bound once more, with `types` on. Empty for a model without a
/// query, or one that failed. Its stars were expanded when it was compiled.
ExprTypes TypesOf(const Project& project, const Model& model, AliasUses* aliases = nullptr,
                  PivotOutputs* pivots = nullptr);

/// The same for a query that stands alone, as `transpile` has it: relations that are no CTE have unknown columns, and
/// errors are not reported. Stars stay in the tree; what they stand for is bound in `arena`, which has to outlive the
/// result.
ExprTypes TypesOf(grammar::Query& query, const grammar::Dialect& dialect, grammar::Arena& arena,
                  AliasUses* aliases = nullptr);

/// The columns of other models that a bound model reads, in conditions and keys of joins too; sorted, without repeats.
std::vector<ColumnSource> ReadsOf(const Project& project, const Model& model);

/// The type that a written type name stands for, in the project's dialect; reports an unknown one (nearest name).
std::optional<metadata::Type> ResolveType(const grammar::TypeName& name, const grammar::Dialect& dialect,
                                          base::Diagnostics& diagnostics);

/// The type in the dialect's words ("DECIMAL(18,4)", "TIMESTAMP_MS"), never narrower than the type.
std::string TypeInDialect(const metadata::Type& type, const grammar::Dialect& dialect);

/// Whether values of both types can be compared or unioned without a cast, and the type that holds both.
std::optional<metadata::Type> CommonType(const metadata::Type& a, const metadata::Type& b);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_BINDER_H_
