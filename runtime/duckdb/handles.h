#ifndef WAPC_RUNTIME_DUCKDB_HANDLES_H_
#define WAPC_RUNTIME_DUCKDB_HANDLES_H_

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "runtime/duckdb/api.h"

/// Owners of what DuckDB's C API hands out. For the .cc files of this adapter only.
namespace wapc::runtime::duckdb_adapter {

/// Owns one handle and ends it with the C API's function for it.
template <class Handle, auto kDestroy>
class Owned {
 public:
  Owned() = default;
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  Owned(Owned&& other) noexcept : handle_(other.handle_) { other.handle_ = Handle{}; }
  Owned& operator=(Owned&& other) noexcept {
    if (this != &other) {
      kDestroy(&handle_);
      handle_ = other.handle_;
      other.handle_ = Handle{};
    }
    return *this;
  }
  ~Owned() { kDestroy(&handle_); }

  Handle& operator*() { return handle_; }
  Handle* address() { return &handle_; }

 private:
  Handle handle_{};
};

using Connection = Owned<duckdb_connection, duckdb_disconnect>;
using Prepared = Owned<duckdb_prepared_statement, duckdb_destroy_prepare>;
using QueryResult = Owned<duckdb_result, duckdb_destroy_result>;
using Chunk = Owned<duckdb_data_chunk, duckdb_destroy_data_chunk>;
using LogicalType = Owned<duckdb_logical_type, duckdb_destroy_logical_type>;
using Config = Owned<duckdb_config, duckdb_destroy_config>;
using Statements = Owned<duckdb_extracted_statements, duckdb_destroy_extracted>;

/// The locks that connections to one open file hold against each other; other processes cannot open it anyway.
class Locks {
 public:
  /// Takes a resource for `owner`, waiting for another holder; gives that one's words when it did not let go in time,
  /// else nothing.
  std::string Take(const std::string& resource, const std::string& holder, const void* owner,
                   std::chrono::milliseconds wait) {
    std::unique_lock guard(mutex_);
    const bool free = released_.wait_for(guard, wait, [&] { return !held_.contains(resource); });
    if (!free) return held_[resource].holder;
    held_[resource] = {holder, owner};
    return {};
  }

  /// Gives back what `owner` holds, or one resource of that.
  void Release(const void* owner, const std::string& resource = {}) {
    const std::lock_guard guard(mutex_);
    std::erase_if(held_, [&](const auto& entry) {
      return entry.second.owner == owner && (resource.empty() || entry.first == resource);
    });
    released_.notify_all();
  }

 private:
  struct Held {
    std::string holder;
    const void* owner = nullptr;
  };
  std::mutex mutex_;
  std::condition_variable released_;
  std::map<std::string, Held> held_;
};

/// One open file; it closes when the last connection to it goes.
struct Database {
  Locks locks;
  Owned<duckdb_database, duckdb_close> handle;
};

}  // namespace wapc::runtime::duckdb_adapter

#endif  // WAPC_RUNTIME_DUCKDB_HANDLES_H_
