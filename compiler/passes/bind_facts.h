#ifndef WAPC_COMPILER_PASSES_BIND_FACTS_H_
#define WAPC_COMPILER_PASSES_BIND_FACTS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/source.h"
#include "grammar/ast.h"
#include "metadata/type.h"

/// What binding saw of a query that its tree alone does not show, for those who look at it later (compiler/lint/).
namespace wapc::compiler {

struct Lookup;
struct Scope;

/// One relation of a FROM clause.
struct TableFact {
  std::string_view alias;  ///< empty: none
  int model = -1;          ///< index into Project::models; -1: a CTE, a subquery, a function
  base::Span span;
};

/// A column of one of those relations.
struct ColumnFact {
  size_t table = 0;  ///< index into SelectFacts::tables
  std::string_view name;
};

/// A join of SelectFacts::tables [begin, middle) with [middle, end).
struct JoinFact {
  const grammar::Join* join = nullptr;
  size_t begin = 0, middle = 0, end = 0;
  bool connected = false;  ///< some condition of ON, USING or WHERE names both sides
};

/// A column that equals an expression over other tables, or over none.
struct FixedFact {
  ColumnFact column;
  bool constant = false;  ///< no table at all
};

/// Two columns that a condition of a join says are equal.
struct ComparisonFact {
  ColumnFact left, right;
  metadata::Type left_type, right_type;
  base::Span span;
};

/// `*` of a SELECT list and the items that stand for it.
struct StarFact {
  const grammar::Star* star = nullptr;
  std::vector<grammar::SelectItem> items;
};

/// One SELECT, when it has a join, a GROUP BY or a star.
struct SelectFacts {
  const grammar::Select* select = nullptr;
  std::vector<TableFact> tables;
  std::vector<JoinFact> joins;
  std::vector<FixedFact> fixed;
  std::vector<ComparisonFact> comparisons;
  std::vector<StarFact> stars;
  std::vector<std::optional<ColumnFact>> items;   ///< parallel to the items; nothing for what is no bare column
  std::vector<std::optional<ColumnFact>> groups;  ///< what GROUP BY names, likewise; empty without one
  std::vector<size_t> group_items;                ///< parallel to `groups`: the item it stands for, or SIZE_MAX
};

/// A name that could have meant something else than it does.
struct NameFact {
  enum class Why : uint8_t { kOuterQuery, kAliasInGroupBy };
  Why why;
  std::string_view name;
  std::string_view table;  ///< of kOuterQuery: the alias that it means
  base::Span span;
  base::Span other;  ///< the table that it means, or the alias that it does not mean
};

/// `x NOT IN (SELECT y ...)` where y may be NULL.
struct NotInFact {
  base::Span span;
  base::Span column;
};

struct BindFacts {
  std::vector<SelectFacts> selects;
  std::vector<NameFact> names;
  std::vector<NotInFact> not_in;
};

/// Adds what is known of a SELECT that was bound in `scope`; `written` are its items before stars were expanded.
/// `models` gives the model that a relation name means, or -1.
void RecordSelect(const grammar::Select& select, grammar::List<grammar::SelectItem> written, Scope& scope,
                  const std::map<const grammar::TableName*, int>* models, BindFacts& facts);

/// Adds a bare name that was found in a query around the one that it stands in.
void RecordName(const grammar::ColumnRef& ref, const Lookup& found, const Scope& scope, BindFacts& facts);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_BIND_FACTS_H_
