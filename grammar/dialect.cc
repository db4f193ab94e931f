#include "grammar/dialect.h"

#include <algorithm>

#include "grammar/fold.h"
#include "grammar/lexer.h"

namespace wapc::grammar {
namespace {

bool HasUpper(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool HasLower(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool NeedsQuotes(std::string_view name, const Dialect& dialect) {
  const bool ascii = std::all_of(name.begin(), name.end(), [](char c) { return c > 0 && c != '$'; });
  if (!ascii || !IsPlainName(name)) return true;
  if (dialect.folding == Folding::kLower && HasUpper(name)) return true;
  if (dialect.folding == Folding::kUpper && HasLower(name)) return true;
  const auto* words = dialect.reserved_words;
  return words != nullptr && std::binary_search(words->begin(), words->end(), std::string_view(LowerCase(name)));
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

}  // namespace

const Dialect* FindDialect(std::string_view name) {
  for (const Dialect* const dialect : AllDialects()) {
    if (dialect->name == name) return dialect;
  }
  return nullptr;
}

std::vector<std::string> DialectNames() {
  std::vector<std::string> names;
  for (const Dialect* const dialect : AllDialects()) names.emplace_back(dialect->name);
  std::sort(names.begin(), names.end());
  return names;
}

std::string QuoteIdentifier(std::string_view name, const Dialect& dialect) {
  return Quoted(name, dialect.identifier_quote);
}

std::string QuoteIfNeeded(std::string_view name, const Dialect& dialect) {
  return NeedsQuotes(name, dialect) ? QuoteIdentifier(name, dialect) : std::string(name);
}

std::string QuoteString(std::string_view value, const Dialect& /*dialect*/) { return Quoted(value, '\''); }

}  // namespace wapc::grammar
