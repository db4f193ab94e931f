#include "metadata/dlt_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace wapc::metadata {
namespace {

using base::YamlNode;

constexpr base::DiagnosticCode kInvalidSchemaValue{"invalid-schema-value", base::Severity::kError};

}  // namespace

std::string OrList(std::span<const std::string_view> words) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> words) {
  const std::optional<std::string> nearest = base::ClosestName(word, {words.begin(), words.end()});
  return nearest ? fmt::format("did you mean '{}'?", *nearest) : "";
}

void ValueReader::Refuse(std::string_view key, const YamlNode& value, std::string_view expected, std::string help) {
  const std::string found = value.is_scalar() ? fmt::format("'{}'", value.scalar) : std::string(value.Describe());
  diagnostics_
      ->Report(kInvalidSchemaValue, value.span, fmt::format("'{}' has to be {}, but is {}", key, expected, found))
      .Help(std::move(help));
}

std::optional<bool> ValueReader::Bool(std::string_view key, const YamlNode& value) {
  if (value.is_null()) return std::nullopt;
  const std::optional<bool> flag = value.AsBool();
  if (!flag) Refuse(key, value, "true or false");
  return flag;
}

std::optional<int> ValueReader::Int(std::string_view key, const YamlNode& value, int low, int high) {
  if (value.is_null()) return std::nullopt;
  const std::optional<int64_t> number = value.AsInt();
  if (number && *number >= low && *number <= high) return static_cast<int>(*number);
  Refuse(key, value, fmt::format("a whole number from {} to {}", low, high));
  return std::nullopt;
}

std::optional<std::string> ValueReader::Text(std::string_view key, const YamlNode& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_scalar()) return value.scalar;
  Refuse(key, value, "text");
  return std::nullopt;
}

std::vector<std::string> ValueReader::Texts(std::string_view key, const YamlNode& value) {
  std::vector<std::string> out;
  if (value.is_scalar()) {
    out.push_back(value.scalar);
  } else if (value.is_map()) {
    Refuse(key, value, "a list of names");
  }
  for (const YamlNode& item : value.items) {
    if (item.is_scalar()) {
      out.push_back(item.scalar);
    } else {
      Refuse(key, item, "a list of names");
    }
  }
  return out;
}

std::optional<size_t> ValueReader::Word(std::string_view key, const YamlNode& value,
                                        std::span<const std::string_view> words) {
  if (value.is_null()) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), std::string_view{value.scalar});
  if (value.is_scalar() && found != words.end()) return static_cast<size_t>(found - words.begin());
  Refuse(key, value, OrList(words), value.is_scalar() ? DidYouMean(value.scalar, words) : "");
  return std::nullopt;
}

}  // namespace wapc::metadata
