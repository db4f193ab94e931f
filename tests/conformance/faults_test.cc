#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "runtime/apply.h"
#include "tests/conformance/engines.h"
#include "tests/unit/runtime/flights_plans.h"

/// apply on every engine: killed at any moment it is finished by the next one, readers see whole versions, and of two
/// that meet one wins.
namespace wapc::runtime {
namespace {

using testing::NewDatabase;
using testing::TestDatabase;

constexpr std::chrono::milliseconds kPatience{20'000};

bool Thorough() { return getenv("WAPC_TEST_THOROUGH") != nullptr; }

unsigned Seed() {
  const char* const text = getenv("WAPC_TEST_SEED");
  return text == nullptr ? 1 : static_cast<unsigned>(strtoul(text, nullptr, 10));
}

base::Result<ApplyReport> ApplyWith(Warehouse& warehouse, Plan plan, ApplyOptions options) {
  for (PlanModel& model : plan.models) {
    for (PlanColumn& column : model.columns) {
      if (column.engine_type == "HUGEINT" && warehouse.dialect() == "postgres") column.engine_type = "numeric";
    }
  }
  auto read = ReadPlan(WritePlan(plan));
  if (!read) return read.error();
  options.sha256 = read->sha256;
  options.lock_timeout = kPatience;
  return Apply(read->plan, warehouse, options);
}

/// Rows sorted as text, so that no engine's order counts.
std::string SortedRows(Warehouse& warehouse, const std::string& sql) {
  const auto rows = warehouse.Query(sql);
  if (!rows) return "error: " + rows.error().message;
  std::vector<std::string> lines;
  for (const auto& row : rows->rows) {
    std::string line;
    for (const auto& cell : row) line += cell.value_or("~") + "|";
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string out = sql + ":\n";
  for (const std::string& line : lines) out += "  " + line + "\n";
  return out;
}

/// Everything that an apply leaves behind, in words that every engine has: relations, their rows, state without times,
/// attempts and who held the lease.
std::string Everything(Warehouse& warehouse) {
  const std::string listing =
      "SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_schema IN ('raw', 'stg', "
      "'marts') OR table_schema LIKE 'wapc%'";
  std::string out = SortedRows(warehouse, listing);
  const auto relations = warehouse.Query(listing);
  if (!relations) return relations.error().message;
  std::set<std::string> names;
  for (const auto& row : relations->rows) {
    if (row[0] != "wapc" && row[0] != "raw") names.insert(Quoted(RelationName{*row[0], *row[1]}));
  }
  for (const std::string& name : names) out += SortedRows(warehouse, "SELECT * FROM " + name);
  for (const char* const sql :
       {"SELECT name, structure_version, data_version, plan_sha256, held FROM wapc.environments",
        "SELECT environment, model, kind, data_digest, table_version, view_schema, view_name, build_id, columns FROM "
        "wapc.environment_models",
        "SELECT build_id, dataset, schema_name, load_id FROM wapc.table_loads",
        "SELECT build_id, model, table_version, owner, relation_schema, relation_name, row_count, loads_digests, "
        "plan_sha256 FROM wapc.builds",
        "SELECT table_version, model, data_digest FROM wapc.table_versions", "SELECT * FROM wapc.journal",
        "SELECT DISTINCT plan_sha256, model, build_id, audit, failing_rows FROM wapc.audit_results",
        "SELECT resource, holder FROM wapc.leases",
        "SELECT sha256, environment, status, error FROM wapc.plans WHERE status <> 'failed'"}) {
    out += SortedRows(warehouse, sql);
  }
  return out;
}

/// What a reader may see: everything before, or everything after.
constexpr std::string_view kReaderQuery =
    "SELECT (SELECT string_agg(CAST(id AS text) || '=' || CAST(delay AS text), ' ' ORDER BY id) FROM stg.flights), "
    "(SELECT string_agg(name || '=' || CAST(delay AS text), ' ' ORDER BY name, delay) FROM marts.delays), "
    "(SELECT string_agg(name || '=' || CAST(total AS text), ' ' ORDER BY name) FROM marts.totals)";
constexpr std::string_view kBefore = "1=5 2=7|American=5 United=7|American=5 United=7";
constexpr std::string_view kAfter = "1=5 2=70 4=1|American=1 American=5 United=70|American=6 United=70";

/// A process of its own, ended with the object.
class Child {
 public:
  template <class Body>
  explicit Child(const Body& body) : pid_(fork()) {
    if (pid_ == 0) _exit(body());
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { Kill(); }

  /// Gives its exit code, or -1 when a signal ended it.
  int Wait() {
    if (pid_ == 0) return code_;
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return code_;
  }
  void Kill() {
    if (pid_ != 0) kill(pid_, SIGKILL);
    Wait();
  }

 private:
  pid_t pid_;
  int code_ = 0;
};

class ApplyOnEngine : public ::testing::TestWithParam<std::string> {
 protected:
  /// Raw data, published, and more of it since.
  std::unique_ptr<TestDatabase> Prepared() {
    auto database = NewDatabase(GetParam());
    const auto warehouse = database->Open();
    MakeRaw(*warehouse);
    const auto published = ApplyWith(*warehouse, FirstPlan(), {});
    EXPECT_TRUE(published) << published.error().message;
    LoadMore(*warehouse);
    return database;
  }

  /// The next apply finishes; it may have to wait for what the dead one's server still does.
  void ExpectFinished(const TestDatabase& database, const std::string& expected) {
    auto warehouse = database.TryOpen(Access::kReadWrite, kPatience);
    ASSERT_TRUE(warehouse) << warehouse.error().message;
    const auto report = ApplyWith(**warehouse, LoadsPlan(), {.jobs = 2});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(Everything(**warehouse), expected);
  }

  bool is_server() const { return GetParam() != "duckdb"; }
};

TEST_P(ApplyOnEngine, SideBySideAndOneByOneGiveTheSame) {
  const auto one = Prepared();
  const auto other = Prepared();
  const auto first = one->Open();
  const auto second = other->Open();
  ASSERT_TRUE(ApplyWith(*first, LoadsPlan(), {.jobs = 1, .verify_content = true}));
  ASSERT_TRUE(ApplyWith(*second, LoadsPlan(), {.jobs = 4}));
  EXPECT_EQ(Everything(*first), Everything(*second));
  EXPECT_EQ(Show(*first, kReaderQuery), kAfter);
}

TEST_P(ApplyOnEngine, ADryRunChecksAndWritesNothing) {
  const auto database = Prepared();
  const auto warehouse = database->Open();
  const std::string before = Everything(*warehouse);
  const auto checked = ApplyWith(*warehouse, LoadsPlan(), {.dry_run = true});
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->outcome, Outcome::kChecked);
  EXPECT_EQ(Everything(*warehouse), before);
  Plan wrong = LoadsPlan();
  wrong.models[3].build[0].sql = "CREATE TABLE wapc__marts.totals__t2 AS SELECT nope FROM @{rel:marts.delays}";
  EXPECT_FALSE(ApplyWith(*warehouse, wrong, {.dry_run = true}));
  EXPECT_EQ(Everything(*warehouse), before);
}

/// Reads until it is killed; a reading that is neither before nor after ends it with 1.
int ReadOn(Warehouse& warehouse) {
  while (true) {
    const std::string seen = Show(warehouse, kReaderQuery);
    if (seen != kBefore && seen != kAfter) {
      fprintf(stderr, "a reader saw: %s\n", seen.c_str());
      return 1;
    }
  }
}

/// Applies on a connection, with readers: processes of their own where there is a server, else threads of this one.
int ApplyUnderReaders(const TestDatabase& database, bool threads) {
  const auto warehouse = database.Open();
  std::vector<std::unique_ptr<Warehouse>> connections;
  for (int i = 0; threads && i < 2; ++i) {
    auto another = warehouse->Another();
    if (!another) return 2;
    connections.push_back(std::move(*another));
    std::thread([&connection = *connections.back()] {
      if (ReadOn(connection) != 0) _exit(1);
    }).detach();
  }
  const auto report = ApplyWith(*warehouse, LoadsPlan(), {.jobs = 2});
  _exit(report ? 0 : 3);
}

TEST_P(ApplyOnEngine, KilledAtRandomMomentsReadersSeeWholeVersions) {
  std::string expected;
  {
    const auto database = Prepared();
    const auto warehouse = database->Open();
    ASSERT_TRUE(ApplyWith(*warehouse, LoadsPlan(), {}));
    expected = Everything(*warehouse);
  }
  std::mt19937 random(Seed());
  const int rounds = Thorough() ? 200 : 4;
  for (int round = 0; round < rounds; ++round) {
    const auto database = Prepared();
    const auto pause = std::chrono::milliseconds(std::uniform_int_distribution<int>(0, 400)(random));
    SCOPED_TRACE("round " + std::to_string(round) + ", killed after " + std::to_string(pause.count()) + " ms");
    std::vector<std::unique_ptr<Child>> readers;
    for (int i = 0; is_server() && i < 2; ++i) {
      readers.push_back(std::make_unique<Child>([&] { return ReadOn(*database->Open()); }));
    }
    Child child([&] { return ApplyUnderReaders(*database, !is_server()); });
    std::this_thread::sleep_for(pause);
    child.Kill();
    EXPECT_NE(child.Wait(), 1);
    ExpectFinished(*database, expected);
    for (const auto& reader : readers) {
      reader->Kill();
      EXPECT_EQ(reader->Wait(), -1) << "a reader ended by itself";
    }
    if (HasFailure()) return;
  }
}

TEST_P(ApplyOnEngine, OfTwoAppliesAtOnceOneWins) {
  constexpr int kPublished = 10;
  constexpr int kAlready = 11;
  constexpr int kRace = 4;
  const int rounds = Thorough() ? 50 : 3;
  for (int round = 0; round < rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const bool same = round % 2 == 0;
    const auto database = Prepared();
    const auto apply = [&](const Plan& plan) {
      auto warehouse = database->TryOpen(Access::kReadWrite, kPatience);
      if (!warehouse) return static_cast<int>(warehouse.error().kind);
      const auto report = ApplyWith(**warehouse, plan, {.jobs = 2});
      if (!report) return static_cast<int>(report.error().kind);
      return report->outcome == Outcome::kAlreadyApplied ? kAlready : kPublished;
    };
    Plan first = LoadsPlan();
    Plan second = LoadsPlan();
    first.changes_structure = second.changes_structure = true;
    if (!same) second.project = "another";
    Child one([&] { return apply(first); });
    Child two([&] { return apply(second); });
    const std::multiset<int> codes{one.Wait(), two.Wait()};
    EXPECT_EQ(codes, (std::multiset<int>{kPublished, same ? kAlready : kRace}));
    EXPECT_EQ(Show(*database->Open(), kReaderQuery), kAfter);
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, ApplyOnEngine, ::testing::ValuesIn(testing::EngineNames()),
                         [](const auto& engine) { return engine.param; });

}  // namespace
}  // namespace wapc::runtime
