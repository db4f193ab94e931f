#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <map>

#include "compiler/passes/binder.h"
#include "compiler/passes/types.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr int kMaxDigits = 9;
constexpr base::DiagnosticCode kUnknownType{"unknown-type", base::Severity::kError};

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// One file of type names.
struct TypeFile {
  std::vector<TypeWord> words;
  std::map<std::string_view, std::string_view> forms;
};

TypeWord ParseWord(std::string_view line) {
  const size_t first = line.find('|');
  const size_t second = line.find('|', first + 1);
  TypeWord word{
      Trim(line.substr(0, first)), metadata::TypeFromString(Trim(line.substr(first + 1, second - first - 1))), {}};
  std::string_view rest = line.substr(second + 1);
  while (!Trim(rest).empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    word.names.push_back(Trim(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return word;
}

TypeFile ParseFile(std::string_view text) {
  TypeFile file;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with('@')) {
      const size_t space = line.find(' ');
      file.forms[line.substr(1, space - 1)] = Trim(line.substr(space));
    } else if (!line.empty() && line[0] != '#') {
      file.words.push_back(ParseWord(line));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return file;
}

std::map<std::string_view, TypeFile> ParseFiles() {
  constexpr std::string_view kFolder = "compiler/functions/";
  constexpr std::string_view kEnding = ".types";
  std::map<std::string_view, TypeFile> files;
  for (const auto& file : embedded::wapc_compiler::Files()) {
    const std::string_view path = file.path;
    if (!path.starts_with(kFolder) || !path.ends_with(kEnding)) continue;
    files[path.substr(kFolder.size(), path.size() - kFolder.size() - kEnding.size())] = ParseFile(file.text);
  }
  return files;
}

const TypeFile& FileOf(std::string_view dialect) {
  static const std::map<std::string_view, TypeFile> kFiles = ParseFiles();
  const auto found = kFiles.find(dialect);
  return found != kFiles.end() ? found->second : kFiles.at("duckdb");
}

// The form with what belongs into its braces.
std::string Fill(std::string_view form, std::initializer_list<std::string> parts) {
  std::string out(form);
  size_t from = 0;
  for (const std::string& part : parts) {
    const size_t at = out.find("{}", from);
    if (at == std::string::npos) break;
    out.replace(at, 2, part);
    from = at + part.size();
  }
  return out;
}

const Type* FindPlain(std::string_view name, const grammar::Dialect& dialect) {
  for (const TypeWord& word : TypeWords(dialect.name)) {
    if (std::find(word.names.begin(), word.names.end(), name) != word.names.end()) return &word.type;
  }
  return nullptr;
}

void ReportUnknown(const grammar::TypeName& name, const grammar::Dialect& dialect, base::Diagnostics& diagnostics) {
  std::vector<std::string> names{"struct", "map", "array", "list", "enum"};
  for (const TypeWord& word : TypeWords(dialect.name)) names.insert(names.end(), word.names.begin(), word.names.end());
  auto report = diagnostics.Report(kUnknownType, name.span,
                                   fmt::format("there is no type \"{}\" in {}", name.name, dialect.name));
  if (const auto near = base::ClosestName(name.name, names)) {
    report.Help(fmt::format("did you mean {}?", *near));
  } else {
    report.Help(
        "types are bigint, integer, decimal(p, s), double, varchar, date, timestamp, timestamptz, boolean, json and "
        "others");
  }
}

int Argument(const grammar::TypeName& name, size_t index, int otherwise) {
  return index < name.arguments.size() ? static_cast<int>(name.arguments[index]) : otherwise;
}

int Limit(std::string_view dialect, std::string_view key, int otherwise) {
  const std::string_view text = TypeForm(dialect, key);
  int limit = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), limit);
  return limit;
}

// The arguments of a name whose plain form is `type`; nothing for what it cannot take.
std::optional<Type> WithArguments(Type type, const grammar::TypeName& name, std::string_view dialect) {
  if (name.arguments.empty()) return type;
  const int first = Argument(name, 0, 0);
  switch (type.kind) {
    case TypeKind::kDecimal: {
      const int scale = Argument(name, 1, 0);
      if (first < 1 || first > Limit(dialect, "max_decimal", kMaxDecimal) || scale < 0 || scale > first)
        return std::nullopt;
      return Type::Decimal(first, scale);
    }
    case TypeKind::kText:
    case TypeKind::kBinary: type.precision = std::max(first, 0); return type;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      if (first < 0 || first > Limit(dialect, "digits", kMaxDigits)) return std::nullopt;
      type.precision = first;
      return type;
    default: return type;
  }
}

std::optional<Type> ResolvePlain(const grammar::TypeName& name, const grammar::Dialect& dialect,
                                 base::Diagnostics& diagnostics) {
  const Type* const plain = FindPlain(name.name, dialect);
  if (plain == nullptr) {
    ReportUnknown(name, dialect, diagnostics);
    return std::nullopt;
  }
  Type type = *plain;
  if (name.with_time_zone && type.kind == TypeKind::kTimestamp) type = Type::TimestampTz(type.precision);
  if (name.with_time_zone && type.kind == TypeKind::kTime) type = Type{TypeKind::kEngine, 0, 0, "timetz", {}, {}};
  std::optional<Type> out = WithArguments(std::move(type), name, dialect.name);
  if (!out) {
    diagnostics.Report(kUnknownType, name.span, fmt::format("the arguments of {} are out of range", name.name))
        .Help(fmt::format(
            "a decimal has up to {} digits of which the scale is a part, a time or timestamp up to {} digits "
            "of a second",
            Limit(dialect.name, "max_decimal", kMaxDecimal), Limit(dialect.name, "digits", kMaxDigits)));
  }
  return out;
}

std::optional<Type> ResolveNested(const grammar::TypeName& name, const grammar::Dialect& dialect,
                                  base::Diagnostics& diagnostics) {
  const bool is_struct = name.name == "struct" || name.name == "row";
  Type type = Type::Of(is_struct ? TypeKind::kStruct : name.name == "map" ? TypeKind::kMap : TypeKind::kArray);
  for (const grammar::TypeName* const child : name.nested) {
    std::optional<Type> resolved = ResolveType(*child, dialect, diagnostics);
    if (!resolved) return std::nullopt;
    type.children.push_back(std::move(*resolved));
  }
  for (const grammar::Identifier& field : name.field_names) type.fields.emplace_back(field.text);
  return type;
}

std::string Fields(const Type& type, const grammar::Dialect& dialect) {
  std::string out;
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0) out += ", ";
    if (i < type.fields.size() && !type.fields[i].empty()) out += QuoteIdentifier(type.fields[i], dialect) + " ";
    out += TypeInDialect(type.children[i], dialect);
  }
  return out;
}

std::string EnumValues(const Type& type, const grammar::Dialect& dialect) {
  std::string out;
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (i > 0) out += ", ";
    out += QuoteString(type.fields[i], dialect);
  }
  return out;
}

// The word of that kind with the fewest digits that hold those of the type; the widest one where none does.
std::string PlainWords(const Type& type, const grammar::Dialect& dialect) {
  const bool digits =
      type.kind == TypeKind::kTime || type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampTz;
  const TypeWord* best = nullptr;
  for (const TypeWord& word : TypeWords(dialect.name)) {
    if (word.type.kind != type.kind || (type.kind == TypeKind::kEngine && word.type.name != type.name)) continue;
    if (!digits) return std::string(word.written);
    const int has = word.type.precision;
    const bool better =
        best == nullptr || (has >= type.precision ? best->type.precision < type.precision || has < best->type.precision
                                                  : has > best->type.precision);
    if (better) best = &word;
  }
  if (best != nullptr) return std::string(best->written);
  return type.kind == TypeKind::kEngine ? type.name : PlainWords(Type::Text(), dialect);
}

// A type whose length or digits are written in parentheses, unless the plain word means them.
std::string WithDigits(const Type& type, std::string_view key, const grammar::Dialect& dialect) {
  const std::string_view form = TypeForm(dialect.name, key);
  if (type.kind == TypeKind::kText || type.kind == TypeKind::kBinary) {
    const bool plain = form.empty() || type.precision == 0;
    return plain ? PlainWords(type, dialect) : Fill(form, {std::to_string(type.precision)});
  }
  const int digits = std::min(type.precision, Limit(dialect.name, "digits", kMaxDigits));
  const auto same = [&](const TypeWord& word) { return word.type.kind == type.kind && word.type.precision == digits; };
  const std::vector<TypeWord>& words = TypeWords(dialect.name);
  const bool plain = form.empty() || std::any_of(words.begin(), words.end(), same);
  return plain ? PlainWords(type, dialect) : Fill(form, {std::to_string(digits)});
}

std::string DecimalWords(const Type& type, const grammar::Dialect& dialect) {
  if (type.precision == 0) {
    const std::string_view free = TypeForm(dialect.name, "free_decimal");
    return free.empty() ? PlainWords(Type::Text(), dialect) : std::string(free);
  }
  if (type.precision > Limit(dialect.name, "max_decimal", kMaxDecimal)) return PlainWords(Type::Text(), dialect);
  return Fill(TypeForm(dialect.name, "decimal"), {std::to_string(type.precision), std::to_string(type.scale)});
}

std::string NestedWords(const Type& type, std::string_view key, const grammar::Dialect& dialect) {
  const std::string_view form = TypeForm(dialect.name, key);
  // What the engine has no such type for is kept as JSON.
  if (form.empty()) return PlainWords(Type::Of(TypeKind::kJson), dialect);
  const auto child = [&](size_t i) {
    return TypeInDialect(i < type.children.size() ? type.children[i] : Type::Of(TypeKind::kNull), dialect);
  };
  if (type.kind == TypeKind::kStruct) return Fill(form, {Fields(type, dialect)});
  if (type.kind == TypeKind::kMap) return Fill(form, {child(0), child(1)});
  return Fill(form, {child(0)});
}

}  // namespace

const std::vector<TypeWord>& TypeWords(std::string_view dialect) { return FileOf(dialect).words; }

std::string_view TypeForm(std::string_view dialect, std::string_view key) {
  const auto& forms = FileOf(dialect).forms;
  const auto found = forms.find(key);
  return found == forms.end() ? std::string_view() : found->second;
}

std::optional<Type> ResolveType(const grammar::TypeName& name, const grammar::Dialect& dialect,
                                base::Diagnostics& diagnostics) {
  std::optional<Type> type;
  if (name.name == "enum") {
    type = Type::Of(TypeKind::kEnum);
  } else if (!name.nested.empty()) {
    type = ResolveNested(name, dialect, diagnostics);
  } else {
    type = ResolvePlain(name, dialect, diagnostics);
  }
  for (int i = 0; type && i < name.dimensions; ++i) type = Type::Array(std::move(*type));
  return type;
}

std::string TypeInDialect(const Type& type, const grammar::Dialect& dialect) {
  switch (type.kind) {
    case TypeKind::kDecimal: return DecimalWords(type, dialect);
    case TypeKind::kText: return WithDigits(type, "text", dialect);
    case TypeKind::kBinary: return WithDigits(type, "binary", dialect);
    case TypeKind::kTime: return WithDigits(type, "time", dialect);
    case TypeKind::kTimestamp: return WithDigits(type, "timestamp", dialect);
    case TypeKind::kTimestampTz: return WithDigits(type, "timestamptz", dialect);
    case TypeKind::kArray: return NestedWords(type, "array", dialect);
    case TypeKind::kMap: return NestedWords(type, "map", dialect);
    case TypeKind::kStruct: return NestedWords(type, "struct", dialect);
    case TypeKind::kEnum: {
      const std::string_view form = TypeForm(dialect.name, "enum");
      if (form.empty() || type.fields.empty()) return PlainWords(Type::Text(), dialect);
      return Fill(form, {EnumValues(type, dialect)});
    }
    default: return PlainWords(type, dialect);
  }
}

}  // namespace wapc::compiler
