"""What holds for every company, whatever its numbers: told without the oracle, on pairs of companies that differ in one thing.

That parts add up and that entity, parent and total agree is tested for every company of test_oracle*.py, which run the
project's singular tests too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.differencing import attack, names, people
from tests.generated.companies import NASTY, Case, generate, single_batches
from tests.generated.compiled import Batch, Delivered, Warehouse
from tests.oracle.inputs import Company
from tests.oracle.suppression import hidden

pytestmark = pytest.mark.endless

KINDS = ("", *NASTY)
BATCHES = range(2)
BETTER = {"withdrawal": 0, "development": 1, "maintain": 1, "protection": 2}


def _cases(batch: int, size: int = 5) -> Iterable[Case]:
    for seed in range(batch * size, batch * size + size):
        yield generate(1000 + seed, KINDS[seed % len(KINDS)])


def _marts(
    warehouse: Warehouse, delivered: Delivered, names: Iterable[str] = (), where: str = "true"
) -> dict[str, Any]:
    warehouse.build(delivered)
    return {name: warehouse.rows(name, where) for name in (names or warehouse.marts()) if name != "mart_data_coverage"}


def _first_difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    for mart, rows in one.items():
        for left, right in zip(rows, other[mart], strict=False):
            if left != right:
                names = [name for name in left if left[name] != right[name]]
                return f"{mart}: {names[:5]} of {left} and {right}"
        if len(rows) != len(other[mart]):
            return f"{mart}: {len(rows)} and {len(other[mart])} rows"
    return ""


def _shuffled(case: Case) -> Case:
    rng = random.Random(case.seed)  # noqa: S311 - no secret
    tables = {}
    for field in fields(Company):
        rows = list(getattr(case.company, field.name))
        rng.shuffle(rows)
        tables[field.name] = rows
    return case.with_tables(**tables)


def _in_pieces(case: Case) -> Delivered:
    """The rows of every table spread over additions, which arrive in any order before anybody looks."""
    rng = random.Random(case.seed)  # noqa: S311 - no secret
    at = min(known for _, known in case.as_of)
    batches: list[Batch] = []
    for whole in single_batches(case.company):
        count = rng.randint(1, 3)
        parts = [Batch(whole.table, [], [], "delta", datetime(2001, 1, 1)) for _ in range(count)]  # noqa: DTZ001
        for row in whole.rows:
            rng.choice(parts).rows.append(row)  # type: ignore[attr-defined]
        parts[0] = replace(parts[0], quarantined=whole.quarantined)
        parts[-1] = replace(parts[-1], delivered_at=min(at, parts[-1].delivered_at))
        batches += parts
    rng.shuffle(batches)
    return replace(case.delivered(), batches=batches)


@pytest.mark.parametrize("batch", BATCHES)
def test_the_order_of_rows_and_files_does_not_matter(warehouse: Warehouse, batch: int) -> None:
    for case in _cases(batch):
        expected = _marts(warehouse, case.delivered())
        assert not _first_difference(_marts(warehouse, _in_pieces(_shuffled(case))), expected), str(case)


@pytest.mark.parametrize("batch", BATCHES)
def test_months_computed_at_once_equal_months_computed_one_after_the_other(warehouse: Warehouse, batch: int) -> None:
    """Only the history up to a month decides about it: its rows do not depend on the months that follow."""
    for case in _cases(batch + len(BATCHES)):
        early = case.as_of[:-1] or case.as_of
        # The month marts look back from the latest as-of date only.
        names = [
            name
            for name in warehouse.marts()
            if "month" not in name and "reconciliation" not in name and "date" not in name
        ]
        names = [name for name in names if name != "fct_customer_contribution"]
        last = f"as_of_date <= date '{early[-1][0]}'"
        at_once = _marts(warehouse, case.delivered(), names, last)
        one_by_one = _marts(warehouse, replace(case, as_of=early).delivered(), names)
        assert not _first_difference(one_by_one, at_once), str(case)


def _raised(case: Case) -> Case | None:
    """The same company, one known level of one staff rating one higher."""
    rng = random.Random(case.seed)  # noqa: S311 - no secret
    candidates = [number for number, row in enumerate(case.company.ratings) if row["level"] in (1, 2, 3, 4)]
    if not candidates:
        return None
    chosen = rng.choice(candidates)
    ratings = [dict(row) for row in case.company.ratings]
    ratings[chosen]["level"] += 1
    return case.with_tables(ratings=ratings)


@pytest.mark.parametrize("batch", BATCHES)
def test_a_better_rating_never_makes_a_customer_look_worse(warehouse: Warehouse, batch: int) -> None:
    columns = [f"{axis}_score{bound}" for axis in ("potential", "attractiveness") for bound in ("", "_low", "_high")]
    for case in _cases(batch + 2 * len(BATCHES)):
        better = _raised(case)
        if better is None:
            continue
        before = _marts(warehouse, case.delivered(), ["mart_portfolio"])["mart_portfolio"]
        after = _marts(warehouse, better.delivered(), ["mart_portfolio"])["mart_portfolio"]
        assert len(before) == len(after), str(case)
        for old, new in zip(before, after, strict=True):
            for column in columns:
                assert new[column] >= old[column], f"{case}: {column} of {new['ultimate_parent_id']}"
            if old["raw_zone"] in BETTER and new["raw_zone"] in BETTER:
                assert BETTER[new["raw_zone"]] >= BETTER[old["raw_zone"]], f"{case}: {new['ultimate_parent_id']}"
            if old["zone"] in BETTER and new["zone"] in BETTER:
                assert BETTER[new["zone"]] >= BETTER[old["zone"]], f"{case}: {new['ultimate_parent_id']}"


def _with_another_customer(case: Case) -> Case:
    """The same company and a customer that has nothing to do with anybody."""
    company, day = case.company, case.as_of[-1][0]
    customer = {
        "customer_id": "ZZZ",
        "customer_name": "Another",
        "relationship_type": "customer",
        "currency_code": "EUR",
        "first_invoice_date": None,
    }
    line = {
        "company_id": "9",
        "invoice_id": "another",
        "line_no": 1,
        "doc_type": "invoice",
        "posting_date": day,
        "customer_id": "ZZZ",
        "product_group": "pumps",
        "currency_code": "EUR",
        "gross_list_amount": 12345,
        "revenue_deductions": 0,
        "cogs": 45,
    }
    return case.with_tables(customers=[*company.customers, customer], invoice_lines=[*company.invoice_lines, line])


@pytest.mark.parametrize("batch", BATCHES)
def test_another_customer_changes_nobodys_absolute_scores(warehouse: Warehouse, batch: int) -> None:
    """Levels, points and axis scores are absolute; ranks, shares, thresholds of small customers and bounds are not.

    Measures that compare with the portfolio (product groups offered, months delivered) are left as they were: the other
    customer buys a group somebody buys already, and nothing before.
    """
    for case in _cases(batch + 3 * len(BATCHES)):
        names = {row["product_group"] for row in case.company.invoice_lines} | {
            row["product_group"] for row in case.company.products
        }
        if "pumps" not in names or not any(
            row["posting_date"] < case.as_of[0][0] for row in case.company.invoice_lines
        ):
            continue
        before = _marts(warehouse, case.delivered(), ["fct_criterion_score"])["fct_criterion_score"]
        warehouse.build(_with_another_customer(case).delivered())
        after = warehouse.rows("fct_criterion_score", "ultimate_parent_id <> 'ZZZ'")
        assert not _first_difference({"fct": before}, {"fct": after}), str(case)


@pytest.mark.parametrize("batch", BATCHES)
def test_what_is_delivered_after_the_knowledge_changes_nothing(warehouse: Warehouse, batch: int) -> None:
    """Corrections that arrive a second too late are as if they had not arrived."""
    for case in _cases(batch + 4 * len(BATCHES)):
        late = max(known for _, known in case.as_of) + timedelta(seconds=1)
        expected = _marts(warehouse, case.delivered())
        ledger = [{**row, "net_revenue": 0} for row in case.company.revenue_history]
        lines = [{**row, "gross_list_amount": 1, "local_net_amount": None} for row in case.company.invoice_lines]
        orders = [{**row, "order_id": f"late-{row['order_id']}"} for row in case.company.orders]
        too_late = [
            Batch(table, rows, (), "delta", late)
            for table, rows in (("revenue_history", ledger), ("invoice_lines", lines), ("orders", orders))
            if rows
        ]
        delivered = case.delivered()
        actual = _marts(warehouse, replace(delivered, batches=[*delivered.batches, *too_late]))
        assert not _first_difference(actual, expected), str(case)


@pytest.mark.parametrize("batch", BATCHES)
def test_no_area_of_few_people_is_named(warehouse: Warehouse, batch: int) -> None:
    """Whatever mart for everybody says an area, by whatever column: no join brings a team of few people back (METHOD 1.17)."""
    for case in _cases(batch):
        warehouse.build(case.delivered())
        minimum = case.tables["parameters"][0]["privacy_min_group_size"]
        for as_of, _ in case.as_of:
            sizes: dict[str, int] = {}
            for row in case.company.sales_reps:
                is_active = row["active_to"] is None or row["active_to"] >= as_of
                sizes[row["team"]] = sizes.get(row["team"], 0) + int(is_active)
            named = set(sizes) - set(hidden(sizes, minimum, total_is_published=True))
            for mart in warehouse.marts():
                columns = {name for (name, *_) in warehouse.bi.execute(f"describe {mart}").fetchall()}
                for column in sorted(columns & {"owner_area", "area"}):
                    shown = {row[column] for row in warehouse.rows(mart, f"as_of_date = date '{as_of}'")}
                    assert shown <= named | {None, "(small areas)", "(unassigned)"}, (case.seed, mart, column, shown)
        # Nor do all marts and dates together, subtracted from one another.
        found = names(warehouse.bi, {mart: mart for mart in warehouse.marts()})
        assert not attack(found, people(warehouse.bi, found), minimum), str(case)
