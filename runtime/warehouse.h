#ifndef WAPC_RUNTIME_WAREHOUSE_H_
#define WAPC_RUNTIME_WAREHOUSE_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/plan.h"

namespace wapc::runtime {

/// How to reach a warehouse: the words of `connection:` in wapc.yaml.
struct ConnectionConfig {
  std::string type;                             ///< "duckdb"
  std::map<std::string, std::string> settings;  ///< "database": a path, made absolute; others by adapter
};

enum class Access : uint8_t { kReadOnly, kReadWrite };

/// Rows as text; a missing value is NULL.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::string> types;  ///< the engine's words
  std::vector<std::vector<std::optional<std::string>>> rows;
};

enum class RelationKind : uint8_t { kTable, kView };

struct RelationInfo {
  RelationKind kind = RelationKind::kTable;
  /// Changes whenever the relation is made again; compared only within one connection.
  std::string identity;
};

/// What an engine can promise; printed in plans where it is less than everything.
struct Capabilities {
  bool transactional_ddl = true;
  bool comments = true;  ///< COMMENT ON VIEW and COMMENT ON COLUMN, of a view's columns too
};

/// One connection to one engine. An adapter is one file in runtime/warehouses/. Errors are kWarehouse (kRace for a lock
/// that another process holds) with the engine's own words, never a secret.
class Warehouse {
 public:
  virtual ~Warehouse() = default;

  virtual std::string_view dialect() const = 0;
  virtual Capabilities capabilities() const = 0;
  /// The engine's own version, for messages.
  virtual std::string Version() const = 0;

  virtual base::Status Execute(std::string_view sql) = 0;
  virtual base::Result<Rows> Query(std::string_view sql) = 0;

  virtual base::Status Begin() = 0;
  virtual base::Status Commit() = 0;
  /// Never fails: a connection that cannot roll back is closed.
  virtual void Rollback() = 0;

  /// What stands under a name; nothing when there is no such relation. Many look-ups belong into one transaction
  /// without a write between them: an adapter may then answer them all from one listing of the catalog.
  virtual base::Result<std::optional<RelationInfo>> Find(const RelationName& name) = 0;
  /// Makes or replaces reader views inside the current transaction, each `SELECT columns FROM relation`, in the way
  /// that the engine's readers notice least.
  struct ViewSwap {
    RelationName view;
    RelationName relation;
    std::vector<std::string> columns;
  };
  virtual base::Status SwapViews(const std::vector<ViewSwap>& swaps) = 0;

  virtual std::string Quote(std::string_view identifier) const = 0;
  virtual std::string Literal(std::string_view text) const = 0;
  std::string Quote(const RelationName& name) const { return Quote(name.schema) + "." + Quote(name.name); }
};

/// Opens the adapter that `config.type` names. A file that another process holds is waited for up to `lock_timeout`,
/// then kRace with that process named. An unknown type is kUsage with the known ones.
base::Result<std::unique_ptr<Warehouse>> OpenWarehouse(const ConnectionConfig& config, Access access,
                                                       std::chrono::milliseconds lock_timeout);

/// An adapter's entry: runtime/warehouses/foo.cc defines `const WarehouseDriver& FooDriver()` and is found by its name.
struct WarehouseDriver {
  std::string_view type;
  base::Result<std::unique_ptr<Warehouse>> (*open)(const ConnectionConfig& config, Access access,
                                                   std::chrono::milliseconds lock_timeout);
};

/// Every adapter, by name.
std::vector<const WarehouseDriver*> AllWarehouseDrivers();

}  // namespace wapc::runtime

#endif  // WAPC_RUNTIME_WAREHOUSE_H_
