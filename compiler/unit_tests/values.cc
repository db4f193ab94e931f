#include "compiler/unit_tests/values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <vector>

#include "compiler/macros/moment.h"
#include "compiler/passes/binder.h"
#include "grammar/dialect.h"

namespace wapc::compiler {
namespace {

using base::YamlEntry;
using base::YamlNode;
using metadata::Type;
using metadata::TypeKind;

std::string Quote(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

bool IsFloat(const Type& type) { return type.kind == TypeKind::kFloat || type.kind == TypeKind::kDouble; }

std::optional<double> NumberOf(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || text.find_first_of("0123456789") == std::string::npos) return std::nullopt;
  return value;
}

// How many digits stand behind the point, without zeros at the end; nothing when it is no plain number.
std::optional<size_t> Decimals(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return 0;
  if (text.find('.', point + 1) != std::string_view::npos) return std::nullopt;
  const std::string_view behind = text.substr(point + 1);
  const size_t last = behind.find_last_not_of('0');
  return last == std::string_view::npos ? 0 : last + 1;
}

void ReportMisfit(base::Span span, std::string_view text, const Type& type, base::Diagnostics& diagnostics) {
  diagnostics.Report(kTestValue, span, fmt::format("{} is no {}", text, metadata::ToString(type)))
      .Help("write a value that the column holds as it is, or null");
}

// The engine would round what has too many digits.
bool FitsExactly(std::string_view text, const Type& type) {
  const auto decimals = Decimals(text);
  if (type.is_integer()) return decimals && *decimals == 0;
  if (type.kind != TypeKind::kDecimal) return true;
  if (!decimals) return NumberOf(std::string(text)).has_value();
  return type.precision == 0 || *decimals <= static_cast<size_t>(type.scale);
}

// YAML's own words for what is no finite number.
std::string FloatText(const std::string& text) {
  const bool negative = text.starts_with('-');
  const std::string word = text.substr(negative || text.starts_with('+') ? 1 : 0);
  if (word == ".nan" || word == ".NaN" || word == ".NAN") return "nan";
  if (word == ".inf" || word == ".Inf" || word == ".INF") return negative ? "-inf" : "inf";
  return text;
}

nlohmann::ordered_json JsonOf(const YamlNode& node) {
  if (node.is_null()) return nullptr;
  if (const auto flag = node.AsBool()) return *flag;
  if (const auto number = node.AsInt()) return *number;
  if (node.is_scalar()) {
    const auto number = node.quoted ? std::nullopt : NumberOf(node.scalar);
    return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(node.scalar);
  }
  nlohmann::ordered_json out = node.is_map() ? nlohmann::ordered_json::object() : nlohmann::ordered_json::array();
  for (const YamlNode& item : node.items) out.push_back(JsonOf(item));
  for (const YamlEntry& entry : node.entries) out[entry.key] = JsonOf(entry.value);
  return out;
}

class ValueWriter {
 public:
  explicit ValueWriter(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  std::string Write(const YamlNode& value, const Type& type) {
    if (value.is_null()) return "NULL";
    if (value.is_scalar()) return Scalar(value, type);
    if (type.kind == TypeKind::kJson) {
      return Quote(JsonOf(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    const bool known = !type.is_unknown();
    const bool fits = value.is_sequence() ? type.kind == TypeKind::kArray
                                          : type.kind == TypeKind::kStruct || type.kind == TypeKind::kMap;
    if (known && !fits && type.kind != TypeKind::kEngine) {
      ReportMisfit(value.span, value.Describe(), type, diagnostics_);
      return "NULL";
    }
    const std::string written = value.is_sequence() ? List(value, type) : Mapping(value, type);
    return fits ? fmt::format("CAST({} AS {})", written, TypeInDialect(type, grammar::DuckDbDialect())) : written;
  }

 private:
  std::string Scalar(const YamlNode& value, const Type& type) {
    if (!value.quoted && (IsFloat(type) || type.is_unknown())) return Quote(FloatText(value.scalar));
    return TestTextSql(value.scalar, value.span, type, diagnostics_);
  }

  std::string List(const YamlNode& value, const Type& type) {
    const Type element = type.kind == TypeKind::kArray ? type.children[0] : Type();
    std::vector<std::string> items;
    for (const YamlNode& item : value.items) items.push_back(Write(item, element));
    return fmt::format("[{}]", fmt::join(items, ", "));
  }

  std::string Mapping(const YamlNode& value, const Type& type) {
    std::vector<std::string> items;
    if (type.kind == TypeKind::kMap) {
      for (const YamlEntry& entry : value.entries) {
        items.push_back(fmt::format("{}: {}", TestTextSql(entry.key, entry.key_span, type.children[0], diagnostics_),
                                    Write(entry.value, type.children[1])));
      }
      return fmt::format("MAP {{{}}}", fmt::join(items, ", "));
    }
    if (type.kind != TypeKind::kStruct) {
      for (const YamlEntry& entry : value.entries) {
        items.push_back(fmt::format("{}: {}", Quote(entry.key), Write(entry.value, Type())));
      }
      return fmt::format("{{{}}}", fmt::join(items, ", "));
    }
    CheckFields(value, type);
    for (size_t i = 0; i < type.fields.size(); ++i) {
      const YamlNode* const field = value.Find(type.fields[i]);
      items.push_back(
          fmt::format("{}: {}", Quote(type.fields[i]), field == nullptr ? "NULL" : Write(*field, type.children[i])));
    }
    return fmt::format("{{{}}}", fmt::join(items, ", "));
  }

  void CheckFields(const YamlNode& value, const Type& type) {
    for (const YamlEntry& entry : value.entries) {
      if (std::find(type.fields.begin(), type.fields.end(), entry.key) != type.fields.end()) continue;
      const auto nearest = base::ClosestName(entry.key, type.fields);
      diagnostics_
          .Report(kTestValue, entry.key_span, fmt::format("{} has no field {}", metadata::ToString(type), entry.key))
          .Help(nearest ? fmt::format("did you mean {}?", *nearest)
                        : fmt::format("its fields are {}", fmt::join(type.fields, ", ")));
    }
  }

  base::Diagnostics& diagnostics_;
};

std::optional<std::string> ShownScalar(const YamlNode& value) {
  if (value.quoted) return "VARCHAR";
  if (value.AsBool()) return "BOOLEAN";
  if (value.AsInt()) return "BIGINT";
  const std::string text = FloatText(value.scalar);
  if (text != value.scalar || NumberOf(value.scalar)) return "DOUBLE";
  if (!ReadMoment(value.scalar, false)) return "VARCHAR";
  return value.scalar.size() == std::string_view("2024-01-31").size() ? "DATE" : "TIMESTAMP";
}

}  // namespace

std::string TestValueSql(const YamlNode& value, const Type& type, base::Diagnostics& diagnostics) {
  return ValueWriter(diagnostics).Write(value, type);
}

std::string TestTextSql(std::string_view text, base::Span span, const Type& type, base::Diagnostics& diagnostics) {
  if (!FitsExactly(text, type)) ReportMisfit(span, text, type, diagnostics);
  return Quote(text);
}

std::optional<std::string> ShownType(const YamlNode& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_scalar()) return ShownScalar(value);
  std::vector<std::string> fields;
  for (const YamlEntry& entry : value.entries) {
    std::string name = "\"";
    for (const char c : entry.key) name.append(c == '"' ? 2 : 1, c);
    fields.push_back(name + "\" " + ShownType(entry.value).value_or("VARCHAR"));
  }
  if (value.is_map()) return fmt::format("STRUCT({})", fmt::join(fields, ", "));
  for (const YamlNode& item : value.items) {
    if (const auto element = ShownType(item)) return *element + "[]";
  }
  return "VARCHAR[]";
}

}  // namespace wapc::compiler
