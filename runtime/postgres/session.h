#ifndef WAPC_RUNTIME_POSTGRES_SESSION_H_
#define WAPC_RUNTIME_POSTGRES_SESSION_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "runtime/postgres/api.h"
#include "runtime/warehouse.h"

/// One connection to a PostgreSQL server. For the .cc files of this adapter only.
namespace wapc::runtime::postgres_adapter {

/// "name" and 'text' as the server reads them, whatever is in them; standard_conforming_strings is on in every session.
std::string QuoteName(std::string_view name);
std::string QuoteText(std::string_view text);

/// Column types, as the server tells them apart.
using TypeKey = std::pair<Oid, int>;

class Session {
 public:
  /// Connects and sets what the session's results hang on. Errors: kUsage for a setting that is missing or unknown,
  /// else kWarehouse.
  static base::Result<std::unique_ptr<Session>> Open(const ConnectionConfig& config, Access access);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Runs SQL for its effect; several statements are one transaction when none is open.
  base::Status Execute(std::string_view sql);
  /// Runs SQL and gives the rows of its last statement as text, truth values as true and false. `reads_only` says
  /// whether that was a SELECT.
  base::Result<Rows> Query(std::string_view sql, bool& reads_only);
  base::Result<Rows> Query(std::string_view sql);
  /// What COMMIT came to: the server answers it with a rollback when the transaction had failed.
  base::Status Commit();
  /// Never fails; a connection that cannot roll back is closed.
  void Rollback();

  /// The words of format_type for the types of `SELECT expressions`, which is not run.
  base::Result<std::vector<std::string>> Describe(std::string_view sql);

  void Interrupt();
  Fault fault() const { return fault_; }
  /// SQLSTATE of the last failed call; empty when the connection failed.
  const std::string& sqlstate() const { return sqlstate_; }
  int pid() const { return pid_; }
  std::string Version() const;

 private:
  Session() = default;
  base::Status Connect(const ConnectionConfig& config, Access access);
  base::Status Prepare(const ConnectionConfig& config, Access access);
  /// One round trip; gives an owned result that is not an error.
  using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;
  base::Result<Result> Run(std::string_view sql);
  base::Error Failure(const PGresult* result);
  base::Status NameTypes(const std::vector<TypeKey>& types);
  base::Result<Rows> Fetch(const PGresult* result);

  PGconn* connection_ = nullptr;
  PGcancel* cancel_ = nullptr;
  int pid_ = 0;
  std::string secret_;      ///< the password: masked in whatever the library says
  std::string name_fault_;  ///< what the server said when it cut a name
  Fault fault_ = Fault::kStatement;
  std::string sqlstate_;
  std::map<TypeKey, std::string> type_names_;
};

}  // namespace wapc::runtime::postgres_adapter

#endif  // WAPC_RUNTIME_POSTGRES_SESSION_H_
