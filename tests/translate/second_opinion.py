"""second_opinion.py FOLDER EMIT...: what sqlglot makes of the queries and expressions that wapc translates.

EMIT is what `translate_emit FOLDER DIALECT` printed. It proves nothing by itself (tests/translate/results.cc does, on the
engines): a difference is read once, and explained in FOLDER/sqlglot.txt, whose lines are `REASON: REGEX`, searched in
"from -> to: query | wapc's text | sqlglot's text". Each difference has to fit a line, and each line a difference. Ends with 1
otherwise.
"""

import collections
import json
import pathlib
import re
import sys

import sqlglot


def sqlglot_text(sql, source, target):
    try:
        return sqlglot.transpile(sql, read=source, write=target)[0]
    except (sqlglot.errors.SqlglotError, ValueError):
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
    folder = pathlib.Path(sys.argv[1])
    reasons = read_reasons(folder / "sqlglot.txt")
    used, alike, unexplained = collections.Counter(), 0, 0
    for path in map(pathlib.Path, sys.argv[2:]):
        head, *lines = path.read_text().splitlines()
        target = json.loads(head)["dialect"]
        for case in map(json.loads, lines):
            source, sql, ours = case["from"], case["sql"], case.get("printed")
            if source == target or ours is None:
                continue
            theirs = sqlglot_text(sql, source, target)
            if theirs is not None and same(ours, theirs, target):
                alike += 1
                continue
            seen = f"{source} -> {target}: {sql} | {ours} | {theirs}"
            reason = next((each for each, regex in reasons if regex.search(seen)), None)
            used[reason] += reason is not None
            if reason is None:
                unexplained += 1
                print(f"{source} -> {target}: {sql}\n  wapc:    {ours}\n  sqlglot: {theirs}")
    for reason, count in used.most_common():
        if reason:
            print(f"{count:4} {reason}")
    stale = [reason for reason, _ in reasons if reason not in used]
    for reason in stale:
        print(f"no difference fits: {reason}")
    print(f"{alike} alike, {sum(used.values())} explained, {unexplained} not explained")
    sys.exit(1 if unexplained or stale else 0)


if __name__ == "__main__":
    main()
