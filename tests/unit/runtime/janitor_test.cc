#include "runtime/environments/janitor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "runtime/environments/rollback.h"
#include "runtime/state/store.h"
#include "runtime/state/transfer.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Two publishes to prod: what the first one served is out of use.
class JanitorTest : public ::testing::Test {
 protected:
  JanitorTest() {
    MakeRaw(*warehouse_);
    MustApply(*warehouse_, FirstPlan());
    LoadMore(*warehouse_);
    MustApply(*warehouse_, LoadsPlan());
  }

  static JanitorOptions After(std::chrono::hours time) {
    const auto now = std::chrono::system_clock::now().time_since_epoch() + time;
    return {.now = std::chrono::duration_cast<std::chrono::microseconds>(now).count(),
            .environment_ttl = std::chrono::hours(24 * 365)};
  }

  JanitorReport Clean(const JanitorOptions& options) {
    const auto report = runtime::Clean(*warehouse_, options);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : JanitorReport{};
  }

  std::string Faults() {
    const auto faults = CheckState(*warehouse_);
    EXPECT_TRUE(faults) << faults.error().message;
    return faults && !faults->empty() ? faults->front().text : "";
  }

  TempFolder folder_;
  std::unique_ptr<Warehouse> warehouse_ = OpenFile(folder_.File("test.duckdb"));
};

constexpr std::chrono::hours kDay{24};

TEST_F(JanitorTest, WhatCanBeRolledBackToStays) {
  EXPECT_THAT(Clean(After(6 * kDay)).dropped, IsEmpty());
  EXPECT_EQ(Faults(), "");
  EXPECT_TRUE(RollBack(*warehouse_, {}));
}

TEST_F(JanitorTest, OldVersionsAndWhatWasKeptForThemGo) {
  const JanitorReport report = Clean(After(8 * kDay));
  EXPECT_THAT(report.dropped, ElementsAre("wapc__marts.delays__d1", "wapc__marts.totals__t1", "wapc__stg.airlines__a1",
                                          "wapc__stg.flights__second_kept", "wapc__stg.flights__second_keys"));
  EXPECT_EQ(report.publishes, 2);
  EXPECT_THAT(report.kept, IsEmpty());
  EXPECT_EQ(Faults(), "");
  EXPECT_FALSE(RollBack(*warehouse_, {}));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM stg.flights"), "3");
  EXPECT_THAT(Clean(After(9 * kDay)).dropped, IsEmpty());
}

TEST_F(JanitorTest, WhatAViewOfAnybodysReadsStays) {
  Exec(*warehouse_, "CREATE SCHEMA people; CREATE VIEW people.old AS SELECT * FROM wapc__marts.delays__d1");
  const JanitorReport report = Clean(After(8 * kDay));
  EXPECT_THAT(report.kept, ElementsAre("wapc__marts.delays__d1 is read by the view people.old",
                                       "wapc__stg.airlines__a1 is read by the view wapc__marts.delays__d1"));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM people.old"), "3");
  EXPECT_THAT(report.dropped, SizeIs(3));
}

TEST_F(JanitorTest, ADryRunOnlySays) {
  JanitorOptions options = After(8 * kDay);
  options.dry_run = true;
  const std::string before = Snapshot(*warehouse_);
  EXPECT_THAT(Clean(options).dropped, SizeIs(5));
  EXPECT_EQ(Snapshot(*warehouse_), before);
}

TEST_F(JanitorTest, WhatARollbackTookAwayGoesAfterTheGrace) {
  ASSERT_TRUE(RollBack(*warehouse_, {}));
  EXPECT_THAT(Clean(After(std::chrono::hours(23))).dropped, IsEmpty());
  EXPECT_THAT(Clean(After(std::chrono::hours(25))).dropped,
              ElementsAre("wapc__marts.delays__d2", "wapc__marts.totals__t2", "wapc__stg.airlines__a2"));
  EXPECT_EQ(Faults(), "");
}

TEST_F(JanitorTest, AnExpiredEnvironmentGoesAndThenItsTables) {
  JanitorOptions options = After(8 * kDay);
  options.environment_ttl = 7 * kDay;
  options.pinned = {};
  EXPECT_THAT(Clean(options).expired, ElementsAre("prod"));
  options = After(8 * kDay);
  Clean(options);
  EXPECT_EQ(
      Show(*warehouse_, "SELECT count(*) FROM information_schema.tables WHERE substr(table_schema, 1, 6) = 'wapc__'"),
      "0");
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM wapc.builds"), "0");
}

TEST_F(JanitorTest, RecordsDoNotGrowForEver) {
  Clean(After(40 * kDay));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM wapc.plans"), "1");
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM wapc.publishes"), "0");
  EXPECT_EQ(Show(*warehouse_,
                 "SELECT count(*) FROM wapc.audit_results WHERE build_id NOT IN "
                 "(SELECT build_id FROM wapc.builds)"),
            "0");
}

}  // namespace
}  // namespace wapc::runtime
