#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/apply.h"
#include "runtime/duckdb/open.h"
#include "tests/unit/runtime/flights_plans.h"
#include "tests/unit/runtime/killing_warehouse.h"
#include "tests/unit/runtime/temp_warehouse.h"

namespace wapc::runtime {
namespace {

constexpr int kNever = -1;

/// A warehouse file in some state, and a plan for it.
struct Scenario {
  std::string_view name;
  bool published;               ///< the first plan was applied
  std::string_view raw_change;  ///< what happened to the raw data since
  Plan (*plan)();
};

const std::vector<Scenario> kScenarios = {
    {"First", false, "", FirstPlan},
    {"Loads", true, "", LoadsPlan},
    {"Held", true, "INSERT INTO raw.airlines VALUES ('DL', 'Delta', '9')", LoadsPlan},
    {"AuditFails", true, "UPDATE raw.flights SET delay = -3 WHERE id = 4", LoadsPlan},
};

class ResumeTest : public ::testing::TestWithParam<Scenario> {
 protected:
  ResumeTest() : start_(folder_.File("start.duckdb")) {
    const auto warehouse = OpenFile(start_);
    MakeRaw(*warehouse);
    if (GetParam().published) {
      MustApply(*warehouse, FirstPlan());
      LoadMore(*warehouse);
    }
    if (!GetParam().raw_change.empty()) Exec(*warehouse, GetParam().raw_change);
  }

  std::string Copy() {
    std::string file = folder_.File("copy.duckdb");
    CopyWarehouse(start_, file);
    return file;
  }

  /// The warehouse after an apply that nobody disturbed, and the number of calls or events that it took.
  std::string Undisturbed(int& calls, int& events) {
    KillingWarehouse warehouse(OpenFile(Copy()), kNever);
    const auto report = TryApply(warehouse, GetParam().plan(), [&](const Progress&) { ++events; });
    EXPECT_TRUE(report) << report.error().message;
    calls = warehouse.calls();
    return Snapshot(warehouse);
  }

  /// Applies in a child that is killed before one call, or at one event; says whether it was killed.
  bool ApplyKilled(const std::string& file, int at_call, int at_event) {
    const pid_t child = fork();
    if (child == 0) {
      KillingWarehouse warehouse(OpenFile(file), at_call);
      int event = 0;
      static_cast<void>(TryApply(warehouse, GetParam().plan(), [&](const Progress&) {
        if (event++ == at_event) static_cast<void>(raise(SIGKILL));
      }));
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  }

  void ExpectFinished(const std::string& file, const std::string& expected) {
    const auto warehouse = OpenFile(file);
    const auto report = TryApply(*warehouse, GetParam().plan());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(Snapshot(*warehouse), expected);
  }

  TempFolder folder_;
  std::string start_;
};

TEST_P(ResumeTest, KilledBeforeAnyCallTheNextApplyFinishes) {
  int calls = 0;
  int events = 0;
  const std::string expected = Undisturbed(calls, events);
  ASSERT_GT(calls, 10);
  // Each call takes two processes; the usual run takes every fifth one, beginning elsewhere in each scenario.
  const int stride = getenv("WAPC_TEST_THOROUGH") != nullptr ? 1 : OnPostgres() ? 17 : 5;
  for (int call = static_cast<int>(GetParam().name.size()) % stride; call < calls; call += stride) {
    SCOPED_TRACE("killed before call " + std::to_string(call));
    const std::string file = Copy();
    ASSERT_TRUE(ApplyKilled(file, call, kNever));
    ExpectFinished(file, expected);
    if (HasFailure()) return;
  }
}

TEST_P(ResumeTest, KilledAtAnyEventTheNextApplyFinishes) {
  int calls = 0;
  int events = 0;
  const std::string expected = Undisturbed(calls, events);
  for (int event = 0; event < events; ++event) {
    SCOPED_TRACE("killed at event " + std::to_string(event));
    const std::string file = Copy();
    ASSERT_TRUE(ApplyKilled(file, kNever, event));
    ExpectFinished(file, expected);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ResumeTest, ::testing::ValuesIn(kScenarios),
                         [](const auto& scenario) { return std::string(scenario.param.name); });

class AfterKill : public ::testing::Test {
 protected:
  AfterKill() : file_(folder_.File("w.duckdb")) { MakeRaw(*OpenFile(file_)); }

  /// Applies in a child that is killed as soon as a model is built.
  void KillAtBuilt(const Plan& plan, const std::string& model) {
    const pid_t child = fork();
    if (child == 0) {
      const auto warehouse = OpenFile(file_);
      static_cast<void>(TryApply(*warehouse, plan, [&](const Progress& progress) {
        if (progress.kind == Progress::Kind::kBuilt && progress.model == model) static_cast<void>(raise(SIGKILL));
      }));
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
  }

  TempFolder folder_;
  std::string file_;
};

Plan PlanWithMoment() {
  Plan plan = FirstPlan();
  plan.models[0].build[0].sql += " UNION ALL SELECT 'now', @{execution_ts}";
  plan.models[1].depends_on = {"stg.airlines"};
  plan.models[3].build[0].sql = "CREATE TABLE wapc__marts.totals__t1 AS SELECT @{execution_ts} AS name, 1 AS total";
  return plan;
}

TEST_F(AfterKill, MomentAndLoadsStayThoseOfTheFirstStart) {
  KillAtBuilt(PlanWithMoment(), "stg.airlines");
  const auto warehouse = OpenFile(file_);
  LoadMore(*warehouse);
  std::set<std::string> built;
  const auto report = TryApply(*warehouse, PlanWithMoment());
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->resumed);
  EXPECT_EQ(Show(*warehouse, "SELECT count(*) FROM marts.totals JOIN stg.airlines USING (name)"), "1");
  // Load 4 came after the first start: flight 4 is not there, flight 2 has no row of a frozen load.
  EXPECT_EQ(Show(*warehouse, "SELECT id FROM stg.flights ORDER BY id"), "1");
  EXPECT_EQ(Show(*warehouse, "SELECT load_id FROM wapc.table_loads ORDER BY 1"), "1;2");
}

TEST_F(AfterKill, AnotherPlanClearsWhatTheDeadOneLeft) {
  KillAtBuilt(FirstPlan(), "marts.delays");
  Plan other = FirstPlan();
  other.models = {Airlines("a1")};
  const auto warehouse = OpenFile(file_);
  const ApplyReport report = MustApply(*warehouse, other);
  EXPECT_FALSE(report.resumed);
  EXPECT_EQ(Show(*warehouse,
                 "SELECT table_name FROM information_schema.tables WHERE table_schema LIKE 'wapc\\_\\_%' ESCAPE '\\'"),
            "airlines__a1");
  EXPECT_EQ(Show(*warehouse, "SELECT status, error FROM wapc.plans ORDER BY started_at"),
            "failed|given up for a later apply;published|");
}

TEST_F(AfterKill, ABuildThatIsGoneIsMadeAgain) {
  KillAtBuilt(FirstPlan(), "marts.delays");
  const auto warehouse = OpenFile(file_);
  Exec(*warehouse, "DROP TABLE wapc__stg.airlines__a1 CASCADE");
  EXPECT_TRUE(MustApply(*warehouse, FirstPlan()).resumed);
  EXPECT_EQ(Show(*warehouse, "SELECT * FROM marts.totals ORDER BY ALL"), "American|5;United|7");
}

TEST(DuckdbReaders, SeeOldOrNewRowsAndNothingBetween) {
  const TempFolder folder;
  auto database = duckdb_adapter::Open({"duckdb", {{"database", folder.File("w.duckdb")}}}, Access::kReadWrite, {});
  ASSERT_TRUE(database) << database.error().message;
  auto writer = duckdb_adapter::Connect(*database);
  auto reader = duckdb_adapter::Connect(*database);
  ASSERT_TRUE(writer && reader);
  MakeRaw(**writer);
  MustApply(**writer, FirstPlan());
  LoadMore(**writer);
  const std::string query =
      "SELECT (SELECT string_agg(id || '=' || delay, ' ' ORDER BY id) FROM stg.flights), "
      "(SELECT string_agg(name || '=' || delay, ' ' ORDER BY name, delay) FROM marts.delays), "
      "(SELECT string_agg(name || '=' || total, ' ' ORDER BY name) FROM marts.totals)";
  std::set<std::string> seen{Show(**reader, query)};
  std::atomic<bool> stop = false;
  std::atomic<int> reads = 0;
  std::thread thread([&] {
    while (!stop) {
      seen.insert(Show(**reader, query));
      ++reads;
    }
  });
  while (reads < 3) std::this_thread::yield();
  MustApply(**writer, LoadsPlan());
  const int done = reads;
  while (reads < done + 2) std::this_thread::yield();
  stop = true;
  thread.join();
  EXPECT_THAT(seen,
              ::testing::UnorderedElementsAre("1=5 2=7|American=5 United=7|American=5 United=7",
                                              "1=5 2=70 4=1|American=1 American=5 United=70|American=6 United=70"));
}

TEST(TwoApplies, OfTwoProcessesOneWaitsAndFindsItDone) {
  const TempFolder folder;
  const std::string file = folder.File("w.duckdb");
  MakeRaw(*OpenFile(file));
  const pid_t child = fork();
  if (child == 0) {
    const auto first = TryOpen(file, Access::kReadWrite, std::chrono::milliseconds(10000));
    if (first) static_cast<void>(TryApply(**first, FirstPlan(), [](const Progress&) { usleep(20000); }));
    _exit(0);
  }
  auto second = TryOpen(file, Access::kReadWrite, std::chrono::milliseconds(10000));
  ASSERT_TRUE(second) << second.error().message;
  const auto report = TryApply(**second, FirstPlan());
  ASSERT_TRUE(report) << report.error().message;
  second->reset();
  waitpid(child, nullptr, 0);
  EXPECT_EQ(Show(*OpenFile(file), "SELECT count(*) FROM wapc.plans WHERE status = 'published'"), "1");
}

}  // namespace
}  // namespace wapc::runtime
