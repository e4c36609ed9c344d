"""What is published for a date follows from deliveries, method, as-of and known-at alone: never from which months are shown beside it.

The same companies with 1, 6 and 24 months ending at the same date: every row of every mart that carries a common date is equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import pytest

from pipelines.months import month_end
from tests.generated.companies import generate
from tests.generated.compiled import Delivered, Project, Warehouse

SHOWN: Final = (1, 6, 24)
OF_THE_VERSION: Final = frozenset({"mart_zone_history", "mart_zone_migration"})
"""They hold every judged month of the latest date's replay, shown or not."""

JUDGED: Final = frozenset({"int_zones__changes", "int_zones__replayed"})
"""What is published of months that are not shown."""

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Built:
    """A company's relations, and the dates its version shows."""

    shown: frozenset[date]
    rows: Mapping[str, Rows]


@pytest.fixture(scope="module")
def everything(project: Project) -> Warehouse:
    """A warehouse of all marts."""
    return Warehouse(project, [node.name for node in project.models if node.layer == "marts"])


def built(warehouse: Warehouse, delivered: Delivered, months: int) -> Built:
    """The company with its last `months` months shown, as known at one time."""
    last, known_at = max(delivered.as_of)
    days = [month_end(last, -back) for back in range(months)]
    warehouse.build(replace(delivered, as_of=[(day, known_at) for day in sorted(days)]))
    tables = [node for node in warehouse.models if node.config["materialized"] == "table"]
    return Built(frozenset(days), {node.name: warehouse.rows(f"{node.schema}.{node.name}") for node in tables})


def published(one: Built, mart: str, dates: frozenset[date]) -> Rows:
    """The rows of a mart that carry one of the dates, or none at all."""
    rows = one.rows[mart]
    if mart in OF_THE_VERSION:
        return rows
    return [row for row in rows if row.get("as_of_date") is None or row["as_of_date"] in dates]


def differences(narrow: Built, wide: Built, marts: Sequence[str]) -> Iterator[str]:
    """Marts whose rows of the common dates differ, with the first row that does."""
    for mart in marts:
        ours, theirs = published(narrow, mart, narrow.shown), published(wide, mart, narrow.shown)
        if ours != theirs:
            first = next((row for row in [*ours, *theirs] if row not in ours or row not in theirs), None)
            yield f"{mart} with {len(narrow.shown)} and {len(wide.shown)} months: {first}"


@pytest.mark.parametrize("seed", [0, 1, 3, *(pytest.param(seed, marks=pytest.mark.endless) for seed in range(4, 20))])
def test_a_date_is_the_same_whatever_is_shown_beside_it(everything: Warehouse, seed: int) -> None:
    delivered = generate(seed).delivered()
    one, six, many = (built(everything, delivered, months) for months in SHOWN)
    marts = everything.marts()
    found = [
        line for narrow, wide in ((one, six), (one, many), (six, many)) for line in differences(narrow, wide, marts)
    ]
    assert not found, "\n".join(found[:5])


def test_only_what_zones_stand_on_is_computed_for_months_that_are_not_shown(
    everything: Warehouse, project: Project
) -> None:
    replayed = next(node for node in project.models if node.name == "int_zones__replayed")
    above = {replayed.unique_id}
    for node in reversed(project.models):
        if node.unique_id in above:
            above |= set(node.reads)
    needed = {node.name for node in project.models if node.unique_id in above} | JUDGED | OF_THE_VERSION
    found: dict[str, set[date]] = {}
    for seed in (0, 1):
        one = built(everything, generate(seed).delivered(), 1)
        earliest = {month_end(day, -1) for day in one.shown} | one.shown
        for name, rows in one.rows.items():
            late = one.shown if name.startswith(("mart_", "dim_", "fct_", "crm_")) else earliest
            surplus = {row["as_of_date"] for row in rows if row.get("as_of_date")} - late
            if surplus and name not in needed:
                found.setdefault(name, set()).update(surplus)
    assert not found, (
        f"computed for nothing: begin with the shown months, `where {{{{ is_shown() }}}}`: {sorted(found)}"
    )
