#ifndef WAPC_GRAMMAR_DIALECT_H_
#define WAPC_GRAMMAR_DIALECT_H_

#include <string>
#include <string_view>
#include <vector>

namespace wapc::grammar {

enum class Folding : uint8_t { kLower, kUpper, kInsensitive };

/// What one SQL dialect does differently: data, and the odd override. One file each in grammar/dialects/.
struct Dialect {
  std::string_view name;
  char identifier_quote = '"';
  Folding folding = Folding::kInsensitive;  ///< of unquoted names
  bool nulls_first_ascending = false;       ///< the engine's default order of NULL under ASC
  bool nulls_first_descending = false;
  const std::vector<std::string_view>* reserved_words = nullptr;  ///< sorted, lower case: quoted when used as names
};

const Dialect& DuckDbDialect();

/// Every dialect: each file in grammar/dialects/ is one (cmake/WapcRegistry.cmake).
std::vector<const Dialect*> AllDialects();

/// The dialect of that name ("duckdb"), or null. `DialectNames` lists what there is.
const Dialect* FindDialect(std::string_view name);
std::vector<std::string> DialectNames();

/// A name as the dialect writes it, quoted only where needed; and always quoted.
std::string QuoteIfNeeded(std::string_view name, const Dialect& dialect);
std::string QuoteIdentifier(std::string_view name, const Dialect& dialect);
/// A string literal with its quotes.
std::string QuoteString(std::string_view value, const Dialect& dialect);

}  // namespace wapc::grammar

#endif  // WAPC_GRAMMAR_DIALECT_H_
