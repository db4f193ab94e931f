#ifndef WAPC_TESTS_UNIT_RUNTIME_FLIGHTS_PLANS_H_
#define WAPC_TESTS_UNIT_RUNTIME_FLIGHTS_PLANS_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "runtime/apply.h"
#include "runtime/plan.h"
#include "tests/unit/runtime/temp_warehouse.h"

/// Plans written by hand over a small dlt dataset: a replace table, a merge table, a VIEW and a FULL model above them.
namespace wapc::runtime {

inline void MakeRaw(Warehouse& warehouse) {
  Exec(warehouse, R"(
    CREATE SCHEMA raw;
    CREATE TABLE raw._dlt_loads (load_id text, schema_name text, status bigint, inserted_at timestamptz, schema_version_hash text);
    INSERT INTO raw._dlt_loads VALUES ('1', 'flights', 0, now(), ''), ('2', 'flights', 0, now(), '');
    CREATE TABLE raw.airlines (code text, name text, _dlt_load_id text);
    INSERT INTO raw.airlines VALUES ('AA', 'American', '2'), ('UA', 'United', '2');
    CREATE TABLE raw.flights (id bigint, code text, delay bigint, _dlt_load_id text);
    INSERT INTO raw.flights VALUES (1, 'AA', 5, '1'), (2, 'UA', 7, '2'), (3, 'UA', 9, '3');)");
}

/// A third complete load: flight 2 changed, flight 4 is new.
inline void LoadMore(Warehouse& warehouse) {
  Exec(warehouse, R"(
    INSERT INTO raw._dlt_loads VALUES ('4', 'flights', 0, now(), '');
    UPDATE raw.flights SET delay = 70, _dlt_load_id = '4' WHERE id = 2;
    INSERT INTO raw.flights VALUES (4, 'AA', 1, '4');)");
}

inline PlanModel Model(const std::string& schema, const std::string& name, const std::string& kind, Action action,
                       const std::string& id) {
  PlanModel model{.model = schema + "." + name, .kind = kind, .action = action};
  model.reason = "test";
  model.owner = "prod";
  model.digests = {"data-" + id, "meta", "audits", "version-" + name};
  model.canonical = "SELECT '" + name + "'";
  model.metadata = "about " + name;
  model.build_id = id;
  model.relation = {"wapc__" + schema, name + "__" + id};
  model.candidate = model.relation;
  model.view = {schema, name};
  return model;
}

inline std::string Quoted(const RelationName& name) { return "\"" + name.schema + "\".\"" + name.name + "\""; }

inline void MakeFrom(PlanModel& model, const std::string& what, const std::string& select) {
  model.build.push_back(
      {.id = "build:" + model.model, .sql = "CREATE " + what + " " + Quoted(model.relation) + " AS " + select});
}

inline PlanAudit Audit(const std::string& name, const std::string& sql, bool blocking = true) {
  return {name, "digest-" + name, blocking, sql};
}

inline const std::string kComplete = "_dlt_load_id IN (SELECT load_id FROM @{loads:raw})";

inline PlanModel Airlines(const std::string& id) {
  PlanModel model = Model("stg", "airlines", "FULL", Action::kBuild, id);
  model.datasets = {"raw"};
  model.columns = {{"code", "text", "VARCHAR", false, ""}, {"name", "text", "VARCHAR", true, ""}};
  model.hold_sql = "SELECT count(*), 'raw.airlines' FROM raw.airlines WHERE NOT " + kComplete;
  MakeFrom(model, "TABLE", "SELECT code, name FROM raw.airlines");
  model.audits = {
      Audit("not_null(code)", "SELECT * FROM @{rel:stg.airlines} WHERE code IS NULL"),
      Audit("unique(code)", "SELECT code FROM @{rel:stg.airlines} GROUP BY code HAVING count(*) > 1 -- keys")};
  return model;
}

inline PlanModel Flights(const std::string& id) {
  PlanModel model = Model("stg", "flights", "INCREMENTAL_BY_UNIQUE_KEY", Action::kBuild, id);
  model.datasets = {"raw"};
  model.keeps_loads = true;
  model.columns = {{"id", "int64", "BIGINT", false, ""},
                   {"code", "text", "VARCHAR", true, ""},
                   {"delay", "int64", "BIGINT", true, ""}};
  MakeFrom(model, "TABLE", "SELECT id, code, delay FROM raw.flights WHERE " + kComplete);
  model.audits = {Audit("unique(id)", "SELECT id FROM @{rel:stg.flights} GROUP BY id HAVING count(*) > 1"),
                  Audit("positive(delay)", "SELECT * FROM @{rel:stg.flights} WHERE delay < 0")};
  return model;
}

/// New loads for the table of build `id`: a delta, a candidate over both, and the move.
inline PlanModel FlightsDelta(const std::string& id, const std::string& change) {
  PlanModel model = Flights(id);
  model.action = Action::kDelta;
  model.category = Category::kLoads;
  const RelationName delta{"wapc__stg", "flights__" + change + "_delta"};
  model.candidate = {"wapc__stg", "flights__" + change + "_candidate"};
  model.temporary = {model.candidate, delta};
  model.build = {{.id = "delta",
                  .sql = "CREATE TABLE " + Quoted(delta) + " AS SELECT id, code, delay FROM raw.flights WHERE " +
                         kComplete + " AND ('flights', _dlt_load_id) NOT IN @{recorded:stg.flights}"},
                 {.id = "candidate",
                  .sql = "CREATE VIEW " + Quoted(model.candidate) +
                         " AS SELECT * FROM @{table:stg.flights} WHERE id NOT IN (SELECT id FROM " + Quoted(delta) +
                         ") UNION ALL SELECT * FROM " + Quoted(delta)}};
  const RelationName keys{"wapc__stg", "flights__" + change + "_keys"};
  const RelationName kept{"wapc__stg", "flights__" + change + "_kept"};
  model.kept = {keys, kept};
  model.undo = {
      {.id = "undo-add",
       .sql = "DELETE FROM " + Quoted(model.relation) + " WHERE id IN (SELECT id FROM " + Quoted(keys) + ")"},
      {.id = "undo-delete", .sql = "INSERT INTO " + Quoted(model.relation) + " SELECT * FROM " + Quoted(kept)}};
  model.publish = {
      {.id = "keys", .sql = "CREATE TABLE " + Quoted(keys) + " AS SELECT id FROM " + Quoted(delta)},
      {.id = "kept",
       .sql = "CREATE TABLE " + Quoted(kept) + " AS SELECT * FROM @{table:stg.flights} WHERE id IN (SELECT id FROM " +
              Quoted(delta) + ")"},
      {.id = "delete", .sql = "DELETE FROM @{table:stg.flights} WHERE id IN (SELECT id FROM " + Quoted(delta) + ")"},
      {.id = "insert", .sql = "INSERT INTO @{table:stg.flights} SELECT * FROM " + Quoted(delta)}};
  return model;
}

inline PlanModel Delays(const std::string& id) {
  PlanModel model = Model("marts", "delays", "VIEW", Action::kView, id);
  model.depends_on = {"stg.airlines", "stg.flights"};
  model.columns = {{"name", "text", "VARCHAR", true, ""}, {"delay", "int64", "BIGINT", true, ""}};
  const std::string body = Quoted(model.relation) + " AS SELECT a.name, f.delay FROM ";
  model.build = {{.id = "view",
                  .sql = "CREATE VIEW " + body + "@{rel:stg.flights} AS f JOIN @{rel:stg.airlines} AS a USING (code)"}};
  model.publish = {{.id = "final",
                    .sql = "CREATE OR REPLACE VIEW " + body +
                           "@{table:stg.flights} AS f JOIN @{table:stg.airlines} AS a USING (code)"}};
  model.audits = {Audit("named", "SELECT * FROM @{rel:marts.delays} WHERE name IS NULL", false)};
  return model;
}

inline PlanModel Totals(const std::string& id) {
  PlanModel model = Model("marts", "totals", "FULL", Action::kBuild, id);
  model.depends_on = {"marts.delays"};
  model.columns = {{"name", "text", "VARCHAR", true, ""},
                   {"total", "int128", OnPostgres() ? "numeric" : "HUGEINT", true, ""}};
  MakeFrom(model, "TABLE", "SELECT name, sum(delay) AS total FROM @{rel:marts.delays} GROUP BY name");
  model.audits = {Audit("total(name)", "SELECT * FROM @{rel:marts.totals} WHERE total > 100")};
  return model;
}

inline Plan BasePlan(const std::string& change) {
  Plan plan{
      .wapc_version = "0.1.0", .project = "flights", .environment = "prod", .gateway = "local", .dialect = "duckdb"};
  plan.schemas = {"wapc__raw", "wapc__stg", "wapc__marts", "stg", "marts"};
  const RelationName snapshot{"wapc__raw", "loads__" + change};
  plan.loads = {{"raw",
                 snapshot,
                 {.id = "freeze:raw",
                  .sql = "CREATE TABLE " + Quoted(snapshot) +
                         " AS SELECT load_id, schema_name, status, inserted_at, schema_version_hash FROM "
                         "raw._dlt_loads WHERE status = 0"}}};
  return plan;
}

/// Everything is new.
inline Plan FirstPlan() {
  Plan plan = BasePlan("first");
  plan.changes_structure = true;
  plan.models = {Airlines("a1"), Flights("f1"), Delays("d1"), Totals("t1")};
  return plan;
}

/// New loads: the flights table is moved in place, what stands above it is made again.
inline Plan LoadsPlan() {
  Plan plan = BasePlan("second");
  plan.structure_version = 1;
  plan.data_version = 1;
  plan.models = {Airlines("a2"), FlightsDelta("f1", "second"), Delays("d2"), Totals("t2")};
  return plan;
}

inline base::Result<ApplyReport> TryApply(Warehouse& warehouse, const Plan& plan,
                                          std::function<void(const Progress&)> progress = {}) {
  auto read = ReadPlan(WritePlan(plan));
  if (!read) return read.error();
  return Apply(read->plan, warehouse, {.sha256 = read->sha256, .progress = std::move(progress)});
}

inline ApplyReport MustApply(Warehouse& warehouse, const Plan& plan) {
  auto report = TryApply(warehouse, plan);
  EXPECT_TRUE(report) << report.error().message;
  return report ? *report : ApplyReport{};
}

/// Everything that can be told apart in a warehouse: each relation's name and definition, its rows sorted, and state
/// without times, attempts and who held the lease.
inline std::string Snapshot(Warehouse& warehouse) {
  std::string out =
      Show(warehouse, OnPostgres() ? "SELECT schemaname, viewname, definition FROM pg_views WHERE schemaname NOT IN "
                                     "('pg_catalog', 'information_schema') ORDER BY ALL"
                                   : "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal ORDER "
                                     "BY ALL") +
      "\n";
  const auto tables = warehouse.Query(
      "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN ('wapc', "
      "'pg_catalog', 'information_schema') ORDER BY 1, 2");
  EXPECT_TRUE(tables) << tables.error().message;
  for (const auto& row : tables->rows) {
    const RelationName name{row[0].value_or(""), row[1].value_or("")};
    out += Quoted(name) + ": " + Show(warehouse, "SELECT * FROM " + Quoted(name) + " ORDER BY ALL") + "\n";
  }
  for (const char* sql :
       {"SELECT name, structure_version, data_version, plan_sha256, held FROM wapc.environments ORDER BY ALL",
        "SELECT * FROM wapc.environment_models ORDER BY ALL", "SELECT * FROM wapc.table_loads ORDER BY ALL",
        "SELECT build_id, model, table_version, owner, kind, relation_schema, relation_name, row_count, loads_digests, "
        "plan_sha256 FROM wapc.builds ORDER BY ALL",
        "SELECT table_version, model, kind, data_digest, columns FROM wapc.table_versions ORDER BY ALL",
        "SELECT * FROM wapc.journal ORDER BY ALL",
        "SELECT DISTINCT plan_sha256, model, build_id, audit, failing_rows FROM wapc.audit_results ORDER BY ALL",
        "SELECT resource, holder FROM wapc.leases ORDER BY ALL",
        "SELECT * FROM wapc.meta WHERE key <> 'seal' ORDER BY ALL",
        "SELECT environment, seq, action, status, plan_sha256 FROM wapc.publishes ORDER BY ALL",
        "SELECT seq, model, build_before, build_after FROM wapc.publish_models ORDER BY ALL",
        "SELECT * FROM wapc.publish_undo ORDER BY ALL",
        "SELECT sha256, environment, status, error FROM wapc.plans WHERE status <> 'failed' ORDER BY ALL"}) {
    out += std::string(sql) + ": " + Show(warehouse, sql) + "\n";
  }
  return out;
}

}  // namespace wapc::runtime

#endif  // WAPC_TESTS_UNIT_RUNTIME_FLIGHTS_PLANS_H_
