#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/grammar/parsed.h"

namespace wapc::grammar {
namespace {

using testing::ElementsAre;

const Property* Find(List<Property> properties, std::string_view name) {
  for (const Property& property : properties) {
    if (property.name.text == name) return &property;
  }
  return nullptr;
}

std::string Text(const Expr* expr) { return expr == nullptr ? "none" : Print(*expr, {}); }

constexpr std::string_view kModel = R"(
MODEL (
  name marts.daily,
  kind INCREMENTAL_BY_UNIQUE_KEY (
    unique_key (a, b),
    when_matched (target.x = source.x),
    lookback 3,
  ),
  cron '@daily',
  start 2020-01-01,
  owner Jane,
  grain (a, b),
  grains a,
  references (c),
  tags [x, 'y'],
  audits (
    not_null(columns := (a, b)),
    unique_values(columns := (a)),
    accepted_values(column := a, is_in := ['x', 'y']),
    my_audit
  ),
  columns (a int, b decimal(10, 2), "C" timestamp with time zone, d struct(x int)[]),
  column_descriptions (a = 'the a', b = 'the b'),
  partitioned_by (date_trunc('day', ts), a),
  physical_properties (x = 1, 'y.z' = 'w'),
  description 'it''s',
  enabled true,
  live false,
  limit 10,
  depends_on [s.t, u],
);
SELECT 1 AS a
)";

TEST(Blocks, ModelProperties) {
  const Parsed parsed(kModel);
  ASSERT_NE(parsed.document(), nullptr) << parsed.Rendered();
  ASSERT_EQ(parsed.document()->statements.size(), 2U);
  EXPECT_EQ(parsed.statement(0).kind, StatementKind::kModel);
  EXPECT_EQ(parsed.statement(1).kind, StatementKind::kQuery);
  const auto text = [&](std::string_view name) { return Text(Find(parsed.statement().properties, name)->value); };
  EXPECT_EQ(text("name"), "marts.daily");
  EXPECT_EQ(text("cron"), "'@daily'");
  EXPECT_EQ(text("start"), "'2020-01-01'");
  EXPECT_EQ(text("owner"), "Jane");
  EXPECT_EQ(text("grain"), "(a, b)");
  EXPECT_EQ(text("grains"), "a");
  EXPECT_EQ(text("references"), "(c,)");
  EXPECT_EQ(text("tags"), "[x, 'y']");
  EXPECT_EQ(text("column_descriptions"), "(a = 'the a', b = 'the b')");
  EXPECT_EQ(text("partitioned_by"), "(date_trunc('day', ts), a)");
  EXPECT_EQ(text("physical_properties"), "(x = 1, 'y.z' = 'w')");
  EXPECT_EQ(text("description"), "'it''s'");
  EXPECT_EQ(text("enabled"), "TRUE");
  EXPECT_EQ(text("live"), "FALSE");
  EXPECT_EQ(text("limit"), "10");
  EXPECT_EQ(text("depends_on"), "[s.t, u]");
}

TEST(Blocks, NameOfThreePartsAndOneItemLists) {
  const Parsed parsed("MODEL (name c.s.t, grain (a), tags (), kind VIEW)");
  const auto& properties = parsed.statement().properties;
  EXPECT_EQ(As<ColumnRef>(Find(properties, "name")->value)->parts.size(), 3U);
  EXPECT_EQ(As<Tuple>(Find(properties, "grain")->value)->items.size(), 1U);
  EXPECT_EQ(As<Tuple>(Find(properties, "tags")->value)->items.size(), 0U);
  EXPECT_EQ(Text(Find(properties, "kind")->value), "VIEW");
}

TEST(Blocks, KindHasPropertiesOfItsOwn) {
  const Parsed parsed(kModel);
  const Property& kind = *Find(parsed.statement().properties, "kind");
  EXPECT_EQ(Text(kind.value), "INCREMENTAL_BY_UNIQUE_KEY");
  ASSERT_EQ(kind.properties.size(), 3U);
  EXPECT_EQ(Text(kind.properties[0].value), "(a, b)");
  EXPECT_EQ(Text(kind.properties[2].value), "3");

  const Parsed seed(
      "MODEL (name a, kind SEED (path '../seeds/x.csv', csv_settings (delimiter = ';', quotechar = '''')))");
  const Property& seed_kind = *Find(seed.statement().properties, "kind");
  ASSERT_EQ(seed_kind.properties.size(), 2U);
  EXPECT_EQ(Text(seed_kind.properties[0].value), "'../seeds/x.csv'");
  EXPECT_EQ(Text(seed_kind.properties[1].value), "(delimiter = ';', quotechar = '''')");

  const Parsed scd(
      "MODEL (kind SCD_TYPE_2_BY_COLUMN (unique_key id, columns [a, b]), kind SCD_TYPE_2_BY_COLUMN (columns (a, b)), "
      "kind X (columns *))");
  ASSERT_NE(scd.document(), nullptr) << scd.Rendered();
  EXPECT_EQ(Text(scd.statement().properties[0].properties[1].value), "[a, b]");
  EXPECT_EQ(Text(scd.statement().properties[1].properties[0].value), "(a, b)");
  EXPECT_EQ(Text(scd.statement().properties[2].properties[0].value), "*");
}

TEST(Blocks, ColumnsHaveTypes) {
  const Parsed parsed(kModel);
  const Property& columns = *Find(parsed.statement().properties, "columns");
  EXPECT_EQ(columns.value, nullptr);
  ASSERT_EQ(columns.properties.size(), 4U);
  EXPECT_EQ(columns.properties[0].name.text, "a");
  EXPECT_EQ(Print(*columns.properties[1].type, {}), "DECIMAL(10, 2)");
  EXPECT_EQ(columns.properties[2].name.text, "C");
  EXPECT_EQ(Print(*columns.properties[2].type, {}), "TIMESTAMP WITH TIME ZONE");
  EXPECT_EQ(Print(*columns.properties[3].type, {}), "STRUCT(x INT)[]");
}

TEST(Blocks, AuditsAreCallsAndNames) {
  const Parsed parsed(kModel);
  const auto* audits = As<Tuple>(Find(parsed.statement().properties, "audits")->value);
  ASSERT_EQ(audits->items.size(), 4U);
  const auto* not_null = As<FunctionCall>(audits->items[0]);
  EXPECT_EQ(not_null->arguments[0].name.text, "columns");
  EXPECT_EQ(As<Tuple>(not_null->arguments[0].value)->items.size(), 2U);
  const Expr* one = As<FunctionCall>(audits->items[1])->arguments[0].value;
  EXPECT_NE(As<ColumnRef>(one), nullptr);
  EXPECT_TRUE(one->parenthesized);
  EXPECT_NE(As<ColumnRef>(audits->items[3]), nullptr);
}

TEST(Blocks, AnyWordMayNameAProperty) {
  const Parsed parsed("AUDIT (name x, default (a = 1), select 1, order 2, from b, when c, KIND full, columns (a int))");
  ASSERT_NE(parsed.document(), nullptr) << parsed.Rendered();
  EXPECT_EQ(parsed.statement().kind, StatementKind::kAudit);
  EXPECT_EQ(parsed.statement().properties.size(), 8U);
}

TEST(Blocks, PropertySpans) {
  const Parsed parsed("MODEL (name a.b, grain (x, y))");
  const auto& properties = parsed.statement().properties;
  EXPECT_EQ(parsed.Text(properties[1].span), "grain (x, y)");
  EXPECT_EQ(parsed.Text(properties[1].value->span), "(x, y)");
  EXPECT_EQ(parsed.Text(properties[0].name.span), "name");
}

TEST(Blocks, Macros) {
  const Parsed parsed(
      "MACRO add(a, b) AS a + b; macro rows() as select * from t; MACRO q(x) AS (select 1) union all (select x)");
  ASSERT_NE(parsed.document(), nullptr) << parsed.Rendered();
  EXPECT_EQ(parsed.statement(0).kind, StatementKind::kMacro);
  EXPECT_EQ(parsed.statement(0).macro_name.text, "add");
  EXPECT_EQ(parsed.statement(0).macro_parameters.size(), 2U);
  EXPECT_EQ(Text(parsed.statement(0).macro_expr), "a + b");
  EXPECT_EQ(parsed.statement(0).query, nullptr);
  EXPECT_NE(parsed.statement(1).query, nullptr);
  EXPECT_TRUE(parsed.statement(1).macro_parameters.empty());
  EXPECT_EQ(parsed.statement(1).macro_name.text, "rows");
  EXPECT_NE(parsed.statement(2).query, nullptr);
}

TEST(Documents, OtherStatementsAreKept) {
  const Parsed parsed(
      "SET x = 1;; CREATE TABLE t (a int) WITH ' ; ' ;\nINSERT INTO t select 1 -- ;\n; @if(a, b); select 1");
  ASSERT_NE(parsed.document(), nullptr) << parsed.Rendered();
  ASSERT_EQ(parsed.document()->statements.size(), 5U);
  EXPECT_EQ(parsed.Text(parsed.statement(0).span), "SET x = 1");
  EXPECT_EQ(parsed.Text(parsed.statement(1).span), "CREATE TABLE t (a int) WITH ' ; '");
  EXPECT_EQ(parsed.statement(3).kind, StatementKind::kOther);
  EXPECT_EQ(parsed.statement(4).kind, StatementKind::kQuery);
  EXPECT_EQ(parsed.document()->comments.size(), 1U);
}

TEST(Documents, EmptyFilesHaveNoStatements) {
  for (const std::string_view text : {"", "  \n", "-- only a comment", ";;", "\xEF\xBB\xBF"}) {
    const Parsed parsed(text);
    ASSERT_NE(parsed.document(), nullptr);
    EXPECT_TRUE(parsed.document()->statements.empty());
  }
  EXPECT_EQ(Parsed("/* a */ -- b").document()->comments[1].text, "-- b");
}

TEST(Fragments, AreParsedWhereTheyStand) {
  base::SourceMap sources;
  const std::string yaml = "expr: \"trim(@col) || x\"\nmore: a +";
  const base::SourceId source = sources.Add("staging.yml", yaml);
  Arena arena;
  base::Diagnostics diagnostics;
  Parser parser;
  // The scalar's quotes belong to its span, not to its text.
  const auto* expr =
      As<Binary>(parser.ParseExpression("trim(@col) || x", {source, 6, 23}, sources, arena, diagnostics));
  ASSERT_NE(expr, nullptr);
  EXPECT_EQ(sources.Text(expr->right->span), "x");
  EXPECT_EQ(sources.Text(expr->op_span), "||");
  EXPECT_EQ(parser.ParseExpression("a +", {source, 30, 33}, sources, arena, diagnostics), nullptr);
  EXPECT_EQ(diagnostics.all().front().span.begin, 33U);
  // A text that is not the source's own: every span is the whole place.
  const Expr* other = parser.ParseExpression("a + b", {source, 0, 4}, sources, arena, diagnostics);
  EXPECT_EQ(sources.Text(As<Binary>(other)->left->span), "expr");
}

TEST(Fragments, OutliveTheTextTheyCameFrom) {
  base::SourceMap sources;
  Arena arena;
  base::Diagnostics diagnostics;
  Parser parser;
  Query* query = nullptr;
  TypeName* type = nullptr;
  {
    const std::string text = "select \"a\" from some_table where x = 'value'";
    query = parser.ParseQuery(text, {}, sources, arena, diagnostics);
    const std::string type_text = "DECIMAL(18, 4)";
    type = parser.ParseType(type_text, {}, sources, arena, diagnostics);
  }
  EXPECT_EQ(Flat(*query), "SELECT a FROM some_table WHERE x = 'value'");
  EXPECT_EQ(type->name, "decimal");
  EXPECT_THAT(std::vector<int64_t>(type->arguments.begin(), type->arguments.end()), ElementsAre(18, 4));
  EXPECT_EQ(parser.ParseQuery("select 1;", {}, sources, arena, diagnostics), nullptr);
  EXPECT_EQ(parser.ParseType("int,", {}, sources, arena, diagnostics), nullptr);
  EXPECT_EQ(parser.ParseExpression("", {}, sources, arena, diagnostics), nullptr);
}

}  // namespace
}  // namespace wapc::grammar
