#include "base/toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#define TOML_ENABLE_FORMATTERS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

namespace wapc::base {
namespace {

// toml++ counts lines and code points from 1.
class Places {
 public:
  Places(std::string_view text, SourceId source) : text_(text), source_(source) {
    starts_.push_back(0);
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  size_t Offset(const toml::source_position& at) const {
    if (at.line == 0 || at.line > starts_.size()) return text_.size();
    size_t offset = starts_[at.line - 1];
    for (size_t column = 1; column < at.column && offset < text_.size(); ++column) {
      ++offset;
      while (offset < text_.size() && (static_cast<unsigned char>(text_[offset]) & 0xC0U) == 0x80U) ++offset;
    }
    return std::min(offset, text_.size());
  }

  Span Of(const toml::source_region& region) const {
    const size_t begin = Offset(region.begin);
    return {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(std::max(begin, Offset(region.end)))};
  }

  Span At(const toml::source_position& at) const {
    const auto begin = static_cast<uint32_t>(Offset(at));
    return {source_, begin, begin + 1};
  }

 private:
  std::string_view text_;
  SourceId source_;
  std::vector<size_t> starts_;
};

YamlNode NodeOf(const toml::node& node, const Places& places);

void AddEntries(const toml::table& table, const Places& places, YamlNode& out) {
  out.kind = YamlNode::Kind::kMap;
  for (const auto& [key, value] : table) {
    out.entries.push_back({std::string(key.str()), places.Of(key.source()), NodeOf(value, places)});
  }
  // toml++ sorts by name; people read a file from its top.
  std::stable_sort(out.entries.begin(), out.entries.end(),
                   [](const YamlEntry& a, const YamlEntry& b) { return a.key_span.begin < b.key_span.begin; });
}

template <class Value>
std::string Written(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

std::string ScalarText(const toml::node& node) {
  if (const auto* const whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* const number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* const flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (const auto* const date = node.as_date()) return Written(date->get());
  if (const auto* const time = node.as_time()) return Written(time->get());
  if (const auto* const moment = node.as_date_time()) return Written(moment->get());
  return node.as_string()->get();
}

YamlNode NodeOf(const toml::node& node, const Places& places) {
  YamlNode out;
  out.span = places.Of(node.source());
  if (const toml::table* const table = node.as_table()) {
    AddEntries(*table, places, out);
  } else if (const toml::array* const array = node.as_array()) {
    out.kind = YamlNode::Kind::kSequence;
    for (const toml::node& item : *array) out.items.push_back(NodeOf(item, places));
  } else {
    out.kind = YamlNode::Kind::kScalar;
    out.quoted = !node.is_number() && !node.is_boolean();
    out.scalar = ScalarText(node);
  }
  return out;
}

}  // namespace

Result<YamlNode> ParseToml(const SourceMap& sources, SourceId source, TomlContent content) {
  const std::string_view text = sources.Text(source);
  const Places places(text, source);
  try {
    const toml::table table = toml::parse(text);
    YamlNode root;
    root.span = {source, 0, 0};
    AddEntries(table, places, root);
    return root;
  } catch (const toml::parse_error& error) {
    const std::string place = sources.Place(places.At(error.source().begin));
    if (content == TomlContent::kSecret) {
      return Error{ErrorKind::kUsage, fmt::format("{}: this is not TOML; the line is not shown, since it may hold a "
                                                  "secret",
                                                  place)};
    }
    return Error{ErrorKind::kUsage, fmt::format("{}: this is not TOML: {}", place, error.description())};
  }
}

}  // namespace wapc::base
