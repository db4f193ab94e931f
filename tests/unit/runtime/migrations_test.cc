#include "runtime/state/migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/files.h"
#include "runtime/state/schema.h"
#include "runtime/state/store.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kLayout =
    "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = "
    "'wapc' ORDER BY table_name, ordinal_position";

class MigrationsTest : public ::testing::Test {
 protected:
  MigrationsTest() {
    const auto dump =
        base::ReadFile(std::filesystem::path(WAPC_SOURCE_DIR) / "tests/unit/runtime/testdata/state_format_1.sql");
    EXPECT_TRUE(dump);
    if (dump) Exec(*old_, *dump);
  }

  TempFolder folder_;
  std::unique_ptr<Warehouse> old_ = OpenFile(folder_.File("old.duckdb"));
};

TEST_F(MigrationsTest, AnOlderStateIsReadOnlyOnceItIsMigrated) {
  const auto before = ReadState(*old_, {});
  ASSERT_FALSE(before);
  EXPECT_EQ(before.error().kind, base::ErrorKind::kUsage);
  EXPECT_THAT(before.error().message, HasSubstr("run wapc state migrate"));

  const auto migration = MigrateState(*old_);
  ASSERT_TRUE(migration) << migration.error().message;
  EXPECT_EQ(migration->from, 1);
  EXPECT_EQ(migration->backup_schema, "wapc_backup_1");
  const auto state = ReadState(*old_, {});
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->environments.at("prod").models.size(), 3U);
  EXPECT_EQ(state->builds.at("enykcau4kykf42lx").row_count, 2);
}

TEST_F(MigrationsTest, AMigratedStateIsLaidOutLikeANewOne) {
  ASSERT_TRUE(MigrateState(*old_));
  const auto fresh = OpenFile(folder_.File("new.duckdb"));
  ASSERT_TRUE(CreateState(*fresh));
  EXPECT_EQ(Show(*old_, kLayout), Show(*fresh, kLayout));
  EXPECT_EQ(Show(*old_, "SELECT value FROM wapc.meta WHERE key = 'format'"), std::to_string(kStateFormat));
  EXPECT_EQ(Show(*fresh, "SELECT value FROM wapc.meta WHERE key = 'format'"), std::to_string(kStateFormat));
}

TEST_F(MigrationsTest, TheBackupHoldsEveryRowAndNoBackupIsOverwritten) {
  const std::string models = Show(*old_, "SELECT * FROM wapc.environment_models ORDER BY ALL");
  const auto first = MigrateState(*old_);
  ASSERT_TRUE(first);
  EXPECT_EQ(Show(*old_, "SELECT * FROM wapc_backup_1.environment_models ORDER BY ALL"), models);
  EXPECT_EQ(Show(*old_, "SELECT value FROM wapc_backup_1.meta"), "1");
  const auto again = MigrateState(*old_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->backup_schema, "");

  // Somebody puts the backup in place again.
  Exec(*old_, "DROP SCHEMA wapc CASCADE; CREATE SCHEMA wapc;");
  for (const std::string& table : StateTables(1)) {
    Exec(*old_, "CREATE TABLE wapc." + table + " AS SELECT * FROM wapc_backup_1." + table);
  }
  const auto second = MigrateState(*old_);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->backup_schema, "wapc_backup_1_2");
}

TEST_F(MigrationsTest, AFailedMigrationLeavesTheOldState) {
  // Something that stands in the way of a table of the new format.
  Exec(*old_, "CREATE VIEW wapc.publishes AS SELECT 1 AS x");
  const auto migration = MigrateState(*old_);
  ASSERT_FALSE(migration);
  EXPECT_THAT(migration.error().message, HasSubstr("migrating the state"));
  const auto format = StateFormat(*old_);
  ASSERT_TRUE(format);
  EXPECT_EQ(*format, 1);
  EXPECT_EQ(Show(*old_, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'wapc_backup_1'"), "0");
}

TEST_F(MigrationsTest, ANewerStateIsLeftAlone) {
  Exec(*old_, "UPDATE wapc.meta SET value = '99' WHERE key = 'format'");
  const auto migration = MigrateState(*old_);
  ASSERT_FALSE(migration);
  EXPECT_EQ(migration.error().kind, base::ErrorKind::kUsage);
  EXPECT_THAT(migration.error().message, HasSubstr("newer wapc"));
}

TEST_F(MigrationsTest, ApplyMigratesFirstAndSaysWhereTheBackupIs) {
  Plan plan{.wapc_version = "0.1.0", .project = "demo", .environment = "dev", .gateway = "local", .dialect = "duckdb"};
  plan.changes_structure = true;
  plan.schemas = {"wapc__marts", "marts__dev"};
  PlanModel model = Model("marts", "extra", "FULL", Action::kBuild, "e1");
  model.view.schema = "marts__dev";
  model.columns = {{"id", "int64", "BIGINT", true, ""}};
  MakeFrom(model, "TABLE", "SELECT CAST(1 AS bigint) AS id");
  plan.models = {model};
  EXPECT_EQ(MustApply(*old_, plan).state_backup, "wapc_backup_1");
  const auto state = ReadState(*old_, {});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->environments.size(), 2U);
}

}  // namespace
}  // namespace wapc::runtime
