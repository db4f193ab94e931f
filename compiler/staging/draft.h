#ifndef WAPC_COMPILER_STAGING_DRAFT_H_
#define WAPC_COMPILER_STAGING_DRAFT_H_

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
};

/// One staging model in the making: what the defaults gave, changed by one rule after the other.
struct Draft {
  const metadata::Schema* schema = nullptr;
  const metadata::Table* table = nullptr;
  const metadata::Table* root = nullptr;
  grammar::Arena* arena = nullptr;
  std::vector<DraftColumn> columns;
  std::vector<grammar::Expr*> filters;  ///< joined with AND

  const DraftColumn* Find(std::string_view name) const;
  /// The columns of the draft that stand for these raw columns, by their names now; those without one are left out.
  std::vector<std::string> NamesOf(const std::vector<std::string>& raw) const;
};

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_DRAFT_H_
