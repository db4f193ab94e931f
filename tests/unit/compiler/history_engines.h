#ifndef WAPC_TESTS_UNIT_COMPILER_HISTORY_ENGINES_H_
#define WAPC_TESTS_UNIT_COMPILER_HISTORY_ENGINES_H_

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "runtime/warehouse.h"
#include "tests/support/private_postgres.h"

namespace wapc::compiler {

/// A warehouse that tests plan for and apply to.
class HistoryEngine {
 public:
  virtual ~HistoryEngine() = default;
  /// wapc.yaml of a project whose gateway `local` it is.
  virtual std::string Config() const = 0;
  /// Forgets everything that is in it.
  virtual void Reset() = 0;
  virtual runtime::Warehouse& Open() = 0;
};

class DuckDbHistoryEngine : public HistoryEngine {
 public:
  std::string Config() const override {
    return "name: demo\ngateways: {local: {connection: {type: duckdb, database: w.duckdb}}}\n";
  }
  void Reset() override {
    warehouse_.reset();
    auto opened = runtime::OpenWarehouse({.type = "duckdb", .settings = {{"database", ":memory:"}}},
                                         runtime::Access::kReadWrite, {});
    if (!opened) throw std::runtime_error(opened.error().message);
    warehouse_ = std::move(*opened);
  }
  runtime::Warehouse& Open() override { return *warehouse_; }

 private:
  std::unique_ptr<runtime::Warehouse> warehouse_;
};

class PostgresHistoryEngine : public HistoryEngine {
 public:
  const std::string& problem() const { return server_.problem(); }
  std::string Config() const override {
    return fmt::format(
        "name: demo\nmodel_defaults: {{dialect: postgres}}\ngateways: {{local: {{connection: {{type: postgres, host: "
        "{}, "
        "user: postgres, database: postgres}}}}}}\n",
        server_.host());
  }
  void Reset() override {
    server_.Run("SET client_min_messages = warning");
    const auto schemas = server_.Run(
        "SELECT nspname FROM pg_namespace WHERE nspname = 'raw' OR nspname LIKE 'marts%' OR nspname LIKE 'wapc%'");
    for (const auto& row : schemas.rows) server_.Run("DROP SCHEMA \"" + *row[0] + "\" CASCADE");
    auto opened = runtime::OpenWarehouse(
        {.type = "postgres", .settings = {{"host", server_.host()}, {"user", "postgres"}, {"database", "postgres"}}},
        runtime::Access::kReadWrite, {});
    if (!opened) throw std::runtime_error(opened.error().message);
    warehouse_ = std::move(*opened);
  }
  runtime::Warehouse& Open() override { return *warehouse_; }

 private:
  testing::PrivatePostgres server_;
  std::unique_ptr<runtime::Warehouse> warehouse_;
};

inline std::unique_ptr<HistoryEngine> DuckDbEngine() { return std::make_unique<DuckDbHistoryEngine>(); }

}  // namespace wapc::compiler

#endif  // WAPC_TESTS_UNIT_COMPILER_HISTORY_ENGINES_H_
