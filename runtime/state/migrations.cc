#include "runtime/state/migrations.h"

#include <utility>

#include "runtime/state/records.h"
#include "runtime/state/schema.h"
#include "runtime/state/tables.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

constexpr std::string_view kMakesTable = "CREATE TABLE wapc.";

/// No primary keys: engines check them early, so that a row could not be deleted and written anew in one transaction.
/// The lease makes every writer the only one.
StateFormatSteps FirstFormat() {
  return {1,
          {
              R"sql(CREATE SCHEMA IF NOT EXISTS wapc)sql",
              R"sql(CREATE TABLE wapc.meta (key text NOT NULL, value text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.environments (
  name text NOT NULL, structure_version bigint NOT NULL, data_version bigint NOT NULL, plan_sha256 text NOT NULL,
  held boolean NOT NULL, updated_at timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.environment_models (
  environment text NOT NULL, model text NOT NULL, kind text NOT NULL, data_digest text NOT NULL,
  metadata_digest text NOT NULL, audits_digest text NOT NULL, table_version text NOT NULL, canonical text NOT NULL,
  metadata text NOT NULL, view_schema text NOT NULL, view_name text NOT NULL, build_id text NOT NULL,
  columns text NOT NULL, depends_on text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.table_versions (
  table_version text NOT NULL, model text NOT NULL, kind text NOT NULL, data_digest text NOT NULL,
  columns text NOT NULL, created_at timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.builds (
  build_id text NOT NULL, model text NOT NULL, table_version text NOT NULL, owner text NOT NULL, kind text NOT NULL,
  relation_schema text NOT NULL, relation_name text NOT NULL, row_count bigint NOT NULL, loads_digests text NOT NULL,
  plan_sha256 text NOT NULL, updated_at timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.table_loads (
  build_id text NOT NULL, dataset text NOT NULL, schema_name text NOT NULL, load_id text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.intervals (
  build_id text NOT NULL, start_ts timestamptz NOT NULL, end_ts timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.audit_results (
  plan_sha256 text NOT NULL, attempt bigint NOT NULL, model text NOT NULL, build_id text NOT NULL, audit text NOT NULL,
  audit_digest text NOT NULL, blocking boolean NOT NULL, failing_rows bigint NOT NULL, checked_at timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.plans (
  sha256 text NOT NULL, attempt bigint NOT NULL, environment text NOT NULL, status text NOT NULL,
  execution_ts text NOT NULL, wapc_version text NOT NULL, error text NOT NULL, started_at timestamptz NOT NULL,
  finished_at timestamptz))sql",
              R"sql(CREATE TABLE wapc.journal (
  plan_sha256 text NOT NULL, attempt bigint NOT NULL, seq bigint NOT NULL, key text NOT NULL, value text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.leases (
  resource text NOT NULL, holder text NOT NULL, token bigint NOT NULL, acquired_at timestamptz NOT NULL))sql",
          }};
}

/// Publishes, what each replaced, and how it is undone.
StateFormatSteps SecondFormat() {
  return {2,
          {
              R"sql(CREATE TABLE wapc.publishes (
  environment text NOT NULL, seq bigint NOT NULL, action text NOT NULL, status text NOT NULL, plan_sha256 text NOT NULL,
  structure_version bigint NOT NULL, data_version bigint NOT NULL, created_at timestamptz NOT NULL))sql",
              R"sql(CREATE TABLE wapc.publish_models (
  environment text NOT NULL, seq bigint NOT NULL, model text NOT NULL, build_before text NOT NULL,
  build_after text NOT NULL, before text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.publish_undo (
  environment text NOT NULL, seq bigint NOT NULL, position bigint NOT NULL, sql text NOT NULL,
  kept_schema text NOT NULL, kept_name text NOT NULL))sql",
              R"sql(CREATE TABLE wapc.evaluations (build_id text NOT NULL, evaluated_at timestamptz NOT NULL))sql",
          }};
}

base::Status RunFormats(Warehouse& warehouse, int64_t from) {
  for (const StateFormatSteps& steps : StateFormats()) {
    if (steps.format <= from) continue;
    for (const std::string_view sql : steps.statements) {
      if (auto status = warehouse.Execute(sql); !status) return status;
    }
  }
  return {};
}

/// A schema for the backup that nothing stands in.
base::Result<std::string> BackupSchema(Warehouse& warehouse, int64_t format) {
  const std::string base = "wapc_backup_" + std::to_string(format);
  std::string name = base;
  for (int next = 2;; ++next) {
    const auto found = warehouse.Find({name, "meta"});
    if (!found) return found.error();
    if (!found->has_value()) return name;
    name = base + "_" + std::to_string(next);
  }
}

base::Result<std::string> BackUp(Warehouse& warehouse, int64_t format) {
  const auto schema = BackupSchema(warehouse, format);
  if (!schema) return schema.error();
  std::string sql = "CREATE SCHEMA IF NOT EXISTS " + *schema + ";\n";
  for (const std::string& table : StateTables(format)) {
    sql += "CREATE TABLE " + *schema + "." + table + " AS SELECT * FROM wapc." + table + ";\n";
  }
  if (auto status = warehouse.Execute(sql); !status) return status.error();
  return *schema;
}

base::Status MigrateInTransaction(Warehouse& warehouse, Migration& migration) {
  // Takes the row on engines with several writers: of two migrations the second waits and finds the work done.
  if (auto status = warehouse.Execute("UPDATE wapc.meta SET value = value WHERE key = 'format'"); !status)
    return status;
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  migration.from = *format;
  if (*format >= kStateFormat) return {};
  auto schema = BackUp(warehouse, *format);
  if (!schema) return schema.error();
  migration.backup_schema = std::move(*schema);
  if (auto status = RunFormats(warehouse, *format); !status) return status;
  auto status =
      warehouse.Execute("UPDATE wapc.meta SET value = '" + std::to_string(kStateFormat) + "' WHERE key = 'format'");
  return status ? SealState(warehouse) : status;
}

}  // namespace

const std::vector<StateFormatSteps>& StateFormats() {
  static const auto& formats = *new std::vector<StateFormatSteps>{FirstFormat(), SecondFormat()};
  return formats;
}

std::vector<std::string> StateTables(int64_t format) {
  std::vector<std::string> names;
  for (const StateFormatSteps& steps : StateFormats()) {
    if (steps.format > format) break;
    for (const std::string_view sql : steps.statements) {
      if (!sql.starts_with(kMakesTable)) continue;
      const std::string_view rest = sql.substr(kMakesTable.size());
      names.emplace_back(rest.substr(0, rest.find_first_of(" (\n")));
    }
  }
  return names;
}

base::Result<Migration> MigrateState(Warehouse& warehouse) {
  const auto format = StateFormat(warehouse);
  if (!format) return format.error();
  Migration migration{.from = *format};
  if (*format == 0 || *format >= kStateFormat) return migration;
  auto status = InTransaction(warehouse, [&] { return MigrateInTransaction(warehouse, migration); });
  if (!status) return base::Error{status.error().kind, "migrating the state: " + status.error().message};
  return migration;
}

base::Status CreateState(Warehouse& warehouse) {
  return InTransaction(warehouse, [&]() -> base::Status {
    if (auto status = RunFormats(warehouse, 0); !status) return status;
    return warehouse.Execute("INSERT INTO wapc.meta VALUES ('format', '" + std::to_string(kStateFormat) + "')");
  });
}

}  // namespace wapc::runtime
