"""`python -m tests.golden [FOLDER]`: exit code 0 if every leaf of the folder's expected.json is met, else 1."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import tests.conftest  # noqa: F401 - the tests' environment: telemetry off, a key for pseudonyms
from tests.golden import check
from tests.golden.compare import expected_values
from tests.golden.settings import EXAMPLE


def main(arguments: list[str]) -> int:
    """Deliver, run, compare, report."""
    folder = Path(arguments[0]) if arguments else EXAMPLE
    if not (folder / "expected.json").is_file():
        print(f"{folder} has no expected.json; it needs the files that {EXAMPLE} has", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="golden_") as workplace:
        company = check.company_of(folder, Path(workplace))
        company.succeed(*check.as_of(folder))
        compared = check.leaves_of(folder, company)
    for line in check.report(expected_values(folder), compared):
        print(line)
    return 0 if all(leaf.is_equal for leaf in compared) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
