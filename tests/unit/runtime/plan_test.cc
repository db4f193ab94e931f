#include "runtime/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace wapc::runtime {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Plan FullPlan() {
  Plan plan{.wapc_version = "0.1.0",
            .project = "flights",
            .environment = "prod",
            .gateway = "local",
            .dialect = "duckdb",
            .now = "2026-01-31T00:00:00Z",
            .structure_version = 3,
            .data_version = 7,
            .changes_structure = true,
            .schemas = {"stg", "wapc__stg"},
            .unchanged = 2};
  plan.loads = {{"raw", {"wapc__raw", "loads__x"}, {.id = "freeze:raw", .sql = "CREATE TABLE x AS SELECT 1"}}};
  PlanModel model{.model = "stg.flights", .kind = "INCREMENTAL_BY_UNIQUE_KEY"};
  model.action = Action::kDelta;
  model.category = Category::kLoads;
  model.reason = "3 new loads";
  model.owner = "prod";
  model.digests = {"d", "m", "a", "t"};
  model.canonical = "SELECT 'ä' \n\"x\"";
  model.metadata = "owner: me";
  model.depends_on = {"raw.flights"};
  model.datasets = {"raw"};
  model.build_id = "abcdefghijklmnop";
  model.relation = {"wapc__stg", "flights__abc"};
  model.candidate = {"wapc__stg", "flights__abc__candidate"};
  model.view = {"stg", "flights"};
  model.columns = {{"id", "int64", "BIGINT", false, "the key"}, {"x", "text", "VARCHAR", true, ""}};
  model.hold_sql = "SELECT 0";
  model.build = {
      {.id = "1", .sql = "CREATE TABLE a AS SELECT @{execution_ts}", .batches = {{"2026-01-01", "2026-01-02"}}}};
  model.publish = {{.id = "2", .sql = "DELETE FROM a"}};
  model.temporary = {{"wapc__stg", "flights__abc__candidate"}};
  model.undo = {{.id = "3", .sql = "INSERT INTO a SELECT * FROM kept"}};
  model.kept = {{"wapc__stg", "flights__kept"}};
  model.after_views = {{.id = "4", .sql = "GRANT SELECT ON stg.flights TO reader"}};
  model.keeps_loads = true;
  model.audits = {{"not_null", "digest", false, "SELECT 1"}};
  plan.models = {model};
  PlanModel removed{.model = "stg.gone", .kind = "VIEW"};
  removed.action = Action::kRemove;
  removed.category = Category::kRemoved;
  removed.view = {"stg", "gone"};
  plan.models.push_back(removed);
  return plan;
}

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string ErrorOf(const std::string& text) {
  const auto read = ReadPlan(text);
  EXPECT_FALSE(read) << text;
  if (read) return "";
  EXPECT_EQ(read.error().kind, base::ErrorKind::kUsage);
  return read.error().message;
}

TEST(PlanFile, EveryFieldSurvivesARoundTrip) {
  const std::string text = WritePlan(FullPlan());
  const auto read = ReadPlan(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(WritePlan(read->plan), text);
  const PlanModel& model = read->plan.models.at(0);
  const PlanModel expected = FullPlan().models.at(0);
  EXPECT_EQ(model.action, Action::kDelta);
  EXPECT_EQ(model.category, Category::kLoads);
  EXPECT_EQ(model.canonical, expected.canonical);
  EXPECT_EQ(model.metadata, expected.metadata);
  EXPECT_EQ(model.candidate, expected.candidate);
  EXPECT_EQ(model.temporary, expected.temporary);
  EXPECT_EQ(model.undo.at(0).sql, expected.undo.at(0).sql);
  EXPECT_EQ(model.kept, expected.kept);
  EXPECT_EQ(model.after_views.at(0).sql, expected.after_views.at(0).sql);
  EXPECT_TRUE(model.keeps_loads);
  EXPECT_EQ(model.hold_sql, expected.hold_sql);
  EXPECT_EQ(model.columns.at(0).description, "the key");
  EXPECT_EQ(model.build.at(0).batches.at(0).end, "2026-01-02");
  EXPECT_EQ(model.publish.at(0).batches.size(), 1U);
  EXPECT_FALSE(model.audits.at(0).blocking);
  EXPECT_EQ(read->plan.models.at(1).action, Action::kRemove);
  EXPECT_EQ(read->plan.loads.at(0).snapshot.name, "loads__x");
  EXPECT_EQ(read->plan.structure_version, 3);
  EXPECT_TRUE(read->plan.changes_structure);
  EXPECT_THAT(text, HasSubstr("\"sha256\": \"" + read->sha256 + "\""));
}

TEST(PlanFile, FormatComesFirstAndDigestLast) {
  const std::string text = WritePlan(FullPlan());
  EXPECT_THAT(text, StartsWith("{\n  \"format\": 1,\n  \"wapc_version\""));
  const size_t digest = text.find("\"sha256\"");
  EXPECT_EQ(text.find(",\n  \"", digest), std::string::npos);
}

TEST(PlanFile, WhiteSpaceMayChangeButNothingElse) {
  const std::string text = WritePlan(FullPlan());
  EXPECT_TRUE(ReadPlan(Replaced(text, "\n  ", "\n\n   ")));
  EXPECT_THAT(ErrorOf(Replaced(text, "DELETE FROM a", "DELETE FROM b")),
              HasSubstr("the plan was changed after it was made"));
  EXPECT_THAT(ErrorOf(Replaced(text, "\"unchanged\": 2", "\"unchanged\": 3")), HasSubstr("was changed after"));
}

TEST(PlanFile, BrokenJsonIsShownWithItsPlace) {
  EXPECT_THAT(ErrorOf("{\n  \"ä\": nope}"), HasSubstr("not valid JSON at 2:9: syntax error"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("not valid JSON at 1:1"));
  EXPECT_THAT(ErrorOf("[1]"), HasSubstr("not a wapc plan"));
}

TEST(PlanFile, NewerFormatIsRefused) {
  EXPECT_THAT(ErrorOf(R"({"format": 2, "whatever": true})"),
              HasSubstr("format 2, which is newer than this wapc reads (1)"));
}

TEST(PlanFile, SchemaFaultsAreShownByPointer) {
  const std::string text = WritePlan(FullPlan());
  EXPECT_THAT(ErrorOf(Replaced(text, "\"action\": \"delta\"", "\"action\": \"explode\"")),
              HasSubstr("at /models/0/action:"));
  EXPECT_THAT(ErrorOf(Replaced(text, "\"blocking\": false,", "")), HasSubstr("at /models/0/audits/0:"));
  EXPECT_THAT(ErrorOf(Replaced(text, "\"project\":", "\"projekt\": 1, \"project\":")), HasSubstr("projekt"));
  EXPECT_THAT(ErrorOf(Replaced(text, "\"structure_version\": 3", "\"structure_version\": \"3\"")),
              HasSubstr("at /structure_version:"));
  EXPECT_THAT(ErrorOf(Replaced(text, "\"action\": \"remove\"", "\"action\": \"build\"")), HasSubstr("at /models/1:"));
}

// Every value of a plan, changed, left out or put elsewhere, is noticed.
TEST(PlanFile, TamperingWithAnyFieldIsNoticed) {
  const std::string text = WritePlan(FullPlan());
  const auto plan = nlohmann::ordered_json::parse(text);
  size_t changed = 0;
  const auto fields = plan.flatten();
  for (const auto& [pointer, value] : fields.items()) {
    const nlohmann::ordered_json::json_pointer at(pointer);
    nlohmann::ordered_json other = plan;
    nlohmann::ordered_json& field = other.at(at);
    if (field.is_string()) field = field.get<std::string>() + " ";
    if (field.is_number()) field = field.get<double>() + 1;
    if (field.is_boolean()) field = !field.get<bool>();
    if (field.is_structured() || field.is_null()) field = "more";
    EXPECT_FALSE(ReadPlan(other.dump(2))) << pointer << " was changed";
    other = plan;
    nlohmann::ordered_json& parent = other.at(at.parent_pointer());
    if (parent.is_object()) {
      parent.erase(at.back());
    } else {
      parent.erase(std::stoul(at.back()));
    }
    EXPECT_FALSE(ReadPlan(other.dump(2))) << pointer << " was left out";
    ++changed;
  }
  EXPECT_GT(changed, 50U);
  nlohmann::ordered_json turned = plan;
  std::reverse(turned["models"].begin(), turned["models"].end());
  EXPECT_FALSE(ReadPlan(turned.dump(2))) << "models in another order";
  EXPECT_TRUE(ReadPlan(plan.dump()));
}

}  // namespace
}  // namespace wapc::runtime
