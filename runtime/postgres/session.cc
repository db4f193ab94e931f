#include "runtime/postgres/session.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/postgres/settings.h"

namespace wapc::runtime::postgres_adapter {
namespace {

using base::Error;
using base::ErrorKind;

constexpr Oid kBool = 16;
constexpr std::string_view kNameTooLong = "42622";

std::string Doubled(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) out.append(c == quote ? 2 : 1, c);
  return out + quote;
}

std::string Field(const PGresult* result, int code) {
  const char* const text = result == nullptr ? nullptr : PQresultErrorField(result, code);
  return text == nullptr ? "" : text;
}

/// One line without the line break that the library closes its messages with.
std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

/// Two sessions that make the same thing at once meet in a unique index of the catalog.
bool IsCatalogConflict(const PGresult* result, std::string_view state, std::string_view message) {
  if (message.find("tuple concurrently") != std::string_view::npos) return true;
  return state == "23505" && Field(result, PG_DIAG_SCHEMA_NAME) == "pg_catalog";
}

Fault FaultOf(const PGresult* result, std::string_view state, std::string_view message) {
  if (state.empty() || state.starts_with("08") || state.starts_with("57P")) return Fault::kConnection;
  if (state == "57014") return Fault::kInterrupted;
  if (state.starts_with("40") || state == "55P03" || IsCatalogConflict(result, state, message)) return Fault::kConflict;
  return Fault::kStatement;
}

}  // namespace

std::string QuoteName(std::string_view name) { return Doubled(name, '"'); }
std::string QuoteText(std::string_view text) { return Doubled(text, '\''); }

base::Result<std::unique_ptr<Session>> Session::Open(const ConnectionConfig& config, Access access) {
  if (auto loaded = LoadLibpq(); !loaded) return loaded.error();
  std::unique_ptr<Session> session(new Session());
  if (auto status = session->Connect(config, access); !status) return status.error();
  return session;
}

base::Status Session::Connect(const ConnectionConfig& config, Access access) {
  const auto parameters = ConnectionParameters(config);
  if (!parameters) return parameters.error();
  if (const auto password = parameters->find("password"); password != parameters->end()) secret_ = password->second;
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : *parameters) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  connection_ = PQconnectdbParams(keys.data(), values.data(), 0);
  if (PQstatus(connection_) != CONNECTION_OK) return Failure(nullptr);
  cancel_ = PQgetCancel(connection_);
  pid_ = PQbackendPID(connection_);
  // Notices would go to stderr; only one of them means that the server did something else than it was told.
  PQsetNoticeReceiver(
      connection_,
      [](void* self, const PGresult* notice) {
        if (Field(notice, PG_DIAG_SQLSTATE) != kNameTooLong) return;
        static_cast<Session*>(self)->name_fault_ = Field(notice, PG_DIAG_MESSAGE_PRIMARY);
      },
      static_cast<void*>(this));
  return Prepare(config, access);
}

base::Status Session::Prepare(const ConnectionConfig& config, Access access) {
  return Execute(SessionSql(config, access, PQserverVersion(connection_)));
}

Session::~Session() {
  if (cancel_ != nullptr) PQfreeCancel(cancel_);
  if (connection_ != nullptr) PQfinish(connection_);
}

base::Error Session::Failure(const PGresult* result) {
  sqlstate_ = Field(result, PG_DIAG_SQLSTATE);
  std::string message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  const bool lost = connection_ == nullptr || PQstatus(connection_) != CONNECTION_OK;
  if (message.empty()) message = connection_ == nullptr ? "the connection is closed" : PQerrorMessage(connection_);
  message = Trimmed(std::move(message));
  fault_ = lost ? Fault::kConnection : FaultOf(result, sqlstate_, message);
  if (!sqlstate_.empty()) message += " (SQLSTATE " + sqlstate_ + ")";
  if (const std::string detail = Field(result, PG_DIAG_MESSAGE_DETAIL); !detail.empty()) message += "; " + detail;
  if (const std::string hint = Field(result, PG_DIAG_MESSAGE_HINT); !hint.empty()) message += "; hint: " + hint;
  // A short text would be found in words that have nothing to do with it.
  for (size_t at = 0; secret_.size() > 3 && (at = message.find(secret_, at)) != std::string::npos;) {
    message.replace(at, secret_.size(), "***");
  }
  const bool race = sqlstate_ == "40001" || (fault_ == Fault::kConflict && sqlstate_ == "23505");
  return {race ? ErrorKind::kRace : ErrorKind::kWarehouse, "PostgreSQL: " + message};
}

base::Result<Session::Result> Session::Run(std::string_view sql) {
  if (sql.find('\0') != std::string_view::npos) {
    fault_ = Fault::kStatement;
    return Error{ErrorKind::kWarehouse, "the SQL holds a NUL character"};
  }
  if (connection_ == nullptr) return Failure(nullptr);
  name_fault_.clear();
  Result result(PQexec(connection_, std::string(sql).c_str()), [](PGresult* owned) { PQclear(owned); });
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
    return Failure(result.get());
  }
  if (name_fault_.empty()) return result;
  fault_ = Fault::kStatement;
  return Error{ErrorKind::kWarehouse, "PostgreSQL does not keep so long a name: " + name_fault_};
}

base::Status Session::Execute(std::string_view sql) {
  const auto result = Run(sql);
  return result ? base::Status() : result.error();
}

base::Status Session::Commit() {
  const auto result = Run("COMMIT");
  if (!result) return result.error();
  if (std::string_view(PQcmdStatus(result->get())) == "COMMIT") return {};
  fault_ = Fault::kStatement;
  return Error{ErrorKind::kWarehouse,
               "PostgreSQL rolled the transaction back instead of committing it: a statement in it had failed"};
}

void Session::Rollback() {
  if (connection_ == nullptr) return;
  const PGTransactionStatusType status = PQtransactionStatus(connection_);
  if (status == PQTRANS_IDLE) return;
  if (status != PQTRANS_UNKNOWN && Execute("ROLLBACK")) return;
  PQfinish(connection_);
  connection_ = nullptr;
}

base::Result<Rows> Session::Query(std::string_view sql) {
  bool reads_only = false;
  return Query(sql, reads_only);
}

base::Result<Rows> Session::Query(std::string_view sql, bool& reads_only) {
  reads_only = false;
  const auto result = Run(sql);
  if (!result) return result.error();
  if (PQresultStatus(result->get()) == PGRES_EMPTY_QUERY) {
    fault_ = Fault::kStatement;
    return Error{ErrorKind::kWarehouse, "there is no statement in the SQL"};
  }
  reads_only = std::string_view(PQcmdStatus(result->get())).starts_with("SELECT");
  return Fetch(result->get());
}

base::Result<Rows> Session::Fetch(const PGresult* result) {
  const int columns = PQnfields(result);
  std::vector<TypeKey> types;
  Rows out;
  for (int c = 0; c < columns; ++c) {
    types.emplace_back(PQftype(result, c), PQfmod(result, c));
    out.columns.emplace_back(PQfname(result, c));
  }
  if (auto named = NameTypes(types); !named) return named.error();
  for (const TypeKey& type : types) out.types.push_back(type_names_[type]);
  out.rows.reserve(static_cast<size_t>(PQntuples(result)));
  for (int r = 0; r < PQntuples(result); ++r) {
    auto& row = out.rows.emplace_back();
    row.reserve(static_cast<size_t>(columns));
    for (int c = 0; c < columns; ++c) {
      if (PQgetisnull(result, r, c) != 0) {
        row.emplace_back();
      } else if (types[static_cast<size_t>(c)].first == kBool) {
        row.emplace_back(*PQgetvalue(result, r, c) == 't' ? "true" : "false");
      } else {
        row.emplace_back(std::string(PQgetvalue(result, r, c), static_cast<size_t>(PQgetlength(result, r, c))));
      }
    }
  }
  return out;
}

base::Status Session::NameTypes(const std::vector<TypeKey>& types) {
  std::vector<TypeKey> unknown;
  for (const TypeKey& type : types) {
    const bool listed = std::find(unknown.begin(), unknown.end(), type) != unknown.end();
    if (!listed && !type_names_.contains(type)) unknown.push_back(type);
  }
  if (unknown.empty()) return {};
  std::string sql;
  for (const auto& [type, modifier] : unknown) {
    sql += (sql.empty() ? "SELECT pg_catalog.format_type(" : ", pg_catalog.format_type(") + std::to_string(type) + "," +
           std::to_string(modifier) + ")";
  }
  const auto result = Run(sql);
  if (!result) return result.error();
  for (size_t i = 0; i < unknown.size(); ++i)
    type_names_[unknown[i]] = PQgetvalue(result->get(), 0, static_cast<int>(i));
  return {};
}

base::Result<std::vector<std::string>> Session::Describe(std::string_view sql) {
  if (connection_ == nullptr) return Failure(nullptr);
  const auto clear = [](PGresult* owned) { PQclear(owned); };
  const Result prepared(PQprepare(connection_, "", std::string(sql).c_str(), 0, nullptr), clear);
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) return Failure(prepared.get());
  const Result described(PQdescribePrepared(connection_, ""), clear);
  if (PQresultStatus(described.get()) != PGRES_COMMAND_OK) return Failure(described.get());
  std::vector<TypeKey> types;
  types.reserve(static_cast<size_t>(PQnfields(described.get())));
  for (int c = 0; c < PQnfields(described.get()); ++c) {
    types.emplace_back(PQftype(described.get(), c), PQfmod(described.get(), c));
  }
  if (auto named = NameTypes(types); !named) return named.error();
  std::vector<std::string> out;
  out.reserve(types.size());
  for (const TypeKey& type : types) out.push_back(type_names_[type]);
  return out;
}

void Session::Interrupt() {
  if (cancel_ == nullptr) return;
  // What cannot be cancelled runs to its end; there is nobody to tell here.
  std::array<char, 256> ignored{};
  static_cast<void>(PQcancel(cancel_, ignored.data(), static_cast<int>(ignored.size())));
}

std::string Session::Version() const {
  const char* const version = connection_ == nullptr ? nullptr : PQparameterStatus(connection_, "server_version");
  return std::string("PostgreSQL ") + (version == nullptr ? "" : version);
}

}  // namespace wapc::runtime::postgres_adapter
