#include "runtime/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "runtime/state/store.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ApplyTest : public ::testing::Test {
 protected:
  ApplyTest() { MakeRaw(*warehouse_); }

  std::string Rows(const std::string& table) { return Show(*warehouse_, "SELECT * FROM " + table + " ORDER BY ALL"); }
  base::Error ErrorOf(const Plan& plan, std::function<void(const Progress&)> progress = {}) {
    const auto report = TryApply(*warehouse_, plan, std::move(progress));
    EXPECT_FALSE(report);
    return report ? base::Error{} : report.error();
  }
  /// wapc's relations that are neither published builds, nor kept for undoing a publish, nor state.
  std::string Leftovers() {
    return Show(
        *warehouse_,
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema LIKE 'wapc\\_\\_%' ESCAPE "
        "'\\' "
        "AND (table_schema, table_name) NOT IN (SELECT relation_schema, relation_name FROM wapc.builds UNION ALL "
        "SELECT kept_schema, kept_name FROM wapc.publish_undo) ORDER BY ALL");
  }

  std::unique_ptr<Warehouse> warehouse_ = OpenFile(":memory:");
};

TEST_F(ApplyTest, FirstApplyPublishesEverything) {
  const ApplyReport report = MustApply(*warehouse_, FirstPlan());
  EXPECT_EQ(report.outcome, Outcome::kPublished);
  EXPECT_FALSE(report.resumed);
  EXPECT_EQ(report.built, 4);
  EXPECT_EQ(report.audits, 6);
  EXPECT_EQ(report.views, 4);
  EXPECT_THAT(report.failures, IsEmpty());
  EXPECT_EQ(Rows("stg.flights"), "1|AA|5;2|UA|7");
  EXPECT_EQ(Rows("marts.totals"), "American|5;United|7");
  EXPECT_EQ(Leftovers(), "");
}

TEST_F(ApplyTest, StateSaysWhatIsServed) {
  MustApply(*warehouse_, FirstPlan());
  const auto state = ReadState(*warehouse_, {"raw", "absent"});
  ASSERT_TRUE(state) << state.error().message;
  const EnvironmentRecord& prod = state->environments.at("prod");
  EXPECT_EQ(prod.structure_version, 1);
  EXPECT_EQ(prod.data_version, 1);
  const EnvironmentModel& flights = prod.models.at("stg.flights");
  EXPECT_EQ(flights.canonical, "SELECT 'flights'");
  EXPECT_EQ(flights.metadata, "about flights");
  EXPECT_EQ(flights.columns.at(0).engine_type, "BIGINT");
  EXPECT_FALSE(flights.columns.at(0).nullable);
  EXPECT_EQ(flights.build.row_count, 2);
  EXPECT_EQ(flights.build.relation, (RelationName{"wapc__stg", "flights__f1"}));
  EXPECT_THAT(prod.models.at("marts.delays").depends_on, ElementsAre("stg.airlines", "stg.flights"));
  const std::vector<LoadId> loads{{"flights", "1"}, {"flights", "2"}};
  EXPECT_EQ(state->table_loads.at("f1").at("raw"), loads);
  EXPECT_FALSE(state->table_loads.contains("a1"));
  EXPECT_EQ(state->complete_loads.at("raw"), loads);
  EXPECT_FALSE(state->complete_loads.contains("absent"));
  EXPECT_EQ(state->builds.at("a1").loads_digests.at("raw"), LoadsDigest(loads));
}

TEST_F(ApplyTest, NewLoadsMoveInPlaceAndViewsFollow) {
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  const ApplyReport report = MustApply(*warehouse_, LoadsPlan());
  EXPECT_EQ(report.outcome, Outcome::kPublished);
  EXPECT_EQ(Rows("stg.flights"), "1|AA|5;2|UA|70;4|AA|1");
  EXPECT_EQ(Rows("marts.delays"), "American|1;American|5;United|70");
  EXPECT_EQ(Rows("marts.totals"), "American|6;United|70");
  EXPECT_EQ(Leftovers(), "");
  const auto state = ReadState(*warehouse_, {});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->environments.at("prod").structure_version, 1);
  EXPECT_EQ(state->environments.at("prod").data_version, 2);
  EXPECT_EQ(state->builds.at("f1").row_count, 3);
  EXPECT_EQ(state->table_loads.at("f1").at("raw").size(), 3U);
  EXPECT_EQ(
      Show(*warehouse_,
           "SELECT view_definition LIKE '%candidate%' FROM information_schema.views WHERE table_name = 'delays__d2'"),
      "false");
}

TEST_F(ApplyTest, BlockingAuditLeavesTheEnvironmentAsItWas) {
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  Exec(*warehouse_, "UPDATE raw.flights SET delay = -3 WHERE id = 4");
  const std::string before = Snapshot(*warehouse_);
  const auto report = TryApply(*warehouse_, LoadsPlan());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->outcome, Outcome::kAuditFailed);
  ASSERT_EQ(report->failures.size(), 1U);
  EXPECT_EQ(report->failures[0].audit, "positive(delay)");
  EXPECT_EQ(report->failures[0].failing_rows, 1);
  EXPECT_THAT(report->failures[0].sample.columns, ElementsAre("id", "code", "delay"));
  EXPECT_EQ(report->failures[0].sample.rows.at(0).at(2), "-3");
  EXPECT_THAT(report->skipped, ElementsAre("marts.delays", "marts.totals"));
  const std::string after = Snapshot(*warehouse_);
  EXPECT_EQ(after.substr(0, after.find("SELECT DISTINCT plan_sha256")),
            before.substr(0, before.find("SELECT DISTINCT plan_sha256")));
  EXPECT_EQ(Leftovers(), "");
  EXPECT_EQ(Show(*warehouse_, "SELECT status, error FROM wapc.plans WHERE status <> 'published'"),
            "failed|a blocking audit found rows");

  Exec(*warehouse_, "UPDATE raw.flights SET delay = 3 WHERE id = 4");
  EXPECT_EQ(MustApply(*warehouse_, LoadsPlan()).outcome, Outcome::kPublished);
  EXPECT_EQ(Rows("stg.flights"), "1|AA|5;2|UA|70;4|AA|3");
  EXPECT_EQ(Show(*warehouse_, "SELECT attempt, status FROM wapc.plans ORDER BY started_at"),
            "1|published;1|failed;2|published");
}

TEST_F(ApplyTest, WarningsDoNotBlockAndComeAfterBlockingOnes) {
  Plan plan = FirstPlan();
  plan.models[0].audits.push_back(Audit("warn", "SELECT 1 AS one FROM generate_series(1, 9)", false));
  plan.models[1].audits.push_back(Audit("block", "SELECT 1 AS one"));
  const auto blocked = TryApply(*warehouse_, plan);
  ASSERT_TRUE(blocked);
  EXPECT_EQ(blocked->outcome, Outcome::kAuditFailed);
  EXPECT_EQ(blocked->failures.at(0).audit, "block");
  plan.models[1].audits.pop_back();
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.outcome, Outcome::kPublished);
  ASSERT_EQ(report.failures.size(), 1U);
  EXPECT_EQ(report.failures[0].failing_rows, 9);
  EXPECT_EQ(report.failures[0].sample.rows.size(), 5U);
  EXPECT_EQ(Show(*warehouse_, "SELECT failing_rows, blocking FROM wapc.audit_results WHERE audit = 'warn'"),
            "9|false;9|false");
}

TEST_F(ApplyTest, TheSamePlanAgainDoesNothing) {
  MustApply(*warehouse_, FirstPlan());
  const std::string before = Snapshot(*warehouse_);
  EXPECT_EQ(MustApply(*warehouse_, FirstPlan()).outcome, Outcome::kAlreadyApplied);
  EXPECT_EQ(Snapshot(*warehouse_), before);
}

TEST_F(ApplyTest, AnEmptyPlanWritesNothing) {
  Plan plan = BasePlan("x");
  EXPECT_EQ(MustApply(*warehouse_, plan).outcome, Outcome::kNothingToDo);
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM information_schema.schemata WHERE schema_name LIKE 'wapc%'"), "0");
}

TEST_F(ApplyTest, AStalePlanIsARace) {
  Plan late = FirstPlan();
  late.project = "made at the same time";
  MustApply(*warehouse_, FirstPlan());
  const std::string before = Snapshot(*warehouse_);
  const base::Error error = ErrorOf(late);
  EXPECT_EQ(error.kind, base::ErrorKind::kRace);
  EXPECT_EQ(error.message,
            "the environment 'prod' moved from structure version 0 to 1 since this plan was made; run wapc plan again");
  EXPECT_EQ(Snapshot(*warehouse_), before);
}

TEST_F(ApplyTest, LosingTheLeaseIsARace) {
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  const std::string rows = Rows("marts.totals");
  const base::Error error = ErrorOf(LoadsPlan(), [&](const Progress& progress) {
    if (progress.kind == Progress::Kind::kPublishing) Exec(*warehouse_, "UPDATE wapc.leases SET token = token + 1");
  });
  EXPECT_EQ(error.kind, base::ErrorKind::kRace);
  EXPECT_EQ(Rows("marts.totals"), rows);
  // The attempt is another's now, and goes on where it stopped.
  const ApplyReport report = MustApply(*warehouse_, LoadsPlan());
  EXPECT_TRUE(report.resumed);
  EXPECT_EQ(Rows("stg.flights"), "1|AA|5;2|UA|70;4|AA|1");
  EXPECT_EQ(Leftovers(), "");
}

TEST_F(ApplyTest, AStructureThatMovesMeanwhileIsARace) {
  MustApply(*warehouse_, FirstPlan());
  const base::Error error = ErrorOf(LoadsPlan(), [&](const Progress& progress) {
    if (progress.kind == Progress::Kind::kPublishing)
      Exec(*warehouse_, "UPDATE wapc.environments SET structure_version = 5");
  });
  EXPECT_EQ(error.kind, base::ErrorKind::kRace);
  EXPECT_THAT(error.message, HasSubstr("from structure version 1 to 5"));
  EXPECT_EQ(Leftovers(), "");
}

TEST_F(ApplyTest, WhatWasAuditedIsWhatIsPublished) {
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"INSERT INTO wapc__stg.flights__f1 VALUES (9, 'AA', 1)",
       "wapc__stg.flights__f1 went from 2 to 3 rows after its audits"},
      {OnPostgres() ? "TRUNCATE wapc__stg.airlines__a2; INSERT INTO wapc__stg.airlines__a2 SELECT * FROM stg.airlines"
                    : "CREATE OR REPLACE TABLE wapc__stg.airlines__a2 AS SELECT * FROM stg.airlines",
       "was made again after its audits"},
      {"DROP TABLE wapc__stg.flights__second_delta CASCADE", "was dropped after its audits"},
      {"CREATE OR REPLACE VIEW wapc__marts.delays__d2 AS SELECT 'x' AS name, CAST(1 AS bigint) AS delay",
       "was made again after"}};
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  for (const auto& item : changes) {
    const std::string totals = Rows("marts.totals");
    const base::Error error = ErrorOf(LoadsPlan(), [&](const Progress& progress) {
      if (progress.kind == Progress::Kind::kPublishing) Exec(*warehouse_, item.first);
    });
    EXPECT_EQ(error.kind, base::ErrorKind::kWarehouse);
    EXPECT_THAT(error.message, HasSubstr(item.second));
    EXPECT_EQ(Rows("marts.totals"), totals);
    EXPECT_EQ(Leftovers(), "");
    Exec(*warehouse_, "DELETE FROM wapc__stg.flights__f1 WHERE id = 9");
  }
}

TEST_F(ApplyTest, AModelOverAnUnfinishedLoadKeepsItsLastVersion) {
  MustApply(*warehouse_, FirstPlan());
  LoadMore(*warehouse_);
  Exec(*warehouse_, "INSERT INTO raw.airlines VALUES ('DL', 'Delta', '9'), ('B6', 'JetBlue', '9')");
  const ApplyReport report = MustApply(*warehouse_, LoadsPlan());
  EXPECT_EQ(report.outcome, Outcome::kPublished);
  EXPECT_THAT(
      report.held,
      ElementsAre("stg.airlines keeps its last version: raw.airlines holds 2 rows of a load that is not complete"));
  EXPECT_EQ(report.built, 3);
  EXPECT_EQ(Rows("stg.airlines"), "AA|American;UA|United");
  EXPECT_EQ(Rows("marts.delays"), "American|1;American|5;United|70");
  EXPECT_EQ(ReadState(*warehouse_, {})->environments.at("prod").models.at("stg.airlines").build.build_id, "a1");
  EXPECT_EQ(Leftovers(), "");
}

TEST_F(ApplyTest, WithoutALastVersionAnUnfinishedLoadDoesNotHold) {
  Exec(*warehouse_, "INSERT INTO raw.airlines VALUES ('DL', 'Delta', '9')");
  const ApplyReport report = MustApply(*warehouse_, FirstPlan());
  EXPECT_THAT(report.held, IsEmpty());
  EXPECT_EQ(Rows("stg.airlines"), "AA|American;DL|Delta;UA|United");
}

TEST_F(ApplyTest, ForeignRelationsAreNotTouched) {
  for (const char* kind : {"TABLE", "VIEW"}) {
    Exec(*warehouse_,
         std::string("CREATE SCHEMA IF NOT EXISTS marts; CREATE ") + kind + " marts.Totals AS SELECT 1 AS mine");
    const base::Error error = ErrorOf(FirstPlan());
    EXPECT_EQ(error.kind, base::ErrorKind::kProject);
    EXPECT_THAT(error.message, HasSubstr(std::string("marts.totals is a ") + (kind[0] == 'T' ? "table" : "view") +
                                         " that wapc did not make: move it away or rename the model"));
    EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM information_schema.tables WHERE table_schema LIKE 'wapc%'"), "0");
    Exec(*warehouse_, std::string("DROP ") + kind + " marts.totals");
  }
  Exec(*warehouse_, "CREATE SCHEMA wapc__stg; CREATE TABLE wapc__stg.flights__f1 AS SELECT 1 AS mine");
  EXPECT_THAT(ErrorOf(FirstPlan()).message, HasSubstr("wapc__stg.flights__f1 is a table that wapc did not make"));
  EXPECT_EQ(Rows("wapc__stg.flights__f1"), "1");
}

TEST_F(ApplyTest, EngineErrorsNameModelAndStepAndLeaveNothing) {
  Plan plan = FirstPlan();
  plan.models[3].build[0].sql = "CREATE TABLE x AS SELECT CAST('boom' AS integer) AS a";
  base::Error error = ErrorOf(plan);
  EXPECT_EQ(error.kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(error.message, HasSubstr("model marts.totals, step build:marts.totals: "));
  EXPECT_THAT(error.message, HasSubstr("boom"));
  EXPECT_EQ(Leftovers(), "");
  plan = FirstPlan();
  plan.models[1].audits[0].sql = "SELECT nope FROM @{rel:stg.flights}";
  EXPECT_THAT(ErrorOf(plan).message, AllOf(HasSubstr("model stg.flights, audit unique(id): "), HasSubstr("nope")));
  EXPECT_EQ(Leftovers(), "");
  plan.models[1].audits[0].sql = "SELECT * FROM @{rel:stg.absent}";
  EXPECT_THAT(ErrorOf(plan).message, HasSubstr("@{rel:stg.absent}, which neither the plan nor the environment has"));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM wapc.environments"), "0");
}

TEST_F(ApplyTest, RemoveReuseAuditAndMetadata) {
  MustApply(*warehouse_, FirstPlan());
  Plan plan = BasePlan("third");
  plan.structure_version = 1;
  plan.changes_structure = true;
  PlanModel reuse = Airlines("a1");
  reuse.action = Action::kReuse;
  reuse.build.clear();
  reuse.hold_sql.clear();
  reuse.columns.pop_back();
  PlanModel metadata = Flights("f1");
  metadata.action = Action::kMetadata;
  metadata.build.clear();
  metadata.audits.clear();
  metadata.metadata = "new words";
  PlanModel audit = Delays("d1");
  audit.action = Action::kAudit;
  audit.build.clear();
  audit.publish.clear();
  PlanModel removed{.model = "marts.totals", .kind = "FULL", .action = Action::kRemove, .category = Category::kRemoved};
  removed.view = {"marts", "totals"};
  plan.models = {reuse, metadata, audit, removed};
  const ApplyReport report = MustApply(*warehouse_, plan);
  EXPECT_EQ(report.built, 0);
  EXPECT_EQ(report.audits, 3);
  EXPECT_EQ(report.views, 1);
  EXPECT_EQ(Rows("stg.airlines"), "AA;UA");
  EXPECT_THAT(Rows("marts.totals"), HasSubstr("does not exist"));
  EXPECT_EQ(Rows("wapc__marts.totals__t1"), "American|5;United|7");
  const auto state = ReadState(*warehouse_, {});
  EXPECT_EQ(state->environments.at("prod").structure_version, 2);
  EXPECT_FALSE(state->environments.at("prod").models.contains("marts.totals"));
  EXPECT_EQ(state->environments.at("prod").models.at("stg.flights").metadata, "new words");
  EXPECT_EQ(state->builds.at("a1").loads_digests.size(), 1U);
}

TEST_F(ApplyTest, AnotherEnvironmentReadsAndThenOwns) {
  Plan dev = FirstPlan();
  dev.environment = "dev";
  for (PlanModel& model : dev.models) {
    model.owner = "dev";
    model.view.schema += "__dev";
  }
  dev.schemas.insert(dev.schemas.end(), {"stg__dev", "marts__dev"});
  MustApply(*warehouse_, dev);
  Plan prod = FirstPlan();
  prod.loads.clear();
  for (PlanModel& model : prod.models) {
    model.action = Action::kReuse;
    model.build.clear();
    model.publish.clear();
    model.hold_sql.clear();
  }
  MustApply(*warehouse_, prod);
  EXPECT_EQ(Rows("marts.totals"), Rows("marts__dev.totals"));
  const auto state = ReadState(*warehouse_, {});
  EXPECT_EQ(state->builds.at("t1").owner, "prod");
  EXPECT_EQ(state->environments.size(), 2U);
  EXPECT_EQ(state->builds.size(), 4U);
  EXPECT_EQ(state->builds.at("f1").loads_digests.size(), 1U);
}

TEST_F(ApplyTest, StateOfANewerWapcIsRefused) {
  MustApply(*warehouse_, FirstPlan());
  Exec(*warehouse_, "UPDATE wapc.meta SET value = '99' WHERE key = 'format'");
  const auto state = ReadState(*warehouse_, {});
  ASSERT_FALSE(state);
  EXPECT_EQ(state.error().kind, base::ErrorKind::kUsage);
  EXPECT_THAT(state.error().message, HasSubstr("state was written by a newer wapc"));
  EXPECT_THAT(ErrorOf(LoadsPlan()).message, HasSubstr("state was written by a newer wapc"));
}

TEST_F(ApplyTest, HostileNamesAndTexts) {
  Plan plan = FirstPlan();
  plan.environment = "it's \"dev\"";
  PlanModel model = Model("it's", "a\"b}c", "FULL", Action::kBuild, "x'1");
  model.relation = model.candidate = {"wapc__it's", "a\"b"};
  model.build = {
      {.id = "b'",
       .sql = R"(CREATE TABLE "wapc__it's"."a""b" AS SELECT '@{at}{rel:x}' AS "c""d", @{execution_ts} AS t)"}};
  model.columns = {{"c\"d", "text", "VARCHAR", true, "it's"}};
  model.audits = {Audit("it's", "SELECT * FROM @{rel:it's.a\"b}c} WHERE false")};
  model.canonical = "'; DROP TABLE wapc.meta; --";
  plan.schemas.insert(plan.schemas.end(), {"it's", "wapc__it's"});
  plan.models.push_back(model);
  MustApply(*warehouse_, plan);
  EXPECT_EQ(Rows("\"it's\".\"a\"\"b}c\""), "@{rel:x}");
  const auto state = ReadState(*warehouse_, {});
  EXPECT_EQ(state->environments.at("it's \"dev\"").models.at("it's.a\"b}c").canonical, model.canonical);
  EXPECT_EQ(Show(*warehouse_, "SELECT t = execution_ts FROM \"wapc__it's\".\"a\"\"b\", wapc.plans"), "true");
  EXPECT_THAT(Show(*warehouse_, "SELECT execution_ts FROM wapc.plans"),
              ::testing::MatchesRegex("20..-..-.. ..:..:..\\.......\\+00"));
}

}  // namespace
}  // namespace wapc::runtime
