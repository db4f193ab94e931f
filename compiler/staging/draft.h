#ifndef WAPC_COMPILER_STAGING_DRAFT_H_
#define WAPC_COMPILER_STAGING_DRAFT_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "grammar/ast.h"
#include "metadata/schema.h"

namespace wapc::compiler {

/// One column of a staging model in the making.
struct DraftColumn {
  std::string name;
  base::Span span;  ///< where an error in it points
  grammar::Expr* expr = nullptr;
  const metadata::Column* raw = nullptr;  ///< the raw column it comes from; null for what dlt or a rule adds
  bool system = false;                    ///< dlt's own bookkeeping: rules leave it alone
  bool replaced = false;                  ///< a rule changed its values: the values that the schema lists may be others
};

/// How a staging model is stored, where a rule says so.
enum class Materialised : uint8_t { kByDisposition, kFull, kIncremental };

/// One staging model in the making: what the defaults gave, changed by one rule after the other.
struct Draft {
  const metadata::Schema* schema = nullptr;
  const metadata::Table* table = nullptr;
  const metadata::Table* root = nullptr;
  grammar::Arena* arena = nullptr;
  std::vector<DraftColumn> columns;
  std::vector<grammar::Expr*> filters;        ///< joined with AND
  std::map<std::string, base::Span> dropped;  ///< raw columns that a rule left out, and where it says so
  std::vector<std::string> one_row_by;        ///< staged columns of which only one row stays; empty: every row
  grammar::Expr* first_row = nullptr;         ///< with one_row_by: the condition that this is the row
  Materialised materialised = Materialised::kByDisposition;
  base::Span materialised_span;
  std::vector<std::string> tags;

  const DraftColumn* Find(std::string_view name) const;
  /// The columns of the draft that stand for these raw columns, by their names now; those without one are left out.
  std::vector<std::string> NamesOf(const std::vector<std::string>& raw) const;
  /// Leaves columns out, for a rule at `span`.
  void Drop(const std::vector<std::string>& names, base::Span span);
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_DRAFT_H_
