"""Times a generated staging model over a made-up raw table of dlt against the same SQL written by hand, run bare by the same version of
DuckDB in the same process run. Runs under a Python that has the package duckdb. Prints the median of three runs of each and the ratio."""

import argparse
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time

import duckdb

RUNS = 3
LOADS = 10

RAW = """
CREATE SCHEMA raw;
CREATE TABLE raw._dlt_loads (load_id varchar NOT NULL, schema_name varchar, status bigint NOT NULL,
                             inserted_at timestamptz NOT NULL, schema_version_hash varchar);
INSERT INTO raw._dlt_loads
SELECT (1700000000 + i)::varchar || '.5', 'shop', 0, timestamptz '2026-01-01' + interval 1 hour * i, 'h' FROM range({loads}) AS t(i);
CREATE TABLE raw.orders AS
SELECT i AS order_id, 'customer ' || (i % 50000) AS customer, (i * 37 % 1000000)::decimal(18, 2) / 100 AS amount,
       timestamptz '2026-01-01' + interval 1 second * i AS ordered_at, date '2026-01-01' + (i % 365)::int AS shipped_on, i % 7 = 0 AS gift,
       CASE WHEN i % 11 = 0 THEN '  ' ELSE 'note ' || i % 1000 END AS note, sqrt(i) AS weight, '{{"a":' || i % 10 || '}}' AS payload,
       (1700000000 + i % {loads})::varchar || '.5' AS _dlt_load_id, md5(i::varchar) AS _dlt_id
FROM range({rows}) AS t(i);
"""

BY_HAND = """
CREATE SCHEMA staging;
CREATE TABLE staging.stg_orders AS
SELECT o.order_id::bigint AS order_id, o.customer::varchar AS customer, o.amount::decimal(18, 2) AS amount,
       o.ordered_at::timestamptz AS ordered_at, o.shipped_on::date AS shipped_on, o.gift::boolean AS gift,
       nullif(trim(o.note), '') AS note, o.weight::double AS weight, o.payload::json AS payload, o._dlt_id, o._dlt_load_id,
       l.inserted_at AS _loaded_at
FROM raw.orders AS o JOIN raw._dlt_loads AS l ON l.load_id = o._dlt_load_id AND l.schema_name = 'shop' AND l.status = 0;
"""

# The same questions that the generated audits ask, each in a statement of its own.
AUDITS_BY_HAND = (
    "SELECT count(*) FROM staging.stg_orders",
    "SELECT count(*) FROM staging.stg_orders WHERE _dlt_id IS NULL",
    "SELECT count(*) FROM staging.stg_orders WHERE order_id IS NULL",
    "SELECT count(*) FROM (SELECT order_id FROM staging.stg_orders GROUP BY order_id HAVING count(*) > 1)",
    "SELECT count(*) FROM (SELECT _dlt_id FROM staging.stg_orders GROUP BY _dlt_id HAVING count(*) > 1)",
)

SCHEMA = """version: 1
version_hash: made
engine_version: 11
name: shop
tables:
  _dlt_loads:
    write_disposition: skip
    columns:
      load_id: {data_type: text, nullable: false}
      schema_name: {data_type: text, nullable: true}
      status: {data_type: bigint, nullable: false}
      inserted_at: {data_type: timestamp, nullable: false}
      schema_version_hash: {data_type: text, nullable: true}
  orders:
    write_disposition: append
    x-normalizer: {seen-data: true}
    columns:
      order_id: {data_type: bigint, nullable: false, primary_key: true}
      customer: {data_type: text, nullable: true}
      amount: {data_type: decimal, precision: 18, scale: 2, nullable: true}
      ordered_at: {data_type: timestamp, nullable: true}
      shipped_on: {data_type: date, nullable: true}
      gift: {data_type: bool, nullable: true}
      note: {data_type: text, nullable: true}
      weight: {data_type: double, nullable: true}
      payload: {data_type: json, nullable: true}
      _dlt_load_id: {data_type: text, nullable: false}
      _dlt_id: {data_type: text, nullable: false, unique: true, row_key: true}
settings: {}
normalizers: {names: snake_case, json: {module: dlt.common.normalizers.json.relational}}
"""

STAGING = """target: staging
name: "stg_{table}"
rules:
  - match: {column: note}
    expr: nullif(trim(@col), '')
"""

PROJECT = """name: staging_bench
gateways: {local: {connection: {type: duckdb, database: warehouse.duckdb}}}
model_defaults: {dialect: duckdb}
"""


def make_project(folder, rows):
    (folder / "metadata/raw").mkdir(parents=True)
    (folder / "metadata/raw/schema.yml").write_text(SCHEMA)
    (folder / "metadata/raw/staging.yml").write_text(STAGING)
    (folder / "wapc.yaml").write_text(PROJECT)
    with duckdb.connect(str(folder / "source.duckdb")) as connection:
        connection.execute(RAW.format(rows=rows, loads=LOADS))


def by_hand(folder):
    """(seconds of the CREATE TABLE, seconds with the audits and the process's opening of the file)."""
    shutil.copy(folder / "source.duckdb", folder / "hand.duckdb")
    started = time.monotonic()
    with duckdb.connect(str(folder / "hand.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        before = time.monotonic()
        connection.execute(BY_HAND)
        built = time.monotonic() - before
        for audit in AUDITS_BY_HAND:
            connection.execute(audit).fetchall()
    return built, time.monotonic() - started


def by_wapc(wapc, folder):
    """The same two figures of one `wapc apply`: what it says of the build, and the whole process."""
    shutil.copy(folder / "source.duckdb", folder / "warehouse.duckdb")
    for verb in (["generate"], ["plan"]):
        subprocess.run([wapc, "-p", folder, *verb], check=True, capture_output=True)
    started = time.monotonic()
    done = subprocess.run([wapc, "-p", folder, "apply"], check=True, capture_output=True, text=True)
    whole = time.monotonic() - started
    built = re.search(r"built staging\.stg_orders \(\d+ rows, ([0-9.]+) s\)", done.stderr)
    return float(built.group(1)), whole


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapc", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_project(folder, arguments.rows)
        pairs = [(by_hand(folder), by_wapc(arguments.wapc.resolve(), folder)) for _ in range(RUNS)]
    hand, ours = ([statistics.median(column) for column in zip(*runs)] for runs in zip(*pairs))
    for what, theirs, mine in zip(("build", "build and audits"), hand, ours):
        print(f"staging, {arguments.rows} rows, {what}: wapc {mine:.2f} s, the same by hand {theirs:.2f} s: {mine / theirs:.2f} times")


if __name__ == "__main__":
    main()
