"""What real pipelines do, one function a scenario: loads, and what staging must hold after each."""

import datetime
import decimal
import json

import dlt
from dlt.common.wei import Wei

UTC = datetime.timezone.utc


def resource(rows, name, **hints):
    return dlt.resource(rows, name=name, **hints)


def append(proof):
    pipe = proof.pipeline("appends", "appended")
    for start in (0, 10, 20):
        proof.load(pipe, resource([{"id": i, "v": f"v{i}"} for i in range(start, start + 10)], "events"))
        proof.publish()
        proof.same_as_raw("appended")
        proof.holds("appended_staging.stg_events", "id, v", [(i, f"v{i}") for i in range(start + 10)])


def replace(proof):
    pipe = proof.pipeline("replaces", "replaced")
    for n in (5, 3, 4):
        rows = [{"id": i, "n": n, "tags": [{"t": f"{n}-{i}"}]} for i in range(n)]
        proof.load(pipe, resource(rows, "snapshot", write_disposition="replace"))
        proof.publish()
        proof.same_as_raw("replaced")
        proof.holds("replaced_staging.stg_snapshot", "id, n", [(i, n) for i in range(n)])
        proof.holds("replaced_staging.stg_snapshot__tags", "t", [(f"{n}-{i}",) for i in range(n)])


def merge(strategy):
    """delete-insert and upsert: one row a key, whatever was loaded before; rows of a list follow their parent."""

    def scenario(proof):
        dataset = "merged_" + strategy.replace("-", "_")
        pipe = proof.pipeline(dataset, dataset)

        def rows(keys, n):
            return resource(
                [{"id": k, "n": n, "items": [{"sku": f"{k}-{n}-{i}"} for i in range(n)]} for k in keys],
                "orders",
                primary_key="id",
                write_disposition={"disposition": "merge", "strategy": strategy},
            )

        expected = {}
        for keys, n in ((range(6), 3), (range(4, 8), 1), ((0, 7), 2)):
            proof.load(pipe, rows(keys, n))
            proof.publish()
            proof.same_as_raw(dataset)
            expected.update({k: n for k in keys})
            proof.holds(f"{dataset}_staging.stg_orders", "id, n", list(expected.items()))
            items = [(f"{k}-{n}-{i}",) for k, n in expected.items() for i in range(n)]
            proof.holds(f"{dataset}_staging.stg_orders__items", "sku", items)

    scenario.__name__ = "merge_" + strategy.replace("-", "_")
    return scenario


def insert_only(proof):
    pipe = proof.pipeline("inserts", "inserted")
    for keys, n in ((range(3), 1), (range(2, 6), 2)):
        proof.load(
            pipe,
            resource(
                [{"id": k, "n": n} for k in keys],
                "facts",
                primary_key="id",
                write_disposition={"disposition": "merge", "strategy": "insert-only"},
            ),
        )
        proof.publish()
        proof.same_as_raw("inserted")
    proof.holds("inserted_staging.stg_facts", "id, n", [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2), (5, 2)])


def scd2(proof):
    """Versions with their windows; a row that becomes again what it was has two versions, and its list is not doubled."""
    pipe = proof.pipeline("versions", "versioned")
    for city in ("Rome", "Oslo", "Rome"):
        rows = [{"id": 1, "city": city, "tags": [{"t": city}]}, {"id": 2, "city": "Bonn", "tags": []}]
        proof.load(
            pipe,
            resource(
                rows, "people", primary_key="id", write_disposition={"disposition": "merge", "strategy": "scd2"}
            ),
        )
        proof.publish()
        proof.same_as_raw("versioned", only=["people"])
        raw_tags = proof.query("SELECT t, _dlt_id FROM versioned.people__tags")
        proof.holds("versioned_staging.stg_people__tags", "t, _dlt_id", raw_tags)
    proof.holds(
        "versioned_staging.stg_people",
        "id, city, _dlt_valid_to IS NULL",
        [(1, "Rome", False), (1, "Oslo", False), (1, "Rome", True), (2, "Bonn", True)],
    )


def hard_delete(proof):
    pipe = proof.pipeline("deletes", "deleted")

    def rows(keys, gone):
        return resource(
            [{"id": k, "gone": gone, "items": [{"i": k}]} for k in keys],
            "accounts",
            primary_key="id",
            write_disposition="merge",
            columns={"gone": {"hard_delete": True}},
        )

    proof.load(pipe, rows(range(5), False))
    proof.publish()
    proof.same_as_raw("deleted")
    proof.load(pipe, rows((1, 3), True))
    proof.publish()
    proof.same_as_raw("deleted")
    proof.holds("deleted_staging.stg_accounts", "id", [(0,), (2,), (4,)])
    proof.holds("deleted_staging.stg_accounts__items", "i", [(0,), (2,), (4,)])


def nested(proof):
    """Lists three deep, under each disposition: the deepest reaches its load by joins or by the root key."""
    pipe = proof.pipeline("nests", "nested")

    def rows(n, keys):
        return [
            {"id": k, "a": [{"x": i, "b": [{"y": j, "c": [{"z": f"{n}-{k}-{i}-{j}"}]} for j in range(2)]} for i in range(2)]}
            for k in keys
        ]

    for n, keys in ((1, (1, 2, 3)), (2, (2,))):
        for name, hints in (
            ("grown", {"write_disposition": "append"}),
            ("fresh", {"write_disposition": "replace"}),
            ("kept", {"write_disposition": "merge", "primary_key": "id"}),
        ):
            proof.load(pipe, resource(rows(n, keys), name, **hints))
        proof.publish()
        proof.same_as_raw("nested")
    deepest = {"grown": 4 * 4, "fresh": 4 * 1, "kept": 4 * 3}
    for name, count in deepest.items():
        proof.holds(f"nested_staging.stg_{name}__a__b__c", "count(*)", [(count,)])
    proof.holds(
        "nested_staging.stg_kept__a__b__c", "count(*) FILTER (z LIKE '2-%'), count(*) FILTER (z LIKE '%-2-_-_')", [(4, 4)]
    )


def evolution(proof):
    """A new column, a variant of one, a new table: the next publish has them."""
    pipe = proof.pipeline("evolves", "evolved")
    first = dict(primary_key="id", write_disposition="merge")
    proof.load(pipe, resource([{"id": 1, "v": 10}], "things", **first))
    proof.publish()
    proof.load(pipe, resource([{"id": 2, "v": 20, "extra": "new"}], "things", **first))
    proof.publish()
    proof.same_as_raw("evolved")
    proof.load(pipe, resource([{"id": 3, "v": "not a number"}], "things", **first))
    proof.load(pipe, resource([{"id": 1}], "others", write_disposition="append"))
    proof.publish()
    proof.same_as_raw("evolved")
    proof.holds(
        "evolved_staging.stg_things",
        "id, v, v__v_text, extra",
        [(1, 10, None, None), (2, 20, None, "new"), (3, None, "not a number", None)],
    )


def typed_columns():
    columns = {
        "text_": {"data_type": "text"},
        "text_20": {"data_type": "text", "precision": 20},
        "double_": {"data_type": "double"},
        "bool_": {"data_type": "bool"},
        "bigint_": {"data_type": "bigint"},
        "binary_": {"data_type": "binary"},
        "binary_10": {"data_type": "binary", "precision": 10},
        "json_": {"data_type": "json"},
        "decimal_": {"data_type": "decimal"},
        "wei_": {"data_type": "wei"},
        "date_": {"data_type": "date"},
        "time_": {"data_type": "time"},
        "time_3": {"data_type": "time", "precision": 3},
        "ts_": {"data_type": "timestamp"},
        "ts_naive": {"data_type": "timestamp", "timezone": False},
    }
    for bits in (8, 16, 32, 64, 128):
        columns[f"bigint_{bits}"] = {"data_type": "bigint", "precision": bits}
    for scale in range(10):
        columns[f"decimal_18_{scale}"] = {"data_type": "decimal", "precision": 18, "scale": scale}
    for digits in (0, 3, 6, 9):
        columns[f"ts_naive_{digits}"] = {"data_type": "timestamp", "precision": digits, "timezone": False}
    return columns


def typed_row(i):
    moment = datetime.datetime(2024, 2, 29, 23, 59, 59, 123456 if i else 0, tzinfo=UTC)
    row = {
        "id": i,
        "text_": "Ünïcode 'quoted' \u2028",
        "text_20": "x" * 20,
        "double_": 0.1 + i,
        "bool_": i % 2 == 0,
        "bigint_": 2**62 + i,
        "binary_": bytes(range(10)),
        "binary_10": b"\x00\xff",
        "json_": {"a": [1, {"b": None}]},
        "decimal_": decimal.Decimal("12345678901234567890.123456789"),
        "wei_": Wei(2**100 + i),
        "date_": moment.date(),
        "time_": moment.time(),
        "time_3": moment.time().replace(microsecond=123000),
        "ts_": moment,
        "ts_naive": moment.replace(tzinfo=None),
    }
    for bits in (8, 16, 32, 64, 128):
        row[f"bigint_{bits}"] = 2 ** (min(bits, 64) - 1) - 1 - i
    for scale in range(10):
        row[f"decimal_18_{scale}"] = decimal.Decimal(10**8 + i) + decimal.Decimal(1).scaleb(-scale)
    for digits in (0, 3, 6, 9):
        row[f"ts_naive_{digits}"] = moment.replace(tzinfo=None, microsecond=0 if digits == 0 else 123000)
    return row


def types(proof):
    """Every type with and without precision arrives as it is in the raw table: nothing rounded, no zone lost."""
    pipe = proof.pipeline("typed", "typed")
    for i in (0, 1, 2):
        proof.load(
            pipe,
            resource([typed_row(i)], "all_types", columns=typed_columns(), primary_key="id", write_disposition="merge"),
        )
        proof.publish()
        proof.same_as_raw("typed")
    exact = proof.query("SELECT decimal_18_4::VARCHAR, decimal_18_9::VARCHAR FROM typed_staging.stg_all_types WHERE id = 1")
    if exact != [("100000001.0001", "100000001.000000001")]:
        raise AssertionError(f"digits were lost: {exact}")


def two_schemas(proof):
    """Two dlt schemas fill one dataset: each load counts for its own schema only."""
    one = proof.pipeline("first", "shared")
    two = proof.pipeline("second", "shared")
    proof.load(one, resource([{"id": 1}], "from_first"))
    proof.load(two, resource([{"id": 2}], "from_second"))
    proof.publish()
    proof.same_as_raw("shared")
    proof.load(two, resource([{"id": 3}], "from_second"))
    proof.publish()
    proof.same_as_raw("shared")
    proof.holds("shared_staging.stg_from_second", "id", [(2,), (3,)])


def names(proof):
    """Names that dlt normalises, and words that SQL reserves."""
    pipe = proof.pipeline("named", "named")
    rows = [{"Order ID": 1, "customerName": "a", "select": 1, "Größe %": 2, "group": [{"from": 1}], "123abc": 3}]
    for _ in range(2):
        proof.load(pipe, resource(rows, "Order Lines", primary_key="Order ID", write_disposition="merge"))
        proof.publish()
        proof.same_as_raw("named")


def interrupted_update(proof):
    """A load that stops after it changed published keys: they keep their published rows until it completes."""
    pipe = proof.pipeline("halts", "halted")

    def rows(keys, n):
        return resource(
            [{"id": k, "n": n, "items": [{"sku": f"{k}-{n}"}]} for k in keys],
            "orders",
            primary_key="id",
            write_disposition="merge",
        )

    proof.load(pipe, rows((1, 2, 3), 1))
    proof.publish()
    proof.interrupt(pipe, rows((2, 4), 2))
    proof.publish()
    proof.holds("halted_staging.stg_orders", "id, n", [(1, 1), (2, 1), (3, 1)])
    proof.holds("halted_staging.stg_orders__items", "sku", [("1-1",), ("2-1",), ("3-1",)])
    proof.resume(pipe)
    proof.publish()
    proof.same_as_raw("halted")
    proof.holds("halted_staging.stg_orders", "id, n", [(1, 1), (2, 2), (3, 1), (4, 2)])
    proof.holds("halted_staging.stg_orders__items", "sku", [("1-1",), ("2-2",), ("3-1",), ("4-2",)])


def interrupted_replace(proof):
    """A replace that stops half way: the last version stays."""
    pipe = proof.pipeline("swaps", "swapped")

    def rows(n):
        return resource([{"id": i, "n": n} for i in range(n)], "snapshot", write_disposition="replace")

    proof.load(pipe, rows(3))
    proof.publish()
    proof.interrupt(pipe, rows(5))
    proof.publish()
    proof.holds("swapped_staging.stg_snapshot", "id, n", [(0, 3), (1, 3), (2, 3)])
    proof.load(proof.pipeline("beside", "swapped"), resource([{"id": 1}], "others"))
    said = proof.publish()
    proof.holds("swapped_staging.stg_snapshot", "id, n", [(0, 3), (1, 3), (2, 3)])
    if "keeps its last version" not in said:
        raise AssertionError(f"nothing was said of the version that is kept:\n{said}")
    proof.resume(pipe)
    proof.publish()
    proof.same_as_raw("swapped")
    proof.holds("swapped_staging.stg_snapshot", "id, n", [(i, 5) for i in range(5)])


def other_order(proof):
    """Two loads complete in the other order than they began: a set of loads, not a highest one."""
    slow = proof.pipeline("slow", "raced")
    quick = proof.beside(slow, "quick")

    def rows(source):
        return dlt.source(lambda: resource([{"id": source, "by": source}], "events"), name="race")()

    proof.load(slow, rows(0))
    proof.publish()
    proof.interrupt(slow, rows(1))
    quick.run(rows(2))
    proof.publish()
    proof.holds("raced_staging.stg_events", "id", [(0,), (2,)])
    proof.resume(slow)
    proof.publish()
    proof.holds("raced_staging.stg_events", "id", [(0,), (1,), (2,)])
    proof.same_as_raw("raced")


def mistakes(proof):
    """What other generators get wrong on this input (see the comments), each as something that must not be."""
    pipe = proof.pipeline("wrongs", "wronged")
    moment = datetime.datetime(2024, 6, 1, 12, tzinfo=datetime.timezone(datetime.timedelta(hours=5)))

    def rows(n):
        return resource(
            [{"sf_id": 1, "fs": "x", "price": decimal.Decimal("1.2345"), "happened": moment, "n": n, "a": [{"b": [{"c": n}]}]}],
            "sf_orders",
            primary_key="sf_id",
            write_disposition="merge",
            columns={"price": {"data_type": "decimal", "precision": 18, "scale": 4}},
        )

    proof.load(pipe, rows(1))
    proof.publish()
    path = "metadata/wronged/staging.yml"
    (proof.folder / path).write_text("target: wronged_staging\nrules:\n  - rename: {strip_prefix: 'sf_'}\n")
    proof.load(pipe, rows(2))
    proof.publish()
    # decimal(18,4) rounded to three digits; a moment without its zone; two versions of one key; a prefix stripped as a
    # set of characters (which would leave nothing of 'fs').
    proof.holds(
        "wronged_staging.stg_sf_orders",
        "id, fs, price::VARCHAR, typeof(happened), epoch(happened)::BIGINT, n",
        [(1, "x", "1.2345", "TIMESTAMP WITH TIME ZONE", int(moment.timestamp()), 2)],
    )
    # A grandchild that looks for a load in its parent, which has none.
    proof.holds("wronged_staging.stg_sf_orders__a__b", "c, _dlt_load_id IS NOT NULL", [(2, True)])
    proof.run("compile")
    manifest = json.loads((proof.folder / ".wapc" / "manifest.json").read_text())
    model = next(m for m in manifest["models"] if m["name"] == "wronged_staging.stg_sf_orders")
    # No audit; a key that renaming lost.
    if model.get("unique_key") != ["id"] or model.get("grain") != ["id"]:
        raise AssertionError(f"the key was lost: {model}")
    if not any(audit["name"].startswith("unique") for audit in model["audits"]):
        raise AssertionError(f"the key is not audited: {model['audits']}")
    # Two columns renamed to one name, unnoticed.
    (proof.folder / path).write_text("target: wronged_staging\nrules:\n  - rename: {columns: {fs: n}}\n")
    if "staging-collision" not in proof.run("compile", expect=1):
        raise AssertionError("two columns of one name went unnoticed")
    (proof.folder / path).write_text("target: wronged_staging\nrules:\n  - rename: {strip_prefix: 'sf_'}\n")
    # A refresh that overwrites what was edited by hand.
    file = proof.folder / "models/staging/wronged/stg_sf_orders.sql"
    file.write_text(file.read_text().replace("src.n", "src.n + 0"))
    edited = file.read_text()
    proof.run("generate", expect=1)
    if file.read_text() != edited:
        raise AssertionError("generate overwrote an edit")
    proof.run("generate", "--force")
    proof.run("generate", "--check")


ALL = [
    append,
    replace,
    merge("delete-insert"),
    merge("upsert"),
    insert_only,
    scd2,
    hard_delete,
    nested,
    evolution,
    types,
    two_schemas,
    names,
    interrupted_update,
    interrupted_replace,
    other_order,
    mistakes,
]
