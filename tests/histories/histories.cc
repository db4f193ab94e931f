/// histories WAPC duckdb|postgres: random histories of loads, edits, plans, runs, restatements, rollbacks, failing
/// audits and kills over a small project. After each step every published table must equal what a full rebuild of the
/// published version gives. RC_PARAMS sets seed, number and length ("seed=1 max_success=40 max_size=30").
///
/// histories WAPC duckdb|postgres day SEED: a day of hourly runs with failing audits and kills, at whose end nothing is
/// lost, the warehouse is clean after `janitor`, and the state has not grown with the hours.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "tests/histories/history.h"

namespace wapc::histories {

void showValue(const Op& op, std::ostream& out) {  // NOLINT(readability-identifier-naming): rapidcheck's name
  out << kKindNames[static_cast<size_t>(op.kind)] << ' ' << op.number;
  if (op.kill_after > 0) out << " killed after " << op.kill_after << " ms";
}

namespace {

rc::Gen<Op> AnyOp() {
  const auto kind = rc::gen::weightedElement<Kind>({{6, Kind::kLoad},
                                                    {1, Kind::kBadLoad},
                                                    {3, Kind::kEdit},
                                                    {6, Kind::kApply},
                                                    {5, Kind::kRun},
                                                    {2, Kind::kRestate},
                                                    {2, Kind::kRollback}});
  const auto killed = rc::gen::weightedOneOf<uint32_t>({{3, rc::gen::just(0U)}, {1, rc::gen::inRange(1U, 250U)}});
  return rc::gen::build<Op>(rc::gen::set(&Op::kind, kind), rc::gen::set(&Op::number, rc::gen::inRange(0U, 10'000U)),
                            rc::gen::set(&Op::kill_after, killed));
}

bool ProveHistories(const std::string& program, const std::string& engine_name) {
  Engine engine(engine_name);
  if (!engine.problem().empty()) {
    std::fprintf(stderr, "no engine: %s\n", engine.problem().c_str());
    return false;
  }
  return rc::check("published tables equal a full rebuild, on " + engine_name, [&] {
    const auto ops = *rc::gen::container<std::vector<Op>>(AnyOp());
    try {
      History history(program, engine);
      for (const Op& op : ops) history.Do(op);
    } catch (const Failure& failure) {
      RC_FAIL(failure.text);
    }
  });
}

/// How many rows the tables of wapc's state have but for the loads that tables hold, which dlt makes more by the hour,
/// and how many relations wapc keeps.
struct Size {
  int64_t state_rows = 0;
  int64_t relations = 0;
};

Size SizeOf(const World& world) {
  const std::string tables = "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema ";
  Size out;
  for (const auto& row : world.Query(tables + "= 'wapc' AND table_name <> 'table_loads'")) {
    out.state_rows += std::stoll(world.Query("SELECT count(*) FROM wapc." + row[1])[0][0]);
  }
  out.relations = static_cast<int64_t>(world.Query(tables + "LIKE 'wapc\\_\\_%' ESCAPE '\\'").size());
  return out;
}

/// Some hours of one load and one run each.
void Hours(History& history, std::mt19937& random, int hours) {
  for (int hour = 0; hour < hours; ++hour) {
    const bool bad = random() % 6 == 0;
    history.Do({bad ? Kind::kBadLoad : Kind::kLoad, static_cast<uint32_t>(random() % 10'000), 0});
    history.Do({Kind::kRun, 0, random() % 3 == 0 ? 1 + static_cast<uint32_t>(random() % 200) : 0});
  }
  history.Do({Kind::kLoad, static_cast<uint32_t>(random() % 10'000), 0});
  history.Do({Kind::kRun, 0, 0});
  // Eight days later everything that was replaced may go.
  const Ended ended = history.world().Wapc({"--now", "2030-01-01", "janitor", "--grace", "0 seconds"});
  if (ended.exit_code != 0) throw Failure{"janitor failed:\n" + ended.output};
}

bool ProveDay(const std::string& program, const std::string& engine_name, uint32_t seed) {
  constexpr int kHalf = 12;
  Engine engine(engine_name);
  std::mt19937 random(seed);
  try {
    if (!engine.problem().empty()) throw Failure{engine.problem()};
    History history(program, engine);
    history.Do({Kind::kLoad, 1, 0});
    history.Do({Kind::kApply, 0, 0});
    Hours(history, random, kHalf);
    const Size noon = SizeOf(history.world());
    Hours(history, random, kHalf);
    const Size night = SizeOf(history.world());
    std::printf("%s, seed %u: after 12 hours %ld rows of state and %ld relations, after 24 hours %ld and %ld\n",
                engine_name.c_str(), seed, noon.state_rows, noon.relations, night.state_rows, night.relations);
    if (night.relations > noon.relations) throw Failure{"relations are left over"};
    if (night.state_rows > noon.state_rows) throw Failure{"the state grows with the hours"};
    return true;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "%s, seed %u: %s\n", engine_name.c_str(), seed, failure.text.c_str());
    return false;
  }
}

}  // namespace
}  // namespace wapc::histories

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() == 3) return wapc::histories::ProveHistories(words[1], words[2]) ? 0 : 1;
  if (words.size() == 5 && words[3] == "day") {
    return wapc::histories::ProveDay(words[1], words[2], static_cast<uint32_t>(std::stoul(words[4]))) ? 0 : 1;
  }
  std::fprintf(stderr, "usage: histories WAPC duckdb|postgres [day SEED]\n");
  return 2;
}
