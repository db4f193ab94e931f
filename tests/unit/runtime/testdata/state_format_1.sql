-- A warehouse with state of format 1, as an early wapc left it after its first apply. Kept to test migrations.
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
INSERT INTO wapc.meta VALUES ('format', '1');
INSERT INTO wapc.environments VALUES ('prod', '1', '1', '8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', 'false', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.environment_models VALUES ('prod', 'raw.orders', 'SEED', '17344b3312acaa55caea1ff6c2c1f9d21ee4fbd17ec765d8138a108d3bf1ba89', '9b7188e994e6145e2302c3ca28134be510567df777c97b4490f966db6a9d34b4', 'add96f3664feeb1a86bacfa92377da2f00299d6b4c7da0d8d784982abd6ed159', 'd657hj7nsocviizy', 'format:1
kind:4:SEED
unique_key:0:
load_column:0:
source:0:
parent:2:


id:5:int64
city:4:text
amount:13:decimal(18,4)
seed:64:dac568e18cdc78e793046bd5a312f6cff794484746aa5dcaacf14bab5355a034
', 'format:1
description:0:
owner:0:
tags:0:
', 'raw', 'orders', 'dzhcaaswbbmyrlun', '[{"name":"id","type":"int64","engine_type":"BIGINT","nullable":true},{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"amount","type":"decimal(18,4)","engine_type":"DECIMAL(18,4)","nullable":true}]', '[]');
INSERT INTO wapc.environment_models VALUES ('prod', 'marts.orders', 'FULL', '98324546340c4b09e978793d56ead1036acc0caa65c0f9e0d06e3b6e37d6985f', '9b7188e994e6145e2302c3ca28134be510567df777c97b4490f966db6a9d34b4', 'ef95049ade4fecfc842528392274eafa73ad28fed6a7fc9f1f8b07cc89deac7a', 'fxsoq2wt4ryv4ada', 'format:1
kind:4:FULL
unique_key:0:
load_column:0:
source:0:
parent:2:


id:5:int64
city:4:text
amount:13:decimal(18,4)
query:54:SELECT id, upper(city) AS city, amount FROM raw.orders
', 'format:1
description:0:
owner:0:
tags:0:
', 'marts', 'orders', 'enykcau4kykf42lx', '[{"name":"id","type":"int64","engine_type":"BIGINT","nullable":true},{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"amount","type":"decimal(18,4)","engine_type":"DECIMAL(18,4)","nullable":true}]', '["raw.orders"]');
INSERT INTO wapc.environment_models VALUES ('prod', 'marts.cities', 'VIEW', '5143d49e701bd64529da6c7bd5dd9bf2b642d9198d11efb73143ae7fe54ade97', '9b7188e994e6145e2302c3ca28134be510567df777c97b4490f966db6a9d34b4', 'eb83de020a04ae0f477c6b4139cae9bf1e2cdd97836c808080d217c4433715f3', 'pqpbj7azwwrt4hxu', 'format:1
kind:4:VIEW
unique_key:0:
load_column:0:
source:0:
parent:2:


city:4:text
orders:5:int64
amount:13:decimal(38,4)
query:86:SELECT city, count(*) AS orders, sum(amount) AS amount FROM marts.orders GROUP BY city
', 'format:1
description:0:
owner:0:
tags:0:
', 'marts', 'cities', 'd6nvz7sfofej6ddn', '[{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"orders","type":"int64","engine_type":"BIGINT","nullable":false},{"name":"amount","type":"decimal(38,4)","engine_type":"DECIMAL(38,4)","nullable":true}]', '["marts.orders"]');
INSERT INTO wapc.table_versions VALUES ('d657hj7nsocviizy', 'raw.orders', 'SEED', '17344b3312acaa55caea1ff6c2c1f9d21ee4fbd17ec765d8138a108d3bf1ba89', '[{"name":"id","type":"int64","engine_type":"BIGINT","nullable":true},{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"amount","type":"decimal(18,4)","engine_type":"DECIMAL(18,4)","nullable":true}]', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.table_versions VALUES ('fxsoq2wt4ryv4ada', 'marts.orders', 'FULL', '98324546340c4b09e978793d56ead1036acc0caa65c0f9e0d06e3b6e37d6985f', '[{"name":"id","type":"int64","engine_type":"BIGINT","nullable":true},{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"amount","type":"decimal(18,4)","engine_type":"DECIMAL(18,4)","nullable":true}]', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.table_versions VALUES ('pqpbj7azwwrt4hxu', 'marts.cities', 'VIEW', '5143d49e701bd64529da6c7bd5dd9bf2b642d9198d11efb73143ae7fe54ade97', '[{"name":"city","type":"text","engine_type":"VARCHAR","nullable":true},{"name":"orders","type":"int64","engine_type":"BIGINT","nullable":false},{"name":"amount","type":"decimal(38,4)","engine_type":"DECIMAL(38,4)","nullable":true}]', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.builds VALUES ('d6nvz7sfofej6ddn', 'marts.cities', 'pqpbj7azwwrt4hxu', 'prod', 'VIEW', 'wapc__marts', 'cities__d6nvz7sfofej6ddn', '0', '{}', '8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.builds VALUES ('dzhcaaswbbmyrlun', 'raw.orders', 'd657hj7nsocviizy', 'prod', 'SEED', 'wapc__raw', 'orders__dzhcaaswbbmyrlun', '2', '{}', '8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.builds VALUES ('enykcau4kykf42lx', 'marts.orders', 'fxsoq2wt4ryv4ada', 'prod', 'FULL', 'wapc__marts', 'orders__enykcau4kykf42lx', '2', '{}', '8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.audit_results VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'marts.orders', 'enykcau4kykf42lx', 'accepted_range(amount, min_v := 0)', 'o5opwtvmq5fxojk2', 'true', '0', '2026-11-22 00:19:27.681867+00');
INSERT INTO wapc.audit_results VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'marts.orders', 'enykcau4kykf42lx', 'not_null(id)', 'd5zprvdv4l7jagvr', 'true', '0', '2026-11-22 00:19:27.681867+00');
INSERT INTO wapc.audit_results VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'marts.orders', 'enykcau4kykf42lx', 'unique_combination_of_columns(id)', 'xo7z7rguwbeip2h3', 'true', '0', '2026-11-22 00:19:27.681867+00');
INSERT INTO wapc.audit_results VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'marts.cities', 'd6nvz7sfofej6ddn', 'not_null(city)', 'zszxzt33nyxctzza', 'true', '0', '2026-11-22 00:19:27.693752+00');
INSERT INTO wapc.audit_results VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'marts.cities', 'd6nvz7sfofej6ddn', 'unique_combination_of_columns(city)', 'opjbhah2u2vu4rix', 'true', '0', '2026-11-22 00:19:27.693752+00');
INSERT INTO wapc.plans VALUES ('8167981a60bda171617d74f3c7f95f3a42e74d4c1dc16a2cad7c51229e9a5c6f', '1', 'prod', 'published', '2026-11-22 00:19:27.665168+00', '0.1.0', '', '2026-11-22 00:19:27.661331+00', '2026-11-22 00:19:27.694839+00');
INSERT INTO wapc.leases VALUES ('environment:prod', '', '1', '2026-11-22 00:19:27.661331+00');
CREATE SCHEMA wapc__raw;
CREATE SCHEMA wapc__marts;
CREATE SCHEMA raw;
CREATE SCHEMA marts;
CREATE TABLE wapc__raw.orders__dzhcaaswbbmyrlun (id bigint, city text, amount decimal(18, 4));
INSERT INTO wapc__raw.orders__dzhcaaswbbmyrlun VALUES (1, 'Berlin', 10.5), (2, 'Paris', 20.25);
CREATE TABLE wapc__marts.orders__enykcau4kykf42lx AS
  SELECT id, upper(city) AS city, amount FROM wapc__raw.orders__dzhcaaswbbmyrlun;
CREATE VIEW wapc__marts.cities__d6nvz7sfofej6ddn AS
  SELECT city, count(*) AS orders, CAST(sum(amount) AS decimal(38, 4)) AS amount
  FROM wapc__marts.orders__enykcau4kykf42lx GROUP BY city;
CREATE VIEW raw.orders AS SELECT id, city, amount FROM wapc__raw.orders__dzhcaaswbbmyrlun;
CREATE VIEW marts.orders AS SELECT id, city, amount FROM wapc__marts.orders__enykcau4kykf42lx;
CREATE VIEW marts.cities AS SELECT city, orders, amount FROM wapc__marts.cities__d6nvz7sfofej6ddn;
