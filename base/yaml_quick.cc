#include "base/yaml_quick.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "base/yaml_events.h"

namespace wapc::base {
namespace {

constexpr size_t kLongestKey = 1000;  // yaml-cpp ends simple keys at 1024

bool IsAsciiLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What a plain scalar may begin with, as far as this reader goes: no indicator of YAML.
bool BeginsPlain(char c) {
  const bool beyond_ascii = static_cast<unsigned char>(c) >= 0x80U;
  return IsAsciiLetter(c) || IsDigit(c) || beyond_ascii || c == '_' || c == '.' || c == '/' || c == '(';
}

// What a plain scalar may hold inside of brackets.
bool IsFlowWord(char c) {
  return IsAsciiLetter(c) || IsDigit(c) || c == '_' || c == '.' || c == '+' || c == '-' || c == '/';
}

void AppendUtf8(uint32_t point, std::string& out) {
  const auto put = [&out](uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (point < 0x80U) {
    put(point);
  } else if (point < 0x800U) {
    put(0xC0U | (point >> 6U));
    put(0x80U | (point & 0x3FU));
  } else if (point < 0x10000U) {
    put(0xE0U | (point >> 12U));
    put(0x80U | ((point >> 6U) & 0x3FU));
    put(0x80U | (point & 0x3FU));
  } else {
    put(0xF0U | (point >> 18U));
    put(0x80U | ((point >> 12U) & 0x3FU));
    put(0x80U | ((point >> 6U) & 0x3FU));
    put(0x80U | (point & 0x3FU));
  }
}

bool HasTwins(const std::vector<YamlEntry>& entries) {
  constexpr size_t kFew = 12;
  if (entries.size() <= kFew) {
    for (size_t i = 1; i < entries.size(); ++i) {
      for (size_t k = 0; k < i; ++k) {
        if (entries[i].key == entries[k].key) return true;
      }
    }
    return false;
  }
  std::unordered_set<std::string_view> seen;
  return !std::all_of(entries.begin(), entries.end(),
                      [&seen](const YamlEntry& entry) { return seen.insert(entry.key).second; });
}

// Every method that reads gives false as soon as it is not sure; the whole text is then the full reader's.
class QuickReader {
 public:
  QuickReader(std::string_view text, SourceId source) : text_(text), source_(source) {}

  bool ReadDocument(YamlNode& root) {
    if (!ToContent()) return false;
    const bool flow = Now() == '{' || Now() == '[';
    if (flow) {
      flow_lines_ = true;
      if (!ReadFlow(root, 1)) return false;
    } else if (text_.find('\t') != std::string_view::npos || !ReadBlock(root, 0)) {
      return false;
    }
    return !ToContent() && clean_;
  }

 private:
  char Now() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  char Next() const { return at_ + 1 < text_.size() ? text_[at_ + 1] : '\0'; }
  bool AtBlank() const { return at_ >= text_.size() || text_[at_] == ' ' || text_[at_] == '\n'; }
  void SkipSpaces() {
    while (Now() == ' ') ++at_;
  }
  size_t Column() const { return at_ - line_; }
  Span SpanFrom(size_t begin) const { return {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(at_)}; }

  // Ends a line after a value: blanks and a comment only.
  bool EndLine() {
    const size_t before = at_;
    SkipSpaces();
    if (Now() == '#' && at_ > before) at_ = std::min(text_.find('\n', at_), text_.size());
    return at_ >= text_.size() || text_[at_] == '\n';
  }

  // Goes to the next line's first character that is neither blank nor comment, and gives whether there is one. Called
  // at the beginning or the end of a line.
  bool ToContent() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\n') line_ = ++at_;
      SkipSpaces();
      if (Now() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
      if (at_ < text_.size() && text_[at_] != '\n') {
        // Document markers.
        if (Column() == 0 && (text_.substr(at_, 3) == "---" || text_.substr(at_, 3) == "...")) clean_ = false;
        return clean_;
      }
    }
    return false;
  }

  bool IsDash() const { return Now() == '-' && (Next() == ' ' || Next() == '\n' || Next() == '\0'); }

  // A mapping or a list whose first line's content is at hand, at `depth` (1 for the outermost).
  bool ReadBlock(YamlNode& node, size_t depth) {
    if (depth >= kDeepestYaml) return false;
    return IsDash() ? ReadSequence(node, depth + 1) : ReadMap(node, depth + 1);
  }

  bool ReadSequence(YamlNode& node, size_t depth) {
    const size_t indent = Column();
    node.kind = YamlNode::Kind::kSequence;
    node.span = {source_, static_cast<uint32_t>(at_), static_cast<uint32_t>(at_ + 1)};
    do {
      ++at_;
      SkipSpaces();
      if (AtBlank() || Now() == '#' || IsDash()) return false;
      YamlNode& item = node.items.emplace_back();
      if (!(BeginsEntry() ? depth < kDeepestYaml && ReadMap(item, depth + 1) : ReadValue(item, indent, depth))) {
        return false;
      }
      node.span.end = std::max(node.span.end, item.span.end);
    } while (ToContent() && Column() == indent && IsDash());
    return CountNodes(node.items.size()) && (at_ >= text_.size() || Column() <= indent);
  }

  bool ReadMap(YamlNode& node, size_t depth) {
    const size_t indent = Column();
    node.kind = YamlNode::Kind::kMap;
    node.span = {source_, static_cast<uint32_t>(at_), static_cast<uint32_t>(at_ + 1)};
    node.entries.reserve(4);
    do {
      YamlEntry& entry = node.entries.emplace_back();
      if (!ReadKey(entry) || !ReadEntryValue(entry, indent, depth)) return false;
      node.span.end = std::max(node.span.end, entry.value.span.end);
    } while (ToContent() && Column() == indent && !IsDash());
    return CountNodes(2 * node.entries.size()) && (at_ >= text_.size() || Column() <= indent) &&
           !HasTwins(node.entries);
  }

  // Whether a mapping's entry stands at hand, rather than a scalar.
  bool BeginsEntry() const {
    QuickReader ahead = *this;
    YamlEntry ignored;
    return ahead.ReadKey(ignored);
  }

  // A key and its colon.
  bool ReadKey(YamlEntry& entry) {
    const size_t begin = at_;
    if (Now() == '"' || Now() == '\'') {
      if (!ReadQuoted(entry.key)) return false;
      entry.key_span = SpanFrom(begin);
    } else {
      if (!BeginsPlain(Now())) return false;
      while (at_ < text_.size() && text_[at_] != ':' && text_[at_] != '\n' && text_[at_] != '#') ++at_;
      entry.key = text_.substr(begin, at_ - begin);
      entry.key_span = SpanFrom(begin);
      if (entry.key.ends_with(' ')) return false;
      if (IsYamlNull(entry.key)) return false;
    }
    if (Now() != ':' || at_ - begin > kLongestKey) return false;
    ++at_;
    return AtBlank();
  }

  // What follows a key of a mapping that stands at `indent`.
  bool ReadEntryValue(YamlEntry& entry, size_t indent, size_t depth) {
    const size_t colon = at_;
    SkipSpaces();
    if (Now() != '#' && !AtBlank()) return ReadValue(entry.value, indent, depth);
    if (Now() == '#' && at_ == colon) return false;
    const size_t key_line = line_;
    at_ = colon;
    const bool more = EndLine() && ToContent();
    if (more && (Column() > indent || (Column() == indent && IsDash()))) return ReadBlock(entry.value, depth);
    entry.value.span = {source_, entry.key_span.end, entry.key_span.end};
    // Back to the key's line, so that the caller goes on from its end.
    line_ = key_line;
    at_ = colon;
    return clean_ && EndLine();
  }

  // A scalar or brackets on the rest of a line.
  bool ReadValue(YamlNode& node, size_t indent, size_t depth) {
    if (Now() == '{' || Now() == '[') {
      if (depth >= kDeepestYaml || !ReadFlow(node, depth + 1)) return false;
      return EndLine();
    }
    const size_t begin = at_;
    if (Now() == '"' || Now() == '\'') {
      if (!ReadQuoted(node.scalar)) return false;
      node.kind = YamlNode::Kind::kScalar;
      node.quoted = true;
      node.span = SpanFrom(begin);
      return EndLine();
    }
    return ReadPlain(node) && ReadFolded(node, indent);
  }

  bool ReadPlain(YamlNode& node) {
    const bool negative = Now() == '-' && IsDigit(Next());
    const bool tilde = Now() == '~' && (Next() == ' ' || Next() == '\n' || Next() == '\0');
    if (!negative && !tilde && !BeginsPlain(Now())) return false;
    const size_t begin = at_;
    size_t end = at_;
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '#' && text_[at_ - 1] == ' ') break;
      if (c == ':' && (Next() == ' ' || Next() == '\n' || Next() == '\0')) return false;
      if (c != ' ') end = at_ + 1;
    }
    node.scalar = text_.substr(begin, end - begin);
    node.kind = IsYamlNull(node.scalar) ? YamlNode::Kind::kNull : YamlNode::Kind::kScalar;
    node.span = {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
    if (node.is_null()) node.scalar.clear();
    if (Now() == '#') at_ = std::min(text_.find('\n', at_), text_.size());
    return true;
  }

  // Joins the lines over which an emitter broke a long plain scalar, as long as they hold nothing but words.
  bool ReadFolded(YamlNode& node, size_t indent) {
    const bool ends_bare = at_ == node.span.end;
    for (;;) {
      QuickReader ahead = *this;
      if (!ahead.ToContent() || ahead.Column() <= indent) return ahead.clean_;
      const size_t end = std::min(text_.find('\n', ahead.at_), text_.size());
      const std::string_view words = text_.substr(ahead.at_, end - ahead.at_);
      const bool next_line = ahead.line_ == at_ + 1;
      if (!ends_bare || node.is_null() || !next_line || !BeginsPlain(ahead.Now()) || words.ends_with(' ') ||
          words.find_first_of(":#") != std::string_view::npos) {
        return false;
      }
      node.scalar += ' ';
      node.scalar += words;
      line_ = ahead.line_;
      at_ = end;
    }
  }

  bool ReadQuoted(std::string& out) { return Now() == '"' ? ReadDoubleQuoted(out) : ReadSingleQuoted(out); }

  bool ReadSingleQuoted(std::string& out) {
    for (++at_; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x20U; ++at_) {
      if (text_[at_] == '\'' && Next() != '\'') {
        ++at_;
        return true;
      }
      if (text_[at_] == '\'') ++at_;
      out += text_[at_];
    }
    return false;
  }

  bool ReadDoubleQuoted(std::string& out) {
    for (++at_; at_ < text_.size() && static_cast<unsigned char>(text_[at_]) >= 0x20U; ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return true;
      }
      if (text_[at_] != '\\') {
        out += text_[at_];
      } else if (!ReadEscape(out)) {
        return false;
      }
    }
    return false;
  }

  // JSON's escapes; ends on the last character.
  bool ReadEscape(std::string& out) {
    constexpr std::array<std::pair<char, char>, 8> kEscapes{
        {{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}}};
    ++at_;
    const auto* const found =
        std::find_if(kEscapes.begin(), kEscapes.end(), [this](const auto& escape) { return escape.first == Now(); });
    if (found != kEscapes.end()) {
      out += found->second;
      return true;
    }
    uint32_t point = 0;
    if (Now() != 'u' || !ReadHex(point)) return false;
    if (point >= 0xD800U && point < 0xDC00U) {
      // Half of a pair: JSON writes what lies beyond 16 bits as two.
      uint32_t low = 0;
      if (Next() != '\\') return false;
      at_ += 2;
      if (Now() != 'u' || !ReadHex(low) || low < 0xDC00U || low > 0xDFFFU) return false;
      point = 0x10000U + ((point - 0xD800U) << 10U) + (low - 0xDC00U);
    } else if (point >= 0xDC00U && point < 0xE000U) {
      return false;
    }
    AppendUtf8(point, out);
    return true;
  }

  // Four hex digits after the character at hand.
  bool ReadHex(uint32_t& value) {
    for (int i = 0; i < 4; ++i) {
      const char c = Next();
      ++at_;
      if (IsDigit(c)) {
        value = value * 16 + static_cast<uint32_t>(c - '0');
      } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        value = value * 16 + static_cast<uint32_t>((c | 0x20) - 'a' + 10);
      } else {
        return false;
      }
    }
    return true;
  }

  // Blanks between tokens in brackets; line ends only where the whole document is in brackets.
  void SkipFlowBlanks() {
    while (Now() == ' ' || (flow_lines_ && (Now() == '\n' || Now() == '\t'))) {
      if (Now() == '\n') line_ = at_ + 1;
      ++at_;
    }
  }

  bool ReadFlow(YamlNode& node, size_t depth) {
    const bool map = Now() == '{';
    const char closing = map ? '}' : ']';
    node.kind = map ? YamlNode::Kind::kMap : YamlNode::Kind::kSequence;
    node.span = {source_, static_cast<uint32_t>(at_), static_cast<uint32_t>(at_ + 1)};
    ++at_;
    SkipFlowBlanks();
    if (Now() == closing) {
      ++at_;
      return true;
    }
    for (;;) {
      if (map ? !ReadFlowEntry(node, depth) : !ReadFlowItem(node, depth)) return false;
      SkipFlowBlanks();
      const char c = Now();
      ++at_;
      if (c == closing) return CountNodes(2 * node.entries.size() + node.items.size()) && !HasTwins(node.entries);
      if (c != ',') return false;
      SkipFlowBlanks();
    }
  }

  bool ReadFlowItem(YamlNode& node, size_t depth) {
    YamlNode& item = node.items.emplace_back();
    if (!ReadFlowValue(item, depth)) return false;
    node.span.end = std::max(node.span.end, item.span.end);
    return true;
  }

  bool ReadFlowEntry(YamlNode& node, size_t depth) {
    YamlEntry& entry = node.entries.emplace_back();
    const size_t begin = at_;
    YamlNode key;
    if (Now() == '{' || Now() == '[' || !ReadFlowValue(key, depth) || key.is_null()) return false;
    if (Now() != ':' || at_ - begin > kLongestKey) return false;
    ++at_;
    // JSON may leave out the blank, but only behind a quoted key.
    if (!key.quoted && !AtBlank()) return false;
    entry.key = std::move(key.scalar);
    entry.key_span = key.span;
    SkipFlowBlanks();
    if (!ReadFlowValue(entry.value, depth)) return false;
    node.span.end = std::max(node.span.end, entry.value.span.end);
    return true;
  }

  bool ReadFlowValue(YamlNode& node, size_t depth) {
    if (Now() == '{' || Now() == '[') return depth < kDeepestYaml && ReadFlow(node, depth + 1);
    const size_t begin = at_;
    if (Now() == '"' || Now() == '\'') {
      if (!ReadQuoted(node.scalar)) return false;
      node.kind = YamlNode::Kind::kScalar;
      node.quoted = true;
      node.span = SpanFrom(begin);
      return true;
    }
    const bool negative = Now() == '-' && IsDigit(Next());
    if (!negative && !IsAsciiLetter(Now()) && !IsDigit(Now()) && Now() != '_') return false;
    while (IsFlowWord(Now())) ++at_;
    node.scalar = text_.substr(begin, at_ - begin);
    node.kind = IsYamlNull(node.scalar) ? YamlNode::Kind::kNull : YamlNode::Kind::kScalar;
    if (node.is_null()) node.scalar.clear();
    node.span = SpanFrom(begin);
    // Anything but a separator would make the scalar longer than what was taken.
    const size_t after = at_;
    SkipFlowBlanks();
    const char c = Now();
    return c == ',' || c == ']' || c == '}' || (c == ':' && at_ == after);
  }

  bool CountNodes(size_t nodes) {
    count_ += nodes;
    return count_ < kMostYamlNodes;
  }

  std::string_view text_;
  SourceId source_;
  size_t at_ = 0;
  size_t line_ = 0;  // where the line at hand begins
  size_t count_ = 0;
  bool flow_lines_ = false;
  bool clean_ = true;  // no document marker so far
};

// Control characters, other line ends and marks, and bytes that are no text: the full reader handles or refuses them.
bool IsOutOfScope(std::string_view text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7FU || (byte < 0x20U && c != '\n' && c != '\t');
  });
  if (control) return true;
  const bool ascii =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
  if (ascii) return false;
  constexpr std::array<std::string_view, 4> kMarks{"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xEF\xBB\xBF"};
  return FirstBadUtf8(text).has_value() || std::any_of(kMarks.begin(), kMarks.end(), [text](std::string_view mark) {
           return text.find(mark) != std::string_view::npos;
         });
}

}  // namespace

std::optional<YamlNode> ReadQuickYaml(std::string_view text, SourceId source) {
  if (IsOutOfScope(text)) return std::nullopt;
  YamlNode root;
  if (!QuickReader(text, source).ReadDocument(root)) return std::nullopt;
  return root;
}

}  // namespace wapc::base
