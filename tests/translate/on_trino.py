"""on_trino.py URL EMIT WAPC CORPUS: translated cases and the corpus of Trino's dialect on a running Trino.

EMIT is what `translate_emit FOLDER trino` printed. Each printed query has to pass EXPLAIN (TYPE VALIDATE), and those of
DuckDB's cases have to give DuckDB's rows. CORPUS is a folder of statements, one a line: what wapc prints of them must not be
refused as syntax (their tables are not there, so nothing else can be said). Ends with 1 if anything differs.
"""

import datetime
import json
import math
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zoneinfo

HEADERS = {"X-Trino-User": "wapc", "X-Trino-Catalog": "memory", "X-Trino-Schema": "shop", "X-Trino-Time-Zone": "UTC"}


class Trino:
    def __init__(self, url):
        self.url = url

    def _get(self, target, data=None):
        request = urllib.request.Request(target, data=data, headers=HEADERS)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)

    def wait(self, seconds):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if not self._get(self.url + "/v1/info")["starting"]:
                    return
            except (urllib.error.URLError, ConnectionError, OSError):
                pass
            time.sleep(1)
        sys.exit("Trino did not come up")

    def run(self, sql):
        """The rows, and an error as (name, message) or None."""
        rows = []
        page = self._get(self.url + "/v1/statement", sql.encode())
        while True:
            rows += page.get("data", [])
            if "error" in page:
                return [], (page["error"]["errorName"], page["error"]["message"])
            if "nextUri" not in page:
                return rows, None
            page = self._get(page["nextUri"])


def plain(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ",".join(str(plain(item)) if item is not None else "NULL" for item in value) + "]"
    return str(value)


def moment(text):
    """A timestamp as an instant in UTC, or without a zone; an interval as days and a time; any other text as it is."""
    span = re.fullmatch(r"(-?\d+)(?: days?)?(?: -?(\d\d:\d\d:\d\d)(\.\d+)?)?", text)
    if span and " " in text:
        days, clock, fraction = span.groups()
        return f"{days} {clock or '00:00:00'}{(fraction or '').rstrip('0').rstrip('.')}"
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d+)?(\+00| [A-Za-z]+(?:/\w+)*)?", text)
    if not found:
        return text
    head, fraction, zone = found.groups()
    at = datetime.datetime.fromisoformat(head)
    if zone and zone != "+00":
        at = at.replace(tzinfo=zoneinfo.ZoneInfo(zone.strip())).astimezone(datetime.timezone.utc).replace(tzinfo=None)
    return f"{at}{(fraction or '').rstrip('0').rstrip('.')}{'+00' if zone else ''}"


def same(theirs, ours):
    theirs = plain(theirs)
    if theirs is None or ours is None:
        return theirs is ours
    try:
        a, b = float(theirs), float(ours)
        return (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    except ValueError:
        return moment(theirs) == moment(ours) or theirs == ours.replace(" ", "")


def difference(theirs, ours):
    if len(theirs) != len(ours):
        return f"{len(ours)} rows, on Trino {len(theirs)}"
    for a, b in zip(theirs, ours):
        if len(a) != len(b) or not all(same(x, y) for x, y in zip(a, b)):
            return f"row {b}, on Trino {[plain(x) for x in a]}"
    return None


def check_case(trino, case):
    _, error = trino.run("EXPLAIN (TYPE VALIDATE) " + case["printed"])
    if error:
        return ": ".join(error)
    if "rows" not in case:
        return None
    rows, error = trino.run(case["printed"])
    return ": ".join(error) if error else difference(rows, case["rows"])


def check_cases(trino, lines):
    counts = {"passed": 0, "equal": 0, "refused": 0, "different": 0}
    for line in lines:
        case = json.loads(line)
        if "fault" in case:
            counts["refused"] += 1
            continue
        problem = check_case(trino, case)
        if problem:
            counts["different"] += 1
            print(f"{case['from']} -> trino: {case['sql']}\n  as: {case['printed']}\n  {problem}\n")
        else:
            counts["passed"] += 1
            counts["equal"] += "rows" in case
    print(f"{counts['passed']} translated queries are valid on Trino, {counts['equal']} of them gave DuckDB's rows; "
          f"{counts['refused']} are refused, {counts['different']} are wrong")
    return counts["different"] == 0 and counts["equal"] > 0


def check_corpus(trino, wapc, folder):
    lines = [line for path in sorted(folder.glob("*.sql")) for line in path.read_text().splitlines()]
    queries = [line for line in lines if line.strip("; ") and not line.startswith("--")]
    wrong = 0
    for query in queries:
        command = [wapc, "format", "--dialect", "trino", "-"]
        run = subprocess.run(command, input=query, capture_output=True, text=True, check=False)
        error = ("wapc", run.stderr)
        if run.returncode == 0:
            _, error = trino.run("EXPLAIN (TYPE VALIDATE) " + run.stdout.strip().rstrip(";"))
        if error and error[0] in ("wapc", "SYNTAX_ERROR"):
            wrong += 1
            print(f"trino: {query}\n  as: {run.stdout}\n  {': '.join(error)}\n")
    print(f"{len(queries) - wrong} of {len(queries)} statements of the corpus are syntax to Trino once wapc printed them")
    return wrong == 0 and bool(queries)


def main():
    url, emit, wapc, corpus = sys.argv[1:]
    trino = Trino(url)
    trino.wait(180)
    lines = pathlib.Path(emit).read_text().splitlines()
    for statement in ["CREATE SCHEMA memory.shop", *json.loads(lines[0])["setup"]]:
        _, error = trino.run(statement)
        if error:
            sys.exit(f"{statement}\n{error}")
    cases = check_cases(trino, lines[1:])
    sys.exit(0 if check_corpus(trino, wapc, pathlib.Path(corpus)) and cases else 1)


if __name__ == "__main__":
    main()
