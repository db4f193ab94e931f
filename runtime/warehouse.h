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
  std::string type;                             ///< "duckdb", "postgres"
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

/// What keeps two processes apart.
enum class LockKind : uint8_t {
  kFile,     ///< the database file is held by one process; Lock keeps apart what runs inside of it
  kSession,  ///< Lock holds between processes, as long as the connection that took it lives
};

/// What an engine can promise; printed in plans where it is less than everything.
struct Capabilities {
  bool transactional_ddl = true;
  bool comments = true;  ///< COMMENT ON VIEW and COMMENT ON COLUMN, of a view's columns too
  LockKind lock = LockKind::kFile;
  size_t longest_name = 0;  ///< bytes that the engine keeps of a name; 0: all of them
};

/// What the last failed call failed of, as far as it tells whether to try again.
enum class Fault : uint8_t {
  kStatement,    ///< the engine does not take the statement, or its data: trying again changes nothing
  kConflict,     ///< other transactions were in the way (serialization, deadlock, lock time-out): the same transaction
                 ///< from its beginning may succeed
  kInterrupted,  ///< cancelled, by Interrupt or by someone at the server
  kConnection,   ///< the connection is gone; whether a Commit that was under way happened is not known
};

/// Something that stands on a reader view and is in the way of dropping it.
struct Dependent {
  RelationName view;  ///< the reader view
  RelationName name;  ///< what stands on it, directly or through others
  std::string kind;   ///< "view", "materialized view", else the engine's own description
  std::string owner;
};

/// One connection to one engine. An adapter is one file in runtime/warehouses/. Errors are kWarehouse (kRace for a lock
/// that another process holds) with the engine's own words, never a secret. One thread uses a connection at a time, but
/// for Interrupt.
class Warehouse {
 public:
  virtual ~Warehouse() = default;

  virtual std::string_view dialect() const = 0;
  virtual Capabilities capabilities() const = 0;
  /// The engine's own version, for messages.
  virtual std::string Version() const = 0;

  /// One more connection to the same database, with the same settings and rights, for steps that run side by side.
  /// Locks are held by the connection that took them; a new holder of a lock first ends the sessions that the dead
  /// one's Another() made. It takes locks before it asks for connections.
  virtual base::Result<std::unique_ptr<Warehouse>> Another() = 0;

  virtual base::Status Execute(std::string_view sql) = 0;
  virtual base::Result<Rows> Query(std::string_view sql) = 0;
  /// From another thread: cancels what this connection runs at the moment, so that the call there returns an Error.
  /// Does nothing when nothing runs.
  virtual void Interrupt() = 0;
  /// Of the last call that failed.
  virtual Fault last_fault() const = 0;

  virtual base::Status Begin() = 0;
  virtual base::Status Commit() = 0;
  /// Never fails: a connection that cannot roll back is closed.
  virtual void Rollback() = 0;

  /// Takes the lock of a resource for this connection, for as long as it lives or until Unlock; waits up to `wait` for
  /// another holder, then kRace with that one named in the words of its `holder`. When it is gotten, no statement of an
  /// earlier holder runs any more. Outside of transactions only. Taking it twice is an error.
  virtual base::Status Lock(const std::string& resource, const std::string& holder, std::chrono::milliseconds wait) = 0;
  /// Gives it back; does nothing when this connection does not hold it.
  virtual void Unlock(const std::string& resource) = 0;

  /// What stands under a name; nothing when there is no such relation. Many look-ups belong into one transaction
  /// without a write between them: an adapter may then answer them all from one listing of the catalog.
  virtual base::Result<std::optional<RelationInfo>> Find(const RelationName& name) = 0;

  /// One reader view: `SELECT columns FROM relation`.
  struct ViewSwap {
    RelationName view;
    RelationName relation;
    std::vector<std::string> columns;
    std::vector<std::string> types;  ///< of the columns, the engine's words; needed by Dependents only
  };
  /// What one publish does with reader views.
  struct ViewChange {
    std::vector<ViewSwap> swaps;
    std::vector<RelationName> drops;   ///< views that go, where they stand; they go first
    std::vector<RelationName> own;     ///< views that wapc made, and makes again when one is in the way
    bool recreate_dependents = false;  ///< makes other people's views again too, with owner, rights and comments
    std::chrono::milliseconds patience{30'000};  ///< for readers that hold a view which must be swapped
  };
  /// What stands on the views that such a change cannot replace but must drop, and is not in `own`; to be asked before
  /// anything is built.
  virtual base::Result<std::vector<Dependent>> Dependents(const ViewChange& change) = 0;
  /// Does it inside the current transaction, in the way that the engine's readers notice least, and after all rows were
  /// moved. Rights and comments of a view survive. Errors: kWarehouse when readers held a view for too long (they are
  /// named) or the engine cannot lock so many at once, kProject for dependents that are in the way.
  virtual base::Status ChangeViews(const ViewChange& change) = 0;

  /// A moment, for WaitForSnapshots: taken after the last row of what is to be published was committed.
  virtual base::Result<std::string> SnapshotMark() = 0;
  /// Waits until no other session reads with a snapshot older than the mark: it would find the new tables empty. Gives,
  /// each in words, those that still do after `wait`; none is what publishing wants. Outside of transactions only.
  virtual base::Result<std::vector<std::string>> WaitForSnapshots(const std::string& mark,
                                                                  std::chrono::milliseconds wait) = 0;

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
