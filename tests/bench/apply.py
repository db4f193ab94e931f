"""Times the first apply of a project that make_project.py made against the engine running the same SQL bare, in one run:
the same CREATEs in the same order, the same audits, the same reader views, each by itself as a user would run them. The
bare run neither journals nor looks whether what it publishes is what it audited."""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import time


def quoted(name):
    return '"' + name["schema"].replace('"', '""') + '"."' + name["name"].replace('"', '""') + '"'


def bare_sql(plan):
    """Everything that the plan does to the warehouse, without wapc's own records."""
    names = {model["model"]: model for model in plan["models"]}

    def resolve(sql):
        sql = re.sub(r"@\{(rel|table|served):([^}]*)\}", lambda found: quoted(names[found[2]]["relation"]), sql)
        return sql.replace("@{execution_ts}", "'2026-01-01 00:00:00+00'").replace("@{at}", "@")

    out = [f'CREATE SCHEMA IF NOT EXISTS "{schema}"' for schema in plan["schemas"]]
    for model in plan["models"]:
        out += [resolve(step["sql"]) for step in model.get("build", [])]
        counted = [audit["count"] for audit in model.get("audits", []) if "count" in audit]
        if counted:
            out.append(resolve("SELECT " + ",\n".join(counted) + " FROM " + quoted(model["relation"]) + " AS this_model"))
        out += [resolve("SELECT count(*) FROM (" + audit["sql"] + "\n) AS audit") for audit in model.get("audits", [])
                if "count" not in audit]
    for model in plan["models"]:
        columns = ", ".join('"' + column["name"].replace('"', '""') + '"' for column in model["columns"])
        out.append(f'CREATE VIEW {quoted(model["view"])} AS SELECT {columns} FROM {quoted(model["relation"])}')
    return ";\n".join(out) + ";\n"


def timed(command, folder):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{command} failed:\n{done.stdout}{done.stderr}")
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wapc", type=pathlib.Path, required=True)
    parser.add_argument("--sql", type=pathlib.Path, required=True, help="the tool that runs SQL on a DuckDB file")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("projects", type=pathlib.Path, nargs="+")
    arguments = parser.parse_args()
    wapc, sql = arguments.wapc.resolve(), arguments.sql.resolve()
    for project in arguments.projects:
        measure(project.resolve(), wapc, sql, arguments.runs)


def measure(project, wapc, sql, runs):
    warehouse, raw = project / "warehouse.duckdb", project / "raw.duckdb"
    raw.unlink(missing_ok=True)
    timed([sql, raw, project / "raw.sql"], project)

    def fresh():
        for leftover in project.glob("warehouse.duckdb*"):
            leftover.unlink()
        shutil.copy(raw, warehouse)

    fresh()
    timed([wapc, "plan", "--skip-linter"], project)
    plan = json.loads((project / "plan.json").read_text())
    (project / "bare.sql").write_text(bare_sql(plan))
    cores = os.cpu_count() or 1
    kinds = {"bare": [sql, warehouse, project / "bare.sql"]}
    for jobs in sorted({1, cores}):
        kinds[f"wapc apply --jobs {jobs}"] = [wapc, "apply", "--jobs", str(jobs)]
    taken = {kind: [] for kind in kinds}
    for _ in range(runs):
        for kind, command in kinds.items():
            fresh()
            taken[kind].append(timed(command, project))
    bare = statistics.median(wall for wall, _ in taken["bare"])
    print(f"{project.name}: first apply of {len(plan['models'])} models, {sum(len(m.get('audits', [])) for m in plan['models'])} audits")
    for kind, times in taken.items():
        wall, cpu = statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)
        print(f"  {kind:24} {wall:7.2f} s wall {cpu:7.2f} s CPU   {wall / bare:5.2f} x bare")
    for again in ("plan", "apply"):
        times = [timed([wapc, again] + (["--skip-linter"] if again == "plan" else []), project) for _ in range(runs)]
        wall, cpu = statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)
        print(f"  {'wapc ' + again + ', no change':24} {wall:7.2f} s wall {cpu:7.2f} s CPU")


if __name__ == "__main__":
    main()
