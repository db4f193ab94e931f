// Fifty views published again and again under readers who touch them in random orders: on PostgreSQL processes of their
// own, on DuckDB threads. No read may fail, and none may see two publishes at once. WAPC_TEST_THOROUGH is the number of
// publishes, WAPC_TEST_SEED where the orders begin.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/conformance/engines.h"

namespace wapc::testing {
namespace {

using runtime::RelationName;
using runtime::Warehouse;

constexpr int kViews = 50;

int FromEnvironment(const char* name, int otherwise) {
  const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read before any thread starts
  return text == nullptr ? otherwise : std::atoi(text);
}

std::string View(int number) { return "s.v" + std::to_string(number); }

/// What one reader came to.
struct Tally {
  int reads = 0;
  int faults = 0;
  std::array<char, 200> fault{};  ///< the first one
};

/// Reads some of the views, in a random order, in one statement; all must be of one publish.
void ReadOnce(Warehouse& warehouse, std::mt19937& random, Tally& tally) {
  std::vector<int> order(kViews);
  for (int i = 0; i < kViews; ++i) order[static_cast<size_t>(i)] = i;
  std::shuffle(order.begin(), order.end(), random);
  order.resize(1 + random() % kViews);
  std::string sql;
  for (const int view : order) sql += (sql.empty() ? "SELECT a FROM " : " UNION ALL SELECT a FROM ") + View(view);
  const std::string seen = Show(warehouse, "SELECT count(DISTINCT a), count(*) FROM (" + sql + ") AS q");
  ++tally.reads;
  if (seen == "1|" + std::to_string(order.size())) return;
  if (tally.faults++ == 0) seen.copy(tally.fault.data(), tally.fault.size() - 1);
}

/// Publishes once: a row moved in place under one view, and new tables under all others. Gives milliseconds.
double PublishOnce(Warehouse& warehouse, int round) {
  std::string tables;
  Warehouse::ViewChange change;
  for (int i = 1; i < kViews; ++i) {
    const std::string table = "t" + std::to_string(i) + "_" + std::to_string(round);
    tables += "CREATE TABLE s." + table + " AS SELECT " + std::to_string(round) + " AS a;";
    change.swaps.push_back({{"s", "v" + std::to_string(i)}, {"s", table}, {"a"}, {}});
  }
  Exec(warehouse, tables);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(warehouse.Begin());
  Exec(warehouse, "UPDATE s.moved SET a = " + std::to_string(round));
  const auto status = warehouse.ChangeViews(change);
  EXPECT_TRUE(status) << status.error().message;
  const auto committed = warehouse.Commit();
  EXPECT_TRUE(committed) << committed.error().message;
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void PublishAll(Warehouse& warehouse, const std::string& engine, const std::function<std::vector<Tally>()>& stop) {
  const int rounds = FromEnvironment("WAPC_TEST_THOROUGH", 10);
  double total = 0;
  double worst = 0;
  for (int round = 1; round <= rounds; ++round) {
    const double took = PublishOnce(warehouse, round);
    total += took;
    worst = std::max(worst, took);
  }
  int reads = 0;
  for (const Tally& tally : stop()) {
    EXPECT_EQ(tally.faults, 0) << tally.fault.data();
    EXPECT_GT(tally.reads, 0);
    reads += tally.reads;
  }
  std::printf("%s: %d publishes of %d views under readers: %.0f ms on average, %.0f ms at most; %d reads\n",
              engine.c_str(), rounds, kViews, total / rounds, worst, reads);
}

void Prepare(Warehouse& warehouse) {
  Exec(warehouse, "CREATE SCHEMA s; CREATE TABLE s.moved AS SELECT 0 AS a; CREATE VIEW s.v0 AS SELECT a FROM s.moved");
  static_cast<void>(PublishOnce(warehouse, 0));
}

TEST(Publish, UnderReaderThreadsOnDuckDb) {
  const auto database = NewDatabase("duckdb");
  const auto warehouse = database->Open();
  Prepare(*warehouse);
  std::atomic<bool> done = false;
  std::vector<Tally> tallies(4);
  std::vector<std::thread> readers;
  const int seed = FromEnvironment("WAPC_TEST_SEED", 1);
  for (size_t r = 0; r < tallies.size(); ++r) {
    auto reader = warehouse->Another();
    ASSERT_TRUE(reader);
    readers.emplace_back([&, r, own = std::move(*reader)] {
      std::mt19937 random(static_cast<unsigned>(seed) + static_cast<unsigned>(r));
      while (!done) ReadOnce(*own, random, tallies[r]);
    });
  }
  PublishAll(*warehouse, "DuckDB, 4 threads", [&] {
    done = true;
    for (std::thread& reader : readers) reader.join();
    return tallies;
  });
}

/// A reader process: reads until `stop` is closed at the other end, then writes what it came to.
[[noreturn]] void ReaderProcess(const TestDatabase& database, unsigned seed, int stop, int result) {
  Tally tally;
  {
    const auto warehouse = database.TryOpen(runtime::Access::kReadOnly);
    std::mt19937 random(seed);
    std::atomic<bool> done = !warehouse;
    std::thread waits([&] {
      char ignored = 0;
      static_cast<void>(read(stop, &ignored, 1));
      done = true;
    });
    while (!done) ReadOnce(**warehouse, random, tally);
    waits.join();
  }
  static_cast<void>(write(result, &tally, sizeof(tally)));
  _exit(0);
}

TEST(Publish, UnderReaderProcessesOnPostgres) {
  const auto database = NewDatabase("postgres");
  const auto warehouse = database->Open();
  Prepare(*warehouse);
  std::array<int, 2> stop{};
  std::array<int, 2> result{};
  ASSERT_EQ(pipe(stop.data()), 0);
  ASSERT_EQ(pipe(result.data()), 0);
  const int seed = FromEnvironment("WAPC_TEST_SEED", 1);
  std::vector<pid_t> children;
  for (int r = 0; r < 3; ++r) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    close(stop[1]);
    ReaderProcess(*database, static_cast<unsigned>(seed + r), stop[0], result[1]);
  }
  PublishAll(*warehouse, "PostgreSQL, 3 processes", [&] {
    close(stop[1]);
    std::vector<Tally> tallies(children.size());
    for (Tally& tally : tallies) EXPECT_EQ(read(result[0], &tally, sizeof(tally)), static_cast<ssize_t>(sizeof(tally)));
    for (const pid_t child : children) waitpid(child, nullptr, 0);
    return tallies;
  });
}

}  // namespace
}  // namespace wapc::testing
