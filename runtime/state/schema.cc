#include "runtime/state/schema.h"

#include <charconv>
#include <string>

#include "runtime/state/records.h"
#include "runtime/transaction.h"

namespace wapc::runtime {
namespace {

/// No primary keys: engines check them early, so that a row could not be deleted and written anew in one transaction.
/// The lease makes every writer the only one.
constexpr std::string_view kTables = R"sql(
CREATE SCHEMA IF NOT EXISTS wapc;
CREATE TABLE wapc.meta (key text NOT NULL, value text NOT NULL);
CREATE TABLE wapc.environments (
  name text NOT NULL, structure_version bigint NOT NULL, data_version bigint NOT NULL, plan_sha256 text NOT NULL,
  held boolean NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE wapc.environment_models (
  environment text NOT NULL, model text NOT NULL, kind text NOT NULL, data_digest text NOT NULL,
  metadata_digest text NOT NULL, audits_digest text NOT NULL, table_version text NOT NULL, canonical text NOT NULL,
  metadata text NOT NULL, view_schema text NOT NULL, view_name text NOT NULL, build_id text NOT NULL,
  columns text NOT NULL, depends_on text NOT NULL);
CREATE TABLE wapc.table_versions (
  table_version text NOT NULL, model text NOT NULL, kind text NOT NULL, data_digest text NOT NULL,
  columns text NOT NULL, created_at timestamptz NOT NULL);
CREATE TABLE wapc.builds (
  build_id text NOT NULL, model text NOT NULL, table_version text NOT NULL, owner text NOT NULL, kind text NOT NULL,
  relation_schema text NOT NULL, relation_name text NOT NULL, row_count bigint NOT NULL, loads_digests text NOT NULL,
  plan_sha256 text NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE wapc.table_loads (
  build_id text NOT NULL, dataset text NOT NULL, schema_name text NOT NULL, load_id text NOT NULL);
CREATE TABLE wapc.intervals (
  build_id text NOT NULL, start_ts timestamptz NOT NULL, end_ts timestamptz NOT NULL);
CREATE TABLE wapc.audit_results (
  plan_sha256 text NOT NULL, attempt bigint NOT NULL, model text NOT NULL, build_id text NOT NULL, audit text NOT NULL,
  audit_digest text NOT NULL, blocking boolean NOT NULL, failing_rows bigint NOT NULL, checked_at timestamptz NOT NULL);
CREATE TABLE wapc.plans (
  sha256 text NOT NULL, attempt bigint NOT NULL, environment text NOT NULL, status text NOT NULL,
  execution_ts text NOT NULL, wapc_version text NOT NULL, error text NOT NULL, started_at timestamptz NOT NULL,
  finished_at timestamptz);
CREATE TABLE wapc.journal (
  plan_sha256 text NOT NULL, attempt bigint NOT NULL, seq bigint NOT NULL, key text NOT NULL, value text NOT NULL);
CREATE TABLE wapc.leases (
  resource text NOT NULL, holder text NOT NULL, token bigint NOT NULL, acquired_at timestamptz NOT NULL);
)sql";

}  // namespace

base::Result<int64_t> StateFormat(Warehouse& warehouse) {
  auto meta = warehouse.Find({"wapc", "meta"});
  if (!meta) return meta.error();
  if (!meta->has_value()) return int64_t{0};
  auto rows = warehouse.Query("SELECT value FROM wapc.meta WHERE key = 'format'");
  if (!rows) return rows.error();
  int64_t format = 0;
  if (!rows->rows.empty()) {
    const std::string& text = rows->rows[0][0].value();
    std::from_chars(text.data(), text.data() + text.size(), format);
  }
  if (format == 0)
    return base::Error{base::ErrorKind::kWarehouse, "the table wapc.meta does not say the state's format"};
  if (format <= kStateFormat) return format;
  return base::Error{base::ErrorKind::kUsage, "state was written by a newer wapc: it has format " +
                                                  std::to_string(format) + ", this one knows up to " +
                                                  std::to_string(kStateFormat) + "; use the newer wapc here too"};
}

base::Status CreateState(Warehouse& warehouse) {
  return InTransaction(warehouse, [&]() -> base::Status {
    if (auto status = warehouse.Execute(kTables); !status) return status;
    return warehouse.Execute("INSERT INTO wapc.meta VALUES ('format', '" + std::to_string(kStateFormat) + "')");
  });
}

}  // namespace wapc::runtime
