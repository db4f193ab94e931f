#ifndef WAPC_COMPILER_PLAN_QUERY_DIFFERENCE_H_
#define WAPC_COMPILER_PLAN_QUERY_DIFFERENCE_H_

#include <set>
#include <string>
#include <vector>

#include "grammar/ast.h"
#include "grammar/dialect.h"

namespace wapc::compiler {

/// Names of columns, in lower case: a match too many only costs a build, one too few would keep wrong rows.
using Names = std::set<std::string>;

/// How the rows of one query differ from those of another. What is not proven to be the same counts as different.
struct QueryDifference {
  struct Item {
    std::string name;      ///< in lower case; empty where only the engine knows it
    int old = -1;          ///< its place in the old query; -1: it is new
    bool changed = false;  ///< its values may differ
  };
  std::string rows;         ///< why the set of rows may differ ("its WHERE changed"); empty: it does not
  bool same = true;         ///< the columns are the same; else `items` has them, in their order
  std::vector<Item> items;  ///< of the new query
  Names gone;

  /// The columns that are new, gone, or whose values may differ.
  Names touched() const;
};

/// Compares two queries that were printed canonically and parsed again. `upstream`: columns of relations under them
/// whose values may differ too; their rows are the same.
QueryDifference CompareQueries(grammar::Query& old, grammar::Query& now, const Names& upstream,
                               const grammar::Dialect& dialect);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PLAN_QUERY_DIFFERENCE_H_
