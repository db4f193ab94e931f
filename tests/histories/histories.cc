/// histories WAPC duckdb|postgres: random histories of loads, edits, plans, runs, restatements, rollbacks, failing
/// audits and kills over a small project. After each step every published table must equal what a full rebuild of the
/// published version gives. RC_PARAMS sets seed, number and length ("seed=1 max_success=40 max_size=30").

#include <fmt/format.h>
#include <rapidcheck.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "tests/histories/world.h"
#include "tests/support/private_postgres.h"

namespace wapc::histories {
namespace {

namespace fs = std::filesystem;

enum class Kind : uint8_t { kLoad, kBadLoad, kEdit, kApply, kRun, kRestate, kRollback };
constexpr std::array<std::string_view, 7> kKindNames = {"load", "bad load", "edit",    "apply",
                                                        "run",  "restate",  "rollback"};

struct Op {
  Kind kind = Kind::kLoad;
  uint32_t number = 0;      ///< picks the model, the rows
  uint32_t kill_after = 0;  ///< milliseconds; 0: no kill
};

void showValue(const Op& op, std::ostream& out) {  // NOLINT(readability-identifier-naming): rapidcheck's name
  out << kKindNames[static_cast<size_t>(op.kind)] << ' ' << op.number;
  if (op.kill_after > 0) out << " killed after " << op.kill_after << " ms";
}

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

/// Sites for warehouses of one engine, each empty.
class Engine {
 public:
  explicit Engine(const std::string& name) {
    if (name == "postgres") server_ = std::make_unique<testing::PrivatePostgres>();
  }
  std::string problem() const { return server_ ? server_->problem() : ""; }

  Site NewSite(const fs::path& folder) {
    if (!server_) {
      const std::string file = (folder / "warehouse.duckdb").string();
      return {{"duckdb", {{"database", file}}}, fmt::format("{{type: duckdb, database: {}}}", file)};
    }
    const std::string database = fmt::format("history_{}", ++sites_);
    server_->Run("CREATE DATABASE " + database);
    return {{"postgres", {{"host", server_->host()}, {"user", "postgres"}, {"database", database}}},
            fmt::format("{{type: postgres, host: {}, user: postgres, database: {}}}", server_->host(), database)};
  }

 private:
  std::unique_ptr<testing::PrivatePostgres> server_;
  int sites_ = 0;
};

/// One history, step by step.
class History {
 public:
  History(std::string program, Engine& engine)
      : program_(std::move(program)),
        engine_(engine),
        folder_(fs::temp_directory_path() / fmt::format("wapc-history-{}-{}", getpid(), ++histories_)),
        world_(program_, folder_, engine.NewSite(folder_)) {
    world_.Write(variants_);
    world_.WriteRaw(raw_);
  }
  ~History() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  void Do(const Op& op) {
    switch (op.kind) {
      case Kind::kLoad: Load(op, false); break;
      case Kind::kBadLoad: Load(op, true); break;
      case Kind::kEdit: ++variants_[op.number % variants_.size()]; break;
      case Kind::kApply: Apply(op, {}); break;
      case Kind::kRun: Run(op); break;
      case Kind::kRestate: Restate(op); break;
      case Kind::kRollback: Rollback(op); break;
    }
    Check();
  }

 private:
  struct Step {
    Published published;
    Tables tables;
  };

  void Load(const Op& op, bool bad) {
    raw_.Load(op.number, bad);
    bad_ = bad;
    world_.WriteRaw(raw_);
  }

  void Apply(const Op& op, const std::vector<std::string>& flags) {
    if (raw_.empty()) return;
    world_.Write(variants_);
    std::vector<std::string> plan = {"--now", raw_.Now(), "plan"};
    plan.insert(plan.end(), flags.begin(), flags.end());
    Expect(world_.Wapc(plan), false);
    const bool done = Finish({"apply"}, op);
    if (done) Publish({variants_, raw_});
    held_ = held_ && !done;
  }

  void Run(const Op& op) {
    if (steps_.empty()) return;
    // As from a clean check-out of what was published: run does not take up edits.
    const Variants& published = steps_.back().published.variants;
    world_.Write(published);
    const bool done = Finish({"--now", raw_.Now(), "run", "--publish", "all"}, op);
    if (done && !held_) Publish({published, raw_});
  }

  void Restate(const Op& op) {
    if (steps_.empty()) return;
    Apply(op, {"--restate-model", fmt::format("marts.{}", kModels[op.number % kModels.size()])});
  }

  void Rollback(const Op& op) {
    if (steps_.size() < 2) return;
    const std::string before = world_.Version();
    Ended ended = world_.Wapc({"env", "rollback"}, KillAfter(op));
    // Killed after its commit, a second one would take back one more.
    if (WasKilled(ended) && world_.Version() == before) ended = world_.Wapc({"env", "rollback"});
    if (!WasKilled(ended)) Expect(ended, false);
    steps_.pop_back();
    held_ = true;
  }

  /// Runs to its end, once more when it was killed; false when an audit stopped it, which only a bad load may.
  bool Finish(const std::vector<std::string>& verb, const Op& op) {
    Ended ended = world_.Wapc(verb, KillAfter(op));
    if (WasKilled(ended)) ended = world_.Wapc(verb);
    Expect(ended, bad_);
    return ended.exit_code == 0;
  }

  void Publish(const Published& published) {
    const std::string version = world_.Version();
    const fs::path folder = folder_ / "rebuilt";
    Tables tables = Rebuild(program_, folder, engine_.NewSite(folder), published);
    fs::remove_all(folder);
    // What changed nothing is no step that could be taken back; what readers see must be up to date all the same.
    if (version == version_ && !steps_.empty()) steps_.pop_back();
    steps_.push_back({published, std::move(tables)});
    version_ = version;
  }

  void Check() const {
    const Tables expected = steps_.empty() ? Tables() : steps_.back().tables;
    const Tables got = world_.Read();
    for (const auto& [view, rows] : expected) {
      const auto found = got.find(view);
      if (found == got.end()) RC_FAIL("there is no " + view);
      if (found->second != rows) RC_FAIL(Difference(view, rows, found->second));
    }
    RC_ASSERT(got.size() == expected.size());
  }

  static std::string Difference(const std::string& view, const std::vector<std::string>& expected,
                                const std::vector<std::string>& got) {
    std::string out = view + " differs from its rebuild\n";
    for (const std::string& row : expected) out += "  rebuilt:   " + row + "\n";
    for (const std::string& row : got) out += "  published: " + row + "\n";
    return out;
  }

  static std::optional<std::chrono::milliseconds> KillAfter(const Op& op) {
    return op.kill_after == 0 ? std::nullopt : std::optional(std::chrono::milliseconds(op.kill_after));
  }
  static bool WasKilled(const Ended& ended) { return ended.exit_code > 128; }
  static void Expect(const Ended& ended, bool may_fail_audit) {
    if (ended.exit_code == 0 || (may_fail_audit && ended.exit_code == 1)) return;
    RC_FAIL(fmt::format("wapc ended with {}:\n{}", ended.exit_code, ended.output));
  }

  static inline int histories_ = 0;

  std::string program_;
  Engine& engine_;
  fs::path folder_;
  World world_;
  Variants variants_{};
  RawData raw_;
  bool bad_ = false;
  bool held_ = false;
  std::string version_;
  std::vector<Step> steps_;
};

bool Prove(const std::string& program, const std::string& engine_name) {
  Engine engine(engine_name);
  if (!engine.problem().empty()) {
    std::fprintf(stderr, "no PostgreSQL: %s\n", engine.problem().c_str());
    return false;
  }
  return rc::check("published tables equal a full rebuild, on " + engine_name, [&] {
    const auto ops = *rc::gen::container<std::vector<Op>>(AnyOp());
    History history(program, engine);
    for (const Op& op : ops) history.Do(op);
  });
}

}  // namespace
}  // namespace wapc::histories

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: histories WAPC duckdb|postgres\n");
    return 2;
  }
  return wapc::histories::Prove(argv[1], argv[2]) ? 0 : 1;
}
