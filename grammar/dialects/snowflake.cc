#include "grammar/dialect.h"

namespace wapc::grammar {

const Dialect& SnowflakeDialect();

/// Snowflake. The words are those that its manual lists as reserved.
const Dialect& SnowflakeDialect() {
  // clang-format off
  static const std::vector<std::string_view> kReserved = {
      "account", "all", "alter", "and", "any", "as", "between", "by", "case", "cast", "check", "column", "connect",
      "connection", "constraint", "create", "cross", "current", "current_date", "current_time",
      "current_timestamp", "current_user", "database", "delete", "distinct", "drop", "else", "exists", "false",
      "following", "for", "from", "full", "grant", "group", "gscluster", "having", "ilike", "in", "increment",
      "inner", "insert", "intersect", "into", "is", "issue", "join", "lateral", "left", "like", "localtime",
      "localtimestamp", "minus", "natural", "not", "null", "of", "on", "or", "order", "organization", "qualify",
      "regexp", "revoke", "right", "rlike", "row", "rows", "sample", "schema", "select", "set", "some", "start",
      "table", "tablesample", "then", "to", "trigger", "true", "try_cast", "union", "unique", "update", "using",
      "values", "view", "when", "whenever", "where", "with",
  };
  static const std::vector<std::string_view> kBare = {
      "current_date", "current_time", "current_timestamp", "current_user", "localtime", "localtimestamp",
  };
  // clang-format on
  static const Dialect kDialect = {
      .name = "snowflake",
      .title = "Snowflake",
      .folding = Folding::kUpper,
      .nulls = NullOrder::kAsLargest,
      .first_index = 0,
      .lex = {.escapes_in_strings = true,
              .dollar_strings = true,
              .slash_comments = true,
              .colon_paths = true,
              .minus_set = true,
              .plain_words = {TokenKind::ANTI, TokenKind::GLOB, TokenKind::LAMBDA, TokenKind::MAP,
                              TokenKind::POSITIONAL, TokenKind::SEMI}},
      .write = {.array_open = "[",
                .position_function = "position",
                .position_needle_first = true,
                .one_predicate = true},
      .features = {Feature::kLikeAny,       Feature::kRLike,        Feature::kTableCall,     Feature::kAsofJoin,
                   Feature::kBracketArray,  Feature::kCollate,      Feature::kColonPath,     Feature::kDoubleColon,
                   Feature::kFetchFirst,    Feature::kGroupByAll,   Feature::kILike,         Feature::kIgnoreNulls,
                   Feature::kLambda,        Feature::kLateralAlias, Feature::kOrderByAll,    Feature::kPivot,
                   Feature::kQualify,       Feature::kSample,       Feature::kSampleDefault, Feature::kSetByName,
                   Feature::kStarExclude,   Feature::kStarLike,     Feature::kStarRename,    Feature::kStarReplace,
                   Feature::kStructLiteral, Feature::kTop,          Feature::kTrailingComma, Feature::kTryCast,
                   Feature::kUnpivot,       Feature::kWithinGroup},
      .reserved_words = &kReserved,
      .bare_functions = &kBare,
  };
  return kDialect;
}

}  // namespace wapc::grammar
