"""Every model that takes time grows with its data, not with its square: measured as work at two sizes (growth.py says why not as time).

Beside tests/dbt_project/test_plans.py, which knows joins that compare pairs, this one sees growth of whatever cause.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench.sizes import ALL
from orchestration.dbt import plan
from pipelines import duck
from tests.bench.companies import company
from tests.bench.growth import exponent, work
from tests.end_to_end.kundenwert import Company

MOST = 1.15
SHARE = 0.01
"""Models with less than this share of all work are not looked at: their work is mostly that of small fixed tables."""

BY_KEY = "and valued.rated_criterion_id = ratings.criterion_id"
FORMER = "and valued.criterion_id = ratings.criterion_id and valued.method = 'rating'"
"""The join of ratings as it once was: a condition on the left side alone leaves no key to look up."""


def models(home: Path) -> dict[str, str]:
    """Model -> its statement as it ran."""
    nodes = plan.read(home / "dbt" / "manifest.json").nodes.values()
    return {node.name: node.sql for node in nodes if node.kind == "model"}


ORDERS = ("", ",join_order,join_filter_pushdown")
"""Joins in the order the engine guesses from samples, and as they are written."""


def measured(company: Company, statements: dict[str, str], order: str) -> dict[str, int]:
    """Model -> its work on the company's warehouse."""
    with duckdb.connect(str(company.home / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"set disabled_optimizers = '{duck.SETTINGS['disabled_optimizers']}{order}'")
        # With several, an early filter from the other side of a join sometimes comes after the first rows.
        connection.execute("set threads = 1")
        return {name: work(connection, sql) for name, sql in statements.items()}


def steep(small: Company, large: Company, statements: dict[str, str], lines: float) -> dict[str, float]:
    """Models that grow by more than MOST, with the power.

    Whichever way the joins are ordered: a guess may fall out differently from one size to the other, and from run to run.
    """
    each = [
        too_steep(measured(small, statements, order), measured(large, statements, order), lines) for order in ORDERS
    ]
    return {name: min(found[name] for found in each) for name in each[0] if all(name in found for found in each)}


def too_steep(small: dict[str, int], large: dict[str, int], lines: float) -> dict[str, float]:
    """Models with a share of the work that grow by more than MOST."""
    whole = sum(large.values())
    found = {name: exponent(small[name], large[name], lines) for name in large if large[name] > SHARE * whole}
    return {name: power for name, power in found.items() if power > MOST}


@pytest.mark.slow
def test_every_model_grows_with_its_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    (_, small), (_, large) = (company(tmp_path_factory, size) for size in ("20k", "200k"))
    statements = models(large.home)
    assert len(statements) > 150
    found = steep(small, large, statements, ALL["200k"].lines / ALL["20k"].lines)
    told = [f"{name}: work grows by the power {power:.2f} of the lines" for name, power in found.items()]
    assert not told, "more rows are moved or compared than the data grew by:\n" + "\n".join(told)


@pytest.mark.slow
def test_the_join_that_did_not_end_is_found(tmp_path_factory: pytest.TempPathFactory) -> None:
    (_, small), (_, large) = (company(tmp_path_factory, size) for size in ("2k", "20k"))
    name = "int_scores__judged_levels"
    now = models(large.home)[name]
    assert now.count(BY_KEY) == 1
    lines = ALL["20k"].lines / ALL["2k"].lines
    for sql, is_steep in ((now, False), (now.replace(BY_KEY, FORMER), True)):
        assert bool(steep(small, large, {name: sql}, lines)) is is_steep


def test_pairs_are_work_and_rows_are_counted_once_in_and_once_out() -> None:
    rows = "select range as id from range({n})"
    with duckdb.connect() as connection:
        by_key = [
            work(connection, f"select * from ({rows.format(n=n)}) a join ({rows.format(n=n)}) b using (id)")
            for n in (1000, 10_000)
        ]
        pairs = [
            work(
                connection, f"select count(*) from ({rows.format(n=n)}) a, ({rows.format(n=n)}) b where a.id * b.id = 7"
            )
            for n in (100, 1000)
        ]
    assert exponent(by_key[0], by_key[1], 10) == pytest.approx(1.0, abs=0.05)
    assert exponent(pairs[0], pairs[1], 10) == pytest.approx(2.0, abs=0.1)
