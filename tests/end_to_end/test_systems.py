"""The shipped mappings of other systems: one company's books come out the same from each, as far as the system knows them.

What must come out is added up from the books themselves (tools.example_systems.business), not from any system's export.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tools.example_systems import __main__ as written
from tools.example_systems import business, odoo

FOLDER = REPOSITORY / "examples" / "systems"


@dataclass(frozen=True, slots=True)
class Erp:
    """What a system calls a customer, and what it does not know or its ledger books at other times."""

    customer: Callable[[int], str] = str
    knows_cost: bool = True
    knows_discounts: bool = True
    ledger: tuple[str, ...] = ("net_revenue",)


ERPS = {
    "sap": Erp(customer=lambda number: f"{number:010}", ledger=("cost_of_goods", "net_revenue")),
    "datev": Erp(knows_cost=False, knows_discounts=False),
    "business_central": Erp(ledger=("cost_of_goods", "net_revenue")),
    "odoo": Erp(customer=lambda number: str(odoo.partner(number))),
    "erpnext": Erp(customer={each.number: each.name for each in business.CUSTOMERS}.__getitem__),
}
SYSTEMS = tuple(written.SYSTEMS)


def company_of(system: str, home: Path) -> Company:
    return Company(config=FOLDER / system / "config", home=home)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_delivery_is_what_the_books_say(system: str) -> None:
    found = {path.name: path.read_bytes() for path in (FOLDER / system / "delivery").iterdir()}
    assert found == written.SYSTEMS[system](), "write them again: python -m tools.example_systems"


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_rehearsal_takes_every_row(system: str, tmp_path: Path) -> None:
    done = company_of(system, tmp_path / "home").fork("check", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0, said["red"]
    assert not {table["table"]: table["set_aside"] for table in said["tables"] if table["rows_set_aside"]}


# --- ERP -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=ERPS)
def erp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Erp, Company]:
    """A system's company after its run."""
    company = company_of(request.param, tmp_path_factory.mktemp(request.param))
    company.fork_and_succeed("run", "--as-of", business.AS_OF.isoformat())
    return ERPS[request.param], company


@pytest.mark.slow
def test_the_same_figures_come_out_of_every_erp(erp: tuple[Erp, Company]) -> None:
    known, company = erp
    day = business.AS_OF
    with company.serving() as bi:
        rows = bi.execute(
            "select ultimate_parent_id, net_revenue, cogs from mart_portfolio where as_of_date = ?", [day]
        ).fetchall()
        items = bi.execute(
            "select ultimate_parent_id, open_amount from mart_customer_finance where as_of_date = ?", [day]
        ).fetchall()
        discounts = bi.execute(
            """select ultimate_parent_id, sum(revenue_deductions) from mart_contribution_month
            where as_of_date = ? and month_start >= ? group by all""",
            [day, business.WINDOW_START],
        ).fetchall()
    nobody = dict.fromkeys((each.number for each in business.CUSTOMERS), Decimal("0.00"))
    assert {name: revenue for name, revenue, _ in rows} == named(known, nobody | business.net_revenue())
    if known.knows_cost:
        assert {name: cost for name, _, cost in rows} == named(known, nobody | business.cost_of_goods())
    else:
        assert not [cost for _, _, cost in rows if cost is not None], "nobody knows what the goods cost"
    assert {name: amount for name, amount in items if amount} == named(known, business.open_amounts())
    said = {name: amount for name, amount in discounts if amount}
    assert said == (named(known, business.deductions()) if known.knows_discounts else {})


@pytest.mark.slow
def test_the_ledger_is_met_to_the_cent(erp: tuple[Erp, Company]) -> None:
    known, company = erp
    with company.serving() as bi:
        groups = bi.execute(
            """select account_group, list(distinct status), count(*), sum(abs(difference)) from mart_reconciliation
            where status in ('reconciled', 'difference') group by account_group order by account_group"""
        ).fetchall()
    months = len({(doc.day.year, doc.day.month) for doc in business.DOCUMENTS})
    assert groups == [(group, ["reconciled"], months, Decimal("0.00")) for group in known.ledger]


def named(known: Erp, amounts: dict[int, Decimal]) -> dict[str, Decimal]:
    return {known.customer(number): amount for number, amount in amounts.items()}
