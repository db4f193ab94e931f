#include "grammar/dialect.h"

#include <algorithm>
#include <array>

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

bool Contains(const std::vector<std::string_view>* words, std::string_view lower) {
  return words != nullptr && std::binary_search(words->begin(), words->end(), lower);
}

bool NeedsQuotes(std::string_view name, const Dialect& dialect) {
  if (dialect.folding == Folding::kLower && HasUpper(name)) return true;
  if (dialect.folding == Folding::kUpper && HasLower(name)) return true;
  return !IsPlainIn(name, dialect);
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out + quote;
}

struct FeatureText {
  std::string_view name;
  std::string_view instead;
};
constexpr auto kFeatureTexts = std::to_array<FeatureText>({
#define WAPC_FEATURE(name, what, instead) {what, instead},
    WAPC_FEATURES(WAPC_FEATURE)
#undef WAPC_FEATURE
});

}  // namespace

std::string_view NameOf(Feature feature) { return kFeatureTexts[static_cast<size_t>(feature)].name; }
std::string_view InsteadOf(Feature feature) { return kFeatureTexts[static_cast<size_t>(feature)].instead; }

const Dialect* FindDialect(std::string_view name) {
  std::string wanted = LowerCase(name);
  if (wanted == "postgresql") wanted = "postgres";
  for (const Dialect* const dialect : AllDialects()) {
    if (dialect->name == wanted) return dialect;
  }
  return nullptr;
}

std::vector<std::string> DialectNames() {
  std::vector<std::string> names;
  for (const Dialect* const dialect : AllDialects()) names.emplace_back(dialect->name);
  std::sort(names.begin(), names.end());
  return names;
}

bool NullsFirst(const Dialect& dialect, bool descending) {
  switch (dialect.nulls) {
    case NullOrder::kLast: return false;
    case NullOrder::kFirst: return true;
    case NullOrder::kAsLargest: return descending;
    case NullOrder::kAsSmallest: return !descending;
  }
  return false;
}

std::string StoredName(std::string_view name, bool quoted, const Dialect& dialect) {
  if (quoted || dialect.folding == Folding::kInsensitive) return std::string(name);
  if (dialect.folding == Folding::kLower) return LowerCase(name);
  std::string upper(name);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

bool IsBareFunction(std::string_view word, const Dialect& dialect) {
  if (word.size() < 4 || word.size() > 17) return false;
  return Contains(dialect.bare_functions, LowerCase(word));
}

bool IsPlainIn(std::string_view name, const Dialect& dialect) {
  // Where no string starts with a dollar, no name holds one.
  const bool dollars = dialect.lex.dollar_strings;
  const bool ascii = std::all_of(name.begin(), name.end(), [&](char c) { return c > 0 && (c != '$' || dollars); });
  if (!ascii || !IsPlainName(name)) return false;
  const std::string lower = LowerCase(name);
  return !Contains(dialect.reserved_words, lower) && !Contains(dialect.bare_functions, lower) &&
         !IsReservedWord(lower, dialect.lex.plain_words);
}

std::string QuoteIdentifier(std::string_view name, const Dialect& dialect) {
  return Quoted(name, dialect.identifier_quote);
}

std::string QuoteIfNeeded(std::string_view name, const Dialect& dialect) {
  return NeedsQuotes(name, dialect) ? QuoteIdentifier(name, dialect) : std::string(name);
}

std::string QuoteString(std::string_view value, const Dialect& dialect) {
  if (!dialect.lex.escapes_in_strings) return Quoted(value, '\'');
  std::string escaped;
  for (const char c : value) {
    if (c == '\\') escaped += c;
    escaped += c;
  }
  return Quoted(escaped, '\'');
}

}  // namespace wapc::grammar
