#include "base/yaml_write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/yaml_events.h"

namespace wapc::base {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Words that readers of YAML 1.1 take for true, false or nothing. (Of y and n they, dlt's PyYAML too, do not.)
bool IsSpecialWord(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords{"yes", "no", "on", "off", "true", "false"};
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return IsYamlNull(text) || std::find(kWords.begin(), kWords.end(), folded) != kWords.end();
}

// Text that starts like a word can be no number and no date.
bool ReadsAsText(std::string_view text) {
  if (text.empty() || IsSpecialWord(text)) return false;
  const char first = text[0];
  return IsLetter(first) || first == '_' || first == '/' || first == '(' || static_cast<unsigned char>(first) >= 0x80U;
}

bool IsPlainSafe(std::string_view text) {
  if (!ReadsAsText(text) || text.back() == ' ' || text.back() == ':') return false;
  const bool odd = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20U || byte == 0x7FU;
  });
  return !odd && text.find(": ") == std::string_view::npos && text.find(" #") == std::string_view::npos;
}

// What YAML takes for a line's end or refuses, and what it cannot hold in one line of single quotes.
bool NeedsEscapes(std::string_view text) {
  constexpr std::array<std::string_view, 4> kMarks{"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == '\x7F'; }) ||
         std::any_of(kMarks.begin(), kMarks.end(),
                     [text](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

std::string DoubleQuoted(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kMarks{
      {{"\xC2\x85", "\\u0085"}, {"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}, {"\xEF\xBB\xBF", "\\uFEFF"}}};
  std::string out = "\"";
  for (size_t i = 0; i < text.size(); ++i) {
    const auto* const mark = std::find_if(kMarks.begin(), kMarks.end(),
                                          [&](const auto& one) { return text.substr(i).starts_with(one.first); });
    const char c = text[i];
    if (mark != kMarks.end()) {
      out += mark->second;
      i += mark->first.size() - 1;
    } else if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20U || c == '\x7F') {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string SingleQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

bool SameScalar(const YamlNode& a, const YamlNode& b) {
  return a.scalar == b.scalar && (a.quoted == b.quoted || ReadsAsText(a.scalar));
}

void AppendItem(const YamlNode& item, size_t indent, std::string& out) {
  const bool nested = (item.is_map() && !item.entries.empty()) || (item.is_sequence() && !item.items.empty());
  out.append(indent, ' ').append("- ");
  if (!nested) {
    out += YamlScalar(item) + "\n";
    return;
  }
  std::string block;
  AppendYamlBlock(item, indent + 2, block);
  out += block.substr(indent + 2);
}

}  // namespace

std::string YamlText(std::string_view text) {
  if (NeedsEscapes(text)) return DoubleQuoted(text);
  return IsPlainSafe(text) ? std::string(text) : SingleQuoted(text);
}

std::string YamlScalar(const YamlNode& node) {
  if (node.is_map()) return "{}";
  if (node.is_sequence()) return "[]";
  if (node.is_null()) return "null";
  return node.quoted ? YamlText(node.scalar) : node.scalar;
}

void AppendYamlEntry(std::string_view key, const YamlNode& value, size_t indent, std::string& out) {
  out.append(indent, ' ').append(YamlText(key)) += ':';
  if (value.is_map() && !value.entries.empty()) {
    out += '\n';
    AppendYamlBlock(value, indent + 2, out);
  } else if (value.is_sequence() && !value.items.empty()) {
    out += '\n';
    AppendYamlBlock(value, indent, out);
  } else {
    out += ' ' + YamlScalar(value) + '\n';
  }
}

void AppendYamlBlock(const YamlNode& node, size_t indent, std::string& out) {
  for (const YamlEntry& entry : node.entries) AppendYamlEntry(entry.key, entry.value, indent, out);
  for (const YamlNode& item : node.items) AppendItem(item, indent, out);
}

bool SameYaml(const YamlNode& a, const YamlNode& b) {
  if (a.kind != b.kind) return false;
  if (a.is_scalar()) return SameScalar(a, b);
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), SameYaml) &&
         std::equal(
             a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(),
             [](const YamlEntry& x, const YamlEntry& y) { return x.key == y.key && SameYaml(x.value, y.value); });
}

}  // namespace wapc::base
