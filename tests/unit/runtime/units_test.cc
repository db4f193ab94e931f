#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "runtime/apply.h"
#include "runtime/state/store.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// New loads, each model by itself but for flights and the VIEW over it.
Plan IndependentPlan() {
  Plan plan = LoadsPlan();
  plan.publish = "independent";
  plan.models[1].group = plan.models[2].group = "stg.flights";
  return plan;
}

class UnitsTest : public ::testing::Test {
 protected:
  UnitsTest() {
    MakeRaw(*warehouse_);
    MustApply(*warehouse_, FirstPlan());
    LoadMore(*warehouse_);
    Exec(*warehouse_, "UPDATE raw.airlines SET name = 'AA Inc.' WHERE code = 'AA'");
  }

  std::string Served() {
    return Show(*warehouse_, "SELECT string_agg(name, ',' ORDER BY name) FROM stg.airlines") + " / " +
           Show(*warehouse_, "SELECT string_agg(delay, ',' ORDER BY id) FROM stg.flights") + " / " +
           Show(*warehouse_, "SELECT string_agg(name || delay, ',' ORDER BY name, delay) FROM marts.delays") + " / " +
           Show(*warehouse_, "SELECT string_agg(name || total, ',' ORDER BY name) FROM marts.totals");
  }
  std::string Leftovers() {
    return Show(*warehouse_,
                "SELECT * FROM (SELECT schema_name AS s, table_name AS t FROM duckdb_tables() UNION ALL "
                "SELECT schema_name, view_name FROM duckdb_views()) WHERE s LIKE 'wapc\\_\\_%' ESCAPE '\\' "
                "AND (s, t) NOT IN (SELECT relation_schema, relation_name FROM wapc.builds UNION ALL "
                "SELECT kept_schema, kept_name FROM wapc.publish_undo) ORDER BY ALL");
  }

  std::unique_ptr<Warehouse> warehouse_ = OpenFile(":memory:");
  const std::string old_ = "American,United / 5,7 / American5,United7 / American5,United7";
};

TEST_F(UnitsTest, WhatFailsAloneLeavesTheRestToBePublished) {
  Plan plan = IndependentPlan();
  plan.models[3].audits.push_back(Audit("never", "SELECT 1 AS one"));
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  EXPECT_THAT(report.published, ElementsAre("stg.airlines", "stg.flights", "marts.delays"));
  EXPECT_THAT(report.withheld, IsEmpty());
  EXPECT_EQ(Served(), "AA Inc.,United / 5,70,1 / AA Inc.1,AA Inc.5,United70 / American5,United7");
  EXPECT_EQ(Leftovers(), "");
  EXPECT_EQ(Show(*warehouse_, "SELECT status FROM wapc.plans ORDER BY started_at"), "published;partial");
  EXPECT_EQ(ReadState(*warehouse_, {})->environments.at("prod").models.at("marts.totals").build.build_id, "t1");
  const auto again = TryApply(*warehouse_, plan);
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("this plan is applied already, but for the models that failed"));
}

TEST_F(UnitsTest, AViewOverAnIncrementalTableFailsItsAuditAndNeitherMoves) {
  Plan plan = IndependentPlan();
  plan.models[2].audits.push_back(Audit("never", "SELECT 1 AS one"));
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  EXPECT_THAT(report.published, ElementsAre("stg.airlines"));
  EXPECT_THAT(report.withheld, ElementsAre("stg.flights"));
  EXPECT_THAT(report.skipped, ElementsAre("marts.totals"));
  EXPECT_EQ(Served(), "AA Inc.,United / 5,7 / American5,United7 / American5,United7");
  EXPECT_EQ(Leftovers(), "");
  // What was held back is not lost: the next plan moves it.
  plan.models[2].audits.pop_back();
  plan.data_version = 2;
  plan.models[0] = Airlines("a3");
  EXPECT_EQ(MustApply(*warehouse_, plan).outcome, Outcome::kPublished);
  EXPECT_EQ(Served(), "AA Inc.,United / 5,70,1 / AA Inc.1,AA Inc.5,United70 / AA Inc.6,United70");
}

TEST_F(UnitsTest, AnIncrementalTableFailsAndTheViewOverItStays) {
  Plan plan = IndependentPlan();
  plan.models[1].audits.push_back(Audit("never", "SELECT 1 AS one"));
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_THAT(report.published, ElementsAre("stg.airlines"));
  EXPECT_THAT(report.skipped, ElementsAre("marts.delays", "marts.totals"));
  EXPECT_EQ(Served(), "AA Inc.,United / 5,7 / American5,United7 / American5,United7");
}

TEST_F(UnitsTest, AStatementThatTheEngineRefusesFailsAlone) {
  Plan plan = IndependentPlan();
  plan.models[0].build[0].sql = "CREATE TABLE wapc__stg.airlines__a2 AS SELECT error('boom') AS code";
  plan.models[2].depends_on = {"stg.flights"};
  plan.models[2].build = {{.id = "view",
                           .sql = "CREATE VIEW wapc__marts.delays__d2 AS SELECT code AS name, delay FROM "
                                  "@{rel:stg.flights}"}};
  plan.models[2].publish = {{.id = "final",
                             .sql = "CREATE OR REPLACE VIEW wapc__marts.delays__d2 AS SELECT code AS name, delay FROM "
                                    "@{table:stg.flights}"}};
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  ASSERT_EQ(report.errors.size(), 1U);
  EXPECT_THAT(report.errors[0], HasSubstr("model stg.airlines, step build:stg.airlines: "));
  EXPECT_THAT(report.published, ElementsAre("stg.flights", "marts.delays", "marts.totals"));
  EXPECT_EQ(Served(), "American,United / 5,70,1 / AA1,AA5,UA70 / AA6,UA70");
}

TEST_F(UnitsTest, AnAuditThatTheEngineRefusesFailsAlone) {
  Plan plan = IndependentPlan();
  plan.models[3].audits[0].sql = "SELECT nope FROM @{rel:marts.totals}";
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  ASSERT_EQ(report.errors.size(), 1U);
  EXPECT_THAT(report.errors[0], HasSubstr("model marts.totals, audit total(name): "));
  EXPECT_THAT(report.published, ElementsAre("stg.airlines", "stg.flights", "marts.delays"));
}

TEST_F(UnitsTest, NothingCleanMeansNothingPublished) {
  for (const char* const publish : {"all", "schema", "independent"}) {
    Plan plan = LoadsPlan();
    plan.publish = publish;
    for (PlanModel& model : plan.models) {
      if (plan.publish == "schema") model.group = model.view.schema;
    }
    plan.models[0].audits.push_back(Audit("never", "SELECT 1 AS one"));
    plan.models[1].audits.push_back(Audit("never", "SELECT 1 AS one"));
    const ApplyReport report = MustApply(*warehouse_, plan);
    EXPECT_EQ(report.outcome, Outcome::kAuditFailed) << publish;
    EXPECT_EQ(Served(), old_);
    EXPECT_EQ(Leftovers(), "");
  }
}

TEST_F(UnitsTest, ASchemaIsPublishedWholeOrNotAtAll) {
  Plan plan = LoadsPlan();
  plan.publish = "schema";
  plan.models.erase(plan.models.begin() + 2);
  plan.models[1] = Flights("f2");
  plan.models[2].depends_on = {"stg.airlines"};
  plan.models[2].build[0].sql =
      "CREATE TABLE wapc__marts.totals__t2 AS SELECT name, 1 AS total FROM @{rel:stg.airlines}";
  plan.models[0].group = plan.models[1].group = "stg";
  Plan fails_below = plan;
  fails_below.models[1].audits.push_back(Audit("never", "SELECT 1 AS one"));
  EXPECT_EQ(MustApply(*warehouse_, fails_below).outcome, Outcome::kAuditFailed);
  EXPECT_EQ(Served(), old_);
  plan.models[2].audits.push_back(Audit("never", "SELECT 1 AS one"));
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  EXPECT_THAT(report.published, ElementsAre("stg.airlines", "stg.flights"));
}

TEST_F(UnitsTest, ARemovedModelStaysUntilWhatTakesItsPlaceIsThere) {
  Plan plan = BasePlan("third");
  plan.publish = "independent";
  plan.structure_version = 1;
  plan.changes_structure = true;
  PlanModel removed{.model = "marts.totals", .kind = "FULL", .action = Action::kRemove, .category = Category::kRemoved};
  removed.view = {"marts", "totals"};
  PlanModel sums = Totals("t3");
  sums.model = "marts.sums";
  sums.view.name = "sums";
  sums.audits = {Audit("never", "SELECT 1 AS one")};
  plan.models = {Airlines("a3"), sums, removed};
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPartlyPublished);
  EXPECT_THAT(report.withheld, ElementsAre("marts.totals"));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM marts.totals"), "2");
}

}  // namespace
}  // namespace wapc::runtime
