"""Times `wapc generate` over a made-up dlt schema of many raw tables: the first time, again with nothing changed, and with --check. Prints
the median user CPU and peak memory of five runs of the whole process."""

import argparse
import pathlib
import shutil
import statistics
import tempfile

import measure

RUNS = 5
DISPOSITIONS = ("append", "replace", "merge")

LOADS = """  _dlt_loads:
    write_disposition: skip
    columns:
      load_id: {data_type: text, nullable: false}
      schema_name: {data_type: text, nullable: true}
      status: {data_type: bigint, nullable: false}
      inserted_at: {data_type: timestamp, nullable: false}
      schema_version_hash: {data_type: text, nullable: true}
"""

TABLE = """  {name}:
    write_disposition: {disposition}
    x-normalizer: {{seen-data: true}}
    description: Rows of {name}
    columns:
      id: {{data_type: bigint, nullable: false, primary_key: true}}
      name: {{data_type: text, nullable: true}}
      amount: {{data_type: decimal, precision: 18, scale: 2, nullable: true}}
      changed_at: {{data_type: timestamp, nullable: true}}
      day: {{data_type: date, nullable: true}}
      active: {{data_type: bool, nullable: true}}
      note: {{data_type: text, nullable: true}}
      payload: {{data_type: json, nullable: true}}
      _dlt_load_id: {{data_type: text, nullable: false}}
      _dlt_id: {{data_type: text, nullable: false, unique: true, row_key: true}}
"""


def make_project(folder, tables):
    (folder / "metadata/raw").mkdir(parents=True)
    text = "version: 1\nversion_hash: made\nengine_version: 11\nname: source\ntables:\n" + LOADS
    for number in range(tables):
        text += TABLE.format(name=f"table_{number:05}", disposition=DISPOSITIONS[number % len(DISPOSITIONS)])
    text += "settings: {}\nnormalizers: {names: snake_case, json: {module: dlt.common.normalizers.json.relational}}\n"
    (folder / "metadata/raw/schema.yml").write_text(text)
    (folder / "metadata/raw/staging.yml").write_text('target: staging\nname: "stg_{table}"\n')
    (folder / "wapc.yaml").write_text(
        "name: generate_bench\ngateways: {local: {connection: {type: duckdb, database: warehouse.duckdb}}}\n"
        "model_defaults: {dialect: duckdb}\n"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapc", type=pathlib.Path, required=True)
    parser.add_argument("--tables", type=int, default=1000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_project(folder, arguments.tables)
        command = [str(arguments.wapc.resolve()), "-p", name, "generate"]
        for what in ("first", "again", "--check"):
            runs = []
            for _ in range(RUNS):
                if what == "first":
                    for written in ("models", ".wapc"):
                        shutil.rmtree(folder / written, ignore_errors=True)
                runs.append(measure.run(command + (["--check"] if what == "--check" else [])))
            codes = {code for code, *_ in runs}
            if codes != {0}:
                raise SystemExit(f"{' '.join(command)} ended with {sorted(codes)}")
            user, wall, memory = (statistics.median(column) for column in list(zip(*runs))[1:])
            print(f"generate, {arguments.tables} tables, {what}: user {user:.3f} s, wall {wall:.3f} s, peak {memory:.0f} MB")


if __name__ == "__main__":
    main()
