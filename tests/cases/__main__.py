"""`python -m tests.cases [CASE ...] [--fast]`: 0 if no case publishes a wrong number silently or is refused for another reason, else 1.

CASE is a folder's name or how it begins (`01`). `make cases`, `make cases CASE=01`.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import tests.conftest  # noqa: F401 - the tests' environment: telemetry off, a key for pseudonyms
from tests.cases.cases import BAD, FOLDER, Judged, expectations, judge


def main(arguments: list[str]) -> int:
    """Run, compare, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.cases")
    parser.add_argument("cases", nargs="*", help="only the cases whose names begin so")
    parser.add_argument("--fast", action="store_true", help="stop after landing where that decides the case")
    parser.add_argument("--workers", type=int, default=2, help="runs at a time")
    asked = parser.parse_args(arguments)
    wanted = [one for one in expectations() if not asked.cases or one.case.startswith(tuple(asked.cases))]
    if not FOLDER.is_dir() or not wanted:
        print(f"no case {' '.join(asked.cases)} in {FOLDER}", file=sys.stderr)
        return 2
    begun = time.monotonic()
    found: list[Judged] = []
    with ThreadPoolExecutor(asked.workers) as pool:
        for one in pool.map(partial(judge, fast=asked.fast), wanted):
            found.append(one)
            print(f"{one.expected.case:<46} {one.expected.name:<34} {one.outcome}", flush=True)
            for detail in one.details if not one.is_good else one.details[:1]:
                print(f"    {detail[:400]}", flush=True)
    counts = ", ".join(
        f"{sum(one.outcome == outcome for one in found)} {outcome}"
        for outcome in dict.fromkeys([*(one.outcome for one in found), *BAD])
    )
    print(
        f"{len(found)} runs of {len({one.expected.case for one in found})} cases: {counts} ({time.monotonic() - begun:.0f} s)"
    )
    return 0 if all(one.is_good for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
