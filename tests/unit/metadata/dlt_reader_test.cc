#include "metadata/dlt_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.h"

namespace wapc::metadata {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DltReaderTest : public testing::Test {
 protected:
  std::optional<Schema> Read(std::string text) {
    const base::SourceId id = sources_.Add("schema.yml", std::move(text));
    const auto root = base::ParseYaml(sources_, id, diagnostics_);
    return root ? ReadDltSchema(*root, "raw", id, diagnostics_) : std::nullopt;
  }
  // Reads what has to be sound.
  Schema Good(std::string text) {
    std::optional<Schema> schema = Read(std::move(text));
    EXPECT_EQ(Errors(), "");
    EXPECT_TRUE(schema);
    return schema.value_or(Schema());
  }
  // One table `t` with the given body, each line indented by four.
  static std::string WithTable(const std::string& body, int engine = 11) {
    return "name: s\nengine_version: " + std::to_string(engine) + "\ntables:\n  t:\n" + body;
  }
  // One column `c` of a table `t` with the given hints in braces.
  Column GoodColumn(const std::string& hints) {
    const Schema schema = Good(WithTable("    columns:\n      c: " + hints + "\n"));
    return schema.tables.empty() || schema.tables[0].columns.empty() ? Column() : schema.tables[0].columns[0];
  }
  std::string Errors() const { return base::RenderText(diagnostics_, sources_, false); }
  std::string Place(base::Span span) const { return sources_.Place(span); }

  base::SourceMap sources_;
  base::Diagnostics diagnostics_;
};

TEST_F(DltReaderTest, ReadsTheHeader) {
  const Schema schema = Good(
      "version: 3\nversion_hash: abc=\nengine_version: 11\nname: shop\ndescription: what we sell\n"
      "settings: {schema_contract: {tables: freeze}, detections: [iso_timestamp]}\n"
      "normalizers: {names: snake_case}\nsomething_new: 1\ntables: {}\n");
  EXPECT_EQ(schema.dataset, "raw");
  EXPECT_EQ(schema.name, "shop");
  EXPECT_EQ(schema.version, 3);
  EXPECT_EQ(schema.version_hash, "abc=");
  EXPECT_EQ(schema.engine_version, 11);
  EXPECT_EQ(schema.description, "what we sell");
  EXPECT_EQ(schema.contract->Find("tables")->scalar, "freeze");
  EXPECT_EQ(schema.settings->Find("detections")->items[0].scalar, "iso_timestamp");
  EXPECT_EQ(Place(schema.span), "schema.yml:4:7");
  EXPECT_THAT(schema.tables, IsEmpty());
}

TEST_F(DltReaderTest, ReadsEveryHintOfATable) {
  const Schema schema = Good(WithTable(
      "    description: dlt's words\n    write_disposition: merge\n    x-merge-strategy: upsert\n    resource: r\n"
      "    schema_contract: freeze\n    table_sealed: true\n    table_format: delta\n    file_format: parquet\n"
      "    filters: {includes: ['re:^a$'], excludes: [b, c]}\n"
      "    references:\n"
      "    - {label: liked, cardinality: many_to_one, columns: [u], referenced_table: users, referenced_columns: "
      "[id]}\n"
      "    x-normalizer: {seen-data: true}\n    x-loader: {z: 1}\n    x-team: sales\n    columns: {}\n"));
  const Table& table = schema.tables.at(0);
  EXPECT_EQ(table.name, "t");
  EXPECT_EQ(Place(table.span), "schema.yml:4:3");
  EXPECT_EQ(table.description, "dlt's words");
  EXPECT_EQ(table.disposition, WriteDisposition::kMerge);
  EXPECT_EQ(table.merge_strategy, MergeStrategy::kUpsert);
  EXPECT_EQ(table.resource, "r");
  EXPECT_EQ(table.contract->scalar, "freeze");
  EXPECT_EQ(table.table_format, "delta");
  EXPECT_EQ(table.file_format, "parquet");
  EXPECT_THAT(table.includes, ElementsAre("re:^a$"));
  EXPECT_THAT(table.excludes, ElementsAre("b", "c"));
  EXPECT_TRUE(table.seen_data);
  ASSERT_EQ(table.references.size(), 1U);
  EXPECT_EQ(table.references[0].table, "users");
  EXPECT_EQ(table.references[0].label, "liked");
  EXPECT_EQ(table.references[0].cardinality, "many_to_one");
  EXPECT_THAT(table.references[0].columns, ElementsAre("u"));
  EXPECT_THAT(table.references[0].referenced_columns, ElementsAre("id"));
  EXPECT_THAT(table.extensions, ElementsAre(testing::Key("x-loader"), testing::Key("x-team")));
}

TEST_F(DltReaderTest, ATableHasDltsDefaults) {
  const Schema schema = Good(WithTable("    columns:\n"));
  const Table& table = schema.tables.at(0);
  EXPECT_EQ(table.disposition, WriteDisposition::kAppend);
  EXPECT_EQ(table.merge_strategy, MergeStrategy::kDeleteInsert);
  EXPECT_EQ(table.resource, "t");
  EXPECT_FALSE(table.seen_data);
  EXPECT_TRUE(table.enabled);
  EXPECT_EQ(table.parent, "");
}

TEST_F(DltReaderTest, ReadsEveryDispositionAndStrategy) {
  const auto table = [this](const std::string& hints) {
    return Good("name: s\nengine_version: 11\ntables:\n  t: " + hints + "\n").tables.at(0);
  };
  EXPECT_EQ(table("{write_disposition: skip}").disposition, WriteDisposition::kSkip);
  EXPECT_EQ(table("{write_disposition: append}").disposition, WriteDisposition::kAppend);
  EXPECT_EQ(table("{write_disposition: replace}").disposition, WriteDisposition::kReplace);
  EXPECT_EQ(table("{x-merge-strategy: delete-insert}").merge_strategy, MergeStrategy::kDeleteInsert);
  EXPECT_EQ(table("{x-merge-strategy: scd2}").merge_strategy, MergeStrategy::kScd2);
  EXPECT_EQ(table("{x-merge-strategy: insert-only}").merge_strategy, MergeStrategy::kInsertOnly);
  EXPECT_EQ(table("{x-merge-strategy: cdc}").merge_strategy, MergeStrategy::kUpsert);
}

struct FlagCase {
  std::string hint;
  bool Column::*member;
};

class DltFlagTest : public DltReaderTest, public testing::WithParamInterface<FlagCase> {};

TEST_P(DltFlagTest, IsReadAndOffByDefault) {
  const bool by_default = GetParam().hint == "nullable";
  const std::string other = by_default ? "false" : "true";
  EXPECT_EQ(GoodColumn("{data_type: text, " + GetParam().hint + ": " + other + "}").*GetParam().member, !by_default);
  EXPECT_EQ(GoodColumn("{data_type: text}").*GetParam().member, by_default);
  EXPECT_EQ(GoodColumn("{data_type: text, " + GetParam().hint + ": null}").*GetParam().member, by_default);
}

INSTANTIATE_TEST_SUITE_P(
    All, DltFlagTest,
    testing::Values(FlagCase{"nullable", &Column::nullable}, FlagCase{"partition", &Column::partition},
                    FlagCase{"cluster", &Column::cluster}, FlagCase{"unique", &Column::unique},
                    FlagCase{"sort", &Column::sort}, FlagCase{"primary_key", &Column::primary_key},
                    FlagCase{"merge_key", &Column::merge_key}, FlagCase{"row_key", &Column::row_key},
                    FlagCase{"parent_key", &Column::parent_key}, FlagCase{"root_key", &Column::root_key},
                    FlagCase{"hard_delete", &Column::hard_delete}, FlagCase{"variant", &Column::variant},
                    FlagCase{"incremental", &Column::incremental}, FlagCase{"x-valid-from", &Column::valid_from},
                    FlagCase{"x-valid-to", &Column::valid_to}, FlagCase{"x-row-version", &Column::row_version}),
    [](const auto& param) {
      std::string name = param.param.hint;
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST_F(DltReaderTest, ReadsTheOtherHintsOfAColumn) {
  const Column column = GoodColumn("{data_type: text, description: d, dedup_sort: desc, x-pii: false, x-note: [a]}");
  EXPECT_EQ(column.name, "c");
  EXPECT_EQ(Place(column.span), "schema.yml:6:7");
  EXPECT_EQ(Place(column.type_span), "schema.yml:6:22");
  EXPECT_EQ(column.dlt_type, "text");
  EXPECT_EQ(column.description, "d");
  EXPECT_EQ(column.dedup_sort, "desc");
  EXPECT_EQ(column.extensions.at("x-pii").AsBool(), false);
  EXPECT_EQ(column.extensions.at("x-note").items.size(), 1U);
  EXPECT_EQ(GoodColumn("{data_type: text, dedup_sort: asc}").dedup_sort, "asc");
}

TEST_F(DltReaderTest, ActiveRecordsAreMarkedByATimeOrByNull) {
  const Column marked = GoodColumn("{data_type: timestamp, x-active-record-timestamp: '9999-12-31'}");
  EXPECT_TRUE(marked.active_record_timestamp);
  EXPECT_EQ(marked.extensions.at("x-active-record-timestamp").scalar, "9999-12-31");
  const Column open = GoodColumn("{data_type: timestamp, x-active-record-timestamp: null}");
  EXPECT_FALSE(open.active_record_timestamp);
  EXPECT_TRUE(open.extensions.at("x-active-record-timestamp").is_null());
}

struct TypeCase {
  std::string hints;
  std::string type;
};

class DltTypeTest : public DltReaderTest, public testing::WithParamInterface<TypeCase> {};

TEST_P(DltTypeTest, MapsToWapcsType) { EXPECT_EQ(ToString(GoodColumn(GetParam().hints).type), GetParam().type); }

INSTANTIATE_TEST_SUITE_P(
    All, DltTypeTest,
    testing::Values(TypeCase{"{data_type: text}", "text"}, TypeCase{"{data_type: text, precision: 64}", "text(64)"},
                    TypeCase{"{data_type: double}", "double"}, TypeCase{"{data_type: bool}", "bool"},
                    TypeCase{"{data_type: timestamp}", "timestamp(6) with time zone"},
                    TypeCase{"{data_type: timestamp, precision: 9}", "timestamp(9) with time zone"},
                    TypeCase{"{data_type: timestamp, timezone: true}", "timestamp(6) with time zone"},
                    TypeCase{"{data_type: timestamp, timezone: false, precision: 0}", "timestamp(0)"},
                    TypeCase{"{data_type: bigint}", "int64"}, TypeCase{"{data_type: bigint, precision: 8}", "int8"},
                    TypeCase{"{data_type: bigint, precision: 16}", "int16"},
                    TypeCase{"{data_type: bigint, precision: 32}", "int32"},
                    TypeCase{"{data_type: bigint, precision: 33}", "int64"},
                    TypeCase{"{data_type: bigint, precision: 128}", "int128"},
                    TypeCase{"{data_type: binary}", "binary"},
                    TypeCase{"{data_type: binary, precision: 16}", "binary(16)"}, TypeCase{"{data_type: json}", "json"},
                    TypeCase{"{data_type: complex}", "json"}, TypeCase{"{data_type: decimal}", "decimal(38,9)"},
                    TypeCase{"{data_type: decimal, precision: 18, scale: 4}", "decimal(18,4)"},
                    TypeCase{"{data_type: decimal, precision: 12}", "decimal(12,9)"},
                    TypeCase{"{data_type: decimal, precision: 5, scale: 0}", "decimal(5,0)"},
                    TypeCase{"{data_type: decimal, scale: 2}", "decimal(38,2)"}, TypeCase{"{data_type: wei}", "int256"},
                    TypeCase{"{data_type: date}", "date"}, TypeCase{"{data_type: time}", "time(6)"},
                    TypeCase{"{data_type: time, precision: 3}", "time(3)"},
                    TypeCase{"{data_type: text, precision: null}", "text"}));

TEST_F(DltReaderTest, SaysWhichColumnsAreIncomplete) {
  const auto schema =
      Read(WithTable("    columns:\n      a: {data_type: text}\n      b: {}\n      c:\n      d: {x-normalizer: "
                     "{seen-null-first: true}}\n"));
  EXPECT_EQ(Errors(),
            "schema.yml:7:7: info[incomplete-columns]: dlt has seen no value yet, so the table 't' lacks: b, c, d\n"
            "  7 |       b: {}\n"
            "    |       ^\n"
            "  help: left out until a load brings a value and the schema gives a data_type\n");
  EXPECT_FALSE(diagnostics_.has_errors());
  ASSERT_TRUE(schema);
  EXPECT_FALSE(schema->tables[0].Find("a")->incomplete);
  EXPECT_TRUE(schema->tables[0].Find("d")->incomplete);
}

TEST_F(DltReaderTest, ReadsColumnsWrittenAsAList) {
  const Schema schema =
      Good(WithTable("    columns:\n    - {name: b, data_type: text}\n    - {name: a, data_type: bool}\n"));
  ASSERT_EQ(schema.tables[0].columns.size(), 2U);
  EXPECT_EQ(schema.tables[0].columns[0].name, "b");
  EXPECT_EQ(Place(schema.tables[0].columns[1].span), "schema.yml:7:14");
}

TEST_F(DltReaderTest, NestedTablesInheritFromTheirRoot) {
  const Schema schema = Good(
      "name: s\nengine_version: 11\ntables:\n"
      "  a__b__c: {parent: a__b}\n"
      "  a__b: {parent: a}\n"
      "  a: {write_disposition: merge, x-merge-strategy: scd2, resource: r}\n"
      "  a__d: {parent: a, write_disposition: replace}\n");
  for (const char* const name : {"a__b__c", "a__b", "a"}) {
    const Table& table = *schema.Find(name);
    EXPECT_EQ(table.disposition, WriteDisposition::kMerge) << name;
    EXPECT_EQ(table.merge_strategy, MergeStrategy::kScd2) << name;
    EXPECT_EQ(table.resource, "r") << name;
    EXPECT_EQ(schema.Root(table)->name, "a") << name;
  }
  EXPECT_EQ(schema.Find("a__d")->disposition, WriteDisposition::kReplace);
  EXPECT_EQ(Place(schema.Find("a__b")->parent_span), "schema.yml:5:18");
}

TEST_F(DltReaderTest, BrokenAndCircularParentsHaveNoRoot) {
  const Schema schema = Good(
      "name: s\nengine_version: 11\ntables:\n  a: {parent: b}\n  b: {parent: a}\n  c: {parent: c}\n  d: {parent: "
      "gone}\n"
      "  e: {parent: d, write_disposition: merge}\n");
  for (const Table& table : schema.tables) EXPECT_EQ(schema.Root(table), nullptr) << table.name;
  EXPECT_EQ(schema.Find("e")->disposition, WriteDisposition::kMerge);
}

TEST_F(DltReaderTest, FindsTablesColumnsAndThePrimaryKey) {
  const Schema schema =
      Good(WithTable("    columns: {b: {data_type: text, primary_key: true}, a: {data_type: text, primary_key: true}, "
                     "c: {data_type: text}}\n"));
  EXPECT_THAT(schema.Find("t")->PrimaryKey(), ElementsAre("b", "a"));
  EXPECT_NE(schema.Find("t")->Find("c"), nullptr);
  EXPECT_EQ(schema.Find("t")->Find("C"), nullptr);
  EXPECT_EQ(schema.Find("u"), nullptr);
}

TEST_F(DltReaderTest, ReadsWhatDltWrote) {
  const auto folder = std::filesystem::path(WAPC_SOURCE_DIR) / "tests/unit/metadata/testdata";
  const Schema flights = Good(*base::ReadFile(folder / "flights.schema.yaml"));
  EXPECT_EQ(flights.tables.size(), 11U);
  EXPECT_EQ(ToString(flights.Find("weather")->Find("time_hour")->type), "timestamp(3)");
  EXPECT_EQ(ToString(flights.Find("flights")->Find("time_hour")->type), "timestamp(6) with time zone");
  EXPECT_EQ(flights.Root(*flights.Find("rotations__legs__delays"))->name, "rotations");
  // The same schema as YAML and as JSON.
  const auto yaml = Read(*base::ReadFile(folder / "shop.schema.yaml"));
  const auto json = Read(*base::ReadFile(folder / "shop.schema.json"));
  ASSERT_TRUE(yaml && json);
  ASSERT_EQ(yaml->tables.size(), json->tables.size());
  for (size_t t = 0; t < yaml->tables.size(); ++t) {
    EXPECT_EQ(yaml->tables[t].disposition, json->tables[t].disposition);
    ASSERT_EQ(yaml->tables[t].columns.size(), json->tables[t].columns.size());
    for (size_t c = 0; c < yaml->tables[t].columns.size(); ++c) {
      EXPECT_EQ(yaml->tables[t].columns[c].name, json->tables[t].columns[c].name);
      EXPECT_EQ(yaml->tables[t].columns[c].type, json->tables[t].columns[c].type);
    }
  }
}

// x-wapc

TEST_F(DltReaderTest, ReadsXWapc) {
  const Schema schema = Good(
      WithTable("    x-wapc:\n      grain: [a, b]\n      audits: [not_null]\n      tags: core\n      owner: ann\n"
                "      description: our words\n      contract: freeze\n      freshness: 1 day\n      enabled: false\n"
                "    description: dlt's words\n"
                "    columns:\n      a:\n        data_type: text\n        description: dlt's\n"
                "        x-wapc: {audits: [unique], tags: [pii, key], description: ours}\n"));
  const Table& table = schema.tables[0];
  EXPECT_THAT(table.grain, ElementsAre("a", "b"));
  EXPECT_EQ(Place(table.audits->span), "schema.yml:7:15");
  EXPECT_THAT(table.tags, ElementsAre("core"));
  EXPECT_EQ(table.owner, "ann");
  EXPECT_EQ(table.description, "our words");
  EXPECT_FALSE(table.enabled);
  EXPECT_THAT(table.extensions, ElementsAre(testing::Key("contract"), testing::Key("freshness")));
  EXPECT_EQ(table.columns[0].description, "ours");
  EXPECT_THAT(table.columns[0].tags, ElementsAre("pii", "key"));
  EXPECT_EQ(table.columns[0].audits->items[0].scalar, "unique");
}

TEST_F(DltReaderTest, RefusesUnknownKeysOfXWapc) {
  Read("x-wapc: {}\n" +
       WithTable("    x-wapc: {grian: [a]}\n    columns:\n      c: {data_type: text, x-wapc: {owner: x}}\n"));
  EXPECT_EQ(Errors(),
            "schema.yml:1:9: error[unknown-x-wapc-key]: x-wapc has no meaning for a whole schema\n"
            "  1 | x-wapc: {}\n"
            "    |         ^\n"
            "  help: put it under a table or a column\n"
            "schema.yml:6:14: error[unknown-x-wapc-key]: x-wapc of a table has no key 'grian'\n"
            "  6 |     x-wapc: {grian: [a]}\n"
            "    |              ^^^^^\n"
            "  help: did you mean 'grain'?\n"
            "schema.yml:8:37: error[unknown-x-wapc-key]: x-wapc of a column has no key 'owner'\n"
            "  8 |       c: {data_type: text, x-wapc: {owner: x}}\n"
            "    |                                     ^^^^^\n"
            "  help: the keys here are audits, tags or description\n");
}

// Bad input

TEST_F(DltReaderTest, RefusesAnUnknownType) {
  const auto schema = Read(WithTable("    columns:\n      a: {data_type: timestmap}\n      b: {data_type: varchar}\n"));
  EXPECT_EQ(
      Errors(),
      "schema.yml:6:22: error[unknown-data-type]: dlt has no data type 'timestmap'\n"
      "  6 |       a: {data_type: timestmap}\n"
      "    |                      ^^^^^^^^^\n"
      "  help: did you mean 'timestamp'?\n"
      "schema.yml:7:22: error[unknown-data-type]: dlt has no data type 'varchar'\n"
      "  7 |       b: {data_type: varchar}\n"
      "    |                      ^^^^^^^\n"
      "  help: dlt's types are text, bigint, timestamp, double, bool, date, decimal, json, binary, time or wei\n");
  ASSERT_TRUE(schema);
  EXPECT_TRUE(schema->tables[0].columns[0].type.is_unknown());
}

struct BadCase {
  std::string table;    // the body of table t
  std::string message;  // of the only diagnostic, with its place
  std::string help = {};
};

class BadValueTest : public DltReaderTest, public testing::WithParamInterface<BadCase> {};

TEST_P(BadValueTest, IsRefusedAtItsPlace) {
  EXPECT_TRUE(Read(WithTable(GetParam().table)));
  ASSERT_EQ(diagnostics_.all().size(), 1U) << Errors();
  const base::Diagnostic& only = diagnostics_.all()[0];
  EXPECT_EQ(only.code, "invalid-schema-value");
  EXPECT_EQ(only.severity, base::Severity::kError);
  EXPECT_EQ(Place(only.span) + ": " + only.message, "schema.yml:" + GetParam().message);
  EXPECT_EQ(only.help, GetParam().help);
}

INSTANTIATE_TEST_SUITE_P(
    Tables, BadValueTest,
    testing::Values(
        BadCase{"    write_disposition: mrege\n",
                "5:24: 'write_disposition' has to be skip, append, replace or merge, but is 'mrege'",
                "did you mean 'merge'?"},
        BadCase{"    x-merge-strategy: [scd2]\n",
                "5:23: 'x-merge-strategy' has to be delete-insert, scd2, upsert, insert-only or cdc, but is a list"},
        BadCase{"    resource: {a: 1}\n", "5:15: 'resource' has to be text, but is a mapping"},
        BadCase{"    columns: text\n", "5:14: 'columns' has to be a mapping of columns, but is 'text'"},
        BadCase{"    columns: [{data_type: text}]\n",
                "5:15: 'columns' has to be a list of mappings that each have a name, but is a mapping"},
        BadCase{"    columns: [{name: a, data_type: text}, {name: a, data_type: bool}]\n",
                "5:50: 'name' has to be another name than that of an earlier column, but is 'a'"},
        BadCase{"    schema_contract: freze\n",
                "5:22: 'schema_contract' has to be evolve, freeze, discard_row or discard_value, but is 'freze'",
                "did you mean 'freeze'?"},
        BadCase{"    schema_contract: {columns: evlove}\n",
                "5:32: 'columns' has to be evolve, freeze, discard_row or discard_value, but is 'evlove'",
                "did you mean 'evolve'?"},
        BadCase{"    schema_contract: [freeze]\n",
                "5:22: 'schema_contract' has to be a mode, or a mapping of modes, but is a list"},
        BadCase{"    filters: [a]\n", "5:14: 'filters' has to be a mapping of includes and excludes, but is a list"},
        BadCase{"    filters: {includes: {a: 1}}\n", "5:25: 'includes' has to be a list of names, but is a mapping"},
        BadCase{"    references: {a: 1}\n", "5:17: 'references' has to be a list, but is a mapping"},
        BadCase{"    references: [x]\n", "5:18: 'references' has to be a list of mappings, but is 'x'"},
        BadCase{"    references: [{columns: [a, b], referenced_table: t, referenced_columns: [a]}]\n",
                "5:18: 'references' has to be a referenced_table with as many columns as referenced_columns, but is a "
                "mapping"},
        BadCase{"    x-wapc: [grain]\n", "5:13: 'x-wapc' has to be a mapping, but is a list"},
        BadCase{"    x-wapc: {grain: [[a]]}\n", "5:22: 'grain' has to be a list of names, but is a list"},
        BadCase{"    x-wapc: {enabled: 'no'}\n", "5:23: 'enabled' has to be true or false, but is 'no'"},
        BadCase{"    [a]\n", "5:5: 't' has to be a mapping that describes a table, but is a list"}));

std::string OneColumn(const std::string& hints) { return "    columns:\n      c: " + hints + "\n"; }

INSTANTIATE_TEST_SUITE_P(
    Columns, BadValueTest,
    testing::Values(
        BadCase{OneColumn("{data_type: text, nullable: maybe}"),
                "6:38: 'nullable' has to be true or false, but is 'maybe'"},
        BadCase{OneColumn("{data_type: text, dedup_sort: up}"),
                "6:40: 'dedup_sort' has to be asc or desc, but is 'up'"},
        BadCase{OneColumn("{data_type: text, precision: -1}"),
                "6:39: 'precision' has to be a whole number from 0 to 1073741824, but is '-1'"},
        BadCase{OneColumn("{data_type: bigint, precision: 256}"),
                "6:41: 'precision' has to be a whole number from 1 to 128, but is '256'"},
        BadCase{OneColumn("{data_type: timestamp, precision: '6'}"),
                "6:44: 'precision' has to be a whole number from 0 to 9, but is '6'"},
        BadCase{OneColumn("{data_type: timestamp, timezone: UTC}"),
                "6:43: 'timezone' has to be true or false, but is 'UTC'"},
        BadCase{OneColumn("{data_type: decimal, precision: 5, scale: 6}"),
                "6:52: 'scale' has to be a whole number from 0 to 5, but is '6'"},
        BadCase{OneColumn("{data_type: decimal, precision: 5}"),
                "6:42: 'precision' has to be at least 9 where no scale is given, since the scale is then 9, but is '5'",
                "write the scale beside it"},
        BadCase{OneColumn("{data_type: text, x-wapc: pii}"), "6:36: 'x-wapc' has to be a mapping, but is 'pii'"}));

struct NotASchemaCase {
  std::string text;
  std::string why;
};

class NotASchemaTest : public DltReaderTest, public testing::WithParamInterface<NotASchemaCase> {};

TEST_P(NotASchemaTest, SaysWhatIsMissing) {
  EXPECT_FALSE(Read(GetParam().text));
  ASSERT_EQ(diagnostics_.all().size(), 1U) << Errors();
  const base::Diagnostic& only = diagnostics_.all()[0];
  EXPECT_EQ(only.code, "not-a-dlt-schema");
  EXPECT_EQ(Place(only.span), "schema.yml:1:1");
  EXPECT_EQ(only.message, "this is not a dlt schema export: " + GetParam().why);
  EXPECT_THAT(only.help, testing::HasSubstr("dlt pipeline NAME schema"));
}

INSTANTIATE_TEST_SUITE_P(
    All, NotASchemaTest,
    testing::Values(NotASchemaCase{"", "the file is empty"}, NotASchemaCase{"- a\n", "it is a list, not a mapping"},
                    NotASchemaCase{"version: 2\nmodels: []\n", "it has no 'name', no 'engine_version', no 'tables'"},
                    NotASchemaCase{"name: a\ntables: {}\n", "it has no 'engine_version'"},
                    NotASchemaCase{"name: a\nengine_version: 11\ntables: []\n",
                                   "its 'tables' is a list, not a mapping"},
                    NotASchemaCase{"name: a\nengine_version: new\ntables: {}\n",
                                   "its 'engine_version' is text, not a whole number"}));

TEST_F(DltReaderTest, RefusesEnginesItDoesNotKnow) {
  EXPECT_TRUE(Read(WithTable("    columns: {}\n", 12)));  // read as far as it goes
  EXPECT_FALSE(Read(WithTable("    columns: {}\n", 2)));
  EXPECT_EQ(Errors(),
            "schema.yml:2:17: error[dlt-engine-version]: schema engine 12 is newer than the engines 3 to 11 that wapc "
            "reads\n"
            "  2 | engine_version: 12\n"
            "    |                 ^^\n"
            "  help: use a wapc that knows this dlt\n"
            "schema.yml:2:17: error[dlt-engine-version]: schema engine 2 is older than the engines 3 to 11 that wapc "
            "reads\n"
            "  2 | engine_version: 2\n"
            "    |                 ^\n"
            "  help: load it with a present dlt and export it again\n");
}

// Older engines

// What an old dlt wrote: keys by their old names, json by its old name, an early _dlt_loads.
std::string OldExport(int engine) {
  return "name: s\nengine_version: " + std::to_string(engine) +
         "\ntables:\n"
         "  _dlt_loads:\n    columns:\n      load_id: {data_type: text, nullable: false}\n"
         "      status: {data_type: bigint, nullable: false}\n"
         "      inserted_at: {data_type: timestamp, nullable: false}\n    write_disposition: skip\n"
         "  a:\n    table_sealed: true\n    columns:\n"
         "      v: {data_type: complex, foreign_key: true}\n"
         "      _dlt_id: {data_type: text, nullable: false, unique: true}\n"
         "  a__b:\n    parent: a\n    columns:\n"
         "      _dlt_id: {data_type: text, nullable: false}\n"
         "      _dlt_parent_id: {data_type: text, nullable: false, foreign_key: true}\n"
         "  hints_only:\n    columns: {}\n";
}

class OldEngineTest : public DltReaderTest, public testing::WithParamInterface<int> {};

TEST_P(OldEngineTest, IsMigratedAsDltDoes) {
  const int engine = GetParam();
  const Schema schema = Good(OldExport(engine));
  EXPECT_EQ(schema.engine_version, engine);
  // Engines 5 and 6 replaced dlt's own two tables.
  EXPECT_EQ(schema.Find("_dlt_version") != nullptr, engine < 5);
  EXPECT_EQ(schema.Find("_dlt_loads")->columns.size(), engine < 6 ? 5U : 3U);
  EXPECT_EQ(schema.Find("_dlt_loads")->disposition, WriteDisposition::kSkip);
  // Engine 9 says which tables have been loaded.
  EXPECT_EQ(schema.Find("a")->seen_data, engine < 9);
  EXPECT_FALSE(schema.Find("hints_only")->seen_data);
  // Engine 10 names row and parent keys, and json.
  const Table& child = *schema.Find("a__b");
  EXPECT_EQ(schema.Find("a")->Find("_dlt_id")->row_key, engine < 10);
  EXPECT_FALSE(child.Find("_dlt_id")->row_key);  // only where it is unique
  EXPECT_EQ(child.Find("_dlt_parent_id")->parent_key, engine < 10);
  EXPECT_FALSE(schema.Find("a")->Find("v")->parent_key);
  EXPECT_EQ(ToString(schema.Find("a")->Find("v")->type), "json");
}

INSTANTIATE_TEST_SUITE_P(Engines, OldEngineTest, testing::Range(3, 12));

TEST_F(DltReaderTest, TablesThatAMigrationMakesHaveDltsColumnsAndAPlace) {
  const Schema schema = Good(OldExport(3));
  std::vector<std::string> columns;
  for (const Column& column : schema.Find("_dlt_loads")->columns)
    columns.push_back(column.name + " " + ToString(column.type));
  EXPECT_THAT(columns, ElementsAre("load_id text(64)", "schema_name text", "status int64",
                                   "inserted_at timestamp(6) with time zone", "schema_version_hash text"));
  EXPECT_EQ(Place(schema.Find("_dlt_loads")->span), "schema.yml:4:3");
  EXPECT_EQ(Place(schema.Find("_dlt_version")->span), "schema.yml:1:7");
}

}  // namespace
}  // namespace wapc::metadata
