"""Makes a wapc project of any size, the same bytes for the same arguments: half staging views over dlt tables, half marts
that join, aggregate and rank what lies below them; raw.sql makes the raw tables, empty. For measuring."""

import argparse
import pathlib
import random

WORDS = ("account amount balance batch campaign channel city country currency device discount duration email event fee group "
         "invoice item label language latency margin method mode note order owner page partner period phone plan price quota "
         "rank rate reason region score segment session shipment source stage state status store tax team tier total unit "
         "usage user vendor visit volume weight zone").split()
TYPES = ["text"] * 5 + ["bigint"] * 4 + ["double"] * 2 + ["decimal"] * 2 + ["timestamp"] * 2 + ["bool", "date", "json"]
NUMBERS = ("bigint", "double", "decimal")
COLUMNS = 20
TABLES_A_SCHEMA = 50


def make_table(rng, number):
    """A raw table: its dlt schema's name, its own, and columns as (name, dlt type)."""
    columns = [(f"{rng.choice(WORDS)}_id", "bigint"), ("created_at", "timestamp"), ("category", "text"), ("amount", "decimal")]
    names = {name for name, _ in columns}
    while len(columns) < COLUMNS:
        name = f"{rng.choice(WORDS)}_{rng.choice(WORDS)}"
        if name not in names:
            names.add(name)
            columns.append((name, rng.choice(TYPES)))
    return {"schema": f"raw_{number // TABLES_A_SCHEMA:03d}", "name": f"{rng.choice(WORDS)}s_{number:05d}", "columns": columns}


def of_type(columns, *types):
    return [name for name, data_type in columns if data_type in types]


EXPRESSIONS = {
    "text": ["nullif(trim(r.{0}), '')", "lower(r.{0})", "coalesce(r.{0}, 'unknown')"],
    "decimal": ["round(r.{0}, 2)", "r.{0}"],
    "double": ["coalesce(r.{0}, 0.0)", "abs(r.{0})"],
    "bigint": ["coalesce(r.{0}, 0)", "r.{0}"],
    "timestamp": ["date_trunc('hour', r.{0})", "r.{0}"],
}


def make_staging(rng, table):
    key = table["columns"][0][0]
    lines = [f"  r.{key} AS entity_id"]
    for name, data_type in table["columns"][1:]:
        lines.append(f"  {rng.choice(EXPRESSIONS.get(data_type, ['r.{0}'])).format(name)} AS {name}")
    lines += ["  r.amount > 1000 AS is_large", "  extract(year FROM r.created_at) AS created_year"]
    sql = "SELECT\n" + ",\n".join(lines) + f"\nFROM {table['schema']}.{table['name']} AS r\nWHERE r.{key} IS NOT NULL"
    return {"name": f"staging.stg_{table['name']}", "kind": "VIEW", "live": True, "grain": "entity_id", "sql": sql,
            "numbers": ["amount"], "category": "category", "time": "created_at",
            "columns": table["columns"]}


def make_mart(rng, number, staging, marts):
    """A mart over two to four relations: joined, aggregated, ranked."""
    count = rng.randint(2, 4)
    from_marts = [mart for mart in rng.sample(marts, min(len(marts), 2)) if rng.random() < 0.3]
    below = rng.sample(staging, min(len(staging), count - len(from_marts))) + from_marts
    base, others = below[0], below[1:]
    lines = ["WITH joined AS (", "  SELECT", "    a.entity_id,", "    coalesce(a.category, 'none') AS category,",
             "    a.amount,", "    a.created_at,"]
    lines += [f"    b{i}.amount AS amount_{i}," for i in range(len(others))]
    lines += ["    CASE WHEN a.amount >= 1000 THEN 'high' WHEN a.amount >= 100 THEN 'medium' ELSE 'low' END AS tier",
              f"  FROM {base['name']} AS a"]
    for i, other in enumerate(others):
        join = rng.choice(["LEFT JOIN", "JOIN"])
        lines.append(f"  {join} {other['name']} AS b{i} ON b{i}.entity_id = a.entity_id AND b{i}.amount >= {rng.randint(0, 9)}")
    lines += [f"  WHERE a.created_at >= timestamp '20{rng.randint(10, 24)}-01-01 00:00:00' AND a.category NOT IN ('test', 'void')",
              "),", "grouped AS (", "  SELECT", "    entity_id,", "    category,", "    max(tier) AS tier,",
              "    count(*) AS row_count,", "    sum(amount) AS amount,", "    min(created_at) AS created_at,"]
    lines += [f"    {rng.choice(['sum', 'max', 'avg'])}(coalesce(amount_{i}, 0)) AS other_{i}," for i in range(len(others))]
    lines += ["    count(DISTINCT date_trunc('day', created_at)) AS days", "  FROM joined", "  GROUP BY entity_id, category",
              f"  HAVING count(*) > {rng.randint(0, 3)}", "),", "ranked AS (", "  SELECT", "    *,",
              "    row_number() OVER (PARTITION BY entity_id ORDER BY amount DESC, category) AS place,",
              "    sum(amount) OVER (PARTITION BY category ORDER BY entity_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running",
              "  FROM grouped", ")", "SELECT", "  entity_id,", "  category,", "  tier,", "  row_count,",
              "  round(amount, 2) AS amount,", "  created_at,"]
    lines += [f"  round(other_{i}, 2) AS other_{i}," for i in range(len(others))]
    lines += ["  days,", "  running,", "  days > 7 AS is_regular", "FROM ranked", "WHERE place = 1"]
    return {"name": f"marts.{rng.choice(WORDS)}_{rng.choice(WORDS)}_{number:05d}", "kind": "FULL", "live": False,
            "grain": "entity_id", "sql": "\n".join(lines)}


def model_text(model):
    live = "  live true,\n" if model["live"] else ""
    return (f"MODEL (\n  name {model['name']},\n  kind {model['kind']},\n{live}  grain ({model['grain']}),\n"
            f"  audits (not_null(columns := ({model['grain']})), unique_values(columns := ({model['grain']})))\n);\n\n"
            f"{model['sql']}\n")


def schema_text(name, tables):
    lines = ["version: 1", "version_hash: none", "engine_version: 11", f"name: {name}", "tables:"]
    for table in tables:
        lines += [f"  {table['name']}:", f"    name: {table['name']}", "    columns:"]
        for i, (column, data_type) in enumerate(table["columns"]):
            lines += [f"      {column}:", f"        name: {column}", f"        data_type: {data_type}",
                      f"        nullable: {'false' if i == 0 else 'true'}"]
            if data_type == "decimal":
                lines += ["        precision: 18", "        scale: 4"]
            if i == 0:
                lines.append("        primary_key: true")
        lines += ["      _dlt_load_id:", "        name: _dlt_load_id", "        data_type: text", "        nullable: false",
                  "      _dlt_id:", "        name: _dlt_id", "        data_type: text", "        nullable: false",
                  "        unique: true", "        row_key: true",
                  "    write_disposition: merge", f"    resource: {table['name']}", "    x-normalizer:", "      seen-data: true"]
    lines += ["settings: {}", "normalizers:", "  names: snake_case"]
    return "\n".join(lines) + "\n"


ENGINE_TYPES = {"text": "VARCHAR", "decimal": "DECIMAL(18, 4)", "timestamp": "TIMESTAMPTZ", "bool": "BOOLEAN"}


def raw_text(tables):
    lines = []
    for schema in sorted({table["schema"] for table in tables}):
        lines += [f"CREATE SCHEMA {schema};", f"CREATE TABLE {schema}._dlt_loads (load_id VARCHAR, schema_name VARCHAR, status BIGINT, "
                  "inserted_at TIMESTAMPTZ, schema_version_hash VARCHAR);"]
    for table in tables:
        columns = [f"{name} {ENGINE_TYPES.get(data_type, data_type)}" for name, data_type in table["columns"]]
        columns += ["_dlt_load_id VARCHAR NOT NULL", "_dlt_id VARCHAR NOT NULL"]
        lines.append(f"CREATE TABLE {table['schema']}.{table['name']} ({', '.join(columns)});")
    return "\n".join(lines) + "\n"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    tables = [make_table(rng, i) for i in range(arguments.models // 2)]
    staging = [make_staging(rng, table) for table in tables]
    marts = []
    for i in range(arguments.models - len(staging)):
        marts.append(make_mart(rng, i, staging, marts))
    write(arguments.out / "wapc.yaml", "name: bench\ndialect: duckdb\ngateways:\n  local:\n    connection:\n      type: duckdb\n"
          "      database: warehouse.duckdb\nmodel_defaults:\n  start: 2024-01-01\n  cron: '@daily'\n")
    for schema in sorted({table["schema"] for table in tables}):
        members = [table for table in tables if table["schema"] == schema]
        write(arguments.out / "metadata" / schema / "schema.yml", schema_text(schema, members))
    write(arguments.out / "raw.sql", raw_text(tables))
    for model in staging + marts:
        schema, name = model["name"].split(".")
        write(arguments.out / "models" / schema / f"{name}.sql", model_text(model))


if __name__ == "__main__":
    main()
