#include "tests/support/private_postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

namespace wapc::testing {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

// The newest of Debian's folders that has the programs; empty: none.
std::string ProgramFolder() {
  std::vector<std::string> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", failed)) {
    const std::filesystem::path programs = entry.path() / "bin";
    if (std::filesystem::exists(programs / "initdb")) found.push_back(programs.string());
  }
  return found.empty() ? std::string() : *std::max_element(found.begin(), found.end());
}

// The server refuses to run as root.
std::string AsServer() {
  return geteuid() == 0 ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : std::string();
}

bool RunShell(const std::string& command) { return std::system(command.c_str()) == 0; }

std::string Text(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

}  // namespace

PrivatePostgres::PrivatePostgres() : owner_(getpid()) {
  std::string folder = (std::filesystem::temp_directory_path() / "wapc-pg-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) {
    problem_ = "no temporary folder";
    return;
  }
  folder_ = folder;
  if (Start()) connection_ = PQconnectdb(conninfo().c_str());
  if (problem_.empty() && PQstatus(connection_) != CONNECTION_OK) problem_ = PQerrorMessage(connection_);
}

bool PrivatePostgres::Start() {
  const std::string programs = ProgramFolder();
  if (programs.empty()) {
    problem_ = "PostgreSQL's programs are not installed: apt-get install postgresql";
    return false;
  }
  if (geteuid() == 0 && !RunShell("chown postgres " + folder_)) {
    problem_ = "there is no user postgres to run the server";
    return false;
  }
  const std::string log = folder_ + "/log";
  const std::string init =
      fmt::format("cd {0} && {1}{2}/initdb -A trust -N -U postgres --locale=C -E UTF8 -D {0}/data >{3} 2>&1", folder_,
                  AsServer(), programs, log);
  const std::string start = fmt::format(
      "cd {0} && {1}{2}/pg_ctl -D {0}/data -w -l {0}/data/server.log -o \"-c listen_addresses='' -c "
      "unix_socket_directories={0} -c fsync=off\" "
      "start >>{3} 2>&1 </dev/null",
      folder_, AsServer(), programs, log);
  if (RunShell(init) && RunShell(start)) return true;
  problem_ = "PostgreSQL did not start: " + Text(log) + Text(folder_ + "/data/server.log");
  return false;
}

PrivatePostgres::~PrivatePostgres() {
  if (owner_ != getpid()) return;
  if (connection_ != nullptr) PQfinish(connection_);
  if (folder_.empty()) return;
  const std::string programs = ProgramFolder();
  if (!programs.empty() && std::filesystem::exists(folder_ + "/data/postmaster.pid")) {
    RunShell(fmt::format("cd {0} && {1}{2}/pg_ctl -D {0}/data -m immediate stop >/dev/null 2>&1", folder_, AsServer(),
                         programs));
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

PostgresRows PrivatePostgres::Run(const std::string& sql) {
  PostgresRows out;
  const Result result(PQexec(connection_, sql.c_str()), &PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
    out.error = PQerrorMessage(connection_);
    return out;
  }
  const int columns = PQnfields(result.get());
  for (int c = 0; c < columns; ++c) out.columns.emplace_back(PQfname(result.get(), c));
  for (int r = 0; r < PQntuples(result.get()); ++r) {
    auto& row = out.rows.emplace_back();
    for (int c = 0; c < columns; ++c) {
      const bool null = PQgetisnull(result.get(), r, c) != 0;
      row.push_back(null ? std::nullopt : std::optional<std::string>(PQgetvalue(result.get(), r, c)));
    }
  }
  return out;
}

std::string PrivatePostgres::TypeName(unsigned type, int modifier) {
  const std::pair key{type, modifier};
  const auto known =
      std::find_if(type_names_.begin(), type_names_.end(), [&](const auto& entry) { return entry.first == key; });
  if (known != type_names_.end()) return known->second;
  const PostgresRows rows = Run(fmt::format("SELECT format_type({}, {})", type, modifier));
  std::string name = rows.rows.empty() ? rows.error : rows.rows[0][0].value_or("");
  type_names_.emplace_back(key, name);
  return name;
}

PostgresDescription PrivatePostgres::Describe(const std::string& sql) {
  PostgresDescription out;
  const Result prepared(PQprepare(connection_, "", sql.c_str(), 0, nullptr), &PQclear);
  if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) {
    out.error = PQerrorMessage(connection_);
    return out;
  }
  const Result described(PQdescribePrepared(connection_, ""), &PQclear);
  for (int c = 0; c < PQnfields(described.get()); ++c) {
    out.columns.push_back(
        {PQfname(described.get(), c), TypeName(PQftype(described.get(), c), PQfmod(described.get(), c))});
  }
  return out;
}

}  // namespace wapc::testing
