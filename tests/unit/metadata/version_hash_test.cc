#include "metadata/version_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"
#include "metadata/canonical_json.h"

namespace wapc::metadata {
namespace {

// Exports as dlt wrote them: the flights data set, one with most hints, one with every kind of scalar.
std::string Export(std::string_view name) {
  const auto text = base::ReadFile(std::filesystem::path(WAPC_SOURCE_DIR) / "tests/unit/metadata/testdata" / name);
  EXPECT_TRUE(text);
  return text ? *text : "";
}

base::YamlNode Parse(std::string text) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  const auto root = base::ParseYaml(sources, sources.Add("f", std::move(text)), diagnostics);
  EXPECT_TRUE(root);
  return root.value_or(base::YamlNode());
}

class StoredHash : public testing::TestWithParam<std::string> {};

TEST_P(StoredHash, IsReproduced) {
  const base::YamlNode root = Parse(Export(GetParam()));
  ASSERT_NE(root.Find("version_hash"), nullptr);
  EXPECT_EQ(ComputeVersionHash(root), root.Find("version_hash")->scalar);
}

INSTANTIATE_TEST_SUITE_P(All, StoredHash,
                         testing::Values("flights.schema.yaml", "shop.schema.yaml", "shop.schema.json",
                                         "scalars.schema.yaml"));

class Edited : public testing::Test {
 protected:
  // The hash after one piece of the text was replaced by another.
  std::string HashAfter(std::string_view from, std::string_view to) {
    std::string text = original_;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    return ComputeVersionHash(Parse(text.replace(at, from.size(), to)));
  }
  std::string original_ = Export("shop.schema.yaml");
  std::string stored_ = Parse(original_).Find("version_hash")->scalar;
};

TEST_F(Edited, ShowsInTheHash) {
  EXPECT_NE(HashAfter("precision: 18", "precision: 19"), stored_);
  EXPECT_NE(HashAfter("nullable: true", "nullable: false"), stored_);
  EXPECT_NE(HashAfter("      unseen:\n        nullable: true\n", ""), stored_);
  EXPECT_NE(HashAfter("'9999-12-31'", "9999-12-30"), stored_);
}

TEST_F(Edited, ColumnOrderCounts) {
  const std::string b = "      b:\n        data_type: binary\n        precision: 16\n";
  const std::string i = "      i:\n        data_type: bigint\n        precision: 16\n";
  EXPECT_NE(HashAfter(b + i, i + b), stored_);
}

TEST_F(Edited, WhatIsNotDltsDoesNotCount) {
  EXPECT_EQ(HashAfter("version: 2\n", "version: 3\n"), stored_);
  EXPECT_EQ(HashAfter("    write_disposition: merge\n", "    write_disposition: merge\n    x-wapc: {grain: [id]}\n"),
            stored_);
  EXPECT_EQ(HashAfter("        data_type: wei\n", "        data_type: wei  # in wei\n        x-wapc: {tags: [pii]}\n"),
            stored_);
  // Defaults may be left out, as dlt's own files do.
  EXPECT_EQ(HashAfter("    resource: rep\n", ""), stored_);
}

std::string Json(std::string_view yaml) {
  std::string out;
  AppendJsonScalar(Parse("k: " + std::string(yaml)).entries.at(0).value, out);
  return out;
}

// Expected values are what orjson 3.13 writes of what PyYAML 6 reads.
TEST(CanonicalJson, ScalarsMeanWhatTheyMeanToDlt) {
  EXPECT_EQ(Json("yes"), "true");
  EXPECT_EQ(Json("Off"), "false");
  EXPECT_EQ(Json("'yes'"), "\"yes\"");
  EXPECT_EQ(Json("y"), "\"y\"");
  EXPECT_EQ(Json("+12"), "12");
  EXPECT_EQ(Json("-1_000"), "-1000");
  EXPECT_EQ(Json("0x1F"), "31");
  EXPECT_EQ(Json("-0b101"), "-5");
  EXPECT_EQ(Json("017"), "15");
  EXPECT_EQ(Json("019"), "\"019\"");
  EXPECT_EQ(Json("1.2.3"), "\"1.2.3\"");
  EXPECT_EQ(Json(".inf"), "null");
}

TEST(CanonicalJson, Floats) {
  EXPECT_EQ(Json("1.0"), "1.0");
  EXPECT_EQ(Json("-0.0"), "-0.0");
  EXPECT_EQ(Json("+.5"), "0.5");
  EXPECT_EQ(Json("12.5e+3"), "12500.0");
  EXPECT_EQ(Json("1e5"), "\"1e5\"");
  EXPECT_EQ(Json("9.999e+15"), "9999000000000000.0");
  EXPECT_EQ(Json("1.0e+16"), "1e+16");
  EXPECT_EQ(Json("1.5e+300"), "1.5e+300");
  EXPECT_EQ(Json("1.25e-05"), "0.0000125");
  EXPECT_EQ(Json("1.25e-06"), "1.25e-6");
}

TEST(CanonicalJson, DatesAndTimes) {
  EXPECT_EQ(Json("2024-02-03"), "\"2024-02-03\"");
  EXPECT_EQ(Json("2024-02-03 04:05:06"), "\"2024-02-03T04:05:06\"");
  EXPECT_EQ(Json("2024-02-03T4:05:06.5Z"), "\"2024-02-03T04:05:06.500000+00:00\"");
  EXPECT_EQ(Json("2024-02-03 04:05:06.000 +2"), "\"2024-02-03T04:05:06+02:00\"");
  EXPECT_EQ(Json("2024-02-03 04:05:06-05:30"), "\"2024-02-03T04:05:06-05:30\"");
  EXPECT_EQ(Json("2024-02-03 04:05"), "\"2024-02-03 04:05\"");
  EXPECT_EQ(Json("2024-2-3"), "\"2024-2-3\"");
}

TEST(CanonicalJson, Text) {
  std::string out;
  AppendJsonText("a\"\\\b\f\n\r\t\x01\x1f\x7fé", out);
  EXPECT_EQ(out, "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7fé\"");
}

}  // namespace
}  // namespace wapc::metadata
