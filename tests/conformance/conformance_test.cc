// What every adapter promises, whatever engine is behind it. A new adapter needs a TestDatabase in engines.cc, no test
// of its own for these.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/engines.h"

namespace wapc::testing {
namespace {

using runtime::Access;
using runtime::Fault;
using runtime::LockKind;
using runtime::RelationKind;
using runtime::RelationName;
using runtime::Warehouse;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Conformance : public ::testing::TestWithParam<std::string> {
 protected:
  Warehouse& warehouse() { return *warehouse_; }
  std::unique_ptr<Warehouse> Another() {
    auto other = warehouse_->Another();
    EXPECT_TRUE(other) << other.error().message;
    return other ? std::move(*other) : nullptr;
  }
  std::string IdentityOf(const RelationName& name) {
    const auto found = warehouse_->Find(name);
    EXPECT_TRUE(found) << found.error().message;
    return found && *found ? (**found).identity : "";
  }

  std::unique_ptr<TestDatabase> database_ = NewDatabase(GetParam());
  std::unique_ptr<Warehouse> warehouse_ = database_->Open();
};

INSTANTIATE_TEST_SUITE_P(Engines, Conformance, ::testing::ValuesIn(EngineNames()),
                         [](const auto& engine) { return engine.param; });

// ------------------------------------------------------------------------------------------------ what stands there

TEST_P(Conformance, FindsTablesAndViewsAndNothingElse) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a integer); CREATE VIEW s.v AS SELECT a FROM s.t");
  const auto table = warehouse().Find({"s", "t"});
  ASSERT_TRUE(table && *table);
  EXPECT_EQ((**table).kind, RelationKind::kTable);
  const auto view = warehouse().Find({"s", "v"});
  ASSERT_TRUE(view && *view);
  EXPECT_EQ((**view).kind, RelationKind::kView);
  for (const RelationName& absent : {RelationName{"s", "x"}, {"x", "t"}, {"", ""}, {"s", "t; DROP TABLE s.t"}}) {
    const auto none = warehouse().Find(absent);
    ASSERT_TRUE(none) << none.error().message;
    EXPECT_FALSE(none->has_value()) << absent.name;
  }
}

TEST_P(Conformance, IdentityChangesWhenARelationIsMadeAgain) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a");
  const std::string first = IdentityOf({"s", "t"});
  Exec(warehouse(), "INSERT INTO s.t SELECT 2");
  EXPECT_EQ(IdentityOf({"s", "t"}), first);
  Exec(warehouse(), "DROP TABLE s.t; CREATE TABLE s.t AS SELECT 1 AS a");
  EXPECT_NE(IdentityOf({"s", "t"}), first);
}

TEST_P(Conformance, IdentityChangesWhenAViewIsReplaced) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE VIEW s.v AS SELECT 1 AS a");
  const std::string first = IdentityOf({"s", "v"});
  EXPECT_EQ(IdentityOf({"s", "v"}), first);
  Exec(warehouse(), "CREATE OR REPLACE VIEW s.v AS SELECT 2 AS a");
  EXPECT_NE(IdentityOf({"s", "v"}), first);
}

TEST_P(Conformance, FindSeesWhatItsOwnTransactionWrote) {
  Exec(warehouse(), "CREATE SCHEMA s");
  ASSERT_TRUE(warehouse().Begin());
  EXPECT_EQ(IdentityOf({"s", "t"}), "");
  Exec(warehouse(), "CREATE TABLE s.t (a integer)");
  EXPECT_NE(IdentityOf({"s", "t"}), "");
  warehouse().Rollback();
  EXPECT_EQ(IdentityOf({"s", "t"}), "");
}

TEST_P(Conformance, FindSeesWhatAnotherConnectionWrote) {
  Exec(warehouse(), "CREATE SCHEMA s");
  EXPECT_EQ(IdentityOf({"s", "t"}), "");
  Exec(*Another(), "CREATE TABLE s.t (a integer)");
  EXPECT_NE(IdentityOf({"s", "t"}), "");
}

// ------------------------------------------------------------------------------------------------ transactions

TEST_P(Conformance, RollbackUndoesTablesViewsSchemasAndRows) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a; CREATE VIEW s.v AS SELECT a FROM s.t");
  ASSERT_TRUE(warehouse().capabilities().transactional_ddl);
  ASSERT_TRUE(warehouse().Begin());
  Exec(warehouse(), "CREATE SCHEMA s2; CREATE TABLE s2.t AS SELECT 5 AS a; INSERT INTO s.t SELECT 2");
  Exec(warehouse(), "CREATE OR REPLACE VIEW s.v AS SELECT a FROM s2.t; COMMENT ON VIEW s.v IS 'x'");
  EXPECT_EQ(Show(warehouse(), "SELECT a FROM s.v"), "5");
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT a FROM s.v"), "1");
  EXPECT_EQ(IdentityOf({"s2", "t"}), "");
}

TEST_P(Conformance, CommitIsSeenByOthersAsAWhole) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a integer)");
  const auto other = Another();
  ASSERT_TRUE(warehouse().Begin());
  Exec(warehouse(), "INSERT INTO s.t SELECT 1; INSERT INTO s.t SELECT 2");
  EXPECT_EQ(Show(*other, "SELECT count(*) FROM s.t"), "0");
  ASSERT_TRUE(warehouse().Commit());
  EXPECT_EQ(Show(*other, "SELECT count(*) FROM s.t"), "2");
}

TEST_P(Conformance, ATransactionReadsOneMoment) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a");
  const auto reader = Another();
  ASSERT_TRUE(reader->Begin());
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.t"), "1");
  Exec(warehouse(), "UPDATE s.t SET a = 2");
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.t"), "1");
  ASSERT_TRUE(reader->Commit());
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.t"), "2");
}

TEST_P(Conformance, AFailedTransactionIsRolledBackWhole) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a integer NOT NULL)");
  ASSERT_TRUE(warehouse().Begin());
  Exec(warehouse(), "INSERT INTO s.t SELECT 1");
  EXPECT_FALSE(warehouse().Execute("INSERT INTO s.t SELECT CAST(NULL AS integer)"));
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT count(*) FROM s.t"), "0");
}

TEST_P(Conformance, RollbackWithoutATransactionIsHarmless) {
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT 1"), "1");
  ASSERT_TRUE(warehouse().Begin());
  ASSERT_TRUE(warehouse().Commit());
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT 1"), "1");
}

TEST_P(Conformance, TwoWritersOfOneRowAreAConflict) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a");
  const auto other = Another();
  ASSERT_TRUE(warehouse().Begin());
  ASSERT_TRUE(other->Begin());
  EXPECT_EQ(Show(*other, "SELECT a FROM s.t"), "1");
  Exec(warehouse(), "UPDATE s.t SET a = 2");
  ASSERT_TRUE(warehouse().Commit());
  const auto status = other->Execute("UPDATE s.t SET a = 3");
  ASSERT_FALSE(status);
  EXPECT_EQ(other->last_fault(), Fault::kConflict) << status.error().message;
  other->Rollback();
  Exec(*other, "UPDATE s.t SET a = a + 1");
  EXPECT_EQ(Show(warehouse(), "SELECT a FROM s.t"), "3");
}

// ------------------------------------------------------------------------------------------------ names and values

const std::vector<std::string>& HostileTexts() {
  static const std::vector<std::string> kTexts = {"plain",
                                                  "with space",
                                                  "UPPER lower",
                                                  "a\"b",
                                                  "a'b",
                                                  "a''b\"\"c",
                                                  "a;b",
                                                  "a--b",
                                                  "a/*b",
                                                  "a\\b",
                                                  "\\",
                                                  "a\nb",
                                                  "a\tb",
                                                  "$$a$$",
                                                  "$1",
                                                  "@{x}",
                                                  "%s%I",
                                                  "select",
                                                  "ünïcödé",
                                                  "日本語",
                                                  "🦆",
                                                  "'; DROP TABLE s.t; --",
                                                  "\"; DROP TABLE s.t; --",
                                                  "E'\\n'",
                                                  std::string(63, 'x'),
                                                  "{\"json\": [1]}"};
  return kTexts;
}

TEST_P(Conformance, AnyTextIsANameOfASchemaARelationAndAColumn) {
  for (const std::string& text : HostileTexts()) {
    const RelationName name{text, text};
    const std::string column = warehouse().Quote(text);
    Exec(warehouse(), "CREATE SCHEMA " + column);
    Exec(warehouse(), "CREATE TABLE " + warehouse().Quote(name) + " AS SELECT 7 AS " + column);
    EXPECT_NE(IdentityOf(name), "") << text;
    const RelationName view{text, "v"};
    const auto swapped = warehouse().Begin() ? warehouse().ChangeViews({.swaps = {{view, name, {text}, {}}}})
                                             : base::Status(base::Error{});
    ASSERT_TRUE(swapped) << text << ": " << swapped.error().message;
    ASSERT_TRUE(warehouse().Commit());
    const auto rows = warehouse().Query("SELECT * FROM " + warehouse().Quote(view));
    ASSERT_TRUE(rows) << text << ": " << rows.error().message;
    EXPECT_THAT(rows->columns, ElementsAre(text));
    EXPECT_EQ(rows->rows.at(0).at(0).value_or("~"), "7");
  }
}

TEST_P(Conformance, AnyTextIsAValue) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a text)");
  std::vector<std::string> texts = HostileTexts();
  texts.push_back("");
  texts.push_back(std::string(100'000, '\''));
  for (const std::string& text : texts) {
    const std::string literal = warehouse().Literal(text);
    Exec(warehouse(), "DELETE FROM s.t; INSERT INTO s.t VALUES (" + literal + ")");
    const auto rows = warehouse().Query("SELECT a, a = " + literal + " FROM s.t");
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(rows->rows.at(0).at(0).value_or("~"), text);
    EXPECT_EQ(rows->rows.at(0).at(1).value_or("~"), "true");
  }
}

TEST_P(Conformance, ANulIsRefusedRatherThanCut) {
  const std::string sql("SELECT 1\0, 2", 12);
  EXPECT_FALSE(warehouse().Execute(sql));
  const auto rows = warehouse().Query(sql);
  ASSERT_FALSE(rows);
  EXPECT_THAT(rows.error().message, HasSubstr("NUL"));
}

TEST_P(Conformance, ALongNameIsKeptWholeOrRefused) {
  const std::string longer(64, 'n');
  Exec(warehouse(), "CREATE SCHEMA s");
  const auto status =
      warehouse().Execute("CREATE TABLE " + warehouse().Quote(RelationName{"s", longer}) + " AS SELECT 1 AS a");
  const size_t longest = warehouse().capabilities().longest_name;
  EXPECT_EQ(static_cast<bool>(status), longest == 0 || longest >= longer.size());
  EXPECT_THAT(status ? longer : status.error().message, HasSubstr(longer));
}

TEST_P(Conformance, ValuesHaveOneTextOnEveryEngine) {
  struct Case {
    std::string_view sql;
    std::string_view text;
  };
  const std::vector<Case> cases = {
      {"CAST('true' AS boolean)", "true"},
      {"1 = 2", "false"},
      {"CAST(NULL AS boolean)", "~"},
      {"CAST(-32768 AS smallint)", "-32768"},
      {"CAST('-9223372036854775808' AS bigint)", "-9223372036854775808"},
      {"CAST('12345678901234567890.1234' AS decimal(30, 6))", "12345678901234567890.123400"},
      {"CAST(0.1 AS double precision)", "0.1"},
      {"CAST('nan' AS double precision) = CAST('nan' AS double precision)", "true"},
      {"DATE '2013-01-31'", "2013-01-31"},
      {"TIMESTAMP '2013-01-31 01:02:03.5'", "2013-01-31 01:02:03.5"},
      {"TIMESTAMP WITH TIME ZONE '2013-01-31 01:02:03+02'", "2013-01-30 23:02:03+00"},
      {"CAST('00000000-0000-0000-0000-00000000000a' AS uuid)", "00000000-0000-0000-0000-00000000000a"},
      {"'ünïcödé 🦆'", "ünïcödé 🦆"},
      {"CAST(NULL AS text)", "~"},
      {"''", ""},
  };
  for (const Case& one : cases) EXPECT_EQ(Show(warehouse(), "SELECT " + std::string(one.sql)), one.text) << one.sql;
}

TEST_P(Conformance, ColumnsHaveNamesAndTypesWithoutRows) {
  const auto rows = warehouse().Query("SELECT CAST(1 AS decimal(10, 2)) AS a, 'x' AS \"B b\", 2 AS a WHERE 1 = 0");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_THAT(rows->columns, ElementsAre("a", "B b", "a"));
  EXPECT_EQ(rows->types.size(), 3U);
  EXPECT_THAT(rows->types.at(0), HasSubstr("(10,2)"));
  EXPECT_THAT(rows->rows, IsEmpty());
}

TEST_P(Conformance, TheLastStatementsRowsAreGiven) {
  EXPECT_EQ(Show(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a; SELECT a + 1 FROM s.t; -- end"),
            "2");
}

// ------------------------------------------------------------------------------------------------ errors

TEST_P(Conformance, ErrorsAreTheEnginesWordsAndOfTheRightKind) {
  const auto unknown = warehouse().Query("SELECT * FROM no_such_table");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(unknown.error().message, HasSubstr("no_such_table"));
  EXPECT_EQ(warehouse().last_fault(), Fault::kStatement);
  EXPECT_FALSE(warehouse().Execute("SELEKT 1"));
  EXPECT_FALSE(warehouse().Query(""));
  EXPECT_EQ(Show(warehouse(), "SELECT 1"), "1");
}

TEST_P(Conformance, ASettingThatIsNotKnownIsNamed) {
  runtime::ConnectionConfig config = database_->config();
  config.settings["pasword"] = "hunter2-secret";
  const auto refused = runtime::OpenWarehouse(config, Access::kReadWrite, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kUsage);
  EXPECT_THAT(refused.error().message, HasSubstr("'pasword'"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("hunter2")));
  config.settings = {};
  EXPECT_FALSE(runtime::OpenWarehouse(config, Access::kReadWrite, {}));
}

TEST_P(Conformance, AReadOnlyConnectionWritesNothing) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a");
  warehouse_.reset();
  const auto reader = database_->Open(Access::kReadOnly);
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.t"), "1");
  for (const char* sql : {"INSERT INTO s.t SELECT 2", "CREATE TABLE s.u (a integer)", "DROP TABLE s.t"}) {
    EXPECT_FALSE(reader->Execute(sql)) << sql;
  }
  EXPECT_EQ(Show(*reader, "SELECT a FROM s.t"), "1");
}

TEST_P(Conformance, InterruptEndsTheStatementAndNotTheConnection) {
  const std::string long_query = GetParam() == "postgres"
                                     ? "SELECT count(*) FROM generate_series(1, 100000000000) AS s(i) WHERE i % 7 = 9"
                                     : "SELECT count(*) FROM range(100000000000) AS s(i) WHERE i % 7 = 9";
  std::atomic<bool> done = false;
  std::thread interrupter([&] {
    while (!done) {
      std::this_thread::sleep_for(milliseconds(20));
      warehouse_->Interrupt();
    }
  });
  const auto rows = warehouse().Query(long_query);
  done = true;
  interrupter.join();
  ASSERT_FALSE(rows);
  EXPECT_EQ(warehouse().last_fault(), Fault::kInterrupted) << rows.error().message;
  EXPECT_EQ(Show(warehouse(), "SELECT 1"), "1");
}

// ------------------------------------------------------------------------------------------------ locks

TEST_P(Conformance, OneHolderPerLockAndItIsNamed) {
  // Where locks hold between processes, a second Open is a stranger; elsewhere only Another can be one.
  const bool session = warehouse().capabilities().lock == LockKind::kSession;
  auto stranger = session ? database_->Open() : Another();
  ASSERT_TRUE(stranger->Lock("environment:prod", "apply, pid 1 on host", {}));
  const auto refused = warehouse().Lock("environment:prod", "me", milliseconds(60));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kRace);
  EXPECT_THAT(refused.error().message, HasSubstr("environment:prod is held by "));
  EXPECT_THAT(refused.error().message, HasSubstr("apply, pid 1 on host"));
  ASSERT_TRUE(warehouse().Lock("environment:dev", "me", {}));
  EXPECT_FALSE(warehouse().Lock("environment:dev", "me", {}));
  stranger->Unlock("environment:prod");
  stranger->Unlock("environment:never");
  ASSERT_TRUE(warehouse().Lock("environment:prod", "me", {}));
  warehouse().Unlock("environment:prod");
  ASSERT_TRUE(stranger->Lock("environment:prod", "again", {}));
  stranger.reset();
  const auto retaken = warehouse().Lock("environment:prod", "me", milliseconds(5000));
  EXPECT_TRUE(retaken) << retaken.error().message;
}

/// A process that takes the lock, runs a long statement on a second connection, and waits to be killed.
void HoldLockForever(const TestDatabase& database, const std::string& statement, int ready) {
  auto held = database.TryOpen();
  if (!held || !(*held)->Lock("environment:prod", "the child", {})) _exit(1);
  auto second = (*held)->Another();
  if (!second) _exit(2);
  std::thread worker([&] { static_cast<void>((*second)->Execute(statement)); });
  std::this_thread::sleep_for(milliseconds(300));
  static_cast<void>(write(ready, "x", 1));
  worker.join();
  _exit(3);
}

TEST_P(Conformance, ALockDiesWithItsProcessAndSoDoesWhatItRan) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t (a bigint)");
  warehouse_.reset();
  const std::string numbers =
      GetParam() == "postgres" ? "generate_series(1, 100000000000) AS r(i)" : "range(100000000000) AS r(i)";
  int pipes[2];
  ASSERT_EQ(pipe(pipes), 0);
  const pid_t child = fork();
  if (child == 0) HoldLockForever(*database_, "INSERT INTO s.t SELECT sum(i) FROM " + numbers, pipes[1]);
  char ready = 0;
  close(pipes[1]);
  EXPECT_EQ(read(pipes[0], &ready, 1), 1);
  close(pipes[0]);
  auto early = database_->TryOpen();
  const auto refused = early ? (*early)->Lock("environment:prod", "me", {}) : base::Status(early.error());
  EXPECT_FALSE(refused);
  EXPECT_TRUE(refused || refused.error().kind == base::ErrorKind::kRace);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  auto next = database_->TryOpen(Access::kReadWrite, milliseconds(10'000));
  ASSERT_TRUE(next) << next.error().message;
  const auto taken = (*next)->Lock("environment:prod", "me", milliseconds(10'000));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(Show(**next, "SELECT count(*) FROM s.t"), "0");
  if (GetParam() == "postgres") {
    EXPECT_EQ(Show(**next, "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'INSERT INTO s.t%'"), "0");
  }
}

// ------------------------------------------------------------------------------------------------ publishing

TEST_P(Conformance, ViewsAreMadeReplacedAndDroppedInOneStep) {
  Exec(warehouse(),
       "CREATE SCHEMA s; CREATE TABLE s.one AS SELECT 1 AS a, 'x' AS b; "
       "CREATE TABLE s.two AS SELECT 2 AS a, 'y' AS b, 3 AS c");
  const RelationName one{"s", "one"};
  const RelationName two{"s", "two"};
  ASSERT_TRUE(warehouse().Begin());
  ASSERT_TRUE(warehouse().ChangeViews({.swaps = {{{"s", "v"}, one, {"b", "a"}, {}}, {{"s", "w"}, one, {}, {}}}}));
  ASSERT_TRUE(warehouse().Commit());
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "x|1");
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.w"), "1|x");
  ASSERT_TRUE(warehouse().Begin());
  const auto status = warehouse().ChangeViews(
      {.swaps = {{{"s", "v"}, two, {"b", "a", "c"}, {}}}, .drops = {{"s", "w"}, {"s", "never_there"}}});
  ASSERT_TRUE(status) << status.error().message;
  ASSERT_TRUE(warehouse().Commit());
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "y|2|3");
  EXPECT_EQ(IdentityOf({"s", "w"}), "");
}

TEST_P(Conformance, AViewMayGetAnyOtherColumns) {
  Exec(warehouse(),
       "CREATE SCHEMA s; CREATE TABLE s.t0 AS SELECT 1 AS a, 'x' AS b; CREATE TABLE s.t1 AS SELECT 'z' AS a; "
       "CREATE TABLE s.t2 AS SELECT 4 AS k, 'y' AS b, 5 AS a");
  const std::vector<std::vector<std::string>> columns = {{"a", "b"}, {"a"}, {"k", "b", "a"}, {"b"}};
  const std::vector<std::string> shown = {"1|x", "z", "4|y|5", "x"};
  for (size_t i = 0; i < columns.size(); ++i) {
    ASSERT_TRUE(warehouse().Begin());
    const RelationName table{"s", "t" + std::to_string(i % 3)};
    const auto status = warehouse().ChangeViews({.swaps = {{{"s", "v"}, table, columns[i], {}}}});
    ASSERT_TRUE(status) << status.error().message;
    ASSERT_TRUE(warehouse().Commit());
    EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), shown[i]);
  }
}

TEST_P(Conformance, AViewChangeThatIsRolledBackNeverWas) {
  Exec(warehouse(),
       "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a; CREATE TABLE s.u AS SELECT 'q' AS b; "
       "CREATE VIEW s.v AS SELECT a FROM s.t");
  ASSERT_TRUE(warehouse().Begin());
  ASSERT_TRUE(warehouse().ChangeViews({.swaps = {{{"s", "v"}, {"s", "u"}, {"b"}, {}}}}));
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "1");
  ASSERT_TRUE(warehouse().Begin());
  EXPECT_FALSE(warehouse().ChangeViews({.swaps = {{{"s", "v"}, {"s", "not_there"}, {"b"}, {}}}}));
  warehouse().Rollback();
  EXPECT_EQ(Show(warehouse(), "SELECT * FROM s.v"), "1");
}

TEST_P(Conformance, CommentsOfViewsAndColumnsAreTaken) {
  ASSERT_TRUE(warehouse().capabilities().comments);
  Exec(warehouse(),
       "CREATE SCHEMA s; CREATE TABLE s.t AS SELECT 1 AS a; CREATE VIEW s.v AS SELECT a FROM s.t; "
       "COMMENT ON VIEW s.v IS 'it''s'; COMMENT ON COLUMN s.v.a IS 'a'; COMMENT ON VIEW s.v IS NULL");
}

TEST_P(Conformance, ReadersNeverSeeHalfAPublish) {
  constexpr int kViews = 8;
  constexpr int kRounds = 25;
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.t0 AS SELECT 0 AS a");
  const auto publish = [&](int round) {
    const RelationName table{"s", "t" + std::to_string(round)};
    Warehouse::ViewChange change;
    for (int v = 0; v < kViews; ++v) change.swaps.push_back({{"s", "v" + std::to_string(v)}, table, {"a"}, {}});
    ASSERT_TRUE(warehouse().Begin());
    const auto status = warehouse().ChangeViews(change);
    ASSERT_TRUE(status) << status.error().message;
    ASSERT_TRUE(warehouse().Commit());
  };
  publish(0);
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  std::vector<std::string> faults(3);
  std::vector<std::thread> readers;
  for (size_t r = 0; r < faults.size(); ++r) {
    readers.emplace_back([&, r, reader = Another()] {
      for (int n = 0; !done; ++n) {
        // The views in another order each time.
        std::string sql = "SELECT count(DISTINCT a), count(*) FROM (";
        for (int v = 0; v < kViews; ++v) {
          sql += (v == 0 ? "SELECT a FROM s.v" : " UNION ALL SELECT a FROM s.v") +
                 std::to_string((v * 3 + n + static_cast<int>(r)) % kViews);
        }
        const std::string seen = Show(*reader, sql + ") AS q");
        if (seen != "1|" + std::to_string(kViews)) faults[r] = seen;
        ++reads;
      }
    });
  }
  for (int round = 1; round <= kRounds; ++round) {
    Exec(warehouse(), "CREATE TABLE s.t" + std::to_string(round) + " AS SELECT " + std::to_string(round) + " AS a");
    publish(round);
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_THAT(faults, ElementsAre("", "", ""));
  EXPECT_GT(reads, kRounds);
}

TEST_P(Conformance, AReaderWithAnOldSnapshotSeesTheOldRowsOrIsWaitedFor) {
  Exec(warehouse(), "CREATE SCHEMA s; CREATE TABLE s.old AS SELECT 1 AS a; CREATE VIEW s.v AS SELECT a FROM s.old");
  const auto reader = database_->TryOpen();
  const auto own = warehouse().Another();
  Warehouse& old = reader ? **reader : **own;
  ASSERT_TRUE(old.Begin());
  EXPECT_EQ(Show(old, "SELECT count(*) FROM s.old"), "1");
  Exec(warehouse(), "CREATE TABLE s.new AS SELECT 2 AS a");
  const auto mark = warehouse().SnapshotMark();
  ASSERT_TRUE(mark) << mark.error().message;
  const auto waited = warehouse().WaitForSnapshots(*mark, milliseconds(50));
  ASSERT_TRUE(waited) << waited.error().message;
  if (waited->empty()) {
    ASSERT_TRUE(warehouse().Begin());
    ASSERT_TRUE(warehouse().ChangeViews({.swaps = {{{"s", "v"}, {"s", "new"}, {"a"}, {}}}}));
    ASSERT_TRUE(warehouse().Commit());
    EXPECT_EQ(Show(old, "SELECT a FROM s.v"), "1");
    return;
  }
  EXPECT_THAT(waited->at(0), HasSubstr("pid "));
  ASSERT_TRUE(old.Commit());
  // A snapshot taken since is no reason to wait.
  ASSERT_TRUE(old.Begin());
  EXPECT_EQ(Show(old, "SELECT a FROM s.new"), "2");
  const auto after = warehouse().WaitForSnapshots(*mark, milliseconds(50));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_THAT(*after, IsEmpty());
}

}  // namespace
}  // namespace wapc::testing
