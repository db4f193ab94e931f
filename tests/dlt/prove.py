"""prove.py WAPC [SCENARIO...]: runs real dlt pipelines and holds what wapc publishes against dlt's rows."""

import pathlib
import sys
import tempfile
import time
import traceback

import harness


def main() -> int:
    wapc = str(pathlib.Path(sys.argv[1]).resolve())
    wanted = sys.argv[2:]
    with tempfile.TemporaryDirectory() as work:
        harness.environment(pathlib.Path(work))
        import scenarios

        failed = []
        for scenario in scenarios.ALL:
            if wanted and scenario.__name__ not in wanted:
                continue
            proof = harness.Proof(wapc, pathlib.Path(work) / scenario.__name__)
            started = time.monotonic()
            try:
                scenario(proof)
            except Exception:
                failed.append(scenario.__name__)
                traceback.print_exc(limit=-3)
            state = "FAILED" if scenario.__name__ in failed else "ok"
            print(f"{scenario.__name__}: {state}, {proof.checked} comparisons, {time.monotonic() - started:.1f} s", flush=True)
        if failed:
            print(f"failed: {', '.join(failed)}")
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
