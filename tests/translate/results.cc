// translate_results FOLDER: queries and expressions of DuckDB and of PostgreSQL, each printed in both dialects from one
// tree; the two engines have to give equal rows over the same data, or wapc has to refuse, as the case says. Prints
// what differs and ends with 1 if anything does.
#include <fmt/format.h>

#include <cstdio>

#include "tests/support/private_postgres.h"
#include "tests/translate/cases.h"
#include "tests/translate/duckdb.h"
#include "tests/translate/tables.h"

namespace wapc::translate_cases {
namespace {

class Proof {
 public:
  Proof(DuckDb& duckdb, testing::PrivatePostgres& postgres, const compiler::Project& project)
      : duckdb_(duckdb), postgres_(postgres), project_(project) {}

  void Run(const std::vector<Case>& cases, std::string_view to) {
    for (const Case& each : cases) {
      ++count_;
      const Printed printed = Print(each, to, project_);
      const std::string fault = Fault(each, printed, to);
      if (fault.empty()) continue;
      ++faults_;
      fmt::print("{} -> {}: {}\n  as: {}\n  {}\n\n", each.from, to, each.sql, printed.other, fault);
    }
  }

  int faults() const { return faults_; }
  int count() const { return count_; }

 private:
  std::string Fault(const Case& each, const Printed& printed, std::string_view to) {
    if (each.refused) return printed.refused ? "" : "this should have been refused; " + printed.fault;
    if (!printed.fault.empty()) return printed.fault;
    return Difference(Ask(each.from, printed.own), Ask(to, printed.other));
  }

  Answer Ask(std::string_view dialect, const std::string& sql) {
    if (dialect == "duckdb") return duckdb_.Ask(sql);
    testing::PostgresRows rows = postgres_.Run(sql);
    return {rows.error, std::move(rows.rows)};
  }

  DuckDb& duckdb_;
  testing::PrivatePostgres& postgres_;
  const compiler::Project& project_;
  int faults_ = 0;
  int count_ = 0;
};

int Main(const std::string& folder) {
  DuckDb duckdb;
  testing::PrivatePostgres postgres;
  if (!postgres.problem().empty()) {
    fmt::print(stderr, "no PostgreSQL: {}\n", postgres.problem());
    return 2;
  }
  std::string fault = duckdb.Run("SET TimeZone = 'UTC'; CREATE SCHEMA shop").error;
  fault += postgres.Run("SET TimeZone = 'UTC'; CREATE SCHEMA shop").error;
  const std::vector<TableSpec> tables = Tables();
  for (const TableSpec& table : tables) {
    fault += duckdb.Run(CreateText(table, *grammar::FindDialect("duckdb"))).error;
    fault += duckdb.Run(InsertText(table)).error;
    fault += postgres.Run(CreateText(table, *grammar::FindDialect("postgres"))).error;
    fault += postgres.Run(InsertText(table)).error;
  }
  if (!fault.empty()) {
    fmt::print(stderr, "the tables cannot be made: {}\n", fault);
    return 2;
  }
  const compiler::Project project = ProjectOf(tables);
  Proof proof(duckdb, postgres, project);
  proof.Run(ReadCases(folder, "duckdb"), "postgres");
  proof.Run(ReadCases(folder, "postgres"), "duckdb");
  fmt::print("{} of {} cases give equal rows, or are refused where they have to be\n", proof.count() - proof.faults(),
             proof.count());
  return proof.faults() == 0 && proof.count() > 0 ? 0 : 1;
}

}  // namespace
}  // namespace wapc::translate_cases

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: translate_results FOLDER\n");
    return 2;
  }
  return wapc::translate_cases::Main(argv[1]);
}
