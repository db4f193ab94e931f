#ifndef WAPC_TESTS_HISTORIES_WORLD_H_
#define WAPC_TESTS_HISTORIES_WORLD_H_

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/warehouse.h"
#include "tests/histories/process.h"
#include "tests/histories/project.h"
#include "tests/histories/raw_data.h"

namespace wapc::histories {

/// The rows of every published view, sorted, as text.
using Tables = std::map<std::string, std::vector<std::string>>;

/// One engine: where its warehouse is, and the text that says so in wapc.yaml.
struct Site {
  runtime::ConnectionConfig config;
  std::string connection;
};

/// A project with its warehouse, driven by the wapc program alone.
class World {
 public:
  World(std::string program, std::filesystem::path folder, Site site);

  Ended Wapc(std::vector<std::string> arguments, std::optional<std::chrono::milliseconds> kill_after = {}) const;
  void Write(const Variants& variants) const;
  void WriteRaw(const RawData& raw) const;
  /// The rows of a query, NULL as "NULL"; none when it fails.
  std::vector<std::vector<std::string>> Query(const std::string& sql) const;
  /// What readers see now; views that are not there have no entry.
  Tables Read() const;
  /// "structure.data" of prod, "" when it does not exist: moves with every publish.
  std::string Version() const;

 private:
  std::unique_ptr<runtime::Warehouse> Open() const;

  std::string program_;
  std::filesystem::path folder_;
  Site site_;
};

/// What a publish made: enough to make it again from nothing.
struct Published {
  Variants variants{};
  RawData raw;
};

/// Builds what was published in an empty warehouse of its own and gives what readers would see.
Tables Rebuild(const std::string& program, const std::filesystem::path& folder, const Site& site,
               const Published& published);

}  // namespace wapc::histories

#endif  // WAPC_TESTS_HISTORIES_WORLD_H_
