"""What wapc knows of raw tables, held against dlt itself.

usage: metadata_proof.py WAPC [SEED [PART]]

Runs real dlt pipelines through changes of their schema and pulls after each load from the export, from the pipeline's working folder and from `_dlt_version`: all three have to
give one file, which dlt imports with the same tables and hash. Then: hand-written keys over many pulls, schemas of the engines 3 to 11, dlt's order of sections over random
configurations, two pulls at once, and pulls killed half-way. Everything random comes from SEED, which is printed. PART is one of the functions prove_PART that need no other.
"""

import copy
import datetime
import decimal
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import dlt
import yaml
from dlt.common.schema import Schema, utils

WAPC = str(pathlib.Path(sys.argv[1]).resolve())
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
CHECKS = 0


def check(truth, *what):
    global CHECKS
    CHECKS += 1
    if not truth:
        raise SystemExit(f"seed {SEED}: not so: {' '.join(str(part) for part in what)}")


def wapc(project, *arguments, expect=0, env=None):
    done = subprocess.run([WAPC, "-p", str(project), *arguments], capture_output=True, text=True, env={**os.environ, **(env or {})})
    check(expect is None or done.returncode == expect, "wapc", *arguments, "ended with", done.returncode, done.stdout, done.stderr)
    return done


def new_project(folder, database):
    folder.mkdir(parents=True)
    (folder / "wapc.yaml").write_text(f"name: proof\ngateways:\n  local:\n    connection: {{type: duckdb, database: {database}}}\n")
    return folder


def read(path):
    return yaml.safe_load(path.read_text())


def imported(path):
    """The schema that dlt makes of a file."""
    return Schema.from_dict(read(path))


# ---------------------------------------------------------------------------------------------------------- real loads

TYPES = {
    "t_text": ("text", "x", {}), "t_text_n": ("text", "x", {"precision": 20}), "t_double": ("double", 1.5, {}), "t_bool": ("bool", True, {}),
    "t_ts": ("timestamp", datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc), {}), "t_ts3": ("timestamp", datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc), {"precision": 3}),
    "t_naive": ("timestamp", datetime.datetime(2024, 1, 2), {"timezone": False}), "t_bigint": ("bigint", 7, {}), "t_int16": ("bigint", 7, {"precision": 16}),
    "t_binary": ("binary", b"x", {}), "t_json": ("json", {"a": [1]}, {}), "t_date": ("date", datetime.date(2024, 1, 2), {}), "t_time": ("time", datetime.time(1, 2), {}), "t_wei": ("wei", 7, {}),
    **{f"t_dec{scale}": ("decimal", decimal.Decimal(1), {"precision": 20, "scale": scale}) for scale in range(10)},
}


def steps():
    """Resources of one load after the other: new columns, variants, tables, keys, dispositions, names to normalise."""
    people = {"id": 1, "Full Name": "Ann", "Orte": [{"stadt": "B", "teile": [{"n": 1, "tief": [{"x": 1}]}]}]}
    typed = {name: value for name, (_, value, _) in TYPES.items()}
    columns = {name: {"data_type": kind, **hints} for name, (kind, _, hints) in TYPES.items()}
    merge = dict(name="people", primary_key="id", write_disposition="merge")
    yield [dlt.resource([people], **merge), dlt.resource([{"a": 1}], name="log", write_disposition="append")]
    yield [dlt.resource([{**people, "Alter": 3}], **merge), dlt.resource([{"a": "text now"}], name="log", write_disposition="append")]
    yield [dlt.resource([typed], name="types", columns=columns, write_disposition="replace")]
    yield [dlt.resource([{"k": 1, "v": 2}], name="slow", primary_key="k", write_disposition={"disposition": "merge", "strategy": "scd2"})]
    yield [dlt.resource([{"k": 1, "gone": False}], name="fast", primary_key="k", columns={"gone": {"hard_delete": True}}, write_disposition={"disposition": "merge", "strategy": "upsert"}),
           dlt.resource([{"k": 1, "unknown": None}], name="first", primary_key="k", write_disposition={"disposition": "merge", "strategy": "insert-only"})]
    yield [dlt.resource([{"a": 2, "b": decimal.Decimal("1.5")}], name="log", write_disposition="append", columns={"b": {"data_type": "decimal", "precision": 30, "scale": 5}})]


def prove_loads(work):
    database = work / "lake.duckdb"
    make = lambda name: dlt.pipeline(name, destination=dlt.destinations.duckdb(str(database)), dataset_name="raw", pipelines_dir=str(work / "pipes"))
    first, second = make("crm"), make("shop")
    project = new_project(work / "project", database)
    for number, resources in enumerate(steps()):
        first.run(resources)
        if number == 2:
            second.run([dlt.resource([{"z": 1}], name="orders")])
        # dlt's own export_schema_path can be one version behind its pipeline; this is what `dlt pipeline NAME schema` prints.
        (work / "export").mkdir(exist_ok=True)
        for pipeline in [first] + ([second] if number >= 2 else []):
            (work / f"export/{pipeline.default_schema_name}.schema.yaml").write_text(pipeline.default_schema.to_pretty_yaml())
        wapc(project, "pull", "raw", "--from", str(work / "export"), "--force")
        files = {path.name: path.read_bytes() for path in (project / "metadata/raw").iterdir()}
        for source in (str(work / "pipes/crm"), "local"):
            other = new_project(work / f"other{number}{source == 'local'}", database)
            wapc(other, "pull", "raw", "--from", source)
            schema = yaml.safe_load((other / "metadata/raw/schema.yml" if (other / "metadata/raw/schema.yml").exists() else other / "metadata/raw/crm.schema.yml").read_text())
            check(schema["version_hash"] == first.default_schema.version_hash, source, "gave another schema")
        check(wapc(project, "pull", "raw", "--from", "local", "--check").returncode == 0, "the destination says otherwise")
        check({path.name: path.read_bytes() for path in (project / "metadata/raw").iterdir()} == files, "a pull of the same schema changed the file")
        for path in (project / "metadata/raw").iterdir():
            theirs = (first if read(path)["name"] == "crm" else second).default_schema
            ours = imported(path)
            check(ours.version_hash == theirs.version_hash == read(path)["version_hash"], "hash of", path.name)
            check(ours.version == theirs.version, "version of", path.name)
            check(ours.tables == theirs.tables, "tables of", path.name)
    return project


# ------------------------------------------------------------------------------------------------- what people wrote

def prove_hand_written(work, project):
    path = project / "metadata/raw/schema.yml"
    if read(path)["name"] != "crm":
        path = project / "metadata/raw/crm.schema.yml"
    text = path.read_text()
    tables = read(path)["tables"]
    lines, notes = [], 0
    for line in text.splitlines():
        key = line.strip().rstrip(":")
        if line.startswith("  ") and not line.startswith("   ") and key in tables:
            lines += [f"  # note {notes}", line, f"    x-wapc: {{owner: o{notes}}}  # note {notes}"]
            notes += 1
        else:
            lines.append(line)
    path.write_text("\n".join(lines) + "\n")
    pipeline = dlt.pipeline("crm", destination=dlt.destinations.duckdb(str(work / "lake.duckdb")), dataset_name="raw", pipelines_dir=str(work / "pipes"))
    for number in range(3):
        pipeline.run([dlt.resource([{"a": 2, f"new{number}": number}], name="log"), dlt.resource([{"q": 1}], name=f"table{number}")])
        before = path.read_text()
        shown = wapc(project, "pull", "raw", "--from", "local").stdout
        check(f"+ log.new{number}" in shown and f"+ table{number}" in shown, "what is new is not shown:", shown)
        after = path.read_text()
        for note in range(notes):
            check(after.count(f"# note {note}\n") == 2 and f"owner: o{note}}}" in after, "what was written by hand is gone")
        gone = [line for line in before.splitlines() if line not in after.splitlines() and not line.startswith(("version", "- "))]
        check(not gone, "lines that are gone:", gone)
        plain = read(path)
        for table in plain["tables"].values():
            table.pop("x-wapc", None)
        check(Schema.from_dict(plain).version_hash == pipeline.default_schema.version_hash, "the content is not dlt's")


# ----------------------------------------------------------------------------------------------------- older engines

def prove_engines(work):
    """Every stored schema that dlt ships with its tests is not in the wheel, so older forms are made from a real one."""
    project = new_project(work / "engines", work / "none.duckdb")
    real = dlt.pipeline("crm", destination=dlt.destinations.duckdb(str(work / "lake.duckdb")), dataset_name="raw", pipelines_dir=str(work / "pipes")).default_schema.to_dict()
    for engine in range(3, 12):
        old = copy.deepcopy(real)
        old["engine_version"] = engine
        if engine < 11:
            for table in old["tables"].values():
                for column in table["columns"].values():
                    if engine < 10:
                        if column.pop("parent_key", None):
                            column["foreign_key"] = True
                        column.pop("row_key", None)
                        if column.get("data_type") == "json":
                            column["data_type"] = "complex"
                    if engine < 9:
                        table.pop("x-normalizer", None)
            if engine < 7:
                old["settings"].pop("schema_contract", None)
            old["version_hash"] = "old"
        migrated = Schema.from_dict(copy.deepcopy(old), bump_version=False)
        source = work / f"engine{engine}.schema.json"
        source.write_text(json.dumps(old))
        wapc(project, "pull", f"e{engine}", "--from", str(source))
        ours = imported(project / f"metadata/e{engine}/schema.yml")
        check(ours.tables == migrated.tables, "engine", engine)


# ------------------------------------------------------------------------------------------------------ configuration

def resolve_in_dlt(folder, env, name, pipeline):
    """What dlt itself makes of the configuration, in a process of its own."""
    code = f"""
import json, dlt
from dlt.common.configuration.container import Container
from dlt.common.configuration.specs.config_section_context import ConfigSectionContext
from dlt.common.configuration.resolve import inject_section
destination = dlt.destination({name!r}, destination_type={name.split('_')[0]!r}) if '_' in {name!r} else dlt.destination({name!r})
with inject_section(ConfigSectionContext(pipeline_name={pipeline!r}, sections=())):
    try:
        config = destination.configuration(destination.spec(), accept_partial=True)
        credentials = config.credentials
        print(json.dumps({{key: None if credentials is None else getattr(credentials, key, None) for key in ("database", "host", "port", "username", "password")}}))
    except Exception as error:
        print(json.dumps({{"error": type(error).__name__}}))
"""
    clean = {key: value for key, value in os.environ.items() if "__" not in key}
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, env={**clean, **env, "HOME": str(folder / "home")}, capture_output=True, text=True)
    check(done.returncode == 0, done.stderr)
    return json.loads(done.stdout.strip().splitlines()[-1])


def merged_toml(entries):
    """Entries (section, key, value) as one TOML text, each section once."""
    sections = {}
    for section, key, value in entries:
        sections.setdefault(section, {})[key] = value
    return "".join(f"[{section}]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items()) for section, keys in sections.items())


def prove_configuration(work, rounds=40):
    rng = random.Random(SEED)
    fields = {"postgres": ["host", "port", "database", "username", "password"], "duckdb": ["database"]}
    compared = 0
    for number in range(rounds):
        kind = rng.choice(["postgres", "duckdb"])
        folder = work / f"config{number}"
        (folder / ".dlt").mkdir(parents=True)
        (folder / "home").mkdir()
        pipeline = rng.choice(["", "pipe"])
        prefixes = [f"destination.{kind}.", "destination.", ""]
        env, secrets, config, count = {}, [], [], 0
        for field in fields[kind]:
            for prefix in prefixes:
                for owner in (["", "pipe."] if pipeline else [""]):
                    for place in ("env", "secrets", "config"):
                        if rng.random() > 0.12 or (field == "password" and place == "config"):
                            continue
                        count += 1
                        value = 1000 + count if field == "port" else f"v{count}"
                        path = f"{owner}{prefix}credentials"
                        if place == "env":
                            env["__".join(f"{path}.{field}".split(".")).upper()] = str(value)
                        else:
                            (secrets if place == "secrets" else config).append((path, field, value))
        if rng.random() < 0.3:
            url = f"postgresql://u%40x:p%2F{number}@h{number}:77/d{number}" if kind == "postgres" else rng.choice([f"duckdb:///u{number}.duckdb", f"plain{number}.duckdb"])
            env["__".join(rng.choice(prefixes).rstrip(".").split(".") + ["credentials"]).strip("_").upper()] = url
        (folder / ".dlt/secrets.toml").write_text(merged_toml(secrets))
        (folder / ".dlt/config.toml").write_text(merged_toml(config))
        theirs = resolve_in_dlt(folder, env, kind, pipeline or None)
        if "error" in theirs:
            continue
        reference = f"dlt:{pipeline + '.' if pipeline else ''}destination.{kind}"
        (folder / "wapc.yaml").write_text(f"name: c\ngateways:\n  local:\n    connection: {reference}\n")
        shown = json.loads(wapc(folder, "config", "--format", "json", expect=None, env={**env, "HOME": str(folder / "home")}).stdout)
        ours = {value["key"].rsplit(".", 1)[1]: value["value"] for value in shown["values"] if ".connection." in value["key"]}
        for field in fields[kind]:
            mine, wanted = ours.get("user" if field == "username" else field), theirs[field]
            if field == "password":
                check((mine is None) == (wanted is None) and mine in (None, "***"), "a password", mine, folder)
            elif field == "database" and kind == "duckdb":
                # dlt puts a file that is not said, and one that is relative, where it runs.
                wanted = str(folder / (wanted or f"{pipeline or kind}.duckdb"))
                check(mine == wanted or wanted == str(folder / f"{kind}.duckdb"), "the file:", mine, wanted, folder)
            elif not (field == "port" and mine is None and wanted == 5432):
                check(str(mine) == str(wanted), field, mine, wanted, folder, env)
            compared += 1
    check(compared > rounds, "too few configurations could be compared")
    return compared


def prove_secrets(work):
    """A known secret is in no output of any verb and in no file that is written."""
    secret = "hunter2-known-secret"
    etl = work / "etl"
    (etl / ".dlt").mkdir(parents=True)
    (etl / ".dlt/secrets.toml").write_text(f'[destination.postgres.credentials]\nhost = "h"\ndatabase = "d"\nusername = "u"\npassword = "{secret}"\n')
    shutil.copy(work / "export/crm.schema.yaml", etl)
    project = work / "from_dlt"
    text = subprocess.run([WAPC, "init", str(project), "--from-dlt", str(etl / "crm.schema.yaml"), "--schema", "raw"], capture_output=True, text=True)
    check(text.returncode == 0, text.stderr)
    out = text.stdout + text.stderr
    for verb in (["config"], ["compile"], ["lint"], ["generate"], ["plan"], ["pull"], ["query", "SELECT 1"]):
        for shape in ("text", "json", "github", "sarif"):
            for env in ({}, {"WAPC__GATEWAYS__LOCAL__CONNECTION__PASSWORD": secret}, {"DESTINATION__POSTGRES__CREDENTIALS": f"postgresql://u:{secret}@h/d"}):
                done = wapc(project, *verb, "--format", shape, expect=None, env=env)
                out += done.stdout + done.stderr
    check(secret not in out, "the secret was printed")
    check(out.count("***") > 5, "the password is not shown as masked")
    for path in project.rglob("*"):
        check(not path.is_file() or secret.encode() not in path.read_bytes(), "the secret is in", path)
    check((project / ".wapc").exists() and wapc(project, "compile").returncode == 0, "the project does not compile")


# ------------------------------------------------------------------------------------------------ races and accidents

def prove_races(work):
    """Two pulls at once, and pulls killed at random moments: the file is always one of the two schemas."""
    rng = random.Random(SEED)
    project = new_project(work / "races", work / "none.duckdb")
    real = read(work / "export/crm.schema.yaml")
    big = copy.deepcopy(real)
    for number in range(400):
        big["tables"][f"extra{number}"] = {"columns": {"a": {"data_type": "text", "nullable": True}}, "write_disposition": "append", "resource": f"extra{number}"}
    full = Schema.from_dict(copy.deepcopy(big))
    sources = {}
    for name, schema in (("small", Schema.from_dict(copy.deepcopy(real))), ("big", full)):
        sources[name] = work / f"{name}.schema.yaml"
        sources[name].write_text(schema.to_pretty_yaml())
    hashes = {read(path)["version_hash"] for path in sources.values()}
    path = project / "metadata/raw/schema.yml"
    start = lambda name: subprocess.Popen([WAPC, "-p", str(project), "pull", "raw", "--prune", "--from", str(sources[name])], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(10):
        both = [start("small"), start("big")]
        check(all(process.wait() == 0 for process in both), "a pull failed beside another")
        check(imported(path).version_hash in hashes and read(path)["version_hash"] == imported(path).version_hash, "the file is a mix")
    wapc(project, "pull", "raw", "--prune", "--from", str(sources["small"]))
    killed = 0
    for number in range(40):
        process = start("big" if number % 2 == 0 else "small")
        time.sleep(rng.random() * 0.12)
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        check(imported(path).version_hash in hashes and read(path)["version_hash"] == imported(path).version_hash, "a killed pull left a mix")
    wapc(project, "pull", "raw", "--prune", "--from", str(sources["big"]))
    check(imported(path).version_hash == full.version_hash, "the pull after the kills is not whole")
    return killed


def prove_catalog(work):
    """Tables that dlt does not know, as dlt itself imports them."""
    import duckdb

    database = work / "catalog.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE SCHEMA crm; CREATE TABLE crm.\"People\" (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL, d DECIMAL(20, 7), t TIMESTAMP_MS, z TIMESTAMPTZ, l INTEGER[], u UBIGINT)")
    project = new_project(work / "catalog", database)
    wapc(project, "pull", "crm")
    schema = imported(project / "metadata/crm/schema.yml")
    check(schema.version_hash == read(project / "metadata/crm/schema.yml")["version_hash"], "hash of a catalog's schema")
    columns = schema.tables["People"]["columns"]
    check((columns["d"]["precision"], columns["d"]["scale"]) == (20, 7) and columns["t"] == {"name": "t", "data_type": "timestamp", "precision": 3, "timezone": False, "nullable": True}, columns)
    check(wapc(project, "pull", "--check").returncode == 0, "the catalog says otherwise")


def main():
    if len(sys.argv) > 3:
        print(globals()["prove_" + sys.argv[3]](pathlib.Path(tempfile.mkdtemp(prefix="wapc-dlt-")).resolve()))
        return
    print(f"dlt {dlt.__version__}, seed {SEED}")
    work = pathlib.Path(tempfile.mkdtemp(prefix="wapc-dlt-")).resolve()
    try:
        project = prove_loads(work)
        print("loads: export, pipeline folder and _dlt_version give one file, which dlt imports with its tables and hash")
        prove_hand_written(work, project)
        prove_engines(work)
        print("engines 3 to 11 read as dlt migrates them")
        prove_catalog(work)
        print(f"configuration: {prove_configuration(work)} values as dlt resolves them")
        prove_secrets(work)
        print(f"races: 10 pairs of pulls, {prove_races(work)} pulls killed")
        print(f"{CHECKS} checks passed")
    finally:
        shutil.rmtree(work, ignore_errors=True)


main()
