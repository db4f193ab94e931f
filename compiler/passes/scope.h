#ifndef WAPC_COMPILER_PASSES_SCOPE_H_
#define WAPC_COMPILER_PASSES_SCOPE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "compiler/ir.h"
#include "compiler/passes/types.h"
#include "grammar/ast.h"

/// What names can mean at one place of a query.
namespace wapc::compiler {

/// Without regard to letter case.
bool SameName(std::string_view a, std::string_view b);

/// How a dialect compares names. Names that are kept (of columns, tables, CTEs) are keys: in a dialect that folds, a
/// name that is written without quotes is in lower case.
struct NameRule {
  grammar::Folding folding = grammar::Folding::kInsensitive;

  bool Same(std::string_view key, std::string_view other) const {
    return folding == grammar::Folding::kInsensitive ? SameName(key, other) : key == other;
  }
  /// The key of a name as it is written; a copy in the arena where letter case changes.
  std::string_view Key(const grammar::Identifier& name, grammar::Arena& arena) const;
};

/// Letter case does not count in a hash.
uint32_t NameHash(std::string_view name);
std::string FoldName(std::string_view name);

/// A column of a model that a value comes from; the name is the model's.
struct SourceRef {
  int model = -1;
  std::string_view column;
  auto operator<=>(const SourceRef&) const = default;  // NOLINT(modernize-use-nullptr): sees a 0 in what is made of it
};
using Sources = std::vector<SourceRef>;

struct RelationColumn {
  std::string_view name;  ///< empty: it has none
  uint32_t hash = 0;
  metadata::Type type;
  bool nullable = true;
  Sources sources;
  base::Span span;
  bool open = false;  ///< a literal whose type a set operation may still settle
};

/// The columns that a table, CTE or subquery gives.
struct Relation {
  std::vector<RelationColumn> columns;
  bool complete = true;  ///< false: something under it failed, so that any name may be a column
};

RelationColumn MakeColumn(std::string_view name, Value value, base::Span span);

/// The relation of a model: each column is its own source.
Relation RelationOf(const std::vector<Column>& columns, int model);

/// One entry of a FROM clause.
struct ScopeTable {
  std::string_view alias;   ///< empty: none
  std::string_view schema;  ///< of a model without an alias: `schema.table.column` names it too
  base::Span span;
  const Relation* relation = nullptr;
  bool outer = false;          ///< the other side of an outer join: every column may be NULL
  bool visible = true;         ///< false: the right side of a semi or anti join, behind its ON
  std::vector<bool> not_null;  ///< columns that a filter or join key proves; empty: none
  std::vector<bool> merged;    ///< columns that USING merged into one; empty: none
};

/// A column of several tables under one name: JOIN ... USING.
struct MergedColumn {
  std::string_view name;
  Value value;
  Sources sources;
  size_t table = 0;  ///< where `*` shows it
  size_t column = 0;
};

struct ColumnPlace {
  size_t table = 0;
  size_t column = 0;
  auto operator<=>(const ColumnPlace&) const = default;
};

/// An item of the SELECT list that later clauses may name.
struct ItemState {
  std::string_view name;    ///< the key of its alias; empty: none
  std::string_view column;  ///< of `t.column` without an alias, the key of `column`
  Value value;
  Sources sources;
  bool bound = false;
  bool has_aggregate = false;
  bool has_window = false;
};

struct Typing;

struct LambdaParameter {
  std::string_view name;
  Value value;
};

/// The clause that is being bound.
enum class Clause : uint8_t { kFrom, kWhere, kGroupBy, kSelect, kHaving, kQualify, kOrderBy, kOther };

/// A column that stands outside of every aggregate; an error once the SELECT turns out to be grouped by something else.
struct BareColumn {
  ColumnPlace place;
  base::Span span;
  std::string_view name;
  size_t item = 0;
};

struct Grouping {
  bool collecting = false;  ///< in a clause that sees groups, not rows
  int shielded = 0;         ///< inside of an aggregate or of an expression that is grouped by
  bool aggregated = false;
  bool grouped = false;  ///< there is a GROUP BY
  bool by_all = false;
  bool failed = false;  ///< an element of GROUP BY is wrong: what is grouped is not known
  std::vector<ColumnPlace> columns;
  std::vector<const grammar::Expr*> exprs;
  std::vector<std::string> keys;  ///< the texts of `exprs` with every column by its place
  std::vector<BareColumn> bare;
};

/// The names of one SELECT, and of those around it.
struct Scope {
  Scope(Scope* outer, const Typing& rules, NameRule compare) : parent(outer), typing(&rules), names(compare) {}

  Scope* parent;
  const Typing* typing;
  NameRule names;
  std::vector<ScopeTable> tables;
  std::vector<MergedColumn> merged;
  std::vector<LambdaParameter> lambdas;
  grammar::List<grammar::SelectItem> items;
  std::vector<ItemState> states;  ///< parallel to `items`
  size_t item = 0;                ///< the one that is being bound
  grammar::List<grammar::NamedWindow> windows;
  Clause clause = Clause::kOther;
  bool whole = false;  ///< what is bound is all of an element of GROUP BY or ORDER BY
  bool in_aggregate = false;
  bool in_window = false;
  bool saw_aggregate = false;  ///< in the current item
  bool saw_window = false;
  Grouping grouping;
};

/// What a name came to be.
enum class Found : uint8_t { kNothing, kColumn, kMerged, kLambda, kAlias, kRow, kAmbiguous, kIncomplete };

struct Lookup {
  Found found = Found::kNothing;
  Scope* scope = nullptr;
  size_t index = 0;   ///< of a merged column, lambda parameter, item or table
  ColumnPlace place;  ///< of a column
  ColumnPlace other;  ///< of kAmbiguous: the second one
};

/// An unqualified name by its key, from the innermost scope outwards.
Lookup FindName(std::string_view name, Scope& scope);
/// The table of that alias; null when no scope has one. `schema` may be empty.
ScopeTable* FindTable(std::string_view schema, std::string_view alias, Scope& scope, Scope** holder, size_t* index);
/// The column of a relation; -1 when absent, -2 when there are two.
int FindColumn(const Relation& relation, std::string_view name, uint32_t hash, NameRule names);

bool IsNullable(const ScopeTable& table, size_t column);
void ProveNotNull(ScopeTable& table, size_t column);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_SCOPE_H_
