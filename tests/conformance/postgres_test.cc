// What PostgreSQL needs beyond what every adapter does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/conformance/engines.h"

namespace wapc::testing {
namespace {

using runtime::RelationName;
using runtime::Warehouse;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Postgres : public ::testing::Test {
 protected:
  Warehouse& warehouse() { return *warehouse_; }
  base::Status Change(const Warehouse::ViewChange& change) {
    if (auto status = warehouse().Begin(); !status) return status;
    auto status = warehouse().ChangeViews(change);
    if (status) return warehouse().Commit();
    warehouse().Rollback();
    return status;
  }
  /// A reader view s.v over s.t (a integer, b text), and tables to swap it to.
  void MakeReaderView() {
    Exec(warehouse(),
         "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a, 'x' AS b; CREATE TABLE s.u AS SELECT 'y' AS b, 2 AS a");
    ASSERT_TRUE(Change({.swaps = {{{"s", "v"}, {"s", "t"}, {"a", "b"}, {}}}}));
  }
  std::string Rights(const std::string& view) {
    return Show(warehouse(),
                "SELECT string_agg(CAST(x AS text), ' ' ORDER BY CAST(x AS text)) FROM pg_class, unnest(relacl) "
                "AS r(x) WHERE oid = '" +
                    view + "'::regclass");
  }
  std::string NewRole() {
    static int count = 0;
    const std::string name = "role" + std::to_string(++count);
    Exec(warehouse(), "CREATE ROLE " + name);
    return name;
  }

  std::unique_ptr<TestDatabase> database_ = NewDatabase("postgres");
  std::unique_ptr<Warehouse> warehouse_ = database_->Open();
};

const Warehouse::ViewChange kOtherColumns{.swaps = {{{"s", "v"}, {"s", "u"}, {"b", "a"}, {"text", "integer"}}}};

TEST_F(Postgres, CommitOfAFailedTransactionIsAnError) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a integer)");
  ASSERT_TRUE(warehouse().Begin());
  Exec(warehouse(), "INSERT INTO s.t SELECT 1");
  EXPECT_FALSE(warehouse().Execute("SELECT 1 / 0"));
  EXPECT_FALSE(warehouse().Commit());
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT count(*) FROM s.t"), "0");
}

TEST_F(Postgres, RowsThatWereMovedBeforeSurviveTheWaitForALock) {
  MakeReaderView();
  const auto reader = database_->Open();
  Exec(warehouse(), "CREATE TABLE s.moved (a integer)");
  ASSERT_TRUE(reader->Begin());
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.v"), "1");
  std::thread ends([&] {
    std::this_thread::sleep_for(milliseconds(200));
    static_cast<void>(reader->Commit());
  });
  ASSERT_TRUE(warehouse().Begin());
  Exec(warehouse(), "INSERT INTO s.moved SELECT 1");
  const auto status = warehouse().ChangeViews({.swaps = {{{"s", "v"}, {"s", "t"}, {"a", "b"}, {}}}});
  ends.join();
  ASSERT_TRUE(status) << status.error().message;
  ASSERT_TRUE(warehouse().Commit());
  EXPECT_EQ(Show(warehouse(), "SELECT count(*) FROM s.moved"), "1");
}

TEST_F(Postgres, AReaderThatNeverLetsGoIsNamed) {
  MakeReaderView();
  const auto reader = database_->Open();
  ASSERT_TRUE(reader->Begin());
  Exec(*reader, "SET application_name = 'the report'; SELECT a FROM s.v");
  auto change = kOtherColumns;
  change.patience = milliseconds(100);
  const auto status = Change(change);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(status.error().message, HasSubstr("(user postgres, the report, since "));
  ASSERT_TRUE(reader->Commit());
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "1|x");
}

TEST_F(Postgres, RightsAndCommentsSurviveEverySwap) {
  MakeReaderView();
  const std::string analyst = NewRole();
  const std::string intern = NewRole();
  Exec(warehouse(),
       "GRANT SELECT ON s.v TO " + analyst + " WITH GRANT OPTION; GRANT SELECT (a) ON s.v TO " + intern +
           "; GRANT SELECT ON s.v TO PUBLIC; COMMENT ON VIEW s.v IS 'the view'; COMMENT ON COLUMN s.v.a IS 'an a'");
  const std::string rights = Rights("s.v");
  ASSERT_TRUE(Change({.swaps = {{{"s", "v"}, {"s", "t"}, {"a", "b"}, {}}}}));
  EXPECT_EQ(Rights("s.v"), rights);
  const auto status = Change(kOtherColumns);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "y|2");
  EXPECT_EQ(Rights("s.v"), rights);
  EXPECT_EQ(Show(warehouse(),
                 "SELECT CAST(attacl AS text) FROM pg_attribute WHERE attrelid = 's.v'::regclass AND "
                 "attname = 'a'"),
            "{" + intern + "=r/postgres}");
  EXPECT_EQ(Show(warehouse(), "SELECT obj_description('s.v'::regclass), col_description('s.v'::regclass, 2)"),
            "the view|an a");
}

TEST_F(Postgres, ANewViewGetsNoRightsThatTheOldOneHadNot) {
  MakeReaderView();
  const std::string role = NewRole();
  const std::string before = Rights("s.v");
  Exec(warehouse(), "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO " + role);
  ASSERT_TRUE(Change(kOtherColumns));
  EXPECT_THAT(Rights("s.v"), Not(HasSubstr(role)));
  EXPECT_EQ(before, "~");
}

TEST_F(Postgres, OtherPeoplesViewsAreFoundBeforeAnythingIsBuilt) {
  MakeReaderView();
  Exec(warehouse(),
       "CREATE SCHEMA theirs; CREATE VIEW theirs.report AS SELECT a FROM s.v; "
       "CREATE VIEW theirs.summary AS SELECT sum(a) FROM theirs.report");
  auto same =
      warehouse().Dependents({.swaps = {{{"s", "v"}, {"s", "later"}, {"a", "b", "c"}, {"int4", "text", "text"}}}});
  ASSERT_TRUE(same) << same.error().message;
  EXPECT_THAT(*same, IsEmpty());
  for (const Warehouse::ViewChange& change :
       {kOtherColumns, Warehouse::ViewChange{.drops = {{"s", "v"}}},
        Warehouse::ViewChange{.swaps = {{{"s", "v"}, {"s", "later"}, {"a", "b"}, {"bigint", "text"}}}}}) {
    const auto found = warehouse().Dependents(change);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ(found->at(0).view, (RelationName{"s", "v"}));
    EXPECT_EQ(found->at(0).name, (RelationName{"theirs", "report"}));
    EXPECT_EQ(found->at(1).name, (RelationName{"theirs", "summary"}));
    EXPECT_EQ(found->at(0).kind, "view");
    EXPECT_EQ(found->at(0).owner, "postgres");
  }
  const auto refused = Change(kOtherColumns);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kProject);
  EXPECT_THAT(refused.error().message,
              HasSubstr("view theirs.report (of postgres), view theirs.summary (of postgres)"));
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "1|x");
}

TEST_F(Postgres, OtherPeoplesViewsAreMadeAgainWhereThatWasChosen) {
  MakeReaderView();
  const std::string owner = NewRole();
  const std::string reader = NewRole();
  Exec(warehouse(),
       "CREATE SCHEMA theirs AUTHORIZATION " + owner + "; GRANT USAGE ON SCHEMA s TO " + owner +
           "; GRANT SELECT ON s.v TO " + owner + "; SET ROLE " + owner +
           "; CREATE VIEW theirs.report WITH (security_barrier = true) AS SELECT a FROM s.v; "
           "CREATE VIEW theirs.summary AS SELECT sum(a) AS total FROM theirs.report; "
           "CREATE MATERIALIZED VIEW theirs.kept AS SELECT total FROM theirs.summary; "
           "CREATE UNIQUE INDEX kept_total ON theirs.kept (total); COMMENT ON VIEW theirs.summary IS 'sum'; "
           "GRANT SELECT ON theirs.summary TO " +
           reader + "; RESET ROLE");
  const std::string rights = Rights("theirs.summary");
  auto change = kOtherColumns;
  change.recreate_dependents = true;
  const auto status = Change(change);
  ASSERT_TRUE(status) << status.error().message;
  EXPECT_EQ(Show(warehouse(), "SELECT a FROM theirs.report"), "2");
  EXPECT_EQ(Show(warehouse(), "SELECT total FROM theirs.summary"), "2");
  EXPECT_EQ(Show(warehouse(), "SELECT total FROM theirs.kept"), "2");
  EXPECT_EQ(Rights("theirs.summary"), rights);
  EXPECT_EQ(Show(warehouse(), "SELECT obj_description('theirs.summary'::regclass)"), "sum");
  EXPECT_EQ(Show(warehouse(),
                 "SELECT pg_get_userbyid(relowner), CAST(reloptions AS text) FROM pg_class WHERE oid = "
                 "'theirs.report'::regclass"),
            owner + "|{security_barrier=true}");
  EXPECT_EQ(Show(warehouse(), "SELECT count(*) FROM pg_indexes WHERE indexname = 'kept_total'"), "1");
}

TEST_F(Postgres, WapcsOwnViewsAreMadeAgainWithoutAsking) {
  MakeReaderView();
  Exec(warehouse(), "CREATE SCHEMA wapc__m; CREATE VIEW wapc__m.physical AS SELECT a + 1 AS a FROM s.v");
  auto change = kOtherColumns;
  change.own = {{"wapc__m", "physical"}};
  const auto found = warehouse().Dependents(change);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, IsEmpty());
  ASSERT_TRUE(Change(change));
  EXPECT_EQ(Show(warehouse(), "SELECT a FROM wapc__m.physical"), "3");
}

TEST_F(Postgres, WhatIsNoViewIsNeverDropped) {
  MakeReaderView();
  Exec(warehouse(), "CREATE FUNCTION s.f(s.v) RETURNS integer LANGUAGE sql AS 'SELECT 1'");
  auto change = kOtherColumns;
  change.recreate_dependents = true;
  const auto status = Change(change);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().kind, base::ErrorKind::kProject);
  EXPECT_THAT(status.error().message, HasSubstr("function s.f(s.v)"));
}

TEST_F(Postgres, MoreViewsThanTheServerCanLockAreRefusedBeforehand) {
  Warehouse::ViewChange change;
  for (int i = 0; i < 20'000; ++i) change.swaps.push_back({{"s", "v" + std::to_string(i)}, {"s", "t"}, {"a"}, {}});
  for (const std::string& message : {warehouse().Dependents(change).error().message, Change(change).error().message}) {
    EXPECT_THAT(message, HasSubstr("raise its setting max_locks_per_transaction (now 64)"));
  }
}

TEST_F(Postgres, ARoleIsTakenAndNamesMeanTheEnginesOwn) {
  const std::string role = NewRole();
  Exec(warehouse(), "CREATE FUNCTION public.length(text) RETURNS integer LANGUAGE sql AS 'SELECT 666'");
  auto config = database_->config();
  config.settings["role"] = role;
  auto opened = runtime::OpenWarehouse(config, runtime::Access::kReadWrite, {});
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(Show(**opened, "SELECT current_user, length('four')"), role + "|4");
  const auto other = (*opened)->Another();
  ASSERT_TRUE(other);
  EXPECT_EQ(Show(**other, "SELECT current_user"), role);
  config.settings["search_path"] = "public, s";
  opened = runtime::OpenWarehouse(config, runtime::Access::kReadWrite, {});
  EXPECT_EQ(Show(**opened, "SHOW search_path"), "public, s");
}

TEST_F(Postgres, APasswordIsInNoError) {
  auto config = database_->config();
  config.settings["password"] = "hunter2-secret";
  config.settings["user"] = "nobody-of-that-name";
  const auto refused = runtime::OpenWarehouse(config, runtime::Access::kReadWrite, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(refused.error().message, HasSubstr("nobody-of-that-name"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
  config = database_->config();
  config.settings["password"] = "hunter2-secret";
  const auto opened = runtime::OpenWarehouse(config, runtime::Access::kReadWrite, {});
  ASSERT_TRUE(opened);
  EXPECT_THAT((*opened)->Query("SELECT hunter2-secret").error().message, Not(HasSubstr("hunter2-secret")));
  config.settings["port"] = "hunter2-secret";
  EXPECT_THAT(runtime::OpenWarehouse(config, runtime::Access::kReadWrite, {}).error().message,
              Not(HasSubstr("hunter2")));
}

TEST_F(Postgres, TypesHaveTheServersFullNames) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('good', 'bad')");
  const auto rows = warehouse().Query(
      "SELECT CAST(1 AS numeric(20, 4)), now(), CAST(now() AS timestamp(3)), ARRAY[1], CAST('{}' AS jsonb), "
      "CAST('a' AS varchar(7)), CAST('good' AS s.mood), CAST('\\x00ff' AS bytea), interval '3 months', true");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_THAT(rows->types,
              ElementsAre("numeric(20,4)", "timestamp with time zone", "timestamp(3) without time zone", "integer[]",
                          "jsonb", "character varying(7)", "s.mood", "bytea", "interval", "boolean"));
  EXPECT_EQ(rows->rows.at(0).at(7).value_or(""), "\\x00ff");
  EXPECT_EQ(rows->rows.at(0).at(8).value_or(""), "3 mons");
}

TEST_F(Postgres, ATruncatedTableIsAnotherOne) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a");
  const auto before = warehouse().Find({"s", "t"});
  Exec(warehouse(), "TRUNCATE s.t");
  const auto after = warehouse().Find({"s", "t"});
  ASSERT_TRUE(before && *before && after && *after);
  EXPECT_NE((**before).identity, (**after).identity);
}

}  // namespace
}  // namespace wapc::testing
