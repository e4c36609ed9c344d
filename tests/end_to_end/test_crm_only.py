"""Accounts, ratings, estimates and activities of a CRM and no ERP: leads are judged, of customers it is said what nobody knows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from pipelines.vocabulary import Saying
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company
from tests.statements import telling
from tests.statements.columns import Asked

SOURCES = """
version: 1
company: A company of leads
root: ../deliveries
time_zone: Europe/Berlin
formats:
  iso: {kind: csv, delimiter: ",", encoding: utf-8, decimal: ".", date: yyyy-mm-dd, timestamp: "yyyy-mm-ddThh:mm:ss"}
files:
  accounts: {path: accounts.csv, format: iso, delivered_at: 2026-01-05T06:00:00}
  ratings: {path: ratings.csv, format: iso, delivered_at: 2026-01-05T06:00:00}
  estimates: {path: estimates.csv, format: iso, delivered_at: 2026-01-05T06:00:00}
  activities: {path: activities.csv, format: iso, delivered_at: 2026-01-05T06:00:00}
tables:
  accounts: {from: accounts}
  ratings: {from: ratings}
  potential_estimates: {from: estimates, constants: {currency_code: EUR, demand_stage: effective_demand}}
  activities: {from: activities}
"""
RATED = {
    "L1": {
        "future_demand": 5,
        "access_decision_makers": 5,
        "process_maturity": 4,
        "chemistry": 5,
        "strategy_clarity": 4,
    },
    "L2": {
        "future_demand": 1,
        "access_decision_makers": 1,
        "process_maturity": 2,
        "chemistry": 1,
        "strategy_clarity": 1,
    },
    "K1": {
        "future_demand": 4,
        "access_decision_makers": 4,
        "process_maturity": 4,
        "chemistry": 4,
        "strategy_clarity": 4,
    },
}
DEMAND = {"L1": 400_000, "L2": 1_000, "K1": 80_000}
ACCOUNTS = {"L1": "", "L2": "", "L3": "", "K1": "C1", "K2": "C2"}


def deliver(folder: Path) -> None:
    """The four files of the CRM."""
    folder.mkdir()
    files = {
        "accounts": ["account_id,customer_id,account_name", *(f"{a},{c},Account {a}" for a, c in ACCOUNTS.items())],
        "ratings": [
            "account_id,criterion_id,rater_id,rated_by,level,valid_from,recorded_at",
            *(
                f"{account},{criterion},r1,staff,{level},2025-11-03,2025-11-03T10:00:00"
                for account, levels in RATED.items()
                for criterion, level in levels.items()
            ),
        ],
        "estimates": [
            "account_id,product_group,annual_demand,achievable_share,valid_from,recorded_at",
            *(f"{account},PUMPS,{demand},0.5,2025-10-01,2025-10-02T10:00:00" for account, demand in DEMAND.items()),
        ],
        "activities": [
            "activity_id,account_id,activity_type,activity_at,recorded_at,duration_minutes,rep_id,outcome",
            *(
                f"A{n},{a},visit,2025-1{n}-04T09:00:00,2025-1{n}-04T18:00:00,60,r1,met"
                for n, a in enumerate(("L1", "K1", "K2"))
            ),
        ],
    }
    for name, lines in files.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def company_in(folder: Path, sources: str = SOURCES) -> Company:
    """The company in `folder`."""
    deliver(folder / "deliveries")
    (folder / "config").mkdir()
    (folder / "config" / "sources.yml").write_text(sources, encoding="utf-8")
    shutil.copy(REPOSITORY / "config" / "portfolio.yml", folder / "config")
    return Company(config=folder / "config", home=folder / "home")


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = company_in(tmp_path_factory.mktemp("crm_only"))
    company.fork_and_succeed("run")
    return company


def test_leads_are_judged_and_customers_have_no_revenue_that_nobody_knows(crm: Company) -> None:
    with crm.serving() as bi:
        rows = bi.execute(
            """select ultimate_parent_id, relationship_type, zone, customer_status, net_revenue, annual_demand, achievable_gap
            from mart_portfolio where is_latest order by all"""
        ).fetchall()
        invented = bi.execute(
            """select count(customer_contribution), count(abc_class), count(customer_since), count(recency_ratio),
            count(is_small_customer) from mart_portfolio join mart_loyalty_growth using (as_of_date, ultimate_parent_id)
            where relationship_type = 'customer'"""
        ).fetchone()
        day = bi.execute("select max(as_of_date)::varchar from mart_portfolio").fetchone()
    assert day == ("2025-12-31",)
    found = {row[0]: row[1:] for row in rows}
    assert {name: row[:3] for name, row in found.items()} == {
        "C1": ("customer", "unrated", None),
        "C2": ("customer", "unrated", None),
        "L1": ("lead", "target_lead", "lead"),
        "L2": ("lead", "disqualified_lead", "lead"),
        "L3": ("lead", "unrated", "lead"),
    }
    assert found["L1"][3:] == (0, 400_000, 200_000)
    assert found["C1"][3:] == (None, 80_000, None)
    assert invented == (0, 0, 0, 0, 0)


def test_every_sentence_is_so(crm: Company) -> None:
    heard: list[Saying] = []
    with telling.opened(crm.home / "published" / "CURRENT") as version:
        telling.told_of(version, telling.scored(version.connection), heard)
        telling.told_by_the_page(version, heard)
        found = list(Asked(version).untrue(heard))
    assert not found, "\n".join(found[:20])


def test_an_erp_in_part_is_refused(tmp_path: Path) -> None:
    """Customers without lines would all look as if they had never bought."""
    company = company_in(tmp_path, SOURCES + "  customers: {from: accounts, constants: {currency_code: EUR}}\n")
    refused = company.fork("check")
    assert refused.returncode == ExitCode.CONFIG
    assert "invoice_lines" in refused.stdout + refused.stderr
