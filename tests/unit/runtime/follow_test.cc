#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/apply.h"
#include "runtime/state/store.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

/// Plans that were made before runs moved the environment's data.
namespace wapc::runtime {
namespace {

using ::testing::HasSubstr;

class FollowTest : public ::testing::Test {
 protected:
  FollowTest() { MakeRaw(*warehouse_); }
  std::unique_ptr<Warehouse> warehouse_ = OpenFile(":memory:");
};

TEST_F(FollowTest, WhatIsOnlyRecordedKeepsTheBuildThatIsServedNow) {
  MustApply(*warehouse_, FirstPlan());
  Plan words = BasePlan("words");
  words.structure_version = 1;
  words.changes_structure = true;
  PlanModel airlines = Airlines("a1");
  airlines.action = Action::kMetadata;
  airlines.category = Category::kMetadata;
  airlines.build.clear();
  airlines.hold_sql.clear();
  airlines.audits.clear();
  airlines.metadata = "new words";
  words.models = {airlines};
  LoadMore(*warehouse_);
  Exec(*warehouse_, "INSERT INTO raw.airlines VALUES ('DL', 'Delta', '4')");
  MustApply(*warehouse_, LoadsPlan());
  EXPECT_EQ(MustApply(*warehouse_, words).outcome, Outcome::kPublished);
  EXPECT_EQ(Show(*warehouse_, "SELECT code FROM stg.airlines ORDER BY code"), "AA;DL;UA");
  const auto state = ReadState(*warehouse_, {});
  const EnvironmentModel& served = state->environments.at("prod").models.at("stg.airlines");
  EXPECT_EQ(served.build.build_id, "a2");
  EXPECT_EQ(served.metadata, "new words");
}

TEST_F(FollowTest, ATableThatWasBuiltAgainIsNotMovedInPlace) {
  MustApply(*warehouse_, FirstPlan());
  Plan restated = BasePlan("restated");
  restated.structure_version = 1;
  restated.models = {Flights("f2")};
  MustApply(*warehouse_, restated);
  LoadMore(*warehouse_);
  const auto report = TryApply(*warehouse_, LoadsPlan());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::kRace);
  EXPECT_THAT(report.error().message, HasSubstr("the table of stg.flights was built again since this plan was made"));
}

}  // namespace
}  // namespace wapc::runtime
