#include <map>
#include <memory>
#include <string>
#include <utility>

#include "runtime/postgres/locks.h"
#include "runtime/postgres/session.h"
#include "runtime/postgres/views.h"
#include "runtime/warehouse.h"

namespace wapc::runtime {
namespace postgres_adapter {
namespace {

/// PostgreSQL keeps so many bytes of a name.
constexpr size_t kLongestName = 63;

class PostgresWarehouse : public Warehouse {
 public:
  PostgresWarehouse(ConnectionConfig config, Access access, std::unique_ptr<Session> session,
                    std::shared_ptr<Family> family)
      : config_(std::move(config)), access_(access), session_(std::move(session)), family_(std::move(family)) {
    family_->Join(session_->pid());
  }
  PostgresWarehouse(const PostgresWarehouse&) = delete;
  PostgresWarehouse& operator=(const PostgresWarehouse&) = delete;
  ~PostgresWarehouse() override { family_->Leave(session_->pid()); }

  std::string_view dialect() const override { return "postgres"; }
  Capabilities capabilities() const override { return {.lock = LockKind::kSession, .longest_name = kLongestName}; }
  std::string Version() const override { return session_->Version(); }

  base::Result<std::unique_ptr<Warehouse>> Another() override {
    auto session = Session::Open(config_, access_);
    if (!session) return session.error();
    if (auto marked = MarkMember(**session, *family_); !marked) return marked.error();
    return std::unique_ptr<Warehouse>(
        std::make_unique<PostgresWarehouse>(config_, access_, std::move(*session), family_));
  }

  base::Status Execute(std::string_view sql) override {
    listing_.reset();
    return session_->Execute(sql);
  }

  base::Result<Rows> Query(std::string_view sql) override {
    bool reads_only = false;
    auto rows = session_->Query(sql, reads_only);
    if (!reads_only) listing_.reset();
    return rows;
  }

  void Interrupt() override { session_->Interrupt(); }
  Fault last_fault() const override { return session_->fault(); }

  /// One snapshot for the whole transaction, as in the other engines: what is read first and last belongs together.
  base::Status Begin() override {
    auto status = Execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    in_transaction_ = in_transaction_ || static_cast<bool>(status);
    return status;
  }

  base::Status Commit() override {
    listing_.reset();
    auto status = session_->Commit();
    if (status) in_transaction_ = false;
    return status;
  }

  void Rollback() override {
    listing_.reset();
    in_transaction_ = false;
    session_->Rollback();
  }

  base::Status Lock(const std::string& resource, const std::string& holder, std::chrono::milliseconds wait) override {
    return TakeLock(*session_, *family_, resource, holder, wait);
  }
  void Unlock(const std::string& resource) override { ReturnLock(*session_, *family_, resource); }

  base::Result<std::optional<RelationInfo>> Find(const RelationName& name) override {
    auto listing = List();
    if (!listing) return listing.error();
    const auto at = (*listing)->find({name.schema, name.name});
    if (at == (*listing)->end()) return std::optional<RelationInfo>();
    return std::optional<RelationInfo>(at->second);
  }

  base::Result<std::vector<Dependent>> Dependents(const ViewChange& change) override {
    return FindDependents(*session_, change);
  }

  base::Status ChangeViews(const ViewChange& change) override {
    listing_.reset();
    return SwapViews(*session_, change);
  }

  base::Result<std::string> SnapshotMark() override { return OpenTransactions(*session_, *family_); }
  base::Result<std::vector<std::string>> WaitForSnapshots(const std::string& mark,
                                                          std::chrono::milliseconds wait) override {
    return WaitForOthers(*session_, mark, wait);
  }

  std::string Quote(std::string_view identifier) const override { return QuoteName(identifier); }
  std::string Literal(std::string_view text) const override { return QuoteText(text); }

 private:
  using Listing = std::map<std::pair<std::string, std::string>, RelationInfo>;

  /// Every relation of the database that is no index, kept until something is written in this transaction. A table is
  /// another one when it has another file, a view when its rule was written again.
  base::Result<const Listing*> List() {
    if (listing_ != nullptr) return static_cast<const Listing*>(listing_.get());
    auto rows = Query(
        "SELECT n.nspname, c.relname, c.relkind, c.oid::text || ':' || coalesce(r.xmin::text, c.relfilenode::text) "
        "FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_rewrite AS r "
        "ON r.ev_class = c.oid AND c.relkind = 'v' AND r.rulename = '_RETURN' WHERE c.relkind IN ('r', 'p', 'f', 'm', "
        "'v') "
        "AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')");
    if (!rows) return rows.error();
    auto listing = std::make_unique<Listing>();
    for (const auto& row : rows->rows) {
      const bool is_view = row[2].value_or("") == "v";
      (*listing)[{row[0].value_or(""), row[1].value_or("")}] = {is_view ? RelationKind::kView : RelationKind::kTable,
                                                                row[3].value_or("")};
    }
    const Listing* const made = listing.get();
    (in_transaction_ ? listing_ : unkept_) = std::move(listing);
    return made;
  }

  ConnectionConfig config_;
  Access access_;
  std::unique_ptr<Session> session_;
  std::shared_ptr<Family> family_;
  bool in_transaction_ = false;
  std::unique_ptr<Listing> listing_;
  std::unique_ptr<Listing> unkept_;
};

base::Result<std::unique_ptr<Warehouse>> OpenServer(const ConnectionConfig& config, Access access,
                                                    std::chrono::milliseconds /*lock_timeout*/) {
  auto session = Session::Open(config, access);
  if (!session) return session.error();
  return std::unique_ptr<Warehouse>(
      std::make_unique<PostgresWarehouse>(config, access, std::move(*session), std::make_shared<Family>()));
}

}  // namespace
}  // namespace postgres_adapter

const WarehouseDriver& PostgresDriver();

const WarehouseDriver& PostgresDriver() {
  static constexpr WarehouseDriver kDriver{"postgres", postgres_adapter::OpenServer};
  return kDriver;
}

}  // namespace wapc::runtime
