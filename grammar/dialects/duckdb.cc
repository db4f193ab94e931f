#include "grammar/dialect.h"

namespace wapc::grammar {

const Dialect& DuckdbDialect();

/// DuckDB 1.x. The words are those that its keyword table calls reserved or type_function.
const Dialect& DuckDbDialect() {
  // clang-format off
  static const std::vector<std::string_view> kReserved = {
      "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "at",
      "authorization", "between", "binary", "both", "by", "case", "cast", "check", "collate", "collation",
      "column", "columns", "concurrently", "constraint", "create", "cross", "default", "deferrable", "desc",
      "describe", "distinct", "do", "else", "end", "except", "exists", "false", "fetch", "for", "foreign",
      "freeze", "from", "full", "generated", "glob", "group", "having", "ilike", "in", "initially", "inner",
      "intersect", "interval", "into", "is", "isnull", "join", "lambda", "lateral", "leading", "left", "like",
      "limit", "map", "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer",
      "overlaps", "pivot", "pivot_longer", "pivot_wider", "placing", "positional", "primary", "qualify",
      "references", "returning", "right", "row", "select", "semi", "show", "similar", "some", "struct",
      "summarize", "symmetric", "table", "tablesample", "then", "to", "trailing", "true", "try_cast", "union",
      "unique", "unpack", "unpivot", "using", "values", "variadic", "verbose", "when", "where", "window", "with",
  };
  static const std::vector<std::string_view> kBare = {
      "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
      "current_user", "localtime", "localtimestamp", "session_user",
  };
  // clang-format on
  static const Dialect kDialect = {
      .name = "duckdb",
      .title = "DuckDB",
      .folding = Folding::kInsensitive,
      .nulls = NullOrder::kLast,
      .lex = {.escape_strings = true,
              .dollar_strings = true,
              .nested_comments = true,
              .plain_words = {TokenKind::MATCH_CONDITION, TokenKind::REGEXP, TokenKind::RLIKE, TokenKind::SAMPLE}},
      .write = {.array_open = "[",
                .named_argument = " := ",
                .arrow_lambdas = false,
                .nulls_in_call = true,
                .sample_percent = true,
                .arrow_loosest = true},
      .features =
          FeatureSet::AllBut({Feature::kBareValues, Feature::kBetweenSymmetric, Feature::kColonPath,
                              Feature::kFetchFirst, Feature::kFetchTies, Feature::kLikeAny, Feature::kListOverflow,
                              Feature::kRLike, Feature::kTableCall, Feature::kTop, Feature::kXorOperator}),
      .reserved_words = &kReserved,
      .bare_functions = &kBare,
  };
  return kDialect;
}

/// By the name of this file, as the registry of dialects looks for it.
const Dialect& DuckdbDialect() { return DuckDbDialect(); }

}  // namespace wapc::grammar
