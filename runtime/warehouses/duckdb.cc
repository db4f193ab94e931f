#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "runtime/duckdb/handles.h"
#include "runtime/duckdb/open.h"
#include "runtime/duckdb/query.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {
namespace duckdb_adapter {
namespace {

std::string Doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

/// The engine folds ASCII letters only when it compares names.
std::string FoldCase(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

Fault FaultOf(std::string_view message) {
  const auto says = [message](std::string_view words) { return message.find(words) != std::string_view::npos; };
  if (message.starts_with("INTERRUPT Error")) return Fault::kInterrupted;
  const bool conflict = message.starts_with("TransactionContext Error") || message.starts_with("Transaction");
  if (conflict && (says("onflict") || says("write-write"))) return Fault::kConflict;
  return Fault::kStatement;
}

class DuckdbWarehouse : public Warehouse {
 public:
  DuckdbWarehouse(std::shared_ptr<Database> database, Connection connection)
      : database_(std::move(database)), connection_(std::move(connection)) {}
  DuckdbWarehouse(const DuckdbWarehouse&) = delete;
  DuckdbWarehouse& operator=(const DuckdbWarehouse&) = delete;
  ~DuckdbWarehouse() override { database_->locks.Release(this); }

  std::string_view dialect() const override { return "duckdb"; }
  Capabilities capabilities() const override { return {.lock = LockKind::kFile}; }
  std::string Version() const override { return std::string("DuckDB ") + duckdb_library_version(); }

  base::Result<std::unique_ptr<Warehouse>> Another() override { return Connect(database_); }

  base::Status Execute(std::string_view sql) override {
    listing_.reset();
    if (auto status = CheckOpen(); !status) return status;
    auto status = RunStatements(*connection_, sql);
    if (!status) fault_ = FaultOf(status.error().message);
    return status;
  }

  base::Result<Rows> Query(std::string_view sql) override {
    if (auto status = CheckOpen(); !status) return status.error();
    bool reads_only = false;
    auto rows = RunQuery(*connection_, sql, reads_only);
    if (!reads_only) listing_.reset();
    if (!rows) fault_ = FaultOf(rows.error().message);
    return rows;
  }

  void Interrupt() override { duckdb_interrupt(*connection_); }
  Fault last_fault() const override { return fault_; }

  base::Status Lock(const std::string& resource, const std::string& holder, std::chrono::milliseconds wait) override {
    const std::string held_by = database_->locks.Take(resource, holder, this, wait);
    if (held_by.empty()) return {};
    return base::Error{base::ErrorKind::kRace, resource + " is held by " + held_by};
  }
  void Unlock(const std::string& resource) override { database_->locks.Release(this, resource); }

  base::Status Begin() override {
    auto status = Execute("BEGIN TRANSACTION");
    in_transaction_ = in_transaction_ || static_cast<bool>(status);
    return status;
  }

  base::Status Commit() override {
    auto status = Execute("COMMIT");
    if (status) in_transaction_ = false;
    return status;
  }

  void Rollback() override {
    if (!in_transaction_) return;
    in_transaction_ = false;
    // A commit that failed has ended the transaction already: then there is nothing to roll back, which is no fault.
    const auto status = Execute("ROLLBACK");
    if (!status && status.error().message.find("no transaction is active") == std::string::npos) connection_ = {};
  }

  base::Result<std::optional<RelationInfo>> Find(const RelationName& name) override {
    auto listing = List();
    if (!listing) return listing.error();
    const auto at = (*listing)->find({FoldCase(name.schema), FoldCase(name.name)});
    if (at == (*listing)->end()) return std::optional<RelationInfo>();
    return std::optional<RelationInfo>(at->second);
  }

  /// Views are bound by name when they are read, so nothing is in the way of dropping one.
  base::Result<std::vector<Dependent>> Dependents(const ViewChange& /*change*/) override {
    return std::vector<Dependent>();
  }

  base::Status ChangeViews(const ViewChange& change) override {
    std::string sql;
    for (const RelationName& view : change.drops) sql += "DROP VIEW IF EXISTS " + Warehouse::Quote(view) + ";\n";
    for (const ViewSwap& swap : change.swaps) {
      std::string columns;
      for (const std::string& column : swap.columns) columns += (columns.empty() ? "" : ", ") + Quote(column);
      sql += "CREATE OR REPLACE VIEW " + Warehouse::Quote(swap.view) + " AS SELECT " +
             (columns.empty() ? "*" : columns) + " FROM " + Warehouse::Quote(swap.relation) + ";\n";
    }
    return sql.empty() ? base::Status() : Execute(sql);
  }

  /// A reader's snapshot covers the catalog too: it sees the old views over the old tables.
  base::Result<std::string> SnapshotMark() override { return std::string(); }
  base::Result<std::vector<std::string>> WaitForSnapshots(const std::string& /*mark*/,
                                                          std::chrono::milliseconds /*wait*/) override {
    return std::vector<std::string>();
  }

  std::string Quote(std::string_view identifier) const override { return Doubled(identifier, '"'); }
  std::string Literal(std::string_view text) const override { return Doubled(text, '\''); }

 private:
  /// Every relation of the file, by schema and name in lower case.
  using Listing = std::map<std::pair<std::string, std::string>, RelationInfo>;

  base::Status CheckOpen() {
    if (*connection_ != nullptr) return {};
    fault_ = Fault::kConnection;
    return base::Error{base::ErrorKind::kWarehouse, "the connection to DuckDB was closed after a failed rollback"};
  }

  /// The engine lists its whole catalog for any one name, so one listing serves until something is written. Outside a
  /// transaction another connection may write unseen, and nothing is kept.
  base::Result<const Listing*> List() {
    if (listing_ != nullptr) return static_cast<const Listing*>(listing_.get());
    auto rows = Query(
        "SELECT schema_name, table_name, table_oid, 0 FROM duckdb_tables() WHERE database_name = current_database() "
        "UNION ALL "
        "SELECT schema_name, view_name, view_oid, 1 FROM duckdb_views() "
        "WHERE database_name = current_database() AND NOT internal");
    if (!rows) return rows.error();
    auto listing = std::make_unique<Listing>();
    for (const auto& row : rows->rows) {
      const bool is_view = row[3].value_or("") == "1";
      (*listing)[{FoldCase(row[0].value_or("")), FoldCase(row[1].value_or(""))}] = {
          is_view ? RelationKind::kView : RelationKind::kTable, row[2].value_or("")};
    }
    Listing* const made = listing.get();
    (in_transaction_ ? listing_ : unkept_) = std::move(listing);
    return static_cast<const Listing*>(made);
  }

  std::shared_ptr<Database> database_;
  Connection connection_;
  bool in_transaction_ = false;
  Fault fault_ = Fault::kStatement;
  std::unique_ptr<Listing> listing_;
  std::unique_ptr<Listing> unkept_;
};

base::Result<std::unique_ptr<Warehouse>> OpenWarehouseFile(const ConnectionConfig& config, Access access,
                                                           std::chrono::milliseconds lock_timeout) {
  auto database = Open(config, access, lock_timeout);
  if (!database) return database.error();
  return Connect(std::move(*database));
}

}  // namespace

base::Result<std::unique_ptr<Warehouse>> Connect(std::shared_ptr<Database> database) {
  Connection connection;
  if (duckdb_connect(*database->handle, connection.address()) != DuckDBSuccess) {
    return base::Error{base::ErrorKind::kWarehouse, "DuckDB gave no connection"};
  }
  // Casts between text and moments must not hang on where the machine stands.
  if (auto status = RunStatements(*connection, "SET TimeZone = 'UTC'"); !status) return status.error();
  return std::unique_ptr<Warehouse>(std::make_unique<DuckdbWarehouse>(std::move(database), std::move(connection)));
}

}  // namespace duckdb_adapter

const WarehouseDriver& DuckdbDriver();

const WarehouseDriver& DuckdbDriver() {
  static constexpr WarehouseDriver kDriver{"duckdb", duckdb_adapter::OpenWarehouseFile};
  return kDriver;
}

}  // namespace wapc::runtime
