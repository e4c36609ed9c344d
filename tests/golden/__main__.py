"""`python -m tests.golden [FOLDER] [--statements FILE]`: 0 if every leaf of expected.json and of the worked cases is met, else 1.

Without a file the worked cases are asked where they are beside the project; a folder of one's own is compared alone.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401 - the tests' environment: telemetry off, a key for pseudonyms
from tests.golden import check
from tests.golden.compare import expected_values
from tests.golden.settings import EXAMPLE
from tests.statements import __main__ as statements
from tests.statements.compare import SHIPPED


def main(arguments: list[str]) -> int:
    """Deliver, run, compare, report."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden")
    parser.add_argument("folder", nargs="?", type=Path, default=EXAMPLE)
    parser.add_argument("--statements", type=Path, help="a file of worked cases")
    asked = parser.parse_args(arguments)
    folder: Path = asked.folder
    if not (folder / "expected.json").is_file():
        print(f"{folder} has no expected.json; it needs the files that {EXAMPLE} has", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="golden_") as workplace:
        company = check.company_of(folder, Path(workplace))
        company.succeed(*check.as_of(folder))
        compared = check.leaves_of(folder, company)
    for line in check.report(expected_values(folder), compared):
        print(line)
    code = 0 if all(leaf.is_equal for leaf in compared) else 1
    if asked.statements or (folder == EXAMPLE and SHIPPED.is_file()):
        print()
        code = max(code, statements.main(["--file", str(asked.statements or SHIPPED)]))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
