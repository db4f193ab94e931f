#ifndef WAPC_COMPILER_STAGING_DEFAULTS_H_
#define WAPC_COMPILER_STAGING_DEFAULTS_H_

#include <optional>
#include <string>

#include "base/diagnostics.h"
#include "compiler/ast_build.h"
#include "compiler/ir.h"
#include "compiler/staging/draft.h"
#include "compiler/staging/rule.h"

namespace wapc::compiler {

/// What every staging model has before any rule: each raw column cast to its exact type, dlt's bookkeeping, the load of
/// every row at any nesting depth and its time (`_loaded_at`), rows of complete loads only. Nothing when the table
/// cannot be staged: no parent or no row key (reported).  Columns that dlt knows of but the table has not yet are left
/// out.
struct StagingDefaults {
  Draft draft;
  grammar::TableRef* from = nullptr;
  std::string row_key;  ///< raw names; empty where the table has none
  std::string parent_key;
};
std::optional<StagingDefaults> DefaultsFor(const metadata::Schema& schema, const metadata::Table& table,
                                           grammar::Arena& arena, const grammar::Dialect& dialect, RuleTools& tools);

/// The names that every staging model uses for the load of a row.
inline constexpr std::string_view kLoadIdColumn = "_dlt_load_id";
inline constexpr std::string_view kLoadedAtColumn = "_loaded_at";

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_STAGING_DEFAULTS_H_
