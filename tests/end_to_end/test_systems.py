"""The shipped mappings of other systems: one company's books come out the same from each, as far as the system knows them.

What must come out is added up from the books themselves (tools.example_systems.business), not from any system's export.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.landing.dry_run import rehearsed
from pipelines.settings.workspace import open_workspace
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tools.example_systems import __main__ as written
from tools.example_systems import business, crm, odoo

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


# --- CRM -------------------------------------------------------------------------------------------------------------

CRMS = ("salesforce", "hubspot", "dynamics", "pipedrive")


@pytest.mark.parametrize("system", CRMS)
def test_every_crm_tells_the_same_diary(system: str, tmp_path: Path) -> None:
    """As landed: every account, every activity to the minute, every opportunity to the cent."""
    workspace = open_workspace(FOLDER / system / "config", Home.at(tmp_path / "home").prepare())
    with rehearsed(workspace, None) as done, duckdb.connect() as landed:
        for table in ("accounts", "activities", "opportunities"):
            files = [str(path) for path in (done.scratch.home.raw / table).glob("batch=*/*.parquet")]
            landed.read_parquet(files, union_by_name=True).create_view(table)
        accounts = landed.sql("select account_name, customer_id, created_on from accounts").fetchall()
        activities = landed.sql(
            """select activity_type, account_name, activity_at, activities.recorded_at, duration_minutes
            from activities join accounts using (account_id)"""
        ).fetchall()
        opportunities = landed.sql(
            """select account_name, amount, currency_code, opportunities.created_on, closed_on, is_won
            from opportunities join accounts using (account_id)"""
        ).fetchall()
    assert sorted(accounts) == sorted(
        (each.name, str(each.number) if each.number else None, each.created) for each in business.ACCOUNTS
    )
    assert sorted(activities, key=str) == sorted(
        (
            (each.kind, each.account.name, in_utc(each.moment), in_utc(each.recorded), each.minutes)
            for each in business.ACTIVITIES
        ),
        key=str,
    )
    assert sorted(opportunities) == sorted(
        (
            each.account.name,
            each.amount,
            "EUR",
            each.created,
            each.closed,
            None if each.closed is None else each.stage == "won",
        )
        for each in business.OPPORTUNITIES
    )


def in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=crm.ZONE).astimezone(UTC).replace(tzinfo=None)


@pytest.mark.slow
def test_a_crm_alone_is_published(tmp_path: Path) -> None:
    """Leads and customers, their open chances and what was done; nothing about revenue."""
    company = company_of("salesforce", tmp_path / "home")
    company.fork_and_succeed("run", "--as-of", business.AS_OF.isoformat())
    with company.serving() as bi:
        kinds = bi.execute(
            """select relationship_type, count(*), count(net_revenue) filter (relationship_type = 'customer')
            from mart_portfolio where as_of_date = ? group by all order by all""",
            [business.AS_OF],
        ).fetchall()
        pipeline = bi.execute(
            "select sum(open_pipeline) from mart_loyalty_growth where as_of_date = ?", [business.AS_OF]
        ).fetchone()
        done = bi.execute(
            "select sum(activities) from mart_sales_input where as_of_date = ?", [business.AS_OF]
        ).fetchone()
    leads = sum(each.number is None for each in business.ACCOUNTS)
    assert kinds == [("customer", len(business.ACCOUNTS) - leads, 0), ("lead", leads, 0)]
    assert pipeline == (sum(each.amount for each in business.OPPORTUNITIES if each.closed is None),)
    assert done == (len(business.ACTIVITIES),)


def named(known: Erp, amounts: dict[int, Decimal]) -> dict[str, Decimal]:
    return {known.customer(number): amount for number, amount in amounts.items()}
