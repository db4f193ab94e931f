#include "grammar/writer.h"

#include <algorithm>
#include <array>

#include "grammar/fold.h"
#include "grammar/lexer.h"

namespace wapc::grammar {
namespace {

/// Reserved words that may stand before `(` all the same.
constexpr auto kCallable = std::to_array<std::string_view>(
    {"binary",      "columns",    "cube",       "extract", "glob",   "grouping", "insert", "json_array", "json_exists",
     "json_object", "json_query", "json_value", "left",    "like",   "listagg",  "map",    "normalize",  "regexp",
     "right",       "rlike",      "rollup",     "row",     "struct", "trim",     "unnest", "unpack"});

/// Types of more than one word.
constexpr auto kWordTypes = std::to_array<std::string_view>(
    {"bit varying", "char varying", "character varying", "double precision", "interval", "interval day to second",
     "interval year to month", "map", "struct", "row", "union"});

template <class Words>
bool In(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool HasUpper(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string UpperCase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return upper;
}

bool IsNameCharacter(char c) {
  return c == '_' || c == '$' || IsPlainName(std::string_view(&c, 1)) || (c >= '0' && c <= '9');
}

// `$1`.
bool IsNumbered(std::string_view text) {
  return text.size() > 1 && text[0] == '$' && text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

// `total_@x`, `a_@{x}_b`, `@{x}`. Anything else between the holes than the characters of names, and it is a name that
// has to be quoted.
bool HasHoles(std::string_view text) {
  bool holes = false;
  for (size_t at = 0; at < text.size(); ++at) {
    if (IsNameCharacter(text[at])) continue;
    if (text[at] != '@') return false;
    holes = true;
    if (at + 1 < text.size() && text[at + 1] == '{') {
      const size_t end = text.find('}', at);
      const bool name = end != std::string_view::npos && IsPlainName(text.substr(at + 2, end - at - 2));
      if (!name) return false;
      at = end;
    } else if (at + 1 == text.size() || !IsNameCharacter(text[at + 1])) {
      return false;
    }
  }
  return holes;
}

}  // namespace

void Writer::NewLine() {
  out_ += '\n';
  out_.append(indent_, ' ');
}

size_t Writer::Column() const {
  const size_t line = out_.rfind('\n');
  return line == std::string::npos ? out_.size() : out_.size() - line - 1;
}

void Writer::WriteName(const Identifier& name) {
  const Dialect& dialect = *options_.dialect;
  // A column of a file by its number is no name.
  if (!name.quoted && IsNumbered(name.text)) return Put(name.text);
  if (name.quoted) {
    out_ += HasUpper(name.text) ? QuoteIdentifier(name.text, dialect) : QuoteIfNeeded(name.text, dialect);
    return;
  }
  const std::string text = canonical_ ? LowerCase(name.text) : std::string(name.text);
  // A hole that a macro fills, `total_@x`, is one only without quotes.
  if (HasHoles(text)) return Put(text);
  out_ += IsPlainIn(text, dialect) ? text : QuoteIdentifier(StoredName(text, false, dialect), dialect);
}

void Writer::WriteNames(const List<Identifier>& names) {
  CommaItems(names, [&](const Identifier& name) { WriteName(name); });
}

void Writer::WritePath(const List<Identifier>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) Put(".");
    WriteName(parts[i]);
  }
}

void Writer::WriteFunctionName(const List<Identifier>& name) {
  const bool word = name.size() == 1 && !name[0].quoted;
  if (word && (In(kCallable, LowerCase(name[0].text)) || IsBareFunction(name[0].text, *options_.dialect))) {
    Put(canonical_ ? LowerCase(name[0].text) : std::string(name[0].text));
  } else {
    WritePath(name);
  }
}

void Writer::WriteString(std::string_view value) { out_ += QuoteString(value, *options_.dialect); }

/// A word that is a name to the engine but never quoted (a unit, a field of EXTRACT).
void Writer::WriteWord(std::string_view word) {
  if (IsPlainName(word)) {
    out_ += word;
  } else {
    WriteString(word);
  }
}

void Writer::WriteType(const TypeName& type) {
  const bool words = In(kWordTypes, type.name);
  if (words || IsPlainIn(type.name, *options_.dialect)) {
    Put(canonical_ ? std::string(type.name) : UpperCase(type.name));
  } else {
    out_ += QuoteIdentifier(type.name, *options_.dialect);
  }
  if (!type.arguments.empty() || !type.nested.empty() || !type.values.empty()) {
    Put("(");
    CommaItems(type.values, [&](std::string_view value) { WriteString(value); });
    CommaItems(type.arguments, [&](int64_t argument) { out_ += std::to_string(argument); });
    for (size_t i = 0; i < type.nested.size(); ++i) {
      if (i > 0 || !type.arguments.empty()) Put(", ");
      if (i < type.field_names.size()) {
        WriteName(type.field_names[i]);
        Put(" ");
      }
      WriteType(*type.nested[i]);
    }
    Put(")");
  }
  if (type.with_time_zone) Put(" WITH TIME ZONE");
  if (type.without_time_zone) Put(" WITHOUT TIME ZONE");
  for (size_t i = 0; i < static_cast<size_t>(type.dimensions); ++i) {
    const bool sized = i < type.sizes.size() && type.sizes[i] >= 0;
    Put(sized ? "[" + std::to_string(type.sizes[i]) + "]" : "[]");
  }
}

}  // namespace wapc::grammar
