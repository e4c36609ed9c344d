"""The shipped mappings of other systems: one company's books come out the same from each, as far as the system knows them.

What must come out is added up from the books themselves (tools.example_systems.business), not from any system's export.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines import duck
from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.landing.dry_run import rehearsed
from pipelines.onboarding import names
from pipelines.onboarding.look import look
from pipelines.onboarding.propose import propose
from pipelines.settings.sources import ColumnWords
from pipelines.settings.workspace import open_workspace
from pipelines.sources.locate import expression
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


@pytest.mark.parametrize("system", ERPS)
def test_a_rehearsal_takes_every_row(system: str, tmp_path: Path) -> None:
    done = company_of(system, tmp_path / "home").fork("check", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0, said["red"]
    assert not {table["table"]: table["set_aside"] for table in said["tables"] if table["rows_set_aside"]}


# --- init ------------------------------------------------------------------------------------------------------------

# System -> table -> our columns that say whose record it is -> what init takes for them.
INIT: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "sap": {
        "customers": {"customer_id": "KUNNR", "customer_name": "NAME1"},
        "invoice_lines": {
            "invoice_id": "VBELN",
            "customer_id": "KUNAG",
            "posting_date": "FKDAT",
            "product_id": "MATNR",
        },
        "open_items": {"invoice_id": "VBELN", "customer_id": "KUNNR", "cleared_date": "AUGDT"},
    },
    "datev": {
        "customers": {"customer_id": "Konto", "credit_limit": "Kreditlimit (Debitor)"},
        "invoice_lines": {"invoice_id": "Belegfeld 1"},
    },
    "business_central": {
        "customers": {"customer_id": "No.", "customer_name": "Name"},
        "invoice_lines": {"invoice_id": "Document No.", "line_no": "Line No.", "customer_id": "Sell-to Customer No."},
        "open_items": {"item_no": "Entry No.", "due_date": "Due Date", "cleared_date": "Closed at Date"},
    },
    "odoo": {
        "customers": {"customer_id": "ID", "customer_name": "Name"},
        "invoice_lines": {"invoice_id": "Number", "customer_id": "Partner/ID", "posting_date": "Date"},
        "products": {"product_id": "Internal Reference", "product_group": "Product Category"},
    },
    "erpnext": {
        "customers": {"customer_id": "name", "region": "territory"},
        "invoice_lines": {
            "invoice_id": "parent",
            "line_no": "idx",
            "customer_id": "customer",
            "local_net_amount": "base_net_amount",
        },
    },
    "salesforce": {
        "accounts": {"account_id": "Id", "customer_id": "AccountNumber"},
        "contacts": {"contact_id": "Id", "account_id": "AccountId"},
        "activities": {
            "activity_id": "Id",
            "account_id": "AccountId",
            "recorded_at": "CreatedDate",
            "rep_id": "OwnerId",
        },
        "opportunities": {"opportunity_id": "Id", "account_id": "AccountId", "stage": "StageName"},
    },
    "hubspot": {
        "accounts": {"account_id": "Record ID", "customer_id": "Kundennummer", "lead_status": "Lead Status"},
        "activities": {"activity_id": "id", "activity_at": "properties.hs_timestamp"},
        "opportunities": {"opportunity_id": "Record ID", "account_id": "Associated Company IDs (Primary)"},
    },
    "dynamics": {
        "accounts": {"account_id": "accountid", "customer_id": "accountnumber"},
        "activities": {"activity_id": "activityid", "activity_type": "activitytypecode", "rep_id": "_ownerid_value"},
        "opportunities": {"opportunity_id": "opportunityid", "account_id": "_parentaccountid_value"},
    },
    "pipedrive": {
        "accounts": {"account_id": "Organization - ID", "account_name": "Organization - Name"},
        "activities": {"activity_id": "Activity - ID", "recorded_at": "Activity - Add time"},
        "opportunities": {"opportunity_id": "Deal - ID", "amount": "Deal - Value", "stage": "Deal - Stage"},
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("system", SYSTEMS)
def test_init_knows_the_system_its_tables_and_their_keys(system: str, tmp_path: Path) -> None:
    """What it takes from a file is what the shipped mapping takes from it; whose names they are it says, and where that mapping is."""
    shipped = open_workspace(FOLDER / system / "config", Home.at(tmp_path / "home").prepare()).sources
    with duck.memory() as connection:
        seen = look([FOLDER / system / "delivery"], connection, tmp_path / "work", {})
        proposal = propose(seen, load_contracts(), connection, {})
    assert not seen.unread
    assert proposal.system == system
    assert (REPOSITORY / str(names.example(system)) / "config" / "sources.yml").is_file()
    tables = {table.table: table for table in proposal.tables}
    assert set(tables) == set(INIT[system]), "a table that is proposed is one of the system's"
    for table, expected in INIT[system].items():
        mapping = shipped.tables[table]
        own = {name: taken_from(source) for name, source in mapping.columns.items()}
        found = {name: taken_from(said.value) for name, said in tables[table].columns.items()}
        assert expected.items() <= found.items()
        assert {name: own[name] for name in expected if own.get(name)}.items() <= expected.items()
        (path,) = (shipped.files[name].path for name in [mapping.from_file or ""])
        assert expression(path).fullmatch(tables[table].source.path.replace("*", "_2025"))


def taken_from(source: object) -> str | None:
    """The delivered column something is taken from as it is, here or in another file."""
    if isinstance(source, ColumnWords):
        return None if source.lookup is None else source.lookup.value
    if isinstance(source, dict):
        return source["lookup"]["value"] if "lookup" in source else None
    return str(source)


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
