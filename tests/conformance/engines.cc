#include "tests/conformance/engines.h"

#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <atomic>
#include <filesystem>
#include <utility>

#include "tests/support/private_postgres.h"

namespace wapc::testing {
namespace {

using runtime::Access;
using runtime::ConnectionConfig;
using runtime::Warehouse;

class DuckdbDatabase : public TestDatabase {
 public:
  DuckdbDatabase() {
    std::string name = (std::filesystem::temp_directory_path() / "wapc_test_XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  DuckdbDatabase(const DuckdbDatabase&) = delete;
  DuckdbDatabase& operator=(const DuckdbDatabase&) = delete;
  ~DuckdbDatabase() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ConnectionConfig config() const override {
    return {.type = "duckdb", .settings = {{"database", (folder_ / "w.duckdb").string()}}};
  }

 private:
  std::filesystem::path folder_;
};

PrivatePostgres& Server() {
  static PrivatePostgres server;
  return server;
}

class PostgresDatabase : public TestDatabase {
 public:
  PostgresDatabase() {
    static std::atomic<int> count = 0;
    name_ = "test" + std::to_string(++count);
    EXPECT_EQ(Server().problem(), "");
    EXPECT_EQ(Server().Run("CREATE DATABASE " + name_).error, "");
  }
  ConnectionConfig config() const override {
    return {.type = "postgres", .settings = {{"host", Server().host()}, {"user", "postgres"}, {"database", name_}}};
  }

 private:
  std::string name_;
};

}  // namespace

base::Result<std::unique_ptr<Warehouse>> TestDatabase::TryOpen(Access access, std::chrono::milliseconds timeout) const {
  return runtime::OpenWarehouse(config(), access, timeout);
}

std::unique_ptr<Warehouse> TestDatabase::Open(Access access) const {
  auto warehouse = TryOpen(access);
  EXPECT_TRUE(warehouse) << warehouse.error().message;
  return warehouse ? std::move(*warehouse) : nullptr;
}

std::vector<std::string> EngineNames() {
  std::vector<std::string> out;
  for (const runtime::WarehouseDriver* driver : runtime::AllWarehouseDrivers()) out.emplace_back(driver->type);
  return out;
}

std::unique_ptr<TestDatabase> NewDatabase(const std::string& engine) {
  if (engine == "duckdb") return std::make_unique<DuckdbDatabase>();
  if (engine == "postgres") return std::make_unique<PostgresDatabase>();
  ADD_FAILURE() << "the adapter " << engine << " has no test database: add one here";
  return nullptr;
}

void Exec(Warehouse& warehouse, std::string_view sql) {
  const auto status = warehouse.Execute(sql);
  EXPECT_TRUE(status) << sql << "\n" << status.error().message;
}

std::string Show(Warehouse& warehouse, std::string_view sql) {
  const auto rows = warehouse.Query(sql);
  if (!rows) return "error: " + rows.error().message;
  std::string out;
  for (const auto& row : rows->rows) {
    if (!out.empty()) out += ";";
    for (size_t i = 0; i < row.size(); ++i) out += (i == 0 ? "" : "|") + row[i].value_or("~");
  }
  return out;
}

}  // namespace wapc::testing
