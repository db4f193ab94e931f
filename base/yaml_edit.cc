#include "base/yaml_edit.h"

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <vector>

#include "base/yaml_write.h"

namespace wapc::base {
namespace {

bool IsOpen(const YamlNode& node) {
  return (node.is_map() && !node.entries.empty()) || (node.is_sequence() && !node.items.empty());
}

class YamlEditor {
 public:
  explicit YamlEditor(std::string_view text) : text_(text) {}

  std::string Edit(const YamlNode& before, const YamlNode& after) const {
    if (!IsBlockMap(before) || !after.is_map()) {
      std::string out;
      AppendYamlBlock(after, 0, out);
      return out;
    }
    // What stands above the first key is about the file.
    const size_t begin = LineStart(before.entries[0].key_span.begin);
    return std::string(text_.substr(0, begin)) + Map(before, after, begin, text_.size());
  }

 private:
  size_t LineStart(size_t at) const {
    const size_t newline = at == 0 ? std::string_view::npos : text_.rfind('\n', at - 1);
    return newline == std::string_view::npos ? 0 : newline + 1;
  }
  size_t LineEnd(size_t at) const { return std::min(text_.find('\n', at), text_.size()); }
  size_t NextLine(size_t at) const { return std::min(LineEnd(at) + 1, text_.size()); }

  // A map whose keys each begin a line.
  bool IsBlockMap(const YamlNode& node) const {
    return node.is_map() && !node.entries.empty() &&
           std::all_of(node.entries.begin(), node.entries.end(), [this](const YamlEntry& entry) {
             const size_t start = LineStart(entry.key_span.begin);
             return text_.substr(start, entry.key_span.begin - start).find_first_not_of(' ') == std::string_view::npos;
           });
  }

  size_t Indent(const YamlNode& map) const {
    const size_t key = map.entries[0].key_span.begin;
    return key - LineStart(key);
  }

  // Whether the line that begins here is blank, or a comment no deeper than `indent`: it belongs to the key below.
  bool LeadsOn(size_t start, size_t indent) const {
    const std::string_view line = text_.substr(start, LineEnd(start) - start);
    const size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos || (line[first] == '#' && first <= indent);
  }

  // Where the lines that belong to a key begin: with the comments above it, but not above `floor`.
  size_t ChunkBegin(const YamlEntry& entry, size_t indent, size_t floor) const {
    size_t start = LineStart(entry.key_span.begin);
    while (start > floor) {
      const size_t above = LineStart(start - 1);
      if (above < floor || !LeadsOn(above, indent)) break;
      start = above;
    }
    return start;
  }

  // The mapping's lines, which are [begin, end), as those of `after`.
  std::string Map(const YamlNode& before, const YamlNode& after, size_t begin, size_t end) const {
    const size_t indent = Indent(before);
    std::unordered_map<std::string_view, size_t> places;
    std::vector<size_t> begins;
    for (size_t i = 0; i < before.entries.size(); ++i) {
      places.emplace(before.entries[i].key, i);
      const size_t floor = i == 0 ? begin : NextLine(before.entries[i - 1].key_span.begin);
      begins.push_back(i == 0 ? begin : ChunkBegin(before.entries[i], indent, floor));
    }
    begins.push_back(end);
    std::string out;
    for (const YamlEntry& entry : after.entries) {
      const auto found = places.find(entry.key);
      if (found == places.end()) {
        AppendYamlEntry(entry.key, entry.value, indent, out);
      } else {
        const size_t i = found->second;
        out += Entry(before.entries[i], entry.value, indent, begins[i], begins[i + 1]);
      }
      if (!out.empty() && out.back() != '\n') out += '\n';
    }
    return out;
  }

  // One entry's lines, which are [begin, end), with another value.
  std::string Entry(const YamlEntry& entry, const YamlNode& after, size_t indent, size_t begin, size_t end) const {
    if (SameYaml(entry.value, after)) return std::string(text_.substr(begin, end - begin));
    const size_t body = NextLine(entry.key_span.begin);
    const bool below = IsBlockMap(entry.value) && entry.value.entries[0].key_span.begin >= body &&
                       entry.value.entries.back().key_span.begin < end && Indent(entry.value) > indent;
    if (below && after.is_map() && !after.entries.empty()) {
      return std::string(text_.substr(begin, body - begin)) + Map(entry.value, after, body, end);
    }
    return Replaced(entry, after, indent, begin, end);
  }

  std::string Replaced(const YamlEntry& entry, const YamlNode& after, size_t indent, size_t begin, size_t end) const {
    const size_t colon = std::min(text_.find(':', entry.key_span.end) + 1, text_.size());
    const size_t line_end = LineEnd(entry.key_span.begin);
    const size_t last =
        LastContent(NextLine(entry.key_span.begin), end, IsBlockText(entry.value) ? indent : text_.size());
    const bool one_line = last == 0;
    size_t value_end = ValueEnd(entry.value, colon, line_end);
    if (!one_line && value_end != colon) value_end = line_end;
    std::string out(text_.substr(begin, colon - begin));
    if (!IsOpen(after)) out += " " + YamlScalar(after);
    // A comment behind the old value.
    out += text_.substr(value_end, line_end - value_end);
    out += '\n';
    if (after.is_map()) AppendYamlBlock(after, indent + 2, out);
    if (after.is_sequence()) AppendYamlBlock(after, indent, out);
    const size_t rest = one_line ? NextLine(entry.key_span.begin) : NextLine(last);
    if (rest < end) out += text_.substr(rest, end - rest);
    return out;
  }

  // A text over several lines, in which nothing is a comment.
  bool IsBlockText(const YamlNode& node) const {
    const char first = node.is_scalar() && node.span.begin < text_.size() ? text_[node.span.begin] : '\0';
    return first == '|' || first == '>';
  }

  // The beginning of the last line in [begin, end) that is neither blank nor a comment; 0: there is none. What stands
  // deeper than `text_indent` is text.
  size_t LastContent(size_t begin, size_t end, size_t text_indent) const {
    size_t out = 0;
    for (size_t at = begin; at < end; at = NextLine(at)) {
      const std::string_view line = text_.substr(at, LineEnd(at) - at);
      const size_t first = line.find_first_not_of(" \t\r");
      if (first != std::string_view::npos && (line[first] != '#' || first > text_indent)) out = at;
    }
    return out;
  }

  // Where a value that ends on its key's line does so.
  size_t ValueEnd(const YamlNode& value, size_t colon, size_t line_end) const {
    if (value.is_scalar() && value.quoted && value.span.end > colon) return value.span.end;
    // The first comment outside of quotes, less the blanks before it.
    size_t end = line_end;
    char quote = '\0';
    for (size_t i = colon; i < line_end; ++i) {
      const char c = text_[i];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if ((c == '"' || c == '\'') && !value.is_scalar()) {
        quote = c;
      } else if (c == '#' && (text_[i - 1] == ' ' || text_[i - 1] == '\t')) {
        end = i;
        break;
      }
    }
    while (end > colon && (text_[end - 1] == ' ' || text_[end - 1] == '\t' || text_[end - 1] == '\r')) --end;
    return end;
  }

  std::string_view text_;
};

}  // namespace

std::string EditYaml(std::string_view text, const YamlNode& before, const YamlNode& after) {
  return YamlEditor(text).Edit(before, after);
}

}  // namespace wapc::base
