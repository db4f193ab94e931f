#include <fmt/format.h>

#include <algorithm>

#include "compiler/passes/binder.h"
#include "compiler/passes/types.h"
#include "wapc_compiler_embedded.h"

namespace wapc::compiler {
namespace {

using metadata::Type;
using metadata::TypeKind;

constexpr base::DiagnosticCode kUnknownType{"unknown-type", base::Severity::kError};

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

TypeWord ParseWord(std::string_view line) {
  const size_t first = line.find('|');
  const size_t second = line.find('|', first + 1);
  TypeWord word{
      Trim(line.substr(0, first)), metadata::TypeFromString(Trim(line.substr(first + 1, second - first - 1))), {}};
  std::string_view rest = line.substr(second + 1);
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    word.names.push_back(Trim(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return word;
}

std::vector<TypeWord> ParseWords(std::string_view text) {
  std::vector<TypeWord> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line[0] != '#') words.push_back(ParseWord(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string_view EmbeddedTypes() {
  for (const auto& file : embedded::wapc_compiler::Files()) {
    if (file.path == "compiler/functions/duckdb.types") return file.text;
  }
  return {};
}

const Type* FindPlain(std::string_view name, const grammar::Dialect& dialect) {
  for (const TypeWord& word : TypeWords(dialect)) {
    if (std::find(word.names.begin(), word.names.end(), name) != word.names.end()) return &word.type;
  }
  return nullptr;
}

void ReportUnknown(const grammar::TypeName& name, const grammar::Dialect& dialect, base::Diagnostics& diagnostics) {
  std::vector<std::string> names{"struct", "map", "array", "list", "enum"};
  for (const TypeWord& word : TypeWords(dialect)) names.insert(names.end(), word.names.begin(), word.names.end());
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

// The arguments of a name whose plain form is `type`; nothing for what it cannot take.
std::optional<Type> WithArguments(Type type, const grammar::TypeName& name) {
  if (name.arguments.empty()) return type;
  const int first = Argument(name, 0, 0);
  switch (type.kind) {
    case TypeKind::kDecimal: {
      const int scale = Argument(name, 1, 0);
      if (first < 1 || first > kMaxDecimal || scale < 0 || scale > first) return std::nullopt;
      return Type::Decimal(first, scale);
    }
    case TypeKind::kText:
    case TypeKind::kBinary: type.precision = std::max(first, 0); return type;
    case TypeKind::kTime:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampTz:
      if (first < 0 || first > 9) return std::nullopt;
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
  std::optional<Type> out = WithArguments(std::move(type), name);
  if (!out) {
    diagnostics.Report(kUnknownType, name.span, fmt::format("the arguments of {} are out of range", name.name))
        .Help(
            "a decimal has up to 38 digits of which the scale is a part, a time or timestamp up to 9 digits of a "
            "second");
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

std::string StructWords(const Type& type, const grammar::Dialect& dialect) {
  std::string out = "STRUCT(";
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0) out += ", ";
    if (i < type.fields.size() && !type.fields[i].empty()) out += QuoteIdentifier(type.fields[i], dialect) + " ";
    out += TypeInDialect(type.children[i], dialect);
  }
  return out + ")";
}

std::string EnumWords(const Type& type, const grammar::Dialect& dialect) {
  std::string out = "ENUM(";
  for (size_t i = 0; i < type.fields.size(); ++i) {
    if (i > 0) out += ", ";
    out += QuoteString(type.fields[i], dialect);
  }
  return out + ")";
}

std::string TimestampWords(int precision) {
  switch (EngineDigits(precision)) {
    case 0: return "TIMESTAMP_S";
    case 3: return "TIMESTAMP_MS";
    case 6: return "TIMESTAMP";
    default: return "TIMESTAMP_NS";
  }
}

std::string PlainWords(const Type& type, const grammar::Dialect& dialect) {
  for (const TypeWord& word : TypeWords(dialect)) {
    if (word.type.kind == type.kind && (type.kind != TypeKind::kEngine || word.type.name == type.name)) {
      return std::string(word.written);
    }
  }
  return type.kind == TypeKind::kEngine ? type.name : "VARCHAR";
}

}  // namespace

const std::vector<TypeWord>& TypeWords(const grammar::Dialect& /*dialect*/) {
  static const std::vector<TypeWord> kWords = ParseWords(EmbeddedTypes());
  return kWords;
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
    case TypeKind::kDecimal:
      if (type.precision > kMaxDecimal) return "VARCHAR";
      return fmt::format("DECIMAL({},{})", type.precision, type.scale);
    case TypeKind::kInt256: return "DECIMAL(38,0)";
    case TypeKind::kTimestamp: return TimestampWords(type.precision);
    case TypeKind::kTime: return type.precision > 6 ? "TIME_NS" : "TIME";
    case TypeKind::kNull: return "INTEGER";
    case TypeKind::kArray: return (type.children.empty() ? "INTEGER" : TypeInDialect(type.children[0], dialect)) + "[]";
    case TypeKind::kMap:
      return type.children.size() < 2 ? "MAP(INTEGER, INTEGER)"
                                      : fmt::format("MAP({}, {})", TypeInDialect(type.children[0], dialect),
                                                    TypeInDialect(type.children[1], dialect));
    case TypeKind::kStruct: return StructWords(type, dialect);
    case TypeKind::kEnum: return type.fields.empty() ? "VARCHAR" : EnumWords(type, dialect);
    default: return PlainWords(type, dialect);
  }
}

}  // namespace wapc::compiler
