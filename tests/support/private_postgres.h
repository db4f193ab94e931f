#ifndef WAPC_TESTS_SUPPORT_PRIVATE_POSTGRES_H_
#define WAPC_TESTS_SUPPORT_PRIVATE_POSTGRES_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

struct pg_conn;

namespace wapc::testing {

/// What a query gave, as text; `error` is empty when it went well.
struct PostgresRows {
  std::string error;
  std::vector<std::string> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
};

/// A column as PREPARE describes it: name, and type as format_type writes it ("numeric(10,2)", "text[]").
struct PostgresColumn {
  std::string name;
  std::string type;
};
struct PostgresDescription {
  std::string error;  ///< empty: the server takes the statement
  std::vector<PostgresColumn> columns;
};

/// A PostgreSQL of its own, in a temporary folder, reached through a socket there; gone with the object. Debian's
/// package `postgresql` brings the programs. Started as root it runs as user `postgres`.
class PrivatePostgres {
 public:
  PrivatePostgres();
  ~PrivatePostgres();
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;

  /// Why there is no server; empty when there is one.
  const std::string& problem() const { return problem_; }
  /// For libpq and for `type: postgres` connections: the folder of the socket, as host.
  const std::string& host() const { return folder_; }
  std::string conninfo() const { return "host=" + folder_ + " user=postgres dbname=postgres"; }

  PostgresRows Run(const std::string& sql);
  /// What a statement would give, without running it.
  PostgresDescription Describe(const std::string& sql);

 private:
  bool Start();
  std::string TypeName(unsigned type, int modifier);

  std::string folder_;
  int owner_ = 0;  ///< the process that started the server: a fork of it does not end it
  std::string problem_;
  pg_conn* connection_ = nullptr;
  std::vector<std::pair<std::pair<unsigned, int>, std::string>> type_names_;
};

}  // namespace wapc::testing

#endif  // WAPC_TESTS_SUPPORT_PRIVATE_POSTGRES_H_
