#include "runtime/duckdb/open.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "runtime/duckdb/handles.h"

namespace wapc::runtime::duckdb_adapter {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view kMemory = ":memory:";

base::Result<std::string> CheckSettings(const ConnectionConfig& config) {
  constexpr std::array<std::string_view, 3> kKnown{"database", "memory_limit", "threads"};
  for (const auto& [key, value] : config.settings) {
    if (std::find(kKnown.begin(), kKnown.end(), key) != kKnown.end()) continue;
    return Error{ErrorKind::kUsage, "a duckdb connection has no setting '" + key +
                                        "'; the known ones are: database, memory_limit, threads"};
  }
  const auto database = config.settings.find("database");
  if (database == config.settings.end() || database->second.empty()) {
    return Error{ErrorKind::kUsage, "a duckdb connection needs the setting 'database': a file, or :memory:"};
  }
  return database->second;
}

base::Status Configure(const ConnectionConfig& config, Access access, bool in_memory, Config& out) {
  if (duckdb_create_config(out.address()) != DuckDBSuccess) return Error{ErrorKind::kWarehouse, "DuckDB did not start"};
  // An in-memory database cannot be opened read-only; it starts empty anyway.
  if (access == Access::kReadOnly && !in_memory) duckdb_set_config(*out, "access_mode", "READ_ONLY");
  for (const auto& [key, value] : config.settings) {
    if (key == "database" || duckdb_set_config(*out, key.c_str(), value.c_str()) == DuckDBSuccess) continue;
    return Error{ErrorKind::kUsage, fmt::format("DuckDB does not take '{}' as its setting '{}'", value, key)};
  }
  return {};
}

bool IsLockError(std::string_view message) { return message.find("Could not set lock on file") != std::string::npos; }

/// The engine says: Could not set lock on file "F": Conflicting lock is held in COMMAND (PID N) by user U. See also URL
std::string HolderOf(std::string_view message) {
  constexpr std::string_view kBefore = "lock is held in ";
  const size_t begin = message.find(kBefore);
  if (begin == std::string_view::npos) return "another process";
  std::string_view holder = message.substr(begin + kBefore.size());
  const size_t end = holder.find(')');
  return std::string(holder.substr(0, end == std::string_view::npos ? end : end + 1));
}

Error OpenError(const std::string& path, std::string_view message) {
  if (IsLockError(message)) {
    return {ErrorKind::kRace, "the warehouse file " + path + " is held by " + HolderOf(message) +
                                  ": wait until that process is done, or raise --lock-timeout"};
  }
  return {ErrorKind::kWarehouse, "the warehouse file " + path + " cannot be opened: " + std::string(message)};
}

/// A new file is its owner's alone, and what the engine makes beside it (.wal, .tmp) has no more rights than the file.
void KeepRights(const std::string& path) {
  constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
  constexpr mode_t kAll = S_IRWXU | S_IRWXG | S_IRWXO;
  struct stat info {};
  const mode_t rights = ::stat(path.c_str(), &info) == 0 ? info.st_mode & kAll : kOwnerOnly;
  const mode_t before = ::umask(kAll);
  ::umask(before | (kAll & ~(rights | S_IXUSR)));
}

}  // namespace

base::Result<std::shared_ptr<Database>> Open(const ConnectionConfig& config, Access access,
                                             std::chrono::milliseconds lock_timeout) {
  constexpr std::chrono::milliseconds kPause{50};
  if (auto loaded = LoadDuckDb(); !loaded) return loaded.error();
  auto path = CheckSettings(config);
  if (!path) return path.error();
  const bool in_memory = *path == kMemory;
  std::error_code ignored;
  if (access == Access::kReadOnly && !in_memory && !std::filesystem::exists(*path, ignored)) {
    return Error{ErrorKind::kWarehouse, "the warehouse file " + *path + " does not exist"};
  }
  Config settings;
  if (auto status = Configure(config, access, in_memory, settings); !status) return status.error();
  if (access == Access::kReadWrite && !in_memory) KeepRights(*path);
  const auto deadline = std::chrono::steady_clock::now() + lock_timeout;
  while (true) {
    auto database = std::make_shared<Database>();
    char* message = nullptr;
    if (duckdb_open_ext(path->c_str(), database->handle.address(), *settings, &message) == DuckDBSuccess)
      return database;
    const Error error = OpenError(*path, message == nullptr ? "the engine gave no reason" : message);
    duckdb_free(message);
    if (error.kind != ErrorKind::kRace || std::chrono::steady_clock::now() >= deadline) return error;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace wapc::runtime::duckdb_adapter
