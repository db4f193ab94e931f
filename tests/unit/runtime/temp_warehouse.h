#ifndef WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_
#define WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_

#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/warehouse.h"

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

inline base::Result<std::unique_ptr<Warehouse>> TryOpen(const std::string& file, Access access = Access::kReadWrite,
                                                        std::chrono::milliseconds timeout = {}) {
  return OpenWarehouse({.type = "duckdb", .settings = {{"database", file}}}, access, timeout);
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

/// A result as one text: cells by '|', rows by ';', NULL as "~".
inline std::string Show(Warehouse& warehouse, std::string_view sql) {
  const auto rows = warehouse.Query(sql);
  if (!rows) return "error: " + rows.error().message;
  std::string out;
  for (const auto& row : rows->rows) {
    if (!out.empty()) out += ";";
    for (size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "|") + row[i].value_or("~");
  }
  return out;
}

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_TEMP_WAREHOUSE_H_
