#ifndef WAPC_TESTS_CONFORMANCE_ENGINES_H_
#define WAPC_TESTS_CONFORMANCE_ENGINES_H_

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/warehouse.h"

namespace wapc::testing {

/// A database of its own for one test, empty; gone with the object.
class TestDatabase {
 public:
  virtual ~TestDatabase() = default;
  virtual runtime::ConnectionConfig config() const = 0;

  /// One more process's worth of connection; on DuckDB only while nobody else has the file open.
  base::Result<std::unique_ptr<runtime::Warehouse>> TryOpen(runtime::Access access = runtime::Access::kReadWrite,
                                                            std::chrono::milliseconds timeout = {}) const;
  /// The same, where it has to work.
  std::unique_ptr<runtime::Warehouse> Open(runtime::Access access = runtime::Access::kReadWrite) const;
};

/// "duckdb" and "postgres": every adapter that there is. A server is started once a process.
std::vector<std::string> EngineNames();

/// A new database of that engine.
std::unique_ptr<TestDatabase> NewDatabase(const std::string& engine);

/// Runs SQL that has to work.
void Exec(runtime::Warehouse& warehouse, std::string_view sql);

/// A result as one text: cells by '|', rows by ';', NULL as "~".
std::string Show(runtime::Warehouse& warehouse, std::string_view sql);

}  // namespace wapc::testing

#endif  // WAPC_TESTS_CONFORMANCE_ENGINES_H_
