"""Runs a peer on the models of a wapc project; called by measure.py with the peers' own Python.

parse    parses every query with sqlglot, one process, one core; prints the user CPU of parsing alone, imports not counted
compile  loads the models with SQLMesh, its linter checking columns; measured from outside as a whole process
"""

import pathlib
import re
import sys
import tempfile
import time

TYPES = {"text": "VARCHAR", "bigint": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN", "timestamp": "TIMESTAMPTZ", "date": "DATE",
         "json": "JSON", "decimal": "DECIMAL(38, 9)", "time": "TIME", "binary": "BLOB", "wei": "HUGEINT"}
CONFIG = """gateways: {local: {connection: {type: duckdb}}}
default_gateway: local
model_defaults: {dialect: duckdb, start: '2024-01-01'}
linter: {enabled: true, rules: [ambiguousorinvalidcolumn, invalidselectstarexpansion]}
"""


def queries(project):
    """The text behind each MODEL block."""
    for path in sorted((project / "models").rglob("*.sql")):
        yield path.read_text().split("\n);", 1)[-1]


def parse(project):
    import sqlglot

    texts = list(queries(project))
    started = time.process_time()
    for text in texts:
        sqlglot.parse_one(text, dialect="duckdb")
    print(time.process_time() - started)


def external_models(project, reader):
    """Every raw table, as SQLMesh wants to be told of it."""
    for path in sorted((project / "metadata").glob("*/schema.yml")):
        for name, table in reader.load(path)["tables"].items():
            columns = {column: TYPES[about["data_type"]] for column, about in table["columns"].items()}
            yield {"name": f"{path.parent.name}.{name}", "dialect": "duckdb", "columns": columns}


def sqlmesh_project(project, folder):
    """The same models where SQLMesh finds them, without the one property that only wapc knows."""
    from ruamel.yaml import YAML

    (folder / "config.yaml").write_text(CONFIG)
    yaml = YAML(typ="safe")
    yaml.dump(list(external_models(project, yaml)), folder / "external_models.yaml")
    for path in (project / "models").rglob("*.sql"):
        target = folder / path.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"^\s*live true,\n", "", path.read_text(), flags=re.M))


def compile_project(project):
    from sqlmesh import Context

    with tempfile.TemporaryDirectory() as scratch:
        sqlmesh_project(project, pathlib.Path(scratch))
        context = Context(paths=scratch)
        context.lint_models()
        print(len(context.models))


if __name__ == "__main__":
    {"parse": parse, "compile": compile_project}[sys.argv[1]](pathlib.Path(sys.argv[2]))
