"""A real ERP, filled through its own client library and read by SQL: the marts say what Tryton says of itself, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tests.tryton.company import Tryton, tryton

pytestmark = [pytest.mark.needs("postgresql", "tryton"), pytest.mark.slow]
CONFIG = REPOSITORY / "examples" / "tryton" / "config"
AS_OF = "2025-12-31"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    with tryton(tmp_path_factory.mktemp("tryton")) as running:
        yield running


@pytest.fixture(scope="module")
def company(filled: Tryton, tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(config=CONFIG, home=tmp_path_factory.mktemp("kundenwert"))
    company.succeed("run", "--as-of", AS_OF, TRYTON_URL=filled.url)
    return company


def landed(company: Company, table: str) -> str:
    return f"read_parquet('{company.home}/landing/raw/{table}/batch=*/*.parquet', hive_partitioning=false)"


def test_it_is_as_large_as_it_should_be(filled: Tryton, company: Company) -> None:
    assert filled.says["invoices"] - filled.says["credit_notes"] >= 2000
    assert filled.says["credit_notes"] >= 48
    with company.serving() as bi:
        ((bought, zones),) = rows(
            bi,
            f"""select count_if(net_revenue > 0), count(distinct zone) from mart_portfolio where as_of_date = date '{AS_OF}'""",
        )
    assert bought > 100
    assert zones > 1


def test_every_month_reconciles_with_the_general_ledger_of_tryton(filled: Tryton, company: Company) -> None:
    """The ledger of the mart is Tryton's own report, and what customers bought adds up to it: nothing with nobody, nothing set aside."""
    expected: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for month, accounts in filled.says["ledger"].items():
        for account, balance in accounts.items():
            group = "revenue_deductions" if account.startswith("4.3") else "gross_list_revenue"
            expected[month, group] += Decimal(balance)
    with company.serving() as bi:
        found = rows(
            bi,
            """select period, account_group, ledger, customers, total, difference, status from mart_reconciliation
               where account_group in ('gross_list_revenue', 'revenue_deductions') order by period, account_group""",
        )
    assert len(expected) == 48
    assert {(period, group): ledger for period, group, ledger, *_ in found} == dict(expected)
    assert [row for row in found if row[2:4] != (row[4], row[4]) or row[5:] != (Decimal("0.00"), "reconciled")] == []


def test_every_customer_owes_what_tryton_says(filled: Tryton, company: Company) -> None:
    """A party's receivable is what is open of it in the landed items, and the tax in it."""
    says = filled.says["receivable"]
    asked = (
        f"select customer_id, sum(amount) from {landed(company, 'open_items')} where cleared_date is null group by 1"
    )
    found = {party: amount for party, amount in rows(duckdb.connect(), asked) if amount}
    assert found == {
        party: net for party, said in says.items() if (net := Decimal(said["gross"]) - Decimal(said["tax"]))
    }
    assert any(Decimal(said["tax"]) for said in says.values())


def test_cost_of_goods_is_quantity_by_cost_price(filled: Tryton, company: Company) -> None:
    with company.serving() as bi:
        ((found,),) = rows(
            bi, "select -sum(total) from mart_reconciliation where account_group = 'cogs' and period_kind = 'month'"
        )
    assert found == Decimal(filled.says["cost"])


def test_opportunities_are_those_of_tryton(filled: Tryton, company: Company) -> None:
    """Their number, amount, and amount weighted with the probability that Tryton gives each."""
    says = filled.says["opportunities"]
    raw = dict(
        rows(duckdb.connect(), f"select opportunity_id, (stage, amount) from {landed(company, 'opportunities')}")
    )
    stages = Counter(stage for stage, _ in raw.values())
    assert stages == Counter(each["state"] for each in says)
    assert {"lead", "opportunity", "converted", "won", "lost", "cancelled"} == set(stages)
    weighted = sum(raw[each["number"]][1] * Decimal(each["probability"]) for each in says)
    assert weighted == sum(Decimal(each["amount"]) * Decimal(each["probability"]) for each in says)
    hoped: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal("0.00")])
    for each in says:
        # Tryton ends one on the day somebody says so: what was won or lost since was open then.
        if each["state"] in ("lead", "opportunity", "converted") or each["ended"] > AS_OF:
            hoped[each["party"]][0] += 1
            hoped[each["party"]][1] += Decimal(each["amount"])
    with company.serving() as bi:
        found = rows(
            bi,
            f"""select ultimate_parent_id, open_opportunities, open_pipeline from mart_loyalty_growth
               where open_opportunities > 0 and as_of_date = date '{AS_OF}'""",
        )
    assert {party: [count, amount] for party, count, amount in found} == hoped


def rows(connection: duckdb.DuckDBPyConnection, asked: str) -> list[tuple[Any, ...]]:
    return connection.execute(asked).fetchall()
