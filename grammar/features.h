#ifndef WAPC_GRAMMAR_FEATURES_H_
#define WAPC_GRAMMAR_FEATURES_H_

#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <string_view>

/// What SQL dialects have or lack, each in one word: the tree builder asks before it takes a construct, translation
/// asks before it writes one.
namespace wapc::grammar {

/// X(feature, what it is called in a message, what to write instead where it is missing).
// clang-format off
#define WAPC_FEATURES(X) \
  X(kPrefixAlias, "an alias before its expression (name: value)", "write value AS name") \
  X(kArrayConstructor, "ARRAY[...]", "write [...]") \
  X(kArrayComparison, "ANY or ALL over an array", "use IN with a list, or an array function") \
  X(kArraySubquery, "ARRAY(SELECT ...)", "use array_agg in a subquery") \
  X(kAsofJoin, "ASOF JOIN", "join on the range, and keep the latest row with row_number()") \
  X(kAtTimeZone, "AT TIME ZONE", "use the engine's function for converting time zones") \
  X(kBareValues, "a row of VALUES without parentheses", "put each row in parentheses") \
  X(kBetweenSymmetric, "BETWEEN SYMMETRIC", "use least() and greatest() for the two bounds") \
  X(kBitOperators, "a bit operator", "use the engine's bit functions") \
  X(kBracketArray, "an array in plain brackets", "write ARRAY[...]") \
  X(kCaretStartsWith, "the operator ^@", "use starts_with(a, b)") \
  X(kCollate, "COLLATE", "compare with lower() or upper()") \
  X(kColonPath, "a path after a colon (column:key)", "use the engine's JSON functions") \
  X(kDistinctOn, "DISTINCT ON", "number the rows with row_number() in a subquery and keep the first ones") \
  X(kDoubleColon, "the cast ::", "write CAST(x AS type)") \
  X(kDoubleEquals, "the comparison ==", "write =") \
  X(kFetchFirst, "FETCH FIRST", "use LIMIT") \
  X(kFetchTies, "FETCH FIRST ... WITH TIES", "number the rows with rank() in a subquery") \
  X(kFileTable, "a file's name in place of a table", "use a table function, or an external table") \
  X(kBareFilter, "FILTER without WHERE", "write FILTER (WHERE ...)") \
  X(kFilterClause, "FILTER after an aggregate", "put a CASE into the aggregate's argument") \
  X(kFrameExclude, "EXCLUDE in a window frame", "leave the rows out by a condition") \
  X(kFrameGroups, "GROUPS in a window frame", "use RANGE or ROWS") \
  X(kFromFirst, "a query that starts with FROM", "write SELECT ... FROM ...") \
  X(kGlob, "GLOB", "use LIKE") \
  X(kGroupByAll, "GROUP BY ALL", "list what to group by") \
  X(kILike, "ILIKE", "use LIKE on lower()") \
  X(kIgnoreNulls, "IGNORE NULLS", "filter the NULLs out first") \
  X(kIntDiv, "the operator //", "use the engine's function for whole division") \
  X(kInArray, "IN over an array", "use ANY, or the engine's function that looks into an array") \
  X(kJsonArrows, "the operators -> and ->>", "use the engine's JSON functions") \
  X(kJsonOperators, "this JSON operator", "use the engine's JSON functions") \
  X(kLambda, "a lambda", "unnest the array and aggregate it again") \
  X(kLateralAlias, "an alias used beside its definition", "repeat the expression, or use a subquery") \
  X(kLikeAny, "LIKE ANY", "write the patterns one by one with OR") \
  X(kLimitAll, "LIMIT ALL", "leave the LIMIT out") \
  X(kLimitPercent, "LIMIT with a percentage", "limit by a number of rows") \
  X(kListOverflow, "ON OVERFLOW", "leave it out") \
  X(kListComprehension, "a list comprehension", "use the engine's array functions") \
  X(kMapLiteral, "MAP {...}", "use the engine's function that makes a map") \
  X(kMaterialized, "MATERIALIZED", "leave the word out") \
  X(kMethodCall, "a function written behind its first argument", "write f(x, ...) instead of x.f(...)") \
  X(kNamedWindow, "WINDOW", "write the window where it is used") \
  X(kOrderInCall, "ORDER BY inside a call", "use WITHIN GROUP (ORDER BY ...)") \
  X(kOrderByAll, "ORDER BY ALL", "list what to order by") \
  X(kPivot, "PIVOT", "use aggregates over CASE") \
  X(kPositionalJoin, "POSITIONAL JOIN", "join on row_number()") \
  X(kPostfixNull, "ISNULL and NOTNULL", "write IS NULL or IS NOT NULL") \
  X(kPower, "the operator for powers", "use power(a, b)") \
  X(kQualify, "QUALIFY", "filter on the window function in a query around this one") \
  X(kRLike, "RLIKE", "use the engine's regexp functions") \
  X(kRegexOperators, "a regular expression operator", "use the engine's regexp functions") \
  X(kRowConstructor, "ROW(...)", "use the engine's function that makes a struct") \
  X(kPositionNumber, "a column by its number", "name the column") \
  X(kXorOperator, "the operator #", "use xor(a, b)") \
  X(kSampleDefault, "a sample without a method", "write BERNOULLI or SYSTEM before its size") \
  X(kSample, "a sample of a table", "filter on random()") \
  X(kSemiJoin, "SEMI and ANTI JOIN", "use EXISTS or NOT EXISTS") \
  X(kSetByName, "BY NAME", "list the columns of both sides in one order") \
  X(kSetAll, "INTERSECT ALL and EXCEPT ALL", "count the duplicates with row_number()") \
  X(kSimilarTo, "SIMILAR TO", "use the engine's regexp functions") \
  X(kSlice, "a slice of an array", "use slice(a, start, length) or array_slice") \
  X(kStarExclude, "EXCLUDE after a star", "list the columns") \
  X(kStarLike, "a pattern after a star", "list the columns") \
  X(kStarRename, "RENAME after a star", "list the columns") \
  X(kStarReplace, "REPLACE after a star", "list the columns") \
  X(kStringAlias, "an alias in single quotes", "put it in double quotes") \
  X(kStructLiteral, "a struct in braces", "use the engine's function that makes a struct") \
  X(kTableCall, "TABLE(...) around a table function", "call the function without it") \
  X(kTableCommand, "TABLE t as a query", "write SELECT * FROM t") \
  X(kTop, "SELECT TOP", "use LIMIT") \
  X(kTrailingComma, "a comma behind the last item", "remove the comma") \
  X(kTryCast, "TRY_CAST", "check the text before casting it") \
  X(kUnpivot, "UNPIVOT", "use a lateral join with VALUES, or UNION ALL") \
  X(kWithinGroup, "WITHIN GROUP", "use ORDER BY inside the call") \
  X(kWithOrdinality, "WITH ORDINALITY", "number the rows with row_number()")
// clang-format on

enum class Feature : uint8_t {
#define WAPC_FEATURE(name, what, instead) name,
  WAPC_FEATURES(WAPC_FEATURE)
#undef WAPC_FEATURE
      kCount
};

/// What a feature is called, and what to write where a dialect lacks it.
std::string_view NameOf(Feature feature);
std::string_view InsteadOf(Feature feature);

class FeatureSet {
 public:
  FeatureSet() = default;
  FeatureSet(std::initializer_list<Feature> features) {
    for (const Feature feature : features) bits_.set(static_cast<size_t>(feature));
  }
  /// Every feature but these.
  static FeatureSet AllBut(std::initializer_list<Feature> features) {
    FeatureSet set(features);
    set.bits_.flip();
    return set;
  }
  bool Has(Feature feature) const { return bits_.test(static_cast<size_t>(feature)); }

 private:
  std::bitset<static_cast<size_t>(Feature::kCount)> bits_;
};

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_FEATURES_H_
