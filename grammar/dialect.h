#ifndef WAPC_GRAMMAR_DIALECT_H_
#define WAPC_GRAMMAR_DIALECT_H_

#include <string>
#include <string_view>
#include <vector>

#include "grammar/features.h"
#include "grammar/tokens.h"

namespace wapc::grammar {

/// What an engine makes of an unquoted name. kInsensitive: letter case never counts, quoted or not.
enum class Folding : uint8_t { kLower, kUpper, kInsensitive };

/// Where NULL comes in an order that does not say.
enum class NullOrder : uint8_t { kLast, kFirst, kAsLargest, kAsSmallest };

/// How text is cut into tokens.
struct LexRules {
  bool escapes_in_strings = false;  ///< a backslash escapes in '...'
  bool escape_strings = false;      ///< E'...'
  bool dollar_strings = false;      ///< $$...$$
  bool nested_comments = false;     ///< /* /* */ */
  bool slash_comments = false;      ///< `//` starts a comment
  bool unicode_strings = false;     ///< U&'...'
  bool json_signs = false;          ///< ?| ?& @? @@ #- are operators
  bool colon_paths = false;         ///< column:key.key
  bool minus_set = false;           ///< MINUS is EXCEPT
  bool bare_values = false;         ///< VALUES 1, 2
  TokenSet plain_words;             ///< keywords of the grammar that are ordinary names here
};

/// How the same tree is written.
struct WriteRules {
  std::string_view array_open = "ARRAY[";
  std::string_view named_argument = " => ";
  std::string_view position_function = "strpos";  ///< what POSITION(a IN b) is called with (b, a)
  bool position_needle_first = false;             ///< ... with (a, b)
  bool arrow_lambdas = true;                      ///< x -> y; else LAMBDA x: y
  bool nulls_in_call = false;                     ///< f(x IGNORE NULLS); else f(x) IGNORE NULLS
  bool offset_first = false;                      ///< OFFSET before LIMIT
  bool one_predicate = false;                     ///< a = b IS NULL and its like need parentheses
  bool xor_function = true;                       ///< xor(a, b); else the operator #
  bool sample_percent = false;                    ///< TABLESAMPLE (10 PERCENT); else (10)
  bool call_base = true;                          ///< f(x).y and f(x)[1]; else (f(x)).y
  bool arrow_loosest = false;                     ///< -> binds looser than OR on its left (DuckDB)
};

/// What one SQL dialect does differently: data, one file each in grammar/dialects/.
struct Dialect {
  std::string_view name;   ///< as users write it: "postgres"
  std::string_view title;  ///< as messages say it: "PostgreSQL"
  char identifier_quote = '"';
  Folding folding = Folding::kInsensitive;
  NullOrder nulls = NullOrder::kLast;
  int first_index = 1;  ///< of arrays
  LexRules lex;
  WriteRules write;
  FeatureSet features;
  /// Sorted, lower case: quoted when used as names. The words that wapc's grammar reserves in the dialect are not
  /// repeated here.
  const std::vector<std::string_view>* reserved_words = nullptr;
  /// Sorted, lower case: calls without parentheses, so names only when quoted.
  const std::vector<std::string_view>* bare_functions = nullptr;

  bool Has(Feature feature) const { return features.Has(feature); }
};

const Dialect& DuckDbDialect();

/// Every dialect: each file in grammar/dialects/ is one (cmake/WapcRegistry.cmake).
std::vector<const Dialect*> AllDialects();

/// The dialect of that name ("duckdb"), or null. Letter case does not count, and "postgresql" is "postgres".
/// `DialectNames` lists what there is.
const Dialect* FindDialect(std::string_view name);
std::vector<std::string> DialectNames();

/// Whether NULL comes first under ORDER BY ... ASC (or DESC) where neither FIRST nor LAST is written.
bool NullsFirst(const Dialect& dialect, bool descending);

/// The name as the engine keeps it: folded unless it was quoted.
std::string StoredName(std::string_view name, bool quoted, const Dialect& dialect);

/// Whether that word is a call without parentheses (current_date).
bool IsBareFunction(std::string_view word, const Dialect& dialect);

/// Whether a name can stand unquoted: it is no word that means something else. Letter case is not looked at.
bool IsPlainIn(std::string_view name, const Dialect& dialect);

/// A name (as the engine keeps it) as the dialect writes it, quoted only where needed; and always quoted.
std::string QuoteIfNeeded(std::string_view name, const Dialect& dialect);
std::string QuoteIdentifier(std::string_view name, const Dialect& dialect);
/// A string literal with its quotes.
std::string QuoteString(std::string_view value, const Dialect& dialect);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_DIALECT_H_
