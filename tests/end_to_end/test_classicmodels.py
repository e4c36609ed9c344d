"""Somebody else's data, an ERP without CRM and ledger: the totals to the cent, and nothing invented for what is missing."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import REPOSITORY, SHARED
from tests.end_to_end.kundenwert import Company

pytestmark = [pytest.mark.needs("shared"), pytest.mark.slow]
DATA = SHARED / "data" / "classicmodels"


@pytest.fixture(scope="module")
def classicmodels(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(
        config=REPOSITORY / "examples" / "classicmodels" / "config", home=tmp_path_factory.mktemp("classicmodels")
    )
    company.fork_and_succeed("run", CLASSICMODELS_DIR=str(DATA))
    return company


@pytest.fixture(scope="module")
def truth() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((DATA / "TRUTH.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return loaded["truth_without_cancelled_orders"]  # type: ignore[return-value]


def test_totals_are_met_to_the_cent(classicmodels: Company, truth: dict[str, dict[str, object]]) -> None:
    with classicmodels.serving() as bi:
        totals = bi.execute(
            """select sum(net_revenue), sum(cogs), sum(contribution_1), count(distinct customer_id), sum(line_count)
            from fct_customer_contribution"""
        ).fetchone()
    total = truth["total"]
    assert totals == (total["revenue"], total["cost"], total["margin"], total["customers"], total["lines"])
    assert totals[:2] == (Decimal("9365336.43"), Decimal("5633824.46"))


def test_every_year_and_the_top_customers_are_met(
    classicmodels: Company, truth: dict[str, list[dict[str, object]]]
) -> None:
    with classicmodels.serving() as bi:
        years = bi.execute(
            """select year(month_start), sum(net_revenue), sum(contribution_1), count(distinct customer_id)
            from fct_customer_contribution group by 1 order by 1"""
        ).fetchall()
        top = bi.execute(
            """select ultimate_parent_id, sum(net_revenue), sum(contribution_1)
            from mart_contribution_month group by 1 order by 2 desc limit 5"""
        ).fetchall()
    assert years == [(y["year"], y["revenue"], y["margin"], y["customers"]) for y in truth["per_year"]]
    assert top == [(str(c["cust_id"]), c["revenue"], c["margin"]) for c in truth["top5_by_revenue"]]
    assert top[0] == ("141", Decimal("773624.18"), Decimal("307322.49"))


def test_what_the_sources_do_not_say_is_unrated_or_new(classicmodels: Company) -> None:
    with classicmodels.serving() as bi:
        by_tenure = bi.execute(
            """select coalesce(tenure_years >= 1, false), list(distinct zone order by zone), list(distinct zone_status order by zone_status)
            from mart_portfolio join mart_loyalty_growth using (as_of_date, ultimate_parent_id)
            where as_of_date = date '2005-05-31' group by 1 order by 1"""
        ).fetchall()
        invented = bi.execute(
            """select count(*) from mart_portfolio where annual_demand is not null or achievable_gap is not null
            or sow_raw_ratio is not null or customer_type is not null"""
        ).fetchone()
        as_of = bi.execute("select max(as_of_date), count(distinct as_of_date) from mart_portfolio").fetchall()
    assert as_of == [(date(2005, 5, 31), 13)]
    assert by_tenure == [
        (False, ["never_bought", "new_customer"], ["observation", None]),
        (True, ["unrated"], ["unrated"]),
    ]
    assert invented == (0,)


def test_coverage_says_why_payments_are_missing_and_the_ledger_is_not_available(classicmodels: Company) -> None:
    with classicmodels.serving() as bi:
        payments = bi.execute(
            """select distinct is_mapped, is_delivered, coverage_note from mart_data_coverage where source_name = 'payments'"""
        ).fetchall()
        activities = bi.execute(
            "select bool_or(has_data), bool_or(is_delivered) from mart_data_coverage where source_name = 'activities'"
        ).fetchone()
        ledger = bi.execute(
            "select distinct status, ledger, difference from mart_reconciliation where status <> 'within_year' order by 1"
        ).fetchall()
    assert len(payments) == 1 and payments[0][:2] == (False, False)
    assert "invoice" in payments[0][2]
    assert activities == (False, False)
    assert ledger == [("cost_unknown", None, None), ("not_available", None, None)]
