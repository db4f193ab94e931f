#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "runtime/apply.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::HasSubstr;

base::Result<ApplyReport> ApplyWith(Warehouse& warehouse, const Plan& plan, ApplyOptions options) {
  auto read = ReadPlan(WritePlan(plan));
  if (!read) return read.error();
  options.sha256 = read->sha256;
  return Apply(read->plan, warehouse, options);
}

/// Many small models over airlines, and one over all of them.
Plan WidePlan(int count) {
  Plan plan = FirstPlan();
  PlanModel all = Totals("all");
  all.model = "marts.all";
  all.view.name = "all";
  all.relation = all.candidate = {"wapc__marts", "all__all"};
  all.depends_on.clear();
  all.audits.clear();
  std::string sum;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    PlanModel model = Model("marts", "m" + number, "FULL", Action::kBuild, "m" + number);
    model.depends_on = {"stg.airlines"};
    model.columns = {{"n", "int64", "BIGINT", true, ""}};
    MakeFrom(model, "TABLE", "SELECT " + number + " + count(*) AS n FROM @{rel:stg.airlines}");
    model.audits = {Audit("some", "SELECT * FROM @{rel:marts.m" + number + "} WHERE n < 0")};
    all.depends_on.push_back(model.model);
    sum += (sum.empty() ? "" : " UNION ALL ") + ("SELECT n FROM @{rel:" + model.model + "}");
    plan.models.push_back(std::move(model));
  }
  all.build = {
      {.id = "all",
       .sql = "CREATE TABLE wapc__marts.all__all AS SELECT 'all' AS name, sum(n) AS total FROM (" + sum + ") AS s"}};
  plan.models.push_back(std::move(all));
  return plan;
}

class ScheduleTest : public ::testing::Test {
 protected:
  ScheduleTest() { MakeRaw(*warehouse_); }

  std::string Views() {
    return Show(*warehouse_, "SELECT count(*) FROM duckdb_views() WHERE NOT internal AND schema_name NOT LIKE 'wapc%'");
  }
  std::string Leftovers() {
    return Show(*warehouse_,
                "SELECT string_agg(table_name, ',') FROM duckdb_tables() WHERE schema_name LIKE 'wapc\\_\\_%' ESCAPE "
                "'\\'");
  }

  std::unique_ptr<Warehouse> warehouse_ = OpenFile(":memory:");
};

/// A model that takes far longer than any test waits.
Plan EndlessPlan() {
  Plan plan = FirstPlan();
  plan.models[3].build[0].sql =
      "CREATE TABLE wapc__marts.totals__t1 AS SELECT 'x' AS name, sum(a.range * b.range) AS total FROM range(10000000) "
      "AS a, range(10000000) AS b";
  return plan;
}

TEST_F(ScheduleTest, SideBySideGivesWhatOneByOneGives) {
  const auto other = OpenFile(":memory:");
  MakeRaw(*other);
  for (Warehouse* const each : {other.get(), warehouse_.get()}) {
    Exec(*each, "UPDATE raw._dlt_loads SET inserted_at = '2026-01-01 00:00:00+00'");
  }
  const auto one = ApplyWith(*other, WidePlan(60), {.jobs = 1});
  const auto many = ApplyWith(*warehouse_, WidePlan(60), {.jobs = 4});
  ASSERT_TRUE(one) << one.error().message;
  ASSERT_TRUE(many) << many.error().message;
  EXPECT_EQ(many->built, one->built);
  EXPECT_EQ(many->audits, one->audits);
  EXPECT_TRUE(Snapshot(*warehouse_) == Snapshot(*other));
  EXPECT_EQ(Show(*warehouse_, "SELECT total FROM marts.all"), std::to_string(59 * 60 / 2 + 60 * 2));
}

TEST_F(ScheduleTest, AFailureSideBySideStopsWhatReadsIt) {
  Plan plan = WidePlan(20);
  plan.models[10].audits.push_back(Audit("never", "SELECT 1 AS one"));
  const auto report = ApplyWith(*warehouse_, plan, {.jobs = 4});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::kAuditFailed);
  EXPECT_EQ(report->skipped, std::vector<std::string>{"marts.all"});
  EXPECT_EQ(Views(), "0");
  EXPECT_EQ(Leftovers(), "~");
}

TEST_F(ScheduleTest, CancelledBetweenTwoStatementsItIsAllCleared) {
  std::atomic<bool> cancel = false;
  ApplyOptions options{.progress = [&](const Progress& progress) {
    if (progress.kind == Progress::Kind::kBuilt) cancel = true;
  }};
  options.cancel = &cancel;
  const auto report = ApplyWith(*warehouse_, FirstPlan(), options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::kCancelled);
  EXPECT_TRUE(report->cleared);
  EXPECT_EQ(Views(), "0");
  EXPECT_EQ(Leftovers(), "~");
  EXPECT_EQ(Show(*warehouse_, "SELECT status, error FROM wapc.plans"), "failed|cancelled");
  EXPECT_EQ(MustApply(*warehouse_, FirstPlan()).outcome, Outcome::kPublished);
}

TEST_F(ScheduleTest, ARunningStatementIsInterruptedByACancel) {
  std::atomic<bool> cancel = false;
  ApplyOptions options{.progress = [&](const Progress& progress) {
    if (progress.kind == Progress::Kind::kBuilding && progress.model == "marts.totals") cancel = true;
  }};
  options.cancel = &cancel;
  options.jobs = 2;
  const auto report = ApplyWith(*warehouse_, EndlessPlan(), options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::kCancelled);
  EXPECT_EQ(Leftovers(), "~");
}

TEST_F(ScheduleTest, AStatementThatTakesTooLongIsInterrupted) {
  ApplyOptions options;
  options.statement_timeout = std::chrono::milliseconds(300);
  const auto report = ApplyWith(*warehouse_, EndlessPlan(), options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_EQ(report.error().message,
            "model marts.totals, step build:marts.totals: interrupted after 0.3 s: that is the time-out of a statement "
            "(--statement-timeout)");
  EXPECT_EQ(Leftovers(), "~");
}

TEST_F(ScheduleTest, ASecondApplyOfTheEnvironmentIsToldWhoHoldsIt) {
  auto another = warehouse_->Another();
  ASSERT_TRUE(another);
  int others = 0;
  ApplyOptions options{.progress = [&](const Progress& progress) {
    if (progress.kind != Progress::Kind::kPublishing) return;
    const auto second = ApplyWith(**another, FirstPlan(), {});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, base::ErrorKind::kRace);
    EXPECT_THAT(second.error().message, HasSubstr("held by the first one: wait until that is done"));
    Plan dev = FirstPlan();
    dev.environment = "dev";
    dev.models = {Airlines("dev1")};
    dev.models[0].view.schema = "stg__dev";
    dev.loads[0].snapshot.name = "loads__dev";
    dev.loads[0].freeze.sql = "CREATE TABLE wapc__raw.loads__dev AS SELECT * FROM raw._dlt_loads WHERE status = 0";
    dev.schemas.emplace_back("stg__dev");
    const auto third = ApplyWith(**another, dev, {});
    ASSERT_TRUE(third) << third.error().message;
    ++others;
  }};
  options.holder = "the first one";
  const auto first = ApplyWith(*warehouse_, FirstPlan(), options);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(others, 1);
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM stg__dev.airlines"), "2");
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM stg.airlines"), "2");
}

TEST_F(ScheduleTest, VerifiedContentIsWhatWasAudited) {
  for (const bool verify : {true, false}) {
    ApplyOptions options{.progress = [&](const Progress& progress) {
      if (progress.kind != Progress::Kind::kPublishing) return;
      Exec(*warehouse_, "UPDATE wapc__stg.flights__f1 SET delay = 6 WHERE id = 1");
    }};
    options.verify_content = verify;
    const auto report = ApplyWith(*warehouse_, FirstPlan(), options);
    EXPECT_EQ(static_cast<bool>(report), !verify);
    const std::string message = report ? "" : report.error().message;
    EXPECT_THAT(message, HasSubstr(verify ? "flights__f1 got other rows after its audits" : ""));
  }
  EXPECT_EQ(Show(*warehouse_, "SELECT delay FROM stg.flights ORDER BY id"), "6;7");
}

TEST_F(ScheduleTest, ADryRunChecksEveryStatementAndWritesNothing) {
  const std::string before = Show(*warehouse_, "SELECT count(*) FROM duckdb_schemas()");
  const auto first = ApplyWith(*warehouse_, FirstPlan(), {.dry_run = true});
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->outcome, Outcome::kChecked);
  EXPECT_EQ(first->checked, 12);  // a freeze, four builds, a view's publish, six audits
  EXPECT_EQ(first->unchecked, 0);
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM duckdb_schemas()"), before);
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  const std::string published = Snapshot(*warehouse_);
  const auto second = ApplyWith(*warehouse_, LoadsPlan(), {.dry_run = true});
  ASSERT_TRUE(second) << second.error().message;
  // flights: a delta, a candidate and four statements of the publish, two of which keep what it takes away
  EXPECT_EQ(second->checked, 17);
  EXPECT_EQ(Snapshot(*warehouse_), published);
}

TEST_F(ScheduleTest, ADryRunFindsWhatTheEngineRefuses) {
  const std::vector<std::pair<size_t, std::string>> faults = {
      {0, "CREATE TABLE wapc__stg.airlines__a1 AS SELECT nope FROM raw.airlines"},
      {3, "CREATE TABLE wapc__marts.totals__t1 AS SELECT missing FROM @{rel:marts.delays}"}};
  for (const auto& [index, sql] : faults) {
    Plan plan = FirstPlan();
    plan.models[index].build[0].sql = sql;
    const auto report = ApplyWith(*warehouse_, plan, {.dry_run = true});
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().message, HasSubstr("model " + plan.models[index].model + ", step "));
  }
  Plan plan = FirstPlan();
  plan.models[1].audits[0].sql = "SELECT nope FROM @{rel:stg.flights}";
  const auto report = ApplyWith(*warehouse_, plan, {.dry_run = true});
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("model stg.flights, audit unique(id): "));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM duckdb_schemas() WHERE schema_name LIKE 'wapc%'"), "0");
}

}  // namespace
}  // namespace wapc::runtime
