#include "base/toml.h"

#include <gtest/gtest.h>

namespace wapc::base {
namespace {

Result<YamlNode> Parse(std::string text, TomlContent content = TomlContent::kPlain) {
  static SourceMap sources;
  return ParseToml(sources, sources.Add("a.toml", std::move(text)), content);
}

TEST(Toml, EveryKindOfValue) {
  const auto root = Parse(
      "text = \"a\\nb\"\nwhole = 1_000\nhalf = 0.5\nyes = true\nday = 2024-01-31\nlist = [1, \"x\"]\n[a.b]\nc = 'd'\n");
  ASSERT_TRUE(root);
  EXPECT_EQ(root->Find("text")->scalar, "a\nb");
  EXPECT_TRUE(root->Find("text")->quoted);
  EXPECT_EQ(root->Find("whole")->AsInt(), 1000);
  EXPECT_EQ(root->Find("half")->scalar, "0.5");
  EXPECT_EQ(root->Find("yes")->AsBool(), true);
  EXPECT_EQ(root->Find("day")->scalar, "2024-01-31");
  EXPECT_TRUE(root->Find("day")->quoted);
  ASSERT_EQ(root->Find("list")->items.size(), 2U);
  EXPECT_EQ(root->Find("list")->items[1].scalar, "x");
  EXPECT_EQ(root->Find("a")->Find("b")->Find("c")->scalar, "d");
}

TEST(Toml, KeysKeepTheOrderOfTheFileAndTheirPlaces) {
  SourceMap sources;
  const SourceId source = sources.Add("a.toml", "z = 1\n# über\nä = \"ö\"\na = 2\n");
  const auto broken = ParseToml(sources, source, TomlContent::kPlain);
  EXPECT_FALSE(broken);  // bare keys are ASCII
  const SourceId good = sources.Add("b.toml", "z = 1\n\"ä\" = \"öö\"\na = 2\n");
  const auto root = ParseToml(sources, good, TomlContent::kPlain);
  ASSERT_TRUE(root);
  ASSERT_EQ(root->entries.size(), 3U);
  EXPECT_EQ(root->entries[0].key, "z");
  EXPECT_EQ(root->entries[1].key, "ä");
  EXPECT_EQ(sources.Text(root->entries[1].value.span), "\"öö\"");
  EXPECT_EQ(sources.Place(root->entries[2].value.span), "b.toml:3:5");
}

TEST(Toml, ASecretFileIsNotQuoted) {
  const auto plain = Parse("a = 1\npassword = hunter2\n");
  ASSERT_FALSE(plain);
  EXPECT_NE(plain.error().message.find("a.toml:2:"), std::string::npos) << plain.error().message;
  const auto secret = Parse("a = 1\npassword = hunter2\n", TomlContent::kSecret);
  ASSERT_FALSE(secret);
  EXPECT_NE(secret.error().message.find("a.toml:2:"), std::string::npos);
  EXPECT_EQ(secret.error().message.find("hunter"), std::string::npos);
  EXPECT_EQ(secret.error().message.find('\''), std::string::npos);
}

}  // namespace
}  // namespace wapc::base
