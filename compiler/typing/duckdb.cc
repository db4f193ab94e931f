#include "compiler/passes/typing.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

const FunctionCatalog& Catalog() {
  static const FunctionCatalog kCatalog({"duckdb.overrides", "duckdb.functions"});
  return kCatalog;
}

}  // namespace

/// DuckDB 1.x: lists of casts and their costs (types.cc), names of the SELECT list almost everywhere.
const Typing& DuckdbTyping() {
  static const Typing kTyping = {
      .dialect = "duckdb",
      .catalog = Catalog,
      .alias_in_select = AliasRule::kAnywhere,
      .alias_in_where = AliasRule::kAnywhere,
      .alias_in_group_by = AliasRule::kAnywhere,
      .alias_in_having = AliasRule::kAnywhere,
      .alias_in_order_by = AliasRule::kAnywhere,
      .lateral_subqueries = true,
      .has_columns = true,
      .null_column = Type::Of(TypeKind::kInt32),
      .condition_takes_numbers = true,
      .in_takes_list = true,
      .text_is_list = true,
      .regex_search = "regexp_matches",
      .extract_function = "date_part",
      .year_month_interval = {},
      .percentile_is_quantile = true,
      .number = NumberOf,
      .string = StringOf,
      .meet = Meet,
      .cast_cost = ImplicitCastCost,
  };
  return kTyping;
}

}  // namespace wapc::compiler
