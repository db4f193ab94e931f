#include "base/yaml_events.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <unordered_map>
#include <utility>

namespace wapc::base {
namespace {

constexpr DiagnosticCode kYamlSyntax{"yaml-syntax", Severity::kError};
constexpr DiagnosticCode kDuplicateKey{"duplicate-key", Severity::kError};
constexpr DiagnosticCode kYamlTooLarge{"yaml-too-large", Severity::kError};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Stop the parser from inside an event; never leave this file.
struct TooLarge {
  std::string message;
  Span span;
};
struct Broken {
  std::string message;
  Span span;
};

struct Extent {
  size_t nodes = 1;
  size_t depth = 0;  // mappings and lists, the node itself counted
};

Extent Measure(const YamlNode& node) {
  Extent all;
  const auto add = [&all](const YamlNode& child) {
    const Extent one = Measure(child);
    all.nodes += one.nodes;
    all.depth = std::max(all.depth, one.depth);
  };
  for (const YamlNode& item : node.items) add(item);
  for (const YamlEntry& entry : node.entries) add(entry.value);
  if (node.is_map() || node.is_sequence()) ++all.depth;
  return all;
}

// Builds the tree from yaml-cpp's events, whose marks count bytes (0-based, after a byte order mark) and point at an
// opening quote.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, SourceId source, Diagnostics& diagnostics)
      : text_(text),
        source_(source),
        diagnostics_(diagnostics),
        shift_(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0) {}

  YamlNode Take() { return std::move(root_); }

  Span At(const YAML::Mark& mark, size_t length) const {
    const size_t from = mark.pos < 0 ? 0 : static_cast<size_t>(mark.pos) + shift_;
    const size_t begin = std::min(from, text_.size());
    const size_t end = std::min(begin + length, text_.size());
    return {source_, static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
  }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node;
    node.span = NullSpan(mark);
    Place(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Broken{"this alias stands inside of what it refers to", At(mark, 1)};
    const Extent extent = Measure(found->second);
    Count(extent.nodes - 1, mark);
    if (levels_.size() + extent.depth > kDeepestYaml) ThrowTooDeep(mark);
    YamlNode node = found->second;
    node.span = At(mark, 1);
    Place(std::move(node), 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.quoted = tag == "!" || tag.ends_with(":str");
    node.scalar = value;
    node.span = node.quoted ? QuotedSpan(mark) : PlainSpan(mark, value.size());
    if (!node.quoted && IsYamlNull(value)) node.kind = YamlNode::Kind::kNull;
    Place(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(YamlNode::Kind::kSequence, mark, anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(YamlNode::Kind::kMap, mark, anchor);
  }
  void OnMapEnd() override { Close(); }

 private:
  struct Level {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    std::string key;
    Span key_span;
    std::unordered_map<std::string, Span> seen;
  };

  // A null that is not written out stands right behind its key; yaml-cpp's mark is already at the next token.
  Span NullSpan(const YAML::Mark& mark) const {
    const Span at = At(mark, 0);
    const std::string_view rest = text_.substr(at.begin);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n,]}#"));
    const size_t after = rest.find_first_not_of(" \t", word.size());
    const bool whole =
        after == std::string_view::npos || std::string_view("\r\n,]}#").find(rest[after]) != std::string_view::npos;
    if (whole && !word.empty() && IsYamlNull(word)) return At(mark, word.size());
    if (levels_.empty() || !levels_.back().has_key) return at;
    const uint32_t end = levels_.back().key_span.end;
    return {source_, end, end};
  }

  Span PlainSpan(const YAML::Mark& mark, size_t length) const {
    Span span = At(mark, length);
    const size_t line_end = text_.substr(span.begin, length).find_first_of("\r\n");
    if (line_end != std::string_view::npos) span.end = span.begin + static_cast<uint32_t>(line_end);
    return span;
  }

  Span QuotedSpan(const YAML::Mark& mark) const {
    Span span = At(mark, 1);
    const char quote = span.begin < text_.size() ? text_[span.begin] : '\0';
    if (quote != '"' && quote != '\'') return span;  // the header of a block scalar, or a tag
    for (size_t i = span.begin + 1; i < text_.size(); ++i) {
      const bool doubled = quote == '\'' && text_[i] == quote && i + 1 < text_.size() && text_[i + 1] == quote;
      if (doubled || (quote == '"' && text_[i] == '\\')) {
        ++i;
      } else if (text_[i] == quote) {
        span.end = static_cast<uint32_t>(i + 1);
        return span;
      }
    }
    // yaml-cpp takes the end of the file for the missing quote.
    throw Broken{"this quote is never closed", span};
  }

  void Count(size_t nodes, const YAML::Mark& mark) {
    count_ += nodes;
    if (count_ > kMostYamlNodes) throw TooLarge{"more than a million values, counting aliases", At(mark, 1)};
  }

  [[noreturn]] void ThrowTooDeep(const YAML::Mark& mark) const {
    throw TooLarge{fmt::format("nested deeper than {} levels", kDeepestYaml), At(mark, 1)};
  }

  void Open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (levels_.size() >= kDeepestYaml) ThrowTooDeep(mark);
    Level& level = levels_.emplace_back();
    level.node.kind = kind;
    level.node.span = At(mark, 1);
    level.anchor = anchor;
  }

  void Close() {
    Level level = std::move(levels_.back());
    levels_.pop_back();
    Place(std::move(level.node), level.anchor);
  }

  void Place(YamlNode node, YAML::anchor_t anchor) {
    if (++count_ > kMostYamlNodes) throw TooLarge{"more than a million values, counting aliases", node.span};
    if (anchor != 0) anchors_[anchor] = node;
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == YamlNode::Kind::kSequence) {
      level.node.span.end = std::max(level.node.span.end, node.span.end);
      level.node.items.push_back(std::move(node));
    } else if (!level.has_key) {
      TakeKey(level, std::move(node));
    } else {
      AddEntry(level, std::move(node));
    }
  }

  void TakeKey(Level& level, YamlNode node) {
    if (node.is_map() || node.is_sequence()) {
      diagnostics_.Report(kYamlSyntax, node.span, fmt::format("a key has to be text, but here is {}", node.Describe()))
          .Help("quote it, or write a plain word");
    }
    level.has_key = true;
    level.key = std::move(node.scalar);
    level.key_span = node.span;
  }

  void AddEntry(Level& level, YamlNode value) {
    level.has_key = false;
    const auto [earlier, fresh] = level.seen.emplace(level.key, level.key_span);
    if (!fresh) {
      diagnostics_
          .Report(kDuplicateKey, level.key_span, fmt::format("the key '{}' stands here a second time", level.key))
          .Note(earlier->second, "first here")
          .Help("keep one of the two");
      return;
    }
    level.node.span.end = std::max(level.node.span.end, value.span.end);
    level.node.entries.push_back({std::move(level.key), level.key_span, std::move(value)});
  }

  std::string_view text_;
  SourceId source_;
  Diagnostics& diagnostics_;
  size_t shift_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YamlNode root_;
  size_t count_ = 0;
};

}  // namespace

bool IsYamlNull(std::string_view plain) {
  return plain.empty() || plain == "~" || plain == "null" || plain == "Null" || plain == "NULL";
}

std::optional<size_t> FirstBadUtf8(std::string_view text) {
  const auto byte = [text](size_t i) { return static_cast<unsigned char>(text[i]); };
  for (size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    const size_t length = lead < 0x80U ? 1 : lead >= 0xC2U && lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
    if ((lead >= 0x80U && lead < 0xC2U) || lead > 0xF4U || i + length > text.size()) return i;
    uint32_t point = length == 1 ? lead : lead & (0x7FU >> length);
    for (size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80U) return i;
      point = (point << 6U) | (byte(i + k) & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800U) || (length == 4 && point < 0x10000U);
    if (overlong || point > 0x10FFFFU || (point >= 0xD800U && point < 0xE000U)) return i;
    i += length;
  }
  return std::nullopt;
}

std::optional<YamlNode> ReadYamlEvents(std::string_view text, SourceId source, Diagnostics& diagnostics) {
  if (const std::optional<size_t> bad = FirstBadUtf8(text)) {
    const Span span{source, static_cast<uint32_t>(*bad), static_cast<uint32_t>(*bad + 1)};
    diagnostics.Report(kYamlSyntax, span, "this is not UTF-8 text").Help("save the file as UTF-8");
    return std::nullopt;
  }
  TreeBuilder builder(text, source, diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    return builder.Take();
  } catch (const YAML::Exception& e) {
    diagnostics.Report(kYamlSyntax, builder.At(e.mark, 1), "this is not YAML: " + e.msg)
        .Help("check the indentation, the quotes and the brackets around this place");
  } catch (const Broken& e) {
    diagnostics.Report(kYamlSyntax, e.span, "this is not YAML: " + e.message)
        .Help("check the indentation, the quotes and the brackets around this place");
  } catch (const TooLarge& e) {
    diagnostics.Report(kYamlTooLarge, e.span, "this YAML is too large to read: " + e.message).Help("split the file");
  }
  return std::nullopt;
}

}  // namespace wapc::base
