"""Runs the company of a golden folder and compares every leaf of its expected.json: `make golden`, `make golden GOLDEN=folder`.

Belongs here: the order of doing it and the report. Not here: the configuration (settings), how a leaf is found (compare).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from tests.end_to_end.kundenwert import Company
from tests.golden.compare import ELSEWHERE, Leaf, Marts, compare, expected_values, leaves
from tests.golden.settings import configure


def company_of(folder: Path, workplace: Path) -> Company:
    """The company of `folder`, configured below `workplace`; the deliveries stay where they are."""
    return Company(config=configure(folder, workplace / "config"), home=workplace / "home")


def as_of(folder: Path) -> tuple[str, ...]:
    """The arguments of the run that publishes what the folder's expected.json is about."""
    expected = expected_values(folder)
    return ("run", "--as-of", str(expected["as_of_date"]), "--known-at", str(expected["known_at"]))


@contextmanager
def published(company: Company) -> Iterator[Marts]:
    """The marts of the current version, whoever may read them."""
    manifest = json.loads((company.current / "manifest.json").read_text(encoding="utf-8"))
    (as_of,) = manifest["as_of_dates"]
    known_at = datetime.fromisoformat(manifest["known_at"]).replace(tzinfo=None).isoformat()
    with duckdb.connect() as connection:
        for file in sorted(company.current.glob("*/*.parquet")):
            connection.execute(f"create view {file.stem} as select * from read_parquet('{file}')")
        yield Marts(connection, as_of=as_of, known_at=known_at)


def leaves_of(folder: Path, company: Company) -> list[Leaf]:
    """Every leaf of the folder's expected.json beside what the company published."""
    with published(company) as marts:
        return list(compare(expected_values(folder), marts))


def report(expected: Mapping[str, object], compared: Sequence[Leaf]) -> Iterator[str]:
    """The lines people read: per section how many leaves, missing, different; then every leaf that is not equal."""
    wrong = [leaf for leaf in compared if not leaf.is_equal]
    yield f"{'section':<34}{'leaves':>8}{'missing':>9}{'different':>11}"
    for section in expected:
        if section in ELSEWHERE:
            count = sum(1 for _ in leaves(expected[section], section))
            yield f"{section:<34}{count:>8}   cases of their own: tests/golden/test_unit_vectors.py"
            continue
        inside = [leaf for leaf in compared if leaf.path.partition(".")[0] == section]
        yield _counts(section, inside)
    yield _counts("total compared", compared)
    for leaf in wrong:
        yield f"  {leaf.path}: expected {leaf.expected!r}, published {leaf.actual!r}"


def _counts(name: str, inside: Sequence[Leaf]) -> str:
    missing = sum(leaf.is_missing for leaf in inside)
    different = sum(not leaf.is_equal for leaf in inside) - missing
    return f"{name:<34}{len(inside):>8}{missing:>9}{different:>11}"
