#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "runtime/warehouse.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DuckdbTest : public ::testing::Test {
 protected:
  std::unique_ptr<Warehouse> warehouse_ = OpenFile(":memory:");
};

TEST_F(DuckdbTest, ValuesHaveTheEnginesOwnText) {
  struct Case {
    std::string_view sql;
    std::string_view type;
    std::string_view text;
  };
  const std::vector<Case> cases = {
      {"true", "BOOLEAN", "true"},
      {"(-128)::TINYINT", "TINYINT", "-128"},
      {"(-32768)::SMALLINT", "SMALLINT", "-32768"},
      {"(-2147483648)::INTEGER", "INTEGER", "-2147483648"},
      {"'-9223372036854775808'::BIGINT", "BIGINT", "-9223372036854775808"},
      {"255::UTINYINT", "UTINYINT", "255"},
      {"65535::USMALLINT", "USMALLINT", "65535"},
      {"4294967295::UINTEGER", "UINTEGER", "4294967295"},
      {"18446744073709551615::UBIGINT", "UBIGINT", "18446744073709551615"},
      {"'-170141183460469231731687303715884105728'::HUGEINT", "HUGEINT", "-170141183460469231731687303715884105728"},
      {"340282366920938463463374607431768211455::UHUGEINT", "UHUGEINT", "340282366920938463463374607431768211455"},
      {"1.5::FLOAT", "FLOAT", "1.5"},
      {"0.1::DOUBLE", "DOUBLE", "0.1"},
      {"'nan'::DOUBLE", "DOUBLE", "nan"},
      {"12.3400::DECIMAL(18,4)", "DECIMAL(18,4)", "12.3400"},
      {"DATE '2013-01-31'", "DATE", "2013-01-31"},
      {"TIME '01:02:03.000004'", "TIME", "01:02:03.000004"},
      {"TIMESTAMP '2013-01-31 01:02:03.5'", "TIMESTAMP", "2013-01-31 01:02:03.5"},
      {"'2013-01-31 01:02:03.000000007'::TIMESTAMP_NS", "TIMESTAMP_NS", "2013-01-31 01:02:03.000000007"},
      {"TIMESTAMPTZ '2013-01-31 01:02:03+02'", "TIMESTAMP WITH TIME ZONE", "2013-01-30 23:02:03+00"},
      {"INTERVAL 3 MONTH", "INTERVAL", "3 months"},
      {"'a\\x00b'::BLOB", "BLOB", "a\\x00b"},
      {"'00000000-0000-0000-0000-000000000001'::UUID", "UUID", "00000000-0000-0000-0000-000000000001"},
      {"'10101'::BIT", "BIT", "10101"},
      {"'{\"a\": 1}'::JSON", "JSON", "{\"a\": 1}"},
      {"'b'::ENUM('a', 'b''c', 'b')", "ENUM('a', 'b''c', 'b')", "b"},
      {"[1, NULL]", "INTEGER[]", "[1, NULL]"},
      {"[1, 2]::INTEGER[2]", "INTEGER[2]", "[1, 2]"},
      {"{'a b': 1, 'c': [date '2013-01-01']}", R"(STRUCT("a b" INTEGER, "c" DATE[]))", "{'a b': 1, 'c': [2013-01-01]}"},
      {"MAP {'k': 1.5}", "MAP(VARCHAR, DECIMAL(2,1))", "{k=1.5}"},
      {"union_value(num := 2)", "UNION(\"num\" INTEGER)", "2"},
      {"'a long text that is not inlined, with ä'", "VARCHAR", "a long text that is not inlined, with ä"},
  };
  for (const Case& one : cases) {
    const auto rows = warehouse_->Query("SELECT " + std::string(one.sql) + " AS v, NULL::INTEGER AS n");
    ASSERT_TRUE(rows) << one.sql << "\n" << rows.error().message;
    EXPECT_EQ(rows->types.at(0), one.type);
    EXPECT_EQ(rows->rows.at(0).at(0).value_or("NULL"), one.text) << one.sql;
    EXPECT_FALSE(rows->rows.at(0).at(1).has_value());
    EXPECT_THAT(rows->columns, ElementsAre("v", "n"));
  }
}

TEST_F(DuckdbTest, ColumnsMayRepeatAndOrderStays) {
  const auto rows = warehouse_->Query(
      "SELECT i::DOUBLE AS a, i AS a, DATE '2020-01-01' + i::INTEGER FROM range(5000) AS r(i) ORDER BY i DESC; -- end; "
      "of it");
  ASSERT_TRUE(rows) << rows.error().message;
  EXPECT_EQ(rows->columns.at(0), "a");
  EXPECT_EQ(rows->columns.at(1), "a");
  EXPECT_THAT(rows->types, ElementsAre("DOUBLE", "BIGINT", "DATE"));
  ASSERT_EQ(rows->rows.size(), 5000U);
  EXPECT_EQ(rows->rows.front().at(0), "4999.0");
  EXPECT_EQ(rows->rows.back().at(2), "2020-01-01");
}

TEST_F(DuckdbTest, OtherStatementsGiveRowsToo) {
  Exec(*warehouse_, "CREATE TABLE t (a INTEGER, b DECIMAL(4,1))");
  EXPECT_EQ(Show(*warehouse_, "DESCRIBE t").substr(0, 9), "a|INTEGER");
  EXPECT_EQ(Show(*warehouse_, "INSERT INTO t VALUES (1, 2.5); SELECT a FROM t"), "1");
  EXPECT_EQ(Show(*warehouse_, "SHOW TABLES"), "t");
  EXPECT_THAT(Show(*warehouse_, "INSERT INTO t VALUES (2, 3.5) RETURNING b"), HasSubstr("cast it to VARCHAR"));
}

TEST_F(DuckdbTest, ErrorsAreTheEngines) {
  const auto rows = warehouse_->Query("SELECT nope");
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, base::ErrorKind::kWarehouse);
  EXPECT_THAT(rows.error().message, HasSubstr("\"nope\" was not found"));
  EXPECT_THAT(Show(*warehouse_, "SELECT CAST('x' AS INTEGER)"), HasSubstr("Could not convert string 'x'"));
  EXPECT_THAT(Show(*warehouse_, "  "), HasSubstr("there is no statement"));
  EXPECT_FALSE(warehouse_->Execute(std::string_view("SELECT 1\0; DROP TABLE t", 23)));
}

TEST_F(DuckdbTest, HostileNamesAreQuoted) {
  const RelationName table{"s'\"; DROP", "t\"'x"};
  Exec(*warehouse_, "CREATE SCHEMA " + warehouse_->Quote(table.schema));
  Exec(*warehouse_, "CREATE TABLE " + warehouse_->Warehouse::Quote(table) + R"( AS SELECT 1 AS "a""b", 'it''s' AS c)");
  const auto found = warehouse_->Find(table);
  ASSERT_TRUE(found);
  ASSERT_TRUE(found->has_value());
  ASSERT_TRUE(warehouse_->ChangeViews({.swaps = {{{"main", "v\""}, table, {"c", "a\"b"}, {}}}}));
  EXPECT_EQ(Show(*warehouse_, "SELECT * FROM \"v\"\"\""), "it's|1");
  EXPECT_EQ(Show(*warehouse_, "SELECT " + warehouse_->Literal("a'b\"")), "a'b\"");
}

TEST_F(DuckdbTest, IdentityChangesWhenARelationIsMadeAgain) {
  Exec(*warehouse_, "CREATE TABLE T AS SELECT 1 AS a; CREATE VIEW v AS SELECT 1 AS a");
  const auto identity = [&](const std::string& name) {
    const auto found = warehouse_->Find({"main", name});
    EXPECT_TRUE(found && found->has_value()) << name;
    return found && found->has_value() ? (*found)->identity : "";
  };
  const std::string table = identity("t");
  const std::string view = identity("v");
  Exec(*warehouse_, "INSERT INTO T VALUES (2)");
  EXPECT_EQ(identity("T"), table);
  ASSERT_TRUE(warehouse_->Begin());
  EXPECT_EQ(identity("T"), table);
  Exec(*warehouse_, "CREATE OR REPLACE TABLE T AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 2 AS a");
  EXPECT_NE(identity("T"), table);
  EXPECT_NE(identity("v"), view);
  warehouse_->Rollback();
  EXPECT_EQ(identity("T"), table);
  EXPECT_EQ((*warehouse_->Find({"main", "v"}))->kind, RelationKind::kView);
  EXPECT_FALSE((*warehouse_->Find({"main", "absent"})).has_value());
}

TEST(DuckdbOpen, SettingsAreChecked) {
  const auto open = [](std::map<std::string, std::string> settings) {
    const auto warehouse = OpenWarehouse({"duckdb", std::move(settings)}, Access::kReadWrite, milliseconds(0));
    EXPECT_FALSE(warehouse);
    EXPECT_EQ(warehouse.error().kind, base::ErrorKind::kUsage);
    return warehouse.error().message;
  };
  EXPECT_THAT(open({}), HasSubstr("needs the setting 'database'"));
  EXPECT_THAT(open({{"database", ":memory:"}, {"databse", "x"}}),
              HasSubstr("known ones are: database, memory_limit, threads"));
  EXPECT_THAT(open({{"database", ":memory:"}, {"threads", "many"}}), HasSubstr("'threads'"));
  const auto unknown = OpenWarehouse({"oracle", {}}, Access::kReadOnly, milliseconds(0));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().message, "no warehouse has the type 'oracle'; the known ones are: duckdb, postgres");
}

TEST(DuckdbOpen, ReadOnlyNeedsTheFileAndDoesNotWrite) {
  const TempFolder folder;
  const std::string file = folder.File("w.duckdb");
  const auto absent = TryOpen(file, Access::kReadOnly);
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error().message, HasSubstr("does not exist"));
  EXPECT_FALSE(std::filesystem::exists(file));
  Exec(*OpenFile(file), "CREATE TABLE t AS SELECT 1.5 AS a");
  auto reader = TryOpen(file, Access::kReadOnly);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(Show(**reader, "SELECT * FROM t"), "1.5");
  EXPECT_FALSE((*reader)->Execute("DROP TABLE t"));
}

TEST(DuckdbOpen, AFileHeldByAnotherProcessIsARaceThatNamesIt) {
  const TempFolder folder;
  const std::string file = folder.File("w.duckdb");
  std::array<int, 2> ready{};
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto warehouse = TryOpen(file);
    const char byte = warehouse ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    pause();
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  const auto start = std::chrono::steady_clock::now();
  const auto held = TryOpen(file, Access::kReadWrite, milliseconds(200));
  EXPECT_GE(std::chrono::steady_clock::now() - start, milliseconds(200));
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, base::ErrorKind::kRace);
  EXPECT_THAT(held.error().message, HasSubstr("(PID " + std::to_string(child) + ")"));
  EXPECT_FALSE(TryOpen(file, Access::kReadOnly));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(TryOpen(file, Access::kReadWrite, milliseconds(5000)));
}

TEST_F(DuckdbTest, AnotherConnectionSeesTheSameDatabase) {
  Exec(*warehouse_, "CREATE TABLE t AS SELECT 1 AS a");
  const auto other = warehouse_->Another();
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_EQ(Show(**other, "SELECT a FROM t"), "1");
}

TEST_F(DuckdbTest, InterruptEndsWhatRuns) {
  std::atomic<bool> done = false;
  std::thread interrupter([&] {
    while (!done) {
      warehouse_->Interrupt();
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  const auto rows = warehouse_->Query("SELECT count(*) FROM range(100000000000) AS a(i) WHERE i % 7 = 3");
  done = true;
  interrupter.join();
  ASSERT_FALSE(rows);
  EXPECT_EQ(warehouse_->last_fault(), Fault::kInterrupted);
  EXPECT_EQ(Show(*warehouse_, "SELECT 1"), "1");
}

TEST_F(DuckdbTest, TwoWritersOfOneRowAreAConflict) {
  Exec(*warehouse_, "CREATE TABLE t AS SELECT 1 AS a");
  auto other = warehouse_->Another();
  ASSERT_TRUE(other);
  ASSERT_TRUE(warehouse_->Begin());
  ASSERT_TRUE((*other)->Begin());
  Exec(*warehouse_, "UPDATE t SET a = 2");
  const auto status = (*other)->Execute("UPDATE t SET a = 3");
  ASSERT_FALSE(status);
  EXPECT_EQ((*other)->last_fault(), Fault::kConflict) << status.error().message;
  EXPECT_FALSE((*other)->Execute("SELEKT"));
  EXPECT_EQ((*other)->last_fault(), Fault::kStatement);
}

TEST_F(DuckdbTest, ALockIsHeldAgainstOtherConnectionsUntilItsOwnerGoes) {
  auto other = warehouse_->Another();
  ASSERT_TRUE(other);
  ASSERT_TRUE((*other)->Lock("environment:prod", "pid 1", {}));
  const auto refused = warehouse_->Lock("environment:prod", "pid 2", milliseconds(10));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kRace);
  EXPECT_THAT(refused.error().message, HasSubstr("environment:prod is held by pid 1"));
  EXPECT_TRUE(warehouse_->Lock("environment:dev", "pid 2", {}));
  (*other).reset();
  EXPECT_TRUE(warehouse_->Lock("environment:prod", "pid 2", {}));
  warehouse_->Unlock("environment:prod");
  EXPECT_TRUE(warehouse_->Lock("environment:prod", "pid 2", {}));
}

}  // namespace
}  // namespace wapc::runtime
