"""A wapc project over a warehouse that real dlt pipelines fill, and the comparison of what it publishes with dlt's rows."""

import os
import pathlib
import subprocess

import dlt
import duckdb
from dlt.destinations.job_client_impl import SqlJobClientBase

WAPC_YAML = """name: dlt_proof
default_gateway: local
gateways:
  local:
    connection: {type: duckdb, database: warehouse.duckdb}
model_defaults: {start: 2020-01-01}
"""


class Difference(AssertionError):
    pass


class Proof:
    """One project in a folder of its own. Every check is by SQL over dlt's raw tables, or against rows that were sent."""

    def __init__(self, wapc: str, folder: pathlib.Path):
        self.wapc, self.folder = wapc, folder
        folder.mkdir(parents=True)
        (folder / "wapc.yaml").write_text(WAPC_YAML)
        self.pipelines = {}
        self.checked = 0

    # ------------------------------------------------------------------------------------------------------- loading

    def pipeline(self, name: str, dataset: str):
        pipeline = dlt.pipeline(
            name,
            pipelines_dir=str(self.folder / ".pipelines"),
            dataset_name=dataset,
            destination=dlt.destinations.duckdb(str(self.folder / "warehouse.duckdb")),
        )
        self.pipelines[name] = pipeline
        staging = self.folder / "metadata" / dataset / "staging.yml"
        if not staging.exists():
            staging.parent.mkdir(parents=True)
            staging.write_text(f"target: {dataset}_staging\n")
        return pipeline

    def beside(self, pipeline, name: str):
        """Another pipeline, in a folder of its own, that loads into the same dataset."""
        return dlt.pipeline(
            name,
            pipelines_dir=str(self.folder / ".pipelines"),
            dataset_name=pipeline.dataset_name,
            destination=dlt.destinations.duckdb(str(self.folder / "warehouse.duckdb")),
        )

    def load(self, pipeline, *data, **more):
        pipeline.run(*data, **more)
        self.export(pipeline)

    def interrupt(self, pipeline, *data, **more):
        """A load that fails once its rows are there, before it is marked complete: what a killed process leaves."""
        complete = SqlJobClientBase.complete_load

        def fail(self, load_id):
            raise RuntimeError("killed")

        SqlJobClientBase.complete_load = fail
        try:
            pipeline.run(*data, **more)
        except Exception as fault:  # dlt wraps what stopped it
            if "killed" not in str(fault) and "killed" not in repr(fault.__cause__):
                raise
        else:
            raise Difference("the load was not interrupted")
        finally:
            SqlJobClientBase.complete_load = complete
        self.export(pipeline)

    def resume(self, pipeline):
        pipeline.load()
        self.export(pipeline)

    def export(self, pipeline):
        self.run("pull", "--from", pipeline.working_dir)
        self.run("pull", pipeline.dataset_name, "--from", "local", "--check")

    # ------------------------------------------------------------------------------------------------------ publishing

    def run(self, *arguments, expect=0) -> str:
        done = subprocess.run([self.wapc, *arguments], cwd=self.folder, capture_output=True, text=True)
        if done.returncode != expect:
            raise Difference(f"wapc {' '.join(arguments)} ended with {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def publish(self) -> str:
        self.run("generate")
        self.run("generate", "--check")
        self.run("plan")
        return self.run("apply", "plan.json")

    # ------------------------------------------------------------------------------------------------------- comparing

    def query(self, sql: str):
        with duckdb.connect(str(self.folder / "warehouse.duckdb"), read_only=True) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()

    def columns(self, schema: str, table: str) -> dict:
        rows = self.query(
            "SELECT column_name, data_type FROM duckdb_columns() "
            f"WHERE schema_name = '{schema}' AND table_name = '{table}' ORDER BY column_index"
        )
        return dict(rows)

    def complete_rows(self, dataset: str, schema, table: str) -> str:
        """SQL for the rows of a raw table whose root's load is complete, written apart from wapc's."""
        chain, join, at = [table], "", "t"
        while parent := schema.tables[chain[-1]].get("parent"):
            chain.append(parent)
            join += f' JOIN "{dataset}"."{parent}" p{len(chain)} ON p{len(chain)}._dlt_id = {at}._dlt_parent_id'
            at = f"p{len(chain)}"
        return (
            f'FROM "{dataset}"."{table}" t{join} WHERE {at}._dlt_load_id IN (SELECT load_id FROM "{dataset}"._dlt_loads '
            f"WHERE status = 0 AND schema_name = '{schema.name}')"
        )

    def same_as_raw(self, dataset: str, only=None, skip=()):
        """Staging holds exactly the complete rows of every raw table: every column, its type, every value."""
        for pipeline in self.pipelines.values():
            if pipeline.dataset_name != dataset:
                continue
            for schema in pipeline.schemas.values():
                for table in schema.data_tables(seen_data_only=True):
                    name = table["name"]
                    if name not in skip and (only is None or name in only):
                        self.compare(dataset, schema, name)

    def compare(self, dataset: str, schema, table: str):
        raw = self.columns(dataset, table)
        staged = self.columns(f"{dataset}_staging", f"stg_{table}")
        for column, kind in raw.items():
            if staged.get(column) != kind:
                raise Difference(f"{dataset}.{table}.{column} is {kind}, staged as {staged.get(column)}")
        names = ", ".join(f'"{column}"' for column in raw)
        source = ", ".join(f't."{column}"' for column in raw)
        left = f"SELECT {source} {self.complete_rows(dataset, schema, table)}"
        right = f'SELECT {names} FROM "{dataset}_staging"."stg_{table}"'
        for a, b, what in ((left, right, "missing from"), (right, left, "too many in")):
            found = self.query(f"SELECT * FROM (({a}) EXCEPT ALL ({b})) LIMIT 3")
            if found:
                raise Difference(f"{what} stg_{table}: {found}\n{a}\n{b}")
        self.loaded_at(dataset, schema, table)
        self.checked += 1

    def loaded_at(self, dataset: str, schema, table: str):
        """Each row at any depth has its root's load and that load's time."""
        wrong = self.query(
            f'SELECT count(*) FROM "{dataset}_staging"."stg_{table}" s LEFT JOIN "{dataset}"._dlt_loads l '
            f"ON l.load_id = s._dlt_load_id AND l.schema_name = '{schema.name}' AND l.status = 0 "
            "WHERE l.inserted_at IS DISTINCT FROM s._loaded_at OR s._loaded_at IS NULL"
        )
        if wrong[0][0]:
            raise Difference(f"stg_{table}: {wrong[0][0]} rows without the time of their load")

    def holds(self, relation: str, columns: str, rows):
        """A published relation holds exactly these rows, which the scenario sent."""
        found = sorted(self.query(f"SELECT {columns} FROM {relation}"), key=repr)
        if found != sorted(rows, key=repr):
            raise Difference(f"{relation} holds {found}\nexpected {sorted(rows, key=repr)}")
        self.checked += 1

    def say(self, text: str):
        print(f"  {text}", flush=True)


def environment(folder: pathlib.Path):
    """dlt without telemetry, and without anything of the user's own configuration."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    os.environ["DLT_PROJECT_DIR"] = str(folder)
    os.environ["DLT_DATA_DIR"] = str(folder / "data")
