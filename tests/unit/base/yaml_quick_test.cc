#include "base/yaml_quick.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "base/yaml_events.h"

namespace wapc::base {
namespace {

std::string Show(Span span) { return "[" + std::to_string(span.begin) + "," + std::to_string(span.end) + ")"; }

// The whole tree with every place, so that two of them can be compared.
std::string Show(const YamlNode& node) {
  std::string out = std::to_string(static_cast<int>(node.kind)) + (node.quoted ? "q" : "") + Show(node.span);
  if (node.is_scalar()) out += "'" + node.scalar + "'";
  for (const YamlNode& item : node.items) out += "\n- " + Show(item);
  for (const YamlEntry& entry : node.entries) out += "\n" + entry.key + Show(entry.key_span) + ": " + Show(entry.value);
  return out + ";";
}

// What the full reader makes of it; diagnostics make it differ from every tree.
std::string Full(std::string_view text) {
  Diagnostics diagnostics;
  const std::optional<YamlNode> node = ReadYamlEvents(text, 0, diagnostics);
  return node && diagnostics.empty() ? Show(*node) : "an error";
}

class TakenQuickly : public testing::TestWithParam<std::string> {};

TEST_P(TakenQuickly, GivesTheTreeOfTheFullReader) {
  const std::optional<YamlNode> quick = ReadQuickYaml(GetParam(), 0);
  ASSERT_TRUE(quick);
  EXPECT_EQ(Show(*quick), Full(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    All, TakenQuickly,
    testing::Values("a: 1", "a: 1\n", "\n# c\na: 1 # c\n\n# d\n", "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n",
                    "a:\nb: ~\nc: null\n", "a:\n- 1\n- two words\n-   x\nb: 2\n",
                    "a:\n  - b: 1\n    c: 2\n  - d:\n      e: 1\n", "- a\n- b: 1\n- 'c'\n",
                    "a: 'it''s'\n\"b c\": \"x\\ny\\u00e9\"\n", "a: [1, -2, 'x', {b: c}, []]\nd: {}\n",
                    "a: http://x.y/z#a?b=1\nb: -5\nc: a - b, c\n", "é: 'ü'\na: xé\n", "a: one\n  two\n  three\nb: 1\n",
                    "a:   # why\n  b: 1\n", "{\"a\": [1, {\"b\":null}],\n\t\"c\": true,\n \"d\": -1.5e3}\n", "[1, 2]",
                    "a:\n\n  b: 1\n\n\n  c: 2\n", "a: x   \nb: y # z\n", "timestamp '2013-01-01': 1\n"));

class LeftToTheFullReader : public testing::TestWithParam<std::string> {};

TEST_P(LeftToTheFullReader, GivesNothing) { EXPECT_EQ(ReadQuickYaml(GetParam(), 0), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(All, LeftToTheFullReader,
                         testing::Values("", "# c\n", "x\n", "a: &x 1\n", "a: *x\n", "a: !!str 1\n", "a: |\n  b\n",
                                         "a: 1\na: 2\n", "a: b: c\n", "a: [1\n", "a: 'x\n", "a:\n\tb: 1\n",
                                         "---\na: 1\n", "a: 1\n---\nb: 2\n", "a: 1\n  b: 2\n", "a:\n  b: 1\n c: 2\n",
                                         "a: 1\r\nb: 2\r\n", "? a\n: b\n", "a: \xFF\n",
                                         "\xEF\xBB\xBF"
                                         "a: 1\n",
                                         "a: [1,\n 2]\n", "{a}", "[1,]", "a: one\n\n  two\n", "a: {b: 1, b: 2}\n"));

// Scraps of YAML put together by chance: whatever the quick reader takes, the full one takes as the same tree.
TEST(QuickYaml, NeverDiffersFromTheFullReader) {
  constexpr std::array<std::string_view, 40> kScraps{
      "a", "b: 1", "c:", "\n",  "\n  ", "\n    ", "\n- ", "\n  - ", " ",  ": ", ", ",    "[",     "]",   "{",
      "}", "'",    "\"", "#",   " # c", "null",   "~",    "1",      "-2", "-",  "x y",   "true",  "\\n", "\\",
      "é", "&x ",  "*x", "|\n", ">-\n", "? ",     "---",  "...",    "!t", "\t", "'q': ", "\"r\":"};
  std::mt19937 random(20240501);
  size_t taken = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = round % 2 == 0 ? "k: " : "";
    for (auto length = random() % 12; length > 0; --length) text += kScraps.at(random() % kScraps.size());
    const std::optional<YamlNode> quick = ReadQuickYaml(text, 0);
    if (!quick) continue;
    ++taken;
    ASSERT_EQ(Show(*quick), Full(text)) << text;
  }
  EXPECT_GT(taken, 500U);
}

}  // namespace
}  // namespace wapc::base
