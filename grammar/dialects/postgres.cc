#include "grammar/dialect.h"

namespace wapc::grammar {

const Dialect& PostgresDialect();

/// PostgreSQL, as of 15 to 17. The words are those that its manual lists as reserved, functions and types among them.
const Dialect& PostgresDialect() {
  // clang-format off
  static const std::vector<std::string_view> kReserved = {
      "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
      "both", "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create",
      "cross", "current_catalog", "current_date", "current_role", "current_schema", "current_time",
      "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end",
      "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike",
      "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left",
      "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only",
      "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning", "right", "select",
      "session_user", "similar", "some", "symmetric", "system_user", "table", "tablesample", "then", "to",
      "trailing", "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window",
      "with",
  };
  static const std::vector<std::string_view> kBare = {
      "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
      "current_user", "localtime", "localtimestamp", "session_user", "system_user", "user",
  };
  // clang-format on
  static const Dialect kDialect = {
      .name = "postgres",
      .title = "PostgreSQL",
      .folding = Folding::kLower,
      .nulls = NullOrder::kAsLargest,
      .lex =
          {
              .escape_strings = true,
              .dollar_strings = true,
              .nested_comments = true,
              .unicode_strings = true,
              .json_signs = true,
              .plain_words = {TokenKind::ANTI, TokenKind::ASOF, TokenKind::GLOB, TokenKind::LAMBDA, TokenKind::MAP,
                              TokenKind::PIVOT, TokenKind::POSITIONAL, TokenKind::SEMI, TokenKind::UNPIVOT,
                              TokenKind::MATCH_CONDITION, TokenKind::REGEXP, TokenKind::RLIKE, TokenKind::SAMPLE},
          },
      .write = {.arrow_lambdas = false, .xor_function = false, .call_base = false},
      .features =
          {Feature::kLikeAny,      Feature::kArrayConstructor, Feature::kArrayComparison, Feature::kArraySubquery,
           Feature::kAtTimeZone,   Feature::kBetweenSymmetric, Feature::kBitOperators,    Feature::kCaretStartsWith,
           Feature::kCollate,      Feature::kDistinctOn,       Feature::kDoubleColon,     Feature::kFetchFirst,
           Feature::kFetchTies,    Feature::kFilterClause,     Feature::kFrameExclude,    Feature::kFrameGroups,
           Feature::kILike,        Feature::kJsonArrows,       Feature::kJsonOperators,   Feature::kLimitAll,
           Feature::kMaterialized, Feature::kNamedWindow,      Feature::kOrderInCall,     Feature::kPostfixNull,
           Feature::kPower,        Feature::kRegexOperators,   Feature::kRowConstructor,  Feature::kSample,
           Feature::kSetAll,       Feature::kSimilarTo,        Feature::kSlice,           Feature::kTableCommand,
           Feature::kWithinGroup,  Feature::kWithOrdinality,   Feature::kXorOperator},
      .reserved_words = &kReserved,
      .bare_functions = &kBare,
  };
  return kDialect;
}

}  // namespace wapc::grammar
