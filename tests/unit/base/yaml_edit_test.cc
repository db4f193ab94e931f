#include "base/yaml_edit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include "base/yaml_write.h"

namespace wapc::base {
namespace {

YamlNode Parse(const std::string& text) {
  SourceMap sources;
  Diagnostics diagnostics;
  auto root = ParseYaml(sources, sources.Add("f", text), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << text << RenderText(diagnostics, sources, false);
  return root.value_or(YamlNode());
}

std::string Edited(const std::string& before, const std::string& after) {
  return EditYaml(before, Parse(before), Parse(after));
}

TEST(YamlEdit, WhatDidNotChangeKeepsItsBytes) {
  const std::string text = "# head\n\na:  1   # one\n\n# about b\nb: {x: 'y'}\nc:\n- 1\n- 2\n# tail\n";
  EXPECT_EQ(Edited(text, "{a: 1, b: {x: y}, c: [1, 2]}"), text);
}

TEST(YamlEdit, CommentsStayWithTheirKeys) {
  const std::string text = "# head\na: 1  # one\n# about b\nb: 2  # two\n\n# about c\nc: 3\n";
  EXPECT_EQ(Edited(text, "{a: 10, b: 2, c: 3}"), "# head\na: 10  # one\n# about b\nb: 2  # two\n\n# about c\nc: 3\n");
  EXPECT_EQ(Edited(text, "{a: 1, c: 3}"), "# head\na: 1  # one\n\n# about c\nc: 3\n");
  EXPECT_EQ(Edited(text, "{c: 3, b: 2, a: 1}"), "# head\n\n# about c\nc: 3\n# about b\nb: 2  # two\na: 1  # one\n");
  EXPECT_EQ(Edited(text, "{a: 1, b: 2, n: x, c: 3}"),
            "# head\na: 1  # one\n# about b\nb: 2  # two\nn: x\n\n# about c\nc: 3\n");
}

TEST(YamlEdit, NestedMappings) {
  const std::string text =
      "t:\n  # about o\n  o:\n    x: 1\n    # deep\n    y: 2\n  # not of o\n  p: {q: 1}  # p\nz: 1";
  EXPECT_EQ(Edited(text, "{t: {o: {x: 1, y: 3, w: [a, {b: c}]}, p: {q: 1}}, z: 1}"),
            "t:\n  # about o\n  o:\n    x: 1\n    # deep\n    y: 3\n    w:\n    - a\n    - b: c\n"
            "  # not of o\n  p: {q: 1}  # p\nz: 1\n");
  EXPECT_EQ(
      Edited(text, "{t: {o: {x: 1, y: 2}, p: {q: 2, r: 3}}, z: 1}"),
      "t:\n  # about o\n  o:\n    x: 1\n    # deep\n    y: 2\n  # not of o\n  p:  # p\n    q: 2\n    r: 3\nz: 1\n");
}

TEST(YamlEdit, ValuesOverSeveralLinesAreReplacedWhole) {
  EXPECT_EQ(Edited("a: |\n  one\n  # no comment\nb: 1\n", "{a: x, b: 1}"), "a: x\nb: 1\n");
  EXPECT_EQ(Edited("a:  # why\n- 1\n- 2\n# about b\nb: 1\n", "{a: [3], b: 1}"), "a:  # why\n- 3\n# about b\nb: 1\n");
  EXPECT_EQ(Edited("a: {x: 1,\n  y: 2}\nb: 1\n", "{a: null, b: 1}"), "a: null\nb: 1\n");
  EXPECT_EQ(Edited("a: 'it''s # no' # yes\n", "{a: 2}"), "a: 2 # yes\n");
}

TEST(YamlEdit, JsonIsWrittenAnewInBlocks) {
  EXPECT_EQ(Edited(R"({"a": {"b": "true"}})", R"({"a": {"b": "true", "c": 1}})"), "a:\n  b: 'true'\n  c: 1\n");
}

TEST(YamlWrite, TextReadsBackAsText) {
  for (const std::string text :
       {"",    "yes", "null", "~",    "1",    "1e5",       "0x1f", "2024-01-01", "a: b",     "a #b", " a",      "a ",
        "- a", "'",   "\"",   "a\nb", "\x01", "\xC2\x85",  "[a]",  "{",          "*a",       "&a",   "!a",      "%a",
        "@a",  "a:",  "#",    "=",    "<<",   "id/eTqa+=", "über", "on",         "12:30:45", "_",    "a, b [c]"}) {
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.quoted = true;
    node.scalar = text;
    const YamlNode read = Parse("k: " + YamlScalar(node) + "\n");
    ASSERT_EQ(read.entries.size(), 1U) << text;
    EXPECT_EQ(read.entries[0].value.scalar, text);
    EXPECT_TRUE(SameYaml(read.entries[0].value, node)) << text;
  }
}

TEST(YamlWrite, KeysReadBack) {
  for (const std::string key : {"n", "1", "a b", "a: b", "'q'", "x-wapc", "", "true"}) {
    std::string text;
    AppendYamlEntry(key, YamlNode(), 0, text);
    EXPECT_EQ(Parse(text).entries.at(0).key, key) << text;
  }
}

// Random documents and random changes of them.
class RandomYaml {
 public:
  explicit RandomYaml(unsigned seed) : random_(seed) {}

  size_t Below(size_t limit) { return std::uniform_int_distribution<size_t>(0, limit - 1)(random_); }

  YamlNode Node(int depth) {
    YamlNode out;
    const size_t kind = Below(depth > 3 ? 3 : 6);
    if (kind < 3) {
      constexpr std::array<const char*, 7> kTexts{"x", "1", "yes", "a: b", "it's", "two\nlines", ""};
      out.kind = YamlNode::Kind::kScalar;
      out.quoted = true;
      out.scalar = kTexts.at(Below(kTexts.size()));
    } else if (kind == 3) {
      out.kind = YamlNode::Kind::kSequence;
      for (size_t i = Below(3); i > 0; --i) out.items.push_back(Node(depth + 1));
    } else {
      out = Map(depth + 1);
    }
    return out;
  }

  YamlNode Map(int depth) {
    YamlNode out;
    out.kind = YamlNode::Kind::kMap;
    for (size_t i = 0, count = Below(4); i < count; ++i) {
      out.entries.push_back({"k" + std::to_string(Below(3) * 10 + i), {}, Node(depth)});
    }
    return out;
  }

  void Change(YamlNode& map) {
    if (map.entries.empty() || Below(3) == 0) {
      const std::string key = "n" + std::to_string(Below(1000));
      if (map.Find(key) == nullptr) map.entries.push_back({key, {}, Node(2)});
      return;
    }
    const size_t at = Below(map.entries.size());
    YamlNode& value = map.entries[at].value;
    switch (Below(4)) {
      case 0: map.entries.erase(map.entries.begin() + static_cast<std::ptrdiff_t>(at)); break;
      case 1: std::swap(map.entries[at], map.entries[0]); break;
      case 2: value = Node(2); break;
      default: value.is_map() ? Change(value) : void(value = Node(2));
    }
  }

  // Puts comments and blank lines between the lines, where no text over several lines can be hit.
  std::string Commented(const std::string& text) {
    std::string out;
    for (size_t at = 0; at < text.size();) {
      const size_t end = text.find('\n', at) + 1;
      const std::string line = text.substr(at, end - at);
      if (Below(4) == 0) out += line.substr(0, std::min(line.find_first_not_of(' '), line.size())) + "# note\n";
      if (Below(6) == 0) out += "\n";
      out += line;
      at = end;
    }
    return out;
  }

 private:
  std::mt19937 random_;
};

TEST(YamlEdit, RandomChangesReadAsTheyShould) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    RandomYaml random(seed);
    YamlNode document = random.Map(0);
    if (document.entries.empty()) continue;
    std::string text;
    AppendYamlBlock(document, 0, text);
    text = random.Commented(text);
    const YamlNode before = Parse(text);
    ASSERT_TRUE(SameYaml(before, document)) << text;
    YamlNode after = before;
    for (size_t i = 0; i < 4; ++i) random.Change(after);
    const std::string edited = EditYaml(text, before, after);
    const YamlNode read = edited.find_first_not_of(" \n") == std::string::npos ? YamlNode() : Parse(edited);
    if (after.entries.empty()) continue;
    ASSERT_TRUE(SameYaml(read, after)) << "seed " << seed << "\n" << text << "-----\n" << edited;
  }
}

}  // namespace
}  // namespace wapc::base
