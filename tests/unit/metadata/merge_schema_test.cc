#include "metadata/merge_schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "base/files.h"
#include "base/yaml_write.h"
#include "metadata/contract_diff.h"
#include "metadata/dlt_reader.h"
#include "metadata/pull.h"
#include "metadata/version_hash.h"

namespace wapc::metadata {
namespace {

using base::YamlNode;

std::string Export(std::string_view name) {
  const auto text = base::ReadFile(std::filesystem::path(WAPC_SOURCE_DIR) / "tests/unit/metadata/testdata" / name);
  EXPECT_TRUE(text);
  return text ? *text : "";
}

YamlNode Parse(const std::string& text) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  auto root = base::ParseYaml(sources, sources.Add("f", text), diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << base::RenderText(diagnostics, sources, false);
  return root.value_or(YamlNode());
}

Schema Read(const std::string& text) {
  base::Diagnostics diagnostics;
  return ReadDltSchema(Parse(text), "shop", 0, diagnostics).value_or(Schema());
}

std::string Written(const YamlNode& node) {
  std::string out;
  base::AppendYamlBlock(node, 0, out);
  return out;
}

TEST(NormalizeExport, JsonAndYamlOfOneSchemaAreTheSame) {
  const YamlNode json = NormalizeExport(Parse(Export("shop.schema.json")));
  const YamlNode yaml = NormalizeExport(Parse(Export("shop.schema.yaml")));
  EXPECT_EQ(ComputeVersionHash(json), ComputeVersionHash(yaml));
  EXPECT_TRUE(base::SameYaml(*json.Find("tables"), *yaml.Find("tables")));
}

TEST(NormalizeExport, WhatIsWrittenHasTheStoredHash) {
  for (const std::string name :
       {"flights.schema.yaml", "shop.schema.yaml", "shop.schema.json", "scalars.schema.yaml"}) {
    const YamlNode read = Parse(Written(NormalizeExport(Parse(Export(name)))));
    EXPECT_TRUE(IsAsDltWroteIt(read)) << name;
  }
}

std::string Small(std::string_view columns, std::string_view more = "") {
  return "version: 1\nversion_hash: none\nengine_version: 11\nname: shop\ntables:\n  orders:\n" + std::string(more) +
         "    columns:\n" + std::string(columns);
}

std::vector<std::string> Keys(const YamlNode& map) {
  std::vector<std::string> out;
  for (const base::YamlEntry& entry : map.entries) out.push_back(entry.key);
  return out;
}

const YamlNode& Columns(const YamlNode& root) { return *root.Find("tables")->Find("orders")->Find("columns"); }

// The hash of the content, so that the file counts as dlt's.
YamlNode Sealed(const std::string& text) {
  YamlNode root = Parse(text);
  for (base::YamlEntry& entry : root.entries) {
    if (entry.key == "version_hash") entry.value.scalar = ComputeVersionHash(root);
  }
  return root;
}

TEST(MergeSchema, ColumnsOfAnUneditedFileFollowUpstream) {
  const YamlNode mine = Sealed(Small("      a: {data_type: text}\n      b: {data_type: text}\n"));
  const YamlNode upstream =
      Parse(Small("      b: {data_type: text}\n      n: {data_type: text}\n      a: {data_type: text}\n"));
  EXPECT_THAT(Keys(Columns(MergeSchema(mine, upstream, false).merged)), testing::ElementsAre("b", "n", "a"));
}

TEST(MergeSchema, AnEditedFileKeepsItsOrderAndWhatPeopleWrote) {
  const YamlNode mine =
      Parse(Small("      a: {data_type: text, description: mine, x-pii: true, unique: true}\n"
                  "      b: {data_type: text}\n",
                  "    schema_contract: freeze\n"));
  const YamlNode upstream =
      Parse(Small("      b: {data_type: text}\n      n: {data_type: text}\n"
                  "      a: {data_type: bigint, description: theirs, x-row-version: true}\n"));
  const SchemaMerge merge = MergeSchema(mine, upstream, false);
  EXPECT_THAT(Keys(Columns(merge.merged)), testing::ElementsAre("a", "b", "n"));
  EXPECT_THAT(Keys(*Columns(merge.merged).Find("a")),
              testing::ElementsAre("data_type", "description", "x-row-version", "x-pii"));
  EXPECT_EQ(Columns(merge.merged).Find("a")->Find("data_type")->scalar, "bigint");
  EXPECT_EQ(Columns(merge.merged).Find("a")->Find("description")->scalar, "mine");
  EXPECT_NE(merge.merged.Find("tables")->Find("orders")->Find("schema_contract"), nullptr);
  EXPECT_EQ(merge.kept.size(), 3U);
}

TEST(MergeSchema, XWapcStaysInAnyFile) {
  const YamlNode mine = Sealed(Small("      a: {data_type: text, x-wapc: {tags: [x]}}\n", "    x-wapc: {owner: me}\n"));
  const YamlNode upstream = Parse(Small("      a: {data_type: bigint}\n"));
  const YamlNode merged = MergeSchema(mine, upstream, true).merged;
  EXPECT_NE(Columns(merged).Find("a")->Find("x-wapc"), nullptr);
  EXPECT_NE(merged.Find("tables")->Find("orders")->Find("x-wapc"), nullptr);
}

TEST(MergeSchema, WhatIsGoneStaysUntilPruned) {
  const YamlNode mine = Sealed(Small("      a: {data_type: text}\n      b: {data_type: text}\n"));
  const YamlNode upstream = Parse(Small("      b: {data_type: text}\n"));
  EXPECT_THAT(Keys(Columns(MergeSchema(mine, upstream, false).merged)), testing::ElementsAre("a", "b"));
  EXPECT_THAT(Keys(Columns(MergeSchema(mine, upstream, true).merged)), testing::ElementsAre("b"));
}

// Pulls the second text over the first and gives the file.
std::string Pulled(const std::string& mine, const std::string& upstream) {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  SchemaFile file;
  file.source = sources.Add("schema.yml", mine);
  file.root = base::ParseYaml(sources, file.source, diagnostics).value_or(YamlNode());
  file.schema = ReadDltSchema(file.root, "shop", file.source, diagnostics).value_or(Schema());
  const UpstreamSchema theirs{"shop", NormalizeExport(Parse(upstream)), true};
  const auto pulled = PullSchema(&file, "schema.yml", "shop", theirs, true, sources, diagnostics);
  EXPECT_TRUE(pulled);
  return pulled ? pulled->text : "";
}

// Takes out a third of the columns and hints of an export, and gives it comments.
std::string Thinned(const std::string& text, unsigned seed) {
  std::mt19937 random(seed);
  const auto third = [&random] { return std::uniform_int_distribution<int>(0, 2)(random) == 0; };
  YamlNode root = Parse(text);
  for (base::YamlEntry& part : root.entries) {
    if (part.key != "tables") continue;
    std::erase_if(part.value.entries, [&](const base::YamlEntry&) { return third(); });
    for (base::YamlEntry& table : part.value.entries) {
      for (base::YamlEntry& hint : table.value.entries) {
        if (hint.key == "columns") std::erase_if(hint.value.entries, [&](const base::YamlEntry&) { return third(); });
      }
    }
  }
  std::string out;
  std::string plain = Written(root);
  for (size_t at = 0; at < plain.size();) {
    const size_t end = plain.find('\n', at) + 1;
    if (third()) out += "# note\n";
    out += plain.substr(at, end - at);
    at = end;
  }
  return out;
}

size_t Notes(std::string_view text) {
  size_t count = 0;
  for (size_t at = text.find("# note"); at != std::string_view::npos; at = text.find("# note", at + 1)) ++count;
  return count;
}

TEST(Pull, BringsAnyEarlierFileToUpstreamAndKeepsComments) {
  for (const std::string name : {"flights.schema.yaml", "shop.schema.yaml", "scalars.schema.yaml"}) {
    const YamlNode upstream = NormalizeExport(Parse(Export(name)));
    for (unsigned seed = 0; seed < 30; ++seed) {
      const std::string mine = Thinned(Export(name), seed);
      const std::string text = Pulled(mine, Export(name));
      const YamlNode read = Parse(text);
      EXPECT_TRUE(DiffSchemas(Read(text), Read(Export(name))).empty()) << name << " " << seed;
      EXPECT_EQ(Pulled(text, Export(name)), text) << name << " " << seed;
      // No column went, so no comment did.
      EXPECT_EQ(Notes(text), Notes(mine)) << name << " " << seed;
    }
  }
}

std::vector<std::string> Changes(const std::string& before, const std::string& after) {
  std::vector<std::string> out;
  for (const SchemaChange& change : DiffSchemas(Read(before), Read(after))) {
    out.push_back(std::string(ToString(change.kind)) + (change.breaking ? "!" : "") +
                  (change.refused.empty() ? "" : " refused"));
  }
  return out;
}

std::string Typed(std::string_view type, std::string_view more = "") {
  return Small("      a: {data_type: " + std::string(type) + "}\n", more);
}

TEST(DiffSchemas, TypesWidenNarrowAndChange) {
  const auto one = [](std::string_view before, std::string_view after) { return Changes(Typed(before), Typed(after)); };
  using testing::ElementsAre;
  EXPECT_THAT(one("bigint, precision: 32", "bigint"), ElementsAre("type-widened"));
  EXPECT_THAT(one("bigint", "wei"), ElementsAre("type-widened"));
  EXPECT_THAT(one("bigint", "bigint, precision: 16"), ElementsAre("type-narrowed!"));
  EXPECT_THAT(one("bigint", "double"), ElementsAre("type-changed!"));
  EXPECT_THAT(one("decimal, precision: 18, scale: 4", "decimal, precision: 20, scale: 6"), ElementsAre("type-widened"));
  EXPECT_THAT(one("decimal, precision: 18, scale: 4", "decimal, precision: 18, scale: 6"),
              ElementsAre("type-changed!"));
  EXPECT_THAT(one("text, precision: 10", "text"), ElementsAre("type-widened"));
  EXPECT_THAT(one("text", "text, precision: 10"), ElementsAre("type-narrowed!"));
  EXPECT_THAT(one("timestamp, precision: 3", "timestamp"), ElementsAre("type-widened"));
  EXPECT_THAT(one("timestamp", "timestamp, timezone: false"), ElementsAre("type-changed!"));
  EXPECT_THAT(one("text", "text, nullable: false"), ElementsAre("not-null"));
  EXPECT_THAT(one("text, nullable: false", "text"), ElementsAre("nullable!"));
  EXPECT_THAT(one("text", "text, unique: true"), ElementsAre("key"));
  EXPECT_THAT(one("text, unique: true", "text"), ElementsAre("key!"));
  EXPECT_THAT(one("text", "text, primary_key: true"), ElementsAre("key!"));
  EXPECT_THAT(one("text", "text, description: new"), ElementsAre());
}

TEST(DiffSchemas, AColumnIsThereOnceItHasAType) {
  const std::string with = Small("      a: {data_type: text}\n      b: {data_type: text}\n");
  const std::string without = Small("      a: {data_type: text}\n      b: {nullable: true}\n");
  EXPECT_THAT(Changes(without, with), testing::ElementsAre("column-added"));
  EXPECT_THAT(Changes(with, without), testing::ElementsAre("column-removed!"));
  EXPECT_THAT(Changes(Small("      a: {data_type: text}\n"), without), testing::ElementsAre());
}

TEST(DiffSchemas, ContractsRefuse) {
  const std::string added = Small("      a: {data_type: text}\n      b: {data_type: text}\n");
  const std::string variant = Small("      a: {data_type: text}\n      a__v_text: {data_type: text, variant: true}\n");
  const auto mine = [](std::string_view contract) { return Typed("text", contract); };
  using testing::ElementsAre;
  EXPECT_THAT(Changes(mine("    x-wapc: {contract: freeze}\n"), added), ElementsAre("column-added refused"));
  EXPECT_THAT(Changes(mine("    x-wapc: {contract: additive}\n"), added), ElementsAre("column-added"));
  EXPECT_THAT(Changes(mine("    x-wapc: {contract: additive}\n"), Typed("bigint")),
              ElementsAre("type-changed! refused"));
  EXPECT_THAT(Changes(mine("    schema_contract: freeze\n    x-wapc: {contract: evolve}\n"), added),
              ElementsAre("column-added"));
  EXPECT_THAT(Changes(mine("    schema_contract: freeze\n"), added), ElementsAre("column-added refused"));
  EXPECT_THAT(Changes(mine("    schema_contract: {data_type: freeze}\n"), added), ElementsAre("column-added"));
  EXPECT_THAT(Changes(mine("    schema_contract: {data_type: discard_value}\n"), variant),
              ElementsAre("column-added refused"));
  EXPECT_THAT(Changes(mine("    schema_contract: {columns: discard_row}\n"), variant), ElementsAre("column-added"));
  EXPECT_THAT(Changes(mine("") + "settings: {schema_contract: {tables: freeze, columns: discard_value}}\n", added),
              ElementsAre("column-added refused"));
  EXPECT_THAT(
      Changes(mine("    schema_contract: {columns: evolve}\n") + "settings: {schema_contract: freeze}\n", added),
      ElementsAre("column-added"));
}

// A nested table is under its root's contract.
TEST(DiffSchemas, ContractsReachNestedTables) {
  const std::string child = "  orders__lines:\n    parent: orders\n    columns:\n      x: {data_type: ";
  const std::string mine = Typed("text", "    x-wapc: {contract: freeze}\n");
  EXPECT_THAT(Changes(mine + child + "text}\n", mine + child + "bigint}\n"),
              testing::ElementsAre("type-changed! refused"));
  EXPECT_THAT(Changes(mine, mine + child + "text}\n"), testing::ElementsAre("table-added refused"));
  EXPECT_THAT(Changes(mine, mine + "  other:\n    columns:\n      x: {data_type: text}\n"),
              testing::ElementsAre("table-added"));
}

}  // namespace
}  // namespace wapc::metadata
