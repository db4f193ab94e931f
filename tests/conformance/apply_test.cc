// How apply publishes on PostgreSQL: what stands on its views, and who reads with an older snapshot.
#include "runtime/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/conformance/engines.h"

namespace wapc::testing {
namespace {

using runtime::Plan;
using runtime::PlanColumn;
using runtime::PlanModel;
using runtime::Warehouse;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PostgresApply : public ::testing::Test {
 protected:
  /// A plan that makes s.m anew as `SELECT select`, with these columns.
  static Plan PlanOf(const std::string& id, const std::string& select, std::vector<PlanColumn> columns) {
    Plan plan{.project = "p", .environment = "prod", .gateway = "pg", .dialect = "postgres"};
    plan.schemas = {"s", "wapc__s"};
    plan.changes_structure = true;
    PlanModel model{.model = "s.m", .kind = "FULL", .reason = "test", .owner = "prod"};
    model.digests = {"data-" + id, "meta", "audits", "version-" + id};
    model.build_id = id;
    model.relation = model.candidate = {"wapc__s", "m__" + id};
    model.view = {"s", "m"};
    model.columns = std::move(columns);
    model.build = {{.id = "build", .sql = "CREATE TABLE wapc__s.m__" + id + " AS SELECT " + select}};
    plan.models = {model};
    return plan;
  }
  static Plan First() { return PlanOf("one", "1 AS a, 'x' AS b", {{"a", "int32", "integer"}, {"b", "text", "text"}}); }
  static Plan Second() {
    Plan plan = PlanOf("two", "'y' AS b, 2 AS a", {{"b", "text", "text"}, {"a", "int32", "integer"}});
    plan.structure_version = 1;
    plan.data_version = 1;
    return plan;
  }
  base::Result<runtime::ApplyReport> TryApply(const Plan& plan) {
    auto read = runtime::ReadPlan(runtime::WritePlan(plan));
    if (!read) return read.error();
    return runtime::Apply(read->plan, *warehouse_, {.sha256 = read->sha256});
  }
  void MustApply(const Plan& plan) {
    const auto report = TryApply(plan);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->outcome, runtime::Outcome::kPublished);
  }
  std::string Physical() {
    return Show(*warehouse_,
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'wapc__s' ORDER BY 1");
  }

  std::unique_ptr<TestDatabase> database_ = NewDatabase("postgres");
  std::unique_ptr<Warehouse> warehouse_ = database_->Open();
};

TEST_F(PostgresApply, RightsOfReadersSurviveOtherColumns) {
  MustApply(First());
  Exec(*warehouse_, "CREATE ROLE bi; GRANT USAGE ON SCHEMA s TO bi; GRANT SELECT ON s.m TO bi");
  MustApply(Second());
  EXPECT_EQ(Show(*warehouse_, "SET ROLE bi; SELECT * FROM s.m"), "y|2");
  Exec(*warehouse_, "RESET ROLE; DROP OWNED BY bi; DROP ROLE bi");
}

TEST_F(PostgresApply, OtherPeoplesViewsStopItBeforeAnythingIsBuilt) {
  MustApply(First());
  Exec(*warehouse_, "CREATE SCHEMA theirs; CREATE VIEW theirs.report AS SELECT b FROM s.m");
  const auto refused = TryApply(Second());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kProject);
  EXPECT_THAT(refused.error().message, HasSubstr("view theirs.report (of postgres) on s.m"));
  EXPECT_THAT(refused.error().message, HasSubstr("`dependents: recreate`"));
  EXPECT_EQ(Show(*warehouse_, "SELECT count(*) FROM wapc.plans"), "1");
  EXPECT_EQ(Physical(), "m__one");
  Plan plan = Second();
  plan.dependents = "recreate";
  MustApply(plan);
  EXPECT_EQ(Show(*warehouse_, "SELECT * FROM theirs.report"), "y");
}

TEST_F(PostgresApply, AppendedColumnsNeedNobodysLeave) {
  MustApply(First());
  Exec(*warehouse_, "CREATE SCHEMA theirs; CREATE VIEW theirs.report AS SELECT b FROM s.m");
  Plan plan = PlanOf("two", "3 AS a, 'z' AS b, 4 AS c",
                     {{"a", "int32", "int4"}, {"b", "text", "text"}, {"c", "int32", "integer"}});
  plan.structure_version = plan.data_version = 1;
  MustApply(plan);
  EXPECT_EQ(Show(*warehouse_, "SELECT b FROM theirs.report"), "z");
}

TEST_F(PostgresApply, AViewThatGoesIsAViewThatIsStoodOn) {
  MustApply(First());
  Exec(*warehouse_, "CREATE SCHEMA theirs; CREATE VIEW theirs.report AS SELECT b FROM s.m");
  Plan plan = Second();
  PlanModel removed{.model = "s.m", .kind = "FULL", .action = runtime::Action::kRemove};
  removed.view = {"s", "m"};
  plan.models = {removed};
  EXPECT_THAT(TryApply(plan).error().message, HasSubstr("theirs.report"));
  EXPECT_EQ(Show(*warehouse_, "SELECT a FROM s.m"), "1");
}

TEST_F(PostgresApply, AReaderWithAnOlderSnapshotIsWaitedForAndNamed) {
  MustApply(First());
  const auto reader = database_->Open();
  ASSERT_TRUE(reader->Begin());
  Exec(*reader, "SET application_name = 'nightly report'; SELECT 1");
  Plan plan = Second();
  plan.snapshot_wait = 0;
  const auto refused = TryApply(plan);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(refused.error().message, HasSubstr("nightly report"));
  EXPECT_EQ(Show(*warehouse_, "SELECT * FROM s.m"), "1|x");
  EXPECT_EQ(Physical(), "m__one");
  plan.old_snapshots = "publish";
  const auto published = TryApply(plan);
  ASSERT_TRUE(published) << published.error().message;
  EXPECT_THAT(published->old_readers, SizeIs(1));
  // This is what the wait is for.
  EXPECT_EQ(Show(*reader, "SELECT count(*) FROM s.m"), "0");
  ASSERT_TRUE(reader->Commit());
  EXPECT_EQ(Show(*reader, "SELECT * FROM s.m"), "y|2");
}

TEST_F(PostgresApply, WhatThePlanSaysOfReadersIsWrittenOnlyWhenItSaysSomething) {
  const std::string plain = runtime::WritePlan(First());
  for (const char* key : {"dependents", "snapshot_wait", "old_snapshots"}) {
    EXPECT_THAT(plain, ::testing::Not(HasSubstr(key)));
  }
  Plan plan = First();
  plan.dependents = "recreate";
  plan.snapshot_wait = 7;
  plan.old_snapshots = "publish";
  const auto read = runtime::ReadPlan(runtime::WritePlan(plan));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->plan.dependents, "recreate");
  EXPECT_EQ(read->plan.snapshot_wait, 7);
  EXPECT_EQ(read->plan.old_snapshots, "publish");
  EXPECT_THAT(read->plan.models, ::testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace wapc::testing
