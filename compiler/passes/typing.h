#ifndef WAPC_COMPILER_PASSES_TYPING_H_
#define WAPC_COMPILER_PASSES_TYPING_H_

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/passes/functions.h"
#include "compiler/passes/types.h"
#include "grammar/dialect.h"

/// How the dialects differ in what names and values mean: data, and functions where a table cannot say it. One file
/// each in compiler/typing/, beside its data in compiler/functions/.
namespace wapc::compiler {

/// Where a name of the SELECT list counts as a name.
enum class AliasRule : uint8_t {
  kNever,
  kWhole,     ///< only as the whole of what is ordered or grouped by
  kAnywhere,  ///< inside an expression too
};

/// What a column without an alias is called.
enum class ItemNames : uint8_t {
  kColumnsOnly,  ///< only columns, fields and casts of them have a name worth using
  kPostgres,     ///< functions by their name, a cast by its type, CASE by its ELSE, all else "?column?"
};

struct Typing {
  std::string_view dialect = {};
  const FunctionCatalog& (*catalog)() = nullptr;

  // Names
  AliasRule alias_in_select = AliasRule::kNever;  ///< by later items
  AliasRule alias_in_where = AliasRule::kNever;
  AliasRule alias_in_group_by = AliasRule::kNever;
  AliasRule alias_in_having = AliasRule::kNever;
  AliasRule alias_in_order_by = AliasRule::kWhole;
  ItemNames item_names = ItemNames::kColumnsOnly;
  std::string_view values_column = "col{}";  ///< the columns of VALUES
  size_t values_from = 0;                    ///< counted from
  bool lateral_subqueries = false;           ///< a subquery in FROM sees what stands before it without LATERAL
  bool function_alias_names_column = false;  ///< FROM f(x) AS a: its only column is called a
  bool scalar_functions_in_from = false;
  bool has_columns = false;          ///< COLUMNS(...) stands for several items
  bool unnest_spreads_rows = false;  ///< UNNEST of rows gives a column a field, of a map one of keys and one of values
  bool bare_date_parts = false;      ///< dateadd(day, ...): the name of a part stands for its text
  bool table_names_are_rows = true;  ///< the name of a table stands for its row

  // Values
  metadata::Type null_column = {};        ///< what a bare NULL becomes where it is stored
  bool null_settles_in_subquery = false;  ///< likewise at the end of a subquery in FROM
  bool condition_takes_numbers = false;
  bool in_takes_list = false;      ///< `x IN list` looks into the list
  bool flat_arrays = false;        ///< an array of arrays has the type of an array
  bool text_is_list = false;       ///< text can be indexed and sliced
  bool operators_by_sign = false;  ///< the catalogue has operators under the signs that are written
  std::string_view regex_search =
      "regexp_like";                          ///< (text, pattern): whether the pattern is found anywhere in the text
  bool regex_search_is_place = false;         ///< ... where it is found, from 1; 0: nowhere
  std::string_view extract_function = {};     ///< EXTRACT(part FROM x) is this one of (text, x)
  std::string_view year_month_interval = {};  ///< the engine type of intervals in years and months; empty: one for all
  bool percentile_is_quantile = false;        ///< percentile_cont(f) WITHIN GROUP (ORDER BY x) is quantile_cont(x, f)
  bool literals_stay_open = false;            ///< literals that meet have no type before they meet something else
  bool drops_lengths = false;                 ///< a function's result has no length, precision or scale of its own

  /// A number literal, and a string literal of that text.
  Value (*number)(std::string_view written) = nullptr;
  Value (*string)(std::string_view text) = nullptr;
  /// The type that holds both, of CASE, COALESCE, UNION and lists; nothing when they do not meet.
  std::optional<metadata::Type> (*meet)(const Value& a, const Value& b) = nullptr;
  /// Whether two values can be compared; null: whenever they meet.
  bool (*comparable)(const Value& a, const Value& b) = nullptr;
  /// What an implicit cast costs an overload; negative: there is none.
  int (*cast_cost)(const Value& from, const metadata::Type& to) = nullptr;
  /// The overload that a call means, or null; null itself: the one with the lowest sum of costs.
  const Signature* (*choose)(const FunctionCatalog& catalog, const FunctionSet& set,
                             std::span<const Value> values) = nullptr;
  /// Whether CAST can take one to the other; null: always.
  bool (*castable)(const Value& from, const metadata::Type& to) = nullptr;
};

/// Every typing: each file in compiler/typing/ is one (cmake/WapcRegistry.cmake).
std::vector<const Typing*> AllTypings();

/// The one of a dialect; DuckDB's for a dialect that has none of its own.
const Typing& TypingOf(const grammar::Dialect& dialect);

/// Two values of a row of several that shall meet, as one that meets the next: literals that PostgreSQL has not settled
/// yet stay such.
std::optional<Value> Fold(const Typing& typing, const Value& a, const Value& b);

/// Without lengths, precisions and scales: what `drops_lengths` leaves of a type.
metadata::Type WithoutLengths(metadata::Type type);

}  // namespace wapc::compiler

#endif  // WAPC_COMPILER_PASSES_TYPING_H_
