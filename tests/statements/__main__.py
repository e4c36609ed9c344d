"""`python -m tests.statements [SECTION ...] [--file FILE]`: exit code 0 if every leaf of the file's cases comes out, else 1."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401 - the tests' environment: telemetry off, a key for pseudonyms
from tests.generated.compiled import compile_project, load_project
from tests.statements.compare import SHIPPED, answered, cases, report
from tests.statements.room import Room


def main(arguments: list[str]) -> int:
    """Compile, ask, compare, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.statements")
    parser.add_argument("sections", nargs="*", help="only these")
    parser.add_argument("--file", type=Path, default=SHIPPED)
    asked = parser.parse_args(arguments)
    if not asked.file.is_file():
        print(
            f"{asked.file} is not there: give the file of worked cases, `make golden STATEMENTS=file`", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="statements_") as workplace:
        compile_project(Path(workplace))
        room = Room(load_project(Path(workplace) / "target"))
    found = [
        leaf
        for case in cases(asked.file)
        if not asked.sections or case.section in asked.sections
        for leaf in answered(room, case)
    ]
    for line in report(found):
        print(line)
    return 0 if all(leaf.is_equal for leaf in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
