#include "runtime/environments/rollback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/environments/drop.h"
#include "runtime/state/store.h"
#include "runtime/state/tables.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RollbackTest : public ::testing::Test {
 protected:
  RollbackTest() {
    MakeRaw(*warehouse_);
    MustApply(*warehouse_, FirstPlan());
    before_ = Served();
    LoadMore(*warehouse_);
    MustApply(*warehouse_, LoadsPlan());
    EXPECT_NE(Served(), before_);
  }

  std::string Served() {
    std::string out;
    for (const char* sql :
         {"SELECT * FROM stg.airlines ORDER BY ALL", "SELECT * FROM stg.flights ORDER BY ALL",
          "SELECT * FROM marts.delays ORDER BY ALL", "SELECT * FROM marts.totals ORDER BY ALL",
          "SELECT * FROM wapc.environment_models ORDER BY ALL", "SELECT * FROM wapc.table_loads ORDER BY ALL",
          "SELECT b.build_id, b.owner, b.row_count, b.loads_digests, b.plan_sha256 FROM wapc.builds AS b JOIN "
          "wapc.environment_models AS m ON m.build_id = b.build_id "
          "ORDER BY ALL"}) {
      out += Show(*warehouse_, sql) + "\n";
    }
    return out;
  }

  base::Error ErrorOf(const RollbackOptions& options) {
    const auto report = RollBack(*warehouse_, options);
    EXPECT_FALSE(report);
    return report ? base::Error{} : report.error();
  }

  TempFolder folder_;
  std::unique_ptr<Warehouse> warehouse_ = OpenFile(folder_.File("test.duckdb"));
  std::string before_;
};

TEST_F(RollbackTest, RowsViewsAndRecordsAreWhatTheyWere) {
  const auto report = RollBack(*warehouse_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(Served(), before_);
  EXPECT_THAT(report->undone, SizeIs(1));
  EXPECT_EQ(report->moved, 1);
  EXPECT_EQ(report->views, 3);
  const auto state = ReadState(*warehouse_, {});
  ASSERT_TRUE(state);
  const EnvironmentRecord& prod = state->environments.at("prod");
  EXPECT_TRUE(prod.held);
  EXPECT_EQ(prod.structure_version, 2);
  EXPECT_EQ(prod.plan_sha256, report->served);
  EXPECT_EQ(
      Show(*warehouse_, "SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'flights__second%'"),
      "0");
  const auto broken = BrokenSeals(*warehouse_);
  ASSERT_TRUE(broken);
  EXPECT_THAT(*broken, IsEmpty());
}

TEST_F(RollbackTest, ThePlanThatWasUndoneIsRefusedAndANewOneIsNot) {
  ASSERT_TRUE(RollBack(*warehouse_, {}));
  const auto again = TryApply(*warehouse_, LoadsPlan());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, base::ErrorKind::kRace);
  Plan plan = LoadsPlan();
  plan.structure_version = plan.data_version = 2;
  plan.models = {Airlines("a3"), FlightsDelta("f1", "third"), Delays("d3"), Totals("t3")};
  MustApply(*warehouse_, plan);
  const auto state = ReadState(*warehouse_, {});
  EXPECT_FALSE(state->environments.at("prod").held);
  EXPECT_EQ(Show(*warehouse_, "SELECT id, delay FROM stg.flights ORDER BY id"), "1|5;2|70;4|1");
  ASSERT_TRUE(RollBack(*warehouse_, {}));
  EXPECT_EQ(Served(), before_);
}

TEST_F(RollbackTest, SeveralPublishesAreUndoneNewestFirst) {
  Exec(*warehouse_,
       "INSERT INTO raw._dlt_loads VALUES ('5', 'flights', 0, now(), ''); UPDATE raw.flights SET delay = 71, "
       "_dlt_load_id = '5' WHERE id = 2");
  Plan plan = LoadsPlan();
  plan.data_version = 2;
  plan.models = {Airlines("a3"), FlightsDelta("f1", "third"), Delays("d3"), Totals("t3")};
  MustApply(*warehouse_, plan);
  const std::string first = Show(*warehouse_, "SELECT plan_sha256 FROM wapc.publishes WHERE seq = 1");
  const auto report = RollBack(*warehouse_, {.to_plan = first.substr(0, 10)});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(Served(), before_);
  EXPECT_EQ(report->moved, 2);
  EXPECT_THAT(report->undone, SizeIs(2));
  EXPECT_EQ(report->served, first);
}

TEST_F(RollbackTest, ATableThatSomebodyElseWroteIntoIsNotTouched) {
  Exec(*warehouse_, "INSERT INTO wapc__stg.flights__f1 VALUES (99, 'XX', 0)");
  const std::string before = Served();
  const base::Error error = ErrorOf({});
  EXPECT_EQ(error.kind, base::ErrorKind::kProject);
  EXPECT_THAT(error.message, HasSubstr("stg.flights would have 3 rows where 2 were published"));
  EXPECT_EQ(Served(), before);
  EXPECT_EQ(Show(*warehouse_, "SELECT held FROM wapc.environments"), "false");
}

TEST_F(RollbackTest, WhatCannotBeUndoneIsSaid) {
  EXPECT_THAT(ErrorOf({.environment = "dev"}).message, HasSubstr("there is no environment dev"));
  EXPECT_THAT(ErrorOf({.to_plan = "zz"}).message, HasSubstr("no publish of a plan zz"));
  EXPECT_THAT(ErrorOf({.to_plan = Show(*warehouse_, "SELECT plan_sha256 FROM wapc.environments")}).message,
              HasSubstr("serves that plan already"));
  Plan plan = LoadsPlan();
  plan.data_version = 2;
  PlanModel flights = FlightsDelta("f1", "third");
  flights.undo.clear();
  plan.models = {flights};
  MustApply(*warehouse_, plan);
  EXPECT_THAT(ErrorOf({}).message, HasSubstr("were not kept"));
}

TEST_F(RollbackTest, AVersionThatIsGoneStopsIt) {
  Exec(*warehouse_, "DELETE FROM wapc.builds WHERE build_id = 't1'; DROP TABLE wapc__marts.totals__t1");
  const base::Error error = ErrorOf({});
  EXPECT_EQ(error.kind, base::ErrorKind::kProject);
  EXPECT_THAT(error.message, HasSubstr("the version of marts.totals to go back to is gone"));
}

TEST_F(RollbackTest, ADroppedEnvironmentKeepsOnlyItsVersions) {
  const auto report = DropEnvironment(*warehouse_, "prod", {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->views, 4);
  EXPECT_THAT(report->schemas, ElementsAre("marts", "stg"));
  const auto state = ReadState(*warehouse_, {});
  ASSERT_TRUE(state);
  EXPECT_TRUE(IsDropped(state->environments.at("prod")));
  EXPECT_EQ(state->environments.at("prod").structure_version, 2);
  EXPECT_THAT(ErrorOf({}).message, HasSubstr("there is no environment prod"));
  EXPECT_FALSE(TryApply(*warehouse_, LoadsPlan()));
}

TEST_F(RollbackTest, ChangesBehindTheStateAreNoticed) {
  Exec(*warehouse_, "UPDATE wapc.builds SET row_count = 7 WHERE build_id = 'f1'");
  Exec(*warehouse_, "DELETE FROM wapc.table_loads WHERE load_id = '4'");
  const auto broken = BrokenSeals(*warehouse_);
  ASSERT_TRUE(broken);
  const auto refused = TryApply(*warehouse_, LoadsPlan());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("wapc.builds is not as wapc left it"));
  EXPECT_THAT(*broken, ElementsAre("wapc.builds is not as wapc left it: its rows differ",
                                   "wapc.table_loads is not as wapc left it: it had 3 rows and has 2"));
}

}  // namespace
}  // namespace wapc::runtime
