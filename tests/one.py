"""`make one T=...`: one test of any kind, by the name it goes by.

Belongs here: telling the kinds apart, and dbt's unit tests, which pytest runs only all together. Not here: what is tested.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.conftest import REPOSITORY, SHARED
from tests.dbt_project.conftest import dbt, empty_warehouse, read
from tests.dbt_project.test_unit_tests import declared


@dataclass(frozen=True)
class Pytest:
    """What pytest is asked to run."""

    arguments: tuple[str, ...]


@dataclass(frozen=True)
class UnitTest:
    """A unit test of dbt."""

    name: str
    model: str


@cache
def models_by_unit_test() -> Mapping[str, str]:
    """Name of every unit test of dbt -> its model."""
    return {test["name"]: test["model"] for _, test in declared()}


def told(what: str) -> Pytest | UnitTest:
    """Which kind of test `what` names. Raises ValueError with a sentence for people where it names none."""
    if not what.strip():
        raise ValueError(
            "say which: make one T=tests/pipelines/test_lock.py, T='lock and killed', T=NAME of a dbt unit test"
        )
    if what in (models := models_by_unit_test()):
        return UnitTest(what, models[what])
    path = Path(what.partition("::")[0])
    if SHARED / "cases" in (REPOSITORY / path).resolve().parents:
        raise ValueError(
            f"{what} is a case: make cases CASE={(REPOSITORY / path).resolve().relative_to(SHARED / 'cases').parts[0]}"
        )
    return Pytest((what,) if (REPOSITORY / path).exists() else ("-k", what))


def unit_test(test: UnitTest) -> int:
    """Build what the model reads, empty, and run the one test; 0 if it passed. Says what dbt says."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        empty_warehouse(folder / "warehouse.duckdb")
        before = ["build", "--exclude-resource-type", "test", "unit_test", "--select", f"+{test.model}"]
        dbt([*before, "--exclude", test.model], folder)
        dbt(["test", "--select", test.name], folder)
        run = read(folder / "target")
    for key, status in run.statuses.items():
        print(f"{test.model}: {key.rsplit('.', 1)[-1]}: {status}\n{run.messages[key]}".rstrip())
    return 0 if list(run.statuses.values()) == ["pass"] else 1


def main(what: str) -> int:
    """Run it; the exit code of what ran, 2 if `what` is nothing that can run."""
    try:
        test = told(what)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if isinstance(test, UnitTest):
        return unit_test(test)
    command = [sys.executable, "-m", "pytest", "-n", "0", *test.arguments]
    return subprocess.run(command, check=False, cwd=REPOSITORY).returncode


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
