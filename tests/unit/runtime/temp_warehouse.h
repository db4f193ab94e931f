#ifndef WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_
#define WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_

#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/warehouse.h"
#include "tests/support/private_postgres.h"

namespace wapc::runtime {

/// A folder of its own for one test, gone after it.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "wapc_test_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string File(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Whether the tests run on PostgreSQL this time: WAPC_TEST_ENGINE=postgres. A database of a server of the process's
/// own then stands for each file.
inline bool OnPostgres() {
  const char* const engine = std::getenv("WAPC_TEST_ENGINE");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return engine != nullptr && std::string_view(engine) == "postgres";
}

inline testing::PrivatePostgres& Server() {
  static testing::PrivatePostgres server;
  return server;
}

/// The database that stands for a file; made when it is first asked for. Each ":memory:" is one of its own.
inline std::string DatabaseOf(const std::string& file) {
  static int count = 0;
  std::string name = file == ":memory:" ? "memory" + std::to_string(++count) : file;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '.'; }, '_');
  EXPECT_EQ(Server().problem(), "");
  if (Server().Run("SELECT 1 FROM pg_database WHERE datname = '" + name + "'").rows.empty()) {
    EXPECT_EQ(Server().Run("CREATE DATABASE \"" + name + "\"").error, "");
  }
  return name;
}

inline ConnectionConfig ConfigOf(const std::string& file) {
  if (!OnPostgres()) return {.type = "duckdb", .settings = {{"database", file}}};
  const std::string database = DatabaseOf(file);
  return {.type = "postgres", .settings = {{"host", Server().host()}, {"user", "postgres"}, {"database", database}}};
}

inline base::Result<std::unique_ptr<Warehouse>> TryOpen(const std::string& file, Access access = Access::kReadWrite,
                                                        std::chrono::milliseconds timeout = {}) {
  return OpenWarehouse(ConfigOf(file), access, timeout);
}

/// Makes `to` the same warehouse as `from`, which nobody has open.
inline void CopyWarehouse(const std::string& from, const std::string& to) {
  if (OnPostgres()) {
    const std::string source = DatabaseOf(from);
    const std::string copy = DatabaseOf(to);
    EXPECT_EQ(Server().Run("DROP DATABASE \"" + copy + "\" WITH (FORCE)").error, "");
    EXPECT_EQ(Server().Run("CREATE DATABASE \"" + copy + "\" TEMPLATE \"" + source + "\"").error, "");
    return;
  }
  std::filesystem::remove(to + ".wal");
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
}

inline std::unique_ptr<Warehouse> OpenFile(const std::string& file) {
  auto warehouse = TryOpen(file);
  EXPECT_TRUE(warehouse) << warehouse.error().message;
  return warehouse ? std::move(*warehouse) : nullptr;
}

inline void Exec(Warehouse& warehouse, std::string_view sql) {
  const auto status = warehouse.Execute(sql);
  EXPECT_TRUE(status) << sql << "\n" << status.error().message;
}

/// A result as one text: cells by '|', rows by ';', NULL as "~". ORDER BY ALL at the end, which not every engine has,
/// is done here.
inline std::string Show(Warehouse& warehouse, std::string_view sql) {
  constexpr std::string_view kOrder = " ORDER BY ALL";
  const bool sorted = sql.ends_with(kOrder);
  if (sorted) sql.remove_suffix(kOrder.size());
  const auto rows = warehouse.Query(sql);
  if (!rows) return "error: " + rows.error().message;
  std::vector<std::string> lines;
  for (const auto& row : rows->rows) {
    std::string& line = lines.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) line += (i == 0 ? "" : "|") + row[i].value_or("~");
  }
  if (sorted) std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : ";") + line;
  return out;
}

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_
