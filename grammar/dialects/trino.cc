#include "grammar/dialect.h"

namespace wapc::grammar {

const Dialect& TrinoDialect();

/// Trino, as of 400 and later. The words are those that its manual lists as reserved.
const Dialect& TrinoDialect() {
  // clang-format off
  static const std::vector<std::string_view> kReserved = {
      "alter", "and", "as", "between", "by", "case", "cast", "constraint", "create", "cross", "cube",
      "current_catalog", "current_date", "current_path", "current_role", "current_schema", "current_time",
      "current_timestamp", "current_user", "deallocate", "delete", "describe", "distinct", "drop", "else", "end",
      "escape", "except", "execute", "exists", "extract", "false", "for", "from", "full", "group", "grouping",
      "having", "in", "inner", "insert", "intersect", "into", "is", "join", "json_array", "json_exists",
      "json_object", "json_query", "json_table", "json_value", "left", "like", "listagg", "localtime",
      "localtimestamp", "natural", "normalize", "not", "null", "on", "or", "order", "outer", "prepare",
      "recursive", "right", "rollup", "select", "skip", "table", "then", "trim", "true", "uescape", "union",
      "unnest", "using", "values", "when", "where", "with",
  };
  static const std::vector<std::string_view> kBare = {
      "current_catalog", "current_date", "current_path", "current_role", "current_schema", "current_time",
      "current_timestamp", "current_user", "localtime", "localtimestamp",
  };
  // clang-format on
  static const Dialect kDialect = {
      .name = "trino",
      .title = "Trino",
      .folding = Folding::kInsensitive,
      .nulls = NullOrder::kLast,
      .lex = {.unicode_strings = true,
              .bare_values = true,
              .plain_words = {TokenKind::ANTI, TokenKind::ASOF, TokenKind::GLOB, TokenKind::LAMBDA, TokenKind::MAP,
                              TokenKind::PIVOT, TokenKind::POSITIONAL, TokenKind::SEMI, TokenKind::UNPIVOT,
                              TokenKind::MATCH_CONDITION, TokenKind::REGEXP, TokenKind::RLIKE, TokenKind::SAMPLE}},
      .write = {.offset_first = true, .one_predicate = true},
      .features = {Feature::kBareValues,       Feature::kListOverflow, Feature::kTableCall,
                   Feature::kArrayConstructor, Feature::kAtTimeZone,   Feature::kFetchFirst,
                   Feature::kFetchTies,        Feature::kFilterClause, Feature::kFrameGroups,
                   Feature::kIgnoreNulls,      Feature::kLambda,       Feature::kLimitAll,
                   Feature::kNamedWindow,      Feature::kOrderInCall,  Feature::kRowConstructor,
                   Feature::kSample,           Feature::kSetAll,       Feature::kTableCommand,
                   Feature::kTryCast,          Feature::kWithinGroup,  Feature::kWithOrdinality},
      .reserved_words = &kReserved,
      .bare_functions = &kBare,
  };
  return kDialect;
}

}  // namespace wapc::grammar
