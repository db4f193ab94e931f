#include "tests/histories/history.h"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace wapc::histories {
namespace {

namespace fs = std::filesystem;

std::string Difference(const std::string& view, const std::vector<std::string>& expected,
                       const std::vector<std::string>& got) {
  std::string out = view + " differs from its rebuild\n";
  for (const std::string& row : expected) out += "  rebuilt:   " + row + "\n";
  for (const std::string& row : got) out += "  published: " + row + "\n";
  return out;
}

std::optional<std::chrono::milliseconds> KillAfter(const Op& op) {
  return op.kill_after == 0 ? std::nullopt : std::optional(std::chrono::milliseconds(op.kill_after));
}

bool WasKilled(const Ended& ended) { return ended.exit_code > 128; }

void Expect(const Ended& ended, bool may_fail_audit) {
  if (ended.exit_code == 0 || (may_fail_audit && ended.exit_code == 1)) return;
  throw Failure{fmt::format("wapc ended with {}:\n{}", ended.exit_code, ended.output)};
}

fs::path NewFolder() {
  std::string pattern = (fs::temp_directory_path() / "wapc-history-XXXXXX").string();
  return mkdtemp(pattern.data());
}

}  // namespace

Engine::Engine(const std::string& name) {
  if (name == "postgres") server_ = std::make_unique<testing::PrivatePostgres>();
}

Site Engine::NewSite(const fs::path& folder) {
  if (!server_) {
    const std::string file = (folder / "warehouse.duckdb").string();
    return {{"duckdb", {{"database", file}}}, fmt::format("{{type: duckdb, database: {}}}", file)};
  }
  const std::string database = fmt::format("history_{}", ++sites_);
  server_->Run("CREATE DATABASE " + database);
  return {{"postgres", {{"host", server_->host()}, {"user", "postgres"}, {"database", database}}},
          fmt::format("{{type: postgres, host: {}, user: postgres, database: {}}}", server_->host(), database)};
}

History::History(std::string program, Engine& engine)
    : program_(std::move(program)),
      engine_(engine),
      folder_(NewFolder()),
      world_(program_, folder_, engine.NewSite(folder_)) {
  world_.Write(variants_);
  world_.WriteRaw(raw_);
}

History::~History() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void History::Do(const Op& op) {
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

void History::Load(const Op& op, bool bad) {
  raw_.Load(op.number, bad);
  bad_ = bad;
  world_.WriteRaw(raw_);
}

void History::Apply(const Op& op, const std::vector<std::string>& flags) {
  if (raw_.empty()) return;
  world_.Write(variants_);
  std::vector<std::string> plan = {"--now", raw_.Now(), "plan"};
  plan.insert(plan.end(), flags.begin(), flags.end());
  Expect(world_.Wapc(plan), false);
  const bool done = Finish({"apply"}, op);
  if (done) Publish({variants_, raw_});
  held_ = held_ && !done;
}

void History::Run(const Op& op) {
  if (steps_.empty()) return;
  // As from a clean check-out of what was published: run does not take up edits.
  const Variants& published = steps_.back().published.variants;
  world_.Write(published);
  const bool done = Finish({"--now", raw_.Now(), "run", "--publish", "all"}, op);
  if (done && !held_) Publish({published, raw_});
}

void History::Restate(const Op& op) {
  if (steps_.empty()) return;
  Apply(op, {"--restate-model", fmt::format("marts.{}", kModels[op.number % kModels.size()])});
}

void History::Rollback(const Op& op) {
  if (steps_.size() < 2) return;
  const std::string before = world_.Version();
  Ended ended = world_.Wapc({"env", "rollback"}, KillAfter(op));
  // Killed after its commit, a second one would take back one more.
  if (WasKilled(ended) && world_.Version() == before) ended = world_.Wapc({"env", "rollback"});
  if (!WasKilled(ended)) Expect(ended, false);
  steps_.pop_back();
  version_ = world_.Version();
  held_ = true;
}

// Runs to its end, once more when it was killed; false when an audit stopped it, which only a bad load may.
bool History::Finish(const std::vector<std::string>& verb, const Op& op) {
  Ended ended = world_.Wapc(verb, KillAfter(op));
  if (WasKilled(ended)) ended = world_.Wapc(verb);
  Expect(ended, bad_);
  return ended.exit_code == 0;
}

void History::Publish(const Published& published) {
  const std::string version = world_.Version();
  const fs::path folder = folder_ / "rebuilt";
  Tables tables = Rebuild(program_, folder, engine_.NewSite(folder), published);
  fs::remove_all(folder);
  // What changed nothing is no step that could be taken back; what readers see must be up to date all the same.
  if (version == version_ && !steps_.empty()) steps_.pop_back();
  steps_.push_back({published, std::move(tables)});
  version_ = version;
}

void History::Check() const {
  const Tables expected = steps_.empty() ? Tables() : steps_.back().tables;
  const Tables got = world_.Read();
  for (const auto& [view, rows] : expected) {
    const auto found = got.find(view);
    if (found == got.end()) throw Failure{"there is no " + view};
    if (found->second != rows) throw Failure{Difference(view, rows, found->second)};
  }
  if (got.size() != expected.size()) throw Failure{"there are published views that nothing published"};
}

}  // namespace wapc::histories
