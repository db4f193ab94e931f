#include "compiler/project/yaml_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wapc::compiler {

using base::DiagnosticCode;
using base::Diagnostics;
using base::Severity;
using base::YamlNode;

namespace {

constexpr DiagnosticCode kUnknownKey{"unknown-key", Severity::kError};
constexpr DiagnosticCode kWrongType{"wrong-type", Severity::kError};

}  // namespace

void CheckKeys(const YamlNode& map, const std::vector<std::string_view>& known, std::string_view where,
               Diagnostics& diagnostics) {
  for (const base::YamlEntry& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    const auto nearest = base::ClosestName(entry.key, names);
    ReportUnknownKey(
        entry, where,
        nearest ? fmt::format("did you mean '{}'?", *nearest) : fmt::format("known keys: {}", fmt::join(names, ", ")),
        diagnostics);
  }
}

void ReportUnknownKey(const base::YamlEntry& entry, std::string_view where, std::string help,
                      Diagnostics& diagnostics) {
  diagnostics.Report(kUnknownKey, entry.key_span, fmt::format("{} has no key '{}'", where, entry.key))
      .Help(std::move(help));
}

void ReportWrongType(const YamlNode& value, std::string_view key, std::string_view expected, Diagnostics& diagnostics) {
  diagnostics.Report(kWrongType, value.span,
                     fmt::format("'{}' takes {}, but here is {}", key, expected, value.Describe()));
}

std::optional<std::string> TextAt(const YamlNode& map, std::string_view key, Diagnostics& diagnostics) {
  const YamlNode* const value = map.Find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_scalar()) return value->scalar;
  ReportWrongType(*value, key, "text", diagnostics);
  return std::nullopt;
}

std::optional<bool> BoolAt(const YamlNode& map, std::string_view key, Diagnostics& diagnostics) {
  const YamlNode* const value = map.Find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (const auto flag = value->AsBool()) return flag;
  ReportWrongType(*value, key, "true or false", diagnostics);
  return std::nullopt;
}

const YamlNode* MapAt(const YamlNode& map, std::string_view key, Diagnostics& diagnostics) {
  const YamlNode* const value = map.Find(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->is_map()) return value;
  ReportWrongType(*value, key, "a mapping", diagnostics);
  return nullptr;
}

const YamlNode* ListAt(const YamlNode& map, std::string_view key, Diagnostics& diagnostics) {
  const YamlNode* const value = map.Find(key);
  if (value == nullptr || value->is_null()) return nullptr;
  if (value->is_sequence()) return value;
  ReportWrongType(*value, key, "a list", diagnostics);
  return nullptr;
}

std::vector<std::string> TextsAt(const YamlNode& map, std::string_view key, Diagnostics& diagnostics) {
  const YamlNode* const value = map.Find(key);
  if (value == nullptr || value->is_null()) return {};
  if (value->is_scalar()) return {value->scalar};
  if (!value->is_sequence()) {
    ReportWrongType(*value, key, "a list of names", diagnostics);
    return {};
  }
  std::vector<std::string> out;
  for (const YamlNode& item : value->items) {
    if (item.is_scalar()) {
      out.push_back(item.scalar);
    } else {
      ReportWrongType(item, key, "a list of names", diagnostics);
    }
  }
  return out;
}

}  // namespace wapc::compiler
