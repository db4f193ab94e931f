#ifndef WAPC_TESTS_HISTORIES_HISTORY_H_
#define WAPC_TESTS_HISTORIES_HISTORY_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/histories/world.h"
#include "tests/support/private_postgres.h"

namespace wapc::histories {

/// What can happen to a warehouse.
enum class Kind : uint8_t { kLoad, kBadLoad, kEdit, kApply, kRun, kRestate, kRollback };
inline constexpr std::array<std::string_view, 7> kKindNames = {"load", "bad load", "edit",    "apply",
                                                               "run",  "restate",  "rollback"};

struct Op {
  Kind kind = Kind::kLoad;
  uint32_t number = 0;      ///< picks the model, the rows
  uint32_t kill_after = 0;  ///< milliseconds; 0: no kill
};

/// Sites for warehouses of one engine, each empty.
class Engine {
 public:
  /// "duckdb", or "postgres" for a server of its own.
  explicit Engine(const std::string& name);
  /// Why there is no engine; empty: there is one.
  std::string problem() const { return server_ ? server_->problem() : ""; }
  Site NewSite(const std::filesystem::path& folder);

 private:
  std::unique_ptr<testing::PrivatePostgres> server_;
  int sites_ = 0;
};

/// A failed expectation, in words.
struct Failure {
  std::string text;
};

/// One history, step by step. After each step every published table equals what a full rebuild of what was published
/// gives; else Failure is thrown.
class History {
 public:
  History(std::string program, Engine& engine);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  void Do(const Op& op);
  const World& world() const { return world_; }
  const RawData& raw() const { return raw_; }

 private:
  struct Step {
    Published published;
    Tables tables;
  };

  void Load(const Op& op, bool bad);
  void Apply(const Op& op, const std::vector<std::string>& flags);
  void Run(const Op& op);
  void Restate(const Op& op);
  void Rollback(const Op& op);
  bool Finish(const std::vector<std::string>& verb, const Op& op);
  void Publish(const Published& published);
  void Check() const;

  std::string program_;
  Engine& engine_;
  std::filesystem::path folder_;
  World world_;
  Variants variants_{};
  RawData raw_;
  bool bad_ = false;
  bool held_ = false;
  std::string version_;
  std::vector<Step> steps_;
};

}  // namespace wapc::histories

#endif  // WAPC_TESTS_HISTORIES_HISTORY_H_
