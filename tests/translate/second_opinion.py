"""second_opinion.py WAPC FOLDER: what sqlglot makes of the queries and expressions that wapc translates.

It proves nothing by itself (tests/translate/results.cc does, on the engines): a difference is read once, and explained in
FOLDER/sqlglot.txt, whose lines are `REASON: REGEX`. Each difference has to fit a line and each line a difference; the regex
is searched in "from -> to: query | wapc's text | sqlglot's text". Ends with 1 otherwise.
"""

import collections
import pathlib
import re
import subprocess
import sys

import sqlglot


def statements(path):
    text = ""
    for line in path.read_text().splitlines():
        if not line or line.startswith(("#", "--")):
            continue
        if path.suffix == ".txt":
            if not line.startswith("! "):
                yield f"SELECT {line} AS x FROM shop.v"
            continue
        text = f"{text} {line}".strip()
        if text.endswith(";"):
            if not text.startswith("! "):
                yield text.rstrip(";")
            text = ""


def wapc_text(wapc, sql, source, target):
    command = [wapc, "transpile", "--lenient", "--from", source, "--to", target, "-"]
    run = subprocess.run(command, input=sql, capture_output=True, text=True, check=False)
    return " ".join(run.stdout.strip().rstrip(";").split()) if run.returncode == 0 else None


def sqlglot_text(sql, source, target):
    try:
        return sqlglot.transpile(sql, read=source, write=target)[0]
    except sqlglot.errors.SqlglotError:
        return None


def same(a, b, dialect):
    try:
        return sqlglot.parse_one(a, read=dialect) == sqlglot.parse_one(b, read=dialect)
    except sqlglot.errors.SqlglotError:
        return False


def read_reasons(path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return [(reason, re.compile(regex)) for reason, regex in (line.split(": ", 1) for line in lines)]


def main():
    wapc, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    reasons = read_reasons(folder / "sqlglot.txt")
    used, alike, unexplained = collections.Counter(), 0, 0
    for path in sorted([*folder.glob("*.*.txt"), *folder.glob("*.*.sql")]):
        source = path.name.split(".")[1]
        target = "postgres" if source == "duckdb" else "duckdb"
        for sql in statements(path):
            ours, theirs = wapc_text(wapc, sql, source, target), sqlglot_text(sql, source, target)
            if ours is not None and theirs is not None and same(ours, theirs, target):
                alike += 1
                continue
            seen = f"{source} -> {target}: {sql} | {ours} | {theirs}"
            reason = next((each for each, regex in reasons if regex.search(seen)), None)
            if reason:
                used[reason] += 1
            else:
                unexplained += 1
                print(f"{source} -> {target}: {sql}\n  wapc:    {ours}\n  sqlglot: {theirs}")
    for reason, count in used.most_common():
        print(f"{count:4} {reason}")
    stale = [reason for reason, _ in reasons if reason not in used]
    for reason in stale:
        print(f"no difference fits: {reason}")
    print(f"{alike} alike, {sum(used.values())} explained, {unexplained} not explained")
    sys.exit(1 if unexplained or stale else 0)


if __name__ == "__main__":
    main()
