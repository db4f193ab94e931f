#include "base/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace wapc::base {
namespace {

using testing::Optional;

class YamlTest : public testing::Test {
 protected:
  std::optional<YamlNode> Parse(std::string text) {
    const SourceId id = sources_.Add("f.yml", std::move(text));
    return ParseYaml(sources_, id, diagnostics_);
  }
  // Parses what has to be sound.
  YamlNode Good(std::string text) {
    std::optional<YamlNode> node = Parse(std::move(text));
    EXPECT_EQ(Errors(), "");
    return node.value_or(YamlNode());
  }
  std::string TextOf(const YamlNode& node) const { return std::string(sources_.Text(node.span)); }
  std::string Place(Span span) const { return sources_.Place(span); }
  std::string Errors() const { return RenderText(diagnostics_, sources_, false); }

  SourceMap sources_;
  Diagnostics diagnostics_;
};

TEST_F(YamlTest, EveryValueCarriesItsPlace) {
  const YamlNode root = Good("name: flights\nlist:\n  - one\n  - {a: 1, b: [x, y]}\n");
  ASSERT_TRUE(root.is_map());
  EXPECT_EQ(root.entries[0].key, "name");
  EXPECT_EQ(Place(root.entries[0].key_span), "f.yml:1:1");
  EXPECT_EQ(Place(root.Find("name")->span), "f.yml:1:7");
  EXPECT_EQ(TextOf(*root.Find("name")), "flights");
  const YamlNode& list = *root.Find("list");
  EXPECT_EQ(Place(list.span), "f.yml:3:3");
  EXPECT_EQ(Place(list.items[1].span), "f.yml:4:5");
  EXPECT_EQ(TextOf(*list.items[1].Find("a")), "1");
  EXPECT_EQ(TextOf(list.items[1].Find("b")->items[1]), "y");
  EXPECT_EQ(root.Find("absent"), nullptr);
  EXPECT_EQ(list.Find("a"), nullptr);
}

TEST_F(YamlTest, KeepsScalarsAsWrittenAndTellsQuoted) {
  const YamlNode root = Good("a: 007\nb: '1'\nc: \"x\\ty\"\nd: 'it''s'\ne: |\n  two\n  lines\nf: >-\n  one\n  line\n");
  EXPECT_EQ(root.Find("a")->scalar, "007");
  EXPECT_FALSE(root.Find("a")->quoted);
  EXPECT_EQ(root.Find("b")->scalar, "1");
  EXPECT_TRUE(root.Find("b")->quoted);
  EXPECT_EQ(root.Find("b")->AsInt(), std::nullopt);
  EXPECT_EQ(root.Find("c")->scalar, "x\ty");
  EXPECT_EQ(TextOf(*root.Find("c")), "\"x\\ty\"");
  EXPECT_EQ(root.Find("d")->scalar, "it's");
  EXPECT_EQ(TextOf(*root.Find("d")), "'it''s'");
  EXPECT_EQ(root.Find("e")->scalar, "two\nlines\n");
  EXPECT_EQ(TextOf(*root.Find("e")), "|");
  EXPECT_EQ(root.Find("f")->scalar, "one line");
  EXPECT_TRUE(root.Find("f")->quoted);
}

TEST_F(YamlTest, ReadsBoolsNumbersAndNulls) {
  const YamlNode root = Good("a: True\nb: yes\nc: -5\nd: 1.5\ne: ~\nf: null\ng:\nh: 99999999999999999999\n");
  EXPECT_THAT(root.Find("a")->AsBool(), Optional(true));
  EXPECT_EQ(root.Find("b")->AsBool(), std::nullopt);  // YAML 1.2
  EXPECT_THAT(root.Find("c")->AsInt(), Optional(-5));
  EXPECT_EQ(root.Find("d")->AsInt(), std::nullopt);
  EXPECT_TRUE(root.Find("e")->is_null());
  EXPECT_TRUE(root.Find("f")->is_null());
  EXPECT_TRUE(root.Find("g")->is_null());
  EXPECT_EQ(Place(root.Find("g")->span), "f.yml:7:2");  // behind its key
  EXPECT_EQ(root.Find("h")->AsInt(), std::nullopt);
}

TEST_F(YamlTest, DescribesWhatItIs) {
  const YamlNode root = Good("a: [1]\nb: {}\nc: x\nd: 1.5e3\ne: false\nf:\ng: '1'\n");
  const auto word = [&](std::string_view key) { return root.Find(key)->Describe(); };
  EXPECT_EQ(word("a"), "a list");
  EXPECT_EQ(word("b"), "a mapping");
  EXPECT_EQ(word("c"), "text");
  EXPECT_EQ(word("d"), "a number");
  EXPECT_EQ(word("e"), "true or false");
  EXPECT_EQ(word("f"), "nothing");
  EXPECT_EQ(word("g"), "text");
}

TEST_F(YamlTest, ReadsJson) {
  const YamlNode root = Good("{\n\t\"a\": [1, \"\\u00e9\\ud83d\\ude00\\/\"],\n\t\"b\":{\"c\":null}\n}\n");
  EXPECT_EQ(root.Find("a")->items[1].scalar, "é😀/");
  EXPECT_TRUE(root.Find("b")->Find("c")->is_null());
  EXPECT_EQ(Place(root.Find("b")->span), "f.yml:3:6");
}

TEST_F(YamlTest, PlacesAreRightAfterUtf8CrlfAndAByteOrderMark) {
  const YamlNode root = Good(
      "\xEF\xBB\xBF"
      "é: ü\r\nb: x\r\n");
  EXPECT_EQ(TextOf(*root.Find("é")), "ü");
  EXPECT_EQ(TextOf(*root.Find("b")), "x");
  EXPECT_EQ(Place(root.Find("b")->span), "f.yml:2:4");
  const YamlNode plain = Good("é: ü\nb: x\n");
  EXPECT_EQ(TextOf(*plain.Find("é")), "ü");
  EXPECT_EQ(Place(plain.Find("é")->span), "f.yml:1:4");
}

TEST_F(YamlTest, AnEmptySourceIsNull) {
  EXPECT_TRUE(Good("").is_null());
  EXPECT_TRUE(Good("# only words\n").is_null());
}

TEST_F(YamlTest, ReadsOnlyTheFirstDocument) {
  const YamlNode root = Good("---\na: 1\n---\nb: 2\n");
  EXPECT_NE(root.Find("a"), nullptr);
  EXPECT_EQ(root.Find("b"), nullptr);
}

TEST_F(YamlTest, ResolvesAliasesByCopyAtTheirOwnPlace) {
  const YamlNode root = Good("a: &x {k: [1]}\nb: *x\n");
  const YamlNode& alias = *root.Find("b");
  EXPECT_EQ(Place(alias.span), "f.yml:2:4");
  EXPECT_EQ(alias.Find("k")->items[0].scalar, "1");
}

TEST_F(YamlTest, RefusesAnAliasInsideItsOwnAnchor) {
  EXPECT_EQ(Parse("a: &x [1, *x]\n"), std::nullopt);
  EXPECT_EQ(Errors(),
            "f.yml:1:11: error[yaml-syntax]: this is not YAML: this alias stands inside of what it refers to\n"
            "  1 | a: &x [1, *x]\n"
            "    |           ^\n"
            "  help: check the indentation, the quotes and the brackets around this place\n");
}

TEST_F(YamlTest, ReportsDuplicateKeysWithBothPlaces) {
  const auto root = Parse("a: 1\nb: 2\n\"a\": 3\n");
  EXPECT_EQ(Errors(),
            "f.yml:3:1: error[duplicate-key]: the key 'a' stands here a second time\n"
            "  3 | \"a\": 3\n"
            "    | ^^^\n"
            "  note: f.yml:1:1: first here\n"
            "  1 | a: 1\n"
            "    | ^\n"
            "  help: keep one of the two\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->entries.size(), 2U);
  EXPECT_EQ(root->Find("a")->scalar, "1");
}

TEST_F(YamlTest, FindsDuplicatesAmongManyKeys) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "k" + std::to_string(i) + ": 1\n";
  Parse(text + "k7: 2\n");
  ASSERT_EQ(diagnostics_.all().size(), 1U);
  EXPECT_EQ(Place(diagnostics_.all()[0].span), "f.yml:51:1");
}

TEST_F(YamlTest, RefusesAMappingAsKey) {
  Parse("? [1, 2]\n: x\n");
  EXPECT_EQ(Errors(),
            "f.yml:1:3: error[yaml-syntax]: a key has to be text, but here is a list\n"
            "  1 | ? [1, 2]\n"
            "    |   ^^^^^\n"
            "  help: quote it, or write a plain word\n");
}

struct BrokenCase {
  std::string text;
  std::string message;  // with its place
};

class BrokenYaml : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenYaml, IsReportedAtItsPlace) {
  SourceMap sources;
  Diagnostics diagnostics;
  const SourceId id = sources.Add("f", GetParam().text);
  EXPECT_FALSE(ParseYaml(sources, id, diagnostics).has_value());
  ASSERT_EQ(diagnostics.all().size(), 1U);
  const Diagnostic& only = diagnostics.all()[0];
  EXPECT_EQ(only.code, "yaml-syntax");
  EXPECT_EQ(sources.Place(only.span) + ": " + only.message, GetParam().message);
  EXPECT_NE(only.help, "");
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenYaml,
    testing::Values(BrokenCase{"a: [1, 2\n", "f:2:1: this is not YAML: end of sequence flow not found"},
                    BrokenCase{"a: b: c\n", "f:1:5: this is not YAML: illegal map value"},
                    BrokenCase{"a: 1\n  b: 2\n", "f:2:4: this is not YAML: illegal map value"},
                    BrokenCase{"a: \"x\nb: 1\n", "f:1:4: this is not YAML: this quote is never closed"},
                    BrokenCase{"a: 'it''s\n", "f:1:4: this is not YAML: this quote is never closed"},
                    BrokenCase{"a: @x\n", "f:1:4: this is not YAML: unknown token"},
                    BrokenCase{"a: *x\n", "f:1:4: this is not YAML: the referenced anchor is not defined"},
                    BrokenCase{"é: \xFF\n", "f:1:4: this is not UTF-8 text"},
                    BrokenCase{"a: \xED\xA0\x80\n", "f:1:4: this is not UTF-8 text"},
                    BrokenCase{"{\"a\": \"\\ud83d\"}", "f:1:14: this is not YAML: invalid unicode: 55357"}));

TEST_F(YamlTest, CapsWhatAliasesBlowUp) {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string last = std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) laughs += std::string(k == 0 ? "" : ", ") + "*a" + last;
    laughs += "]\n";
  }
  EXPECT_EQ(Parse(laughs), std::nullopt);
  EXPECT_THAT(Errors(), testing::StartsWith("f.yml:6:45: error[yaml-too-large]: this YAML is too large to read: more "
                                            "than a million values, counting aliases\n"));
}

TEST_F(YamlTest, CapsDepth) {
  EXPECT_TRUE(Parse(std::string(200, '[') + std::string(200, ']')));
  EXPECT_EQ(Errors(), "");
  EXPECT_EQ(Parse(std::string(201, '[') + std::string(201, ']')), std::nullopt);
  EXPECT_THAT(Errors(), testing::StartsWith("f.yml:1:201: error[yaml-too-large]: this YAML is too large to read: "
                                            "nested deeper than 200 levels\n"));
}

TEST_F(YamlTest, CapsDepthMadeOfAliases) {
  const std::string deep = std::string(150, '[');
  const std::string back = std::string(150, ']');
  EXPECT_EQ(Parse("a: &a " + deep + back + "\nb: " + deep + "*a" + back + "\n"), std::nullopt);
  EXPECT_THAT(Errors(), testing::StartsWith("f.yml:2:154: error[yaml-too-large]"));
}

TEST_F(YamlTest, CapsDepthOfBlocks) {
  std::string blocks;
  for (size_t i = 0; i < 250; ++i) blocks += std::string(i, ' ') + "k:\n";
  EXPECT_EQ(Parse(blocks + std::string(250, ' ') + "k: 1\n"), std::nullopt);
  EXPECT_THAT(Errors(), testing::StartsWith("f.yml:201:201: error[yaml-too-large]"));
}

}  // namespace
}  // namespace wapc::base
