#include "base/yaml.h"

#include <charconv>

#include "base/yaml_events.h"
#include "base/yaml_quick.h"

namespace wapc::base {
namespace {

bool IsNumber(std::string_view text) {
  double ignored = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), ignored);
  return code == std::errc() && end == text.data() + text.size();
}

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const YamlEntry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

std::optional<bool> YamlNode::AsBool() const {
  if (!is_scalar() || quoted) return std::nullopt;
  if (scalar == "true" || scalar == "True" || scalar == "TRUE") return true;
  if (scalar == "false" || scalar == "False" || scalar == "FALSE") return false;
  return std::nullopt;
}

std::optional<int64_t> YamlNode::AsInt() const {
  if (!is_scalar() || quoted) return std::nullopt;
  int64_t value = 0;
  const char* const end = scalar.data() + scalar.size();
  const auto [stop, code] = std::from_chars(scalar.data(), end, value);
  return code == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

std::string_view YamlNode::Describe() const {
  switch (kind) {
    case Kind::kNull: return "nothing";
    case Kind::kSequence: return "a list";
    case Kind::kMap: return "a mapping";
    case Kind::kScalar: break;
  }
  if (AsBool()) return "true or false";
  return !quoted && IsNumber(scalar) ? "a number" : "text";
}

std::optional<YamlNode> ParseYaml(const SourceMap& sources, SourceId source, Diagnostics& diagnostics) {
  const std::string_view text = sources.Text(source);
  if (std::optional<YamlNode> quick = ReadQuickYaml(text, source)) return quick;
  return ReadYamlEvents(text, source, diagnostics);
}

}  // namespace wapc::base
