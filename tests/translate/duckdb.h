#ifndef WAPC_TESTS_TRANSLATE_DUCKDB_H_
#define WAPC_TESTS_TRANSLATE_DUCKDB_H_

#include <duckdb.h>

#include <string>

#include "tests/translate/cases.h"

namespace wapc::translate_cases {

/// A database in memory.
class DuckDb {
 public:
  DuckDb();
  ~DuckDb();
  DuckDb(const DuckDb&) = delete;
  DuckDb& operator=(const DuckDb&) = delete;

  Answer Run(const std::string& sql);
  /// A query whose values are wanted as texts, as DuckDB writes them: its C interface gives none for some types.
  Answer Ask(const std::string& sql);

 private:
  duckdb_database database_ = nullptr;
  duckdb_connection connection_ = nullptr;
};

}  // namespace wapc::translate_cases

#endif  // WAPC_TESTS_TRANSLATE_DUCKDB_H_
