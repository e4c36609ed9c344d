"""A company whose people enter everything in time and with care: 24 months without a finding, and what one slip changes.

Belongs here: that the checks of the sales input find nothing where nothing is wrong. Not here: what each of them finds (unit tests of
dbt), how much of what the demo plants (tests/end_to_end/test_planted_faults.py).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from tests.generated.companies import RATED
from tests.generated.compiled import Batch, Delivered, Project, Replay, Warehouse
from tests.generated.methods import method

MONTHS: Final = [date(year, month, monthrange(year, month)[1]) for year in (2024, 2025) for month in range(1, 13)]
FIRST: Final = date(2022, 1, 1)
CUSTOMERS: Final = range(12)
REPS: Final = ("anna", "bernd", "clara", "doris")
GROUPS: Final = ("pumps", "valves")
KNOWN_AT: Final = datetime(2026, 1, 5, 6, 0)  # noqa: DTZ001 - UTC without a zone
AT_MOST: Final = 1
"""Warnings a clean month may have."""


def _months() -> Iterator[date]:
    return (date(year, month, 1) for year in range(FIRST.year, 2026) for month in range(1, 13))


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - UTC without a zone


def _lines() -> Iterator[dict[str, Any]]:
    """Every customer buys both groups every month, on another day."""
    for month in _months():
        for customer in CUSTOMERS:
            for number, group in enumerate(GROUPS, 1):
                gross = Decimal(2000 + 300 * customer + 100 * number + 10 * month.month)
                yield {
                    "company_id": "1",
                    "invoice_id": f"R{month:%y%m}{customer:02}",
                    "line_no": number,
                    "doc_type": "invoice",
                    "posting_date": month + timedelta(days=2 + customer),
                    "customer_id": f"C{customer:02}",
                    "product_group": group,
                    "currency_code": "EUR",
                    "gross_list_amount": gross,
                    "revenue_deductions": gross / 20,
                    "cogs": gross * 6 / 10,
                }


def _visits() -> Iterator[dict[str, Any]]:
    """Every week each sees three customers, for as long as it takes, and enters it in the car."""
    day, number = FIRST, 0
    while day < date(2025, 12, 30):
        if day.weekday() in (0, 2, 3):
            for nth, rep in enumerate(REPS):
                own = [customer for customer in CUSTOMERS if customer % len(REPS) == nth]
                customer, minutes = own[number % len(own)], (35, 50, 65, 85, 95, 110, 125)[(number + nth) % 7]
                begins = _at(day, 8 + (number + nth) % 6, (7, 22, 41)[number % 3])
                yield {
                    "activity_id": f"V{number:05}{nth}",
                    "account_id": f"A{customer:02}",
                    "activity_type": "visit",
                    "activity_at": begins,
                    "has_time": True,
                    "recorded_at": begins + timedelta(minutes=minutes + 12),
                    "duration_minutes": minutes,
                    "rep_key": rep,
                    "contact_key": f"K{customer:02}",
                    "outcome": "offer discussed",
                }
            number += 1
        day += timedelta(days=1)


def _opinions() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every half year, in the middle of the month, two people rate and one estimates; little changes."""
    ratings: list[dict[str, Any]] = []
    estimates: list[dict[str, Any]] = []
    for month in _months():
        if month.month not in (1, 7):
            continue
        for customer in CUSTOMERS:
            since = month + timedelta(days=9)
            said = {"account_id": f"A{customer:02}", "valid_from": since, "recorded_at": _at(since, 10, 3 * customer)}
            for number, criterion in enumerate(RATED):
                for rater in (REPS[customer % 4], "lead of sales"):
                    level = 1 + (customer + 2 * number) % 5
                    ratings.append(
                        {**said, "criterion_id": criterion, "rater_key": rater, "rated_by": "staff", "level": level}
                    )
            for group in GROUPS:
                demand = Decimal(12 * (2000 + 300 * customer) * 2)
                estimate = {"product_group": group, "annual_demand": demand, "currency_code": "EUR"}
                estimates.append(
                    {**said, **estimate, "achievable_share": Decimal("0.7"), "demand_stage": "effective_demand"}
                )
    return ratings, estimates


def delivered(*further: dict[str, Any]) -> Delivered:
    """The clean company, with `further` activities."""
    ratings, estimates = _opinions()
    tables: dict[str, list[dict[str, Any]]] = {
        "customers": [
            {
                "customer_id": f"C{customer:02}",
                "customer_name": f"Clean {customer}",
                "relationship_type": "customer",
                "currency_code": "EUR",
                "first_invoice_date": date(2015, 3, 1),
                "owner_rep_key": REPS[customer % 4],
            }
            for customer in CUSTOMERS
        ],
        "accounts": [
            {
                "account_id": f"A{customer:02}",
                "customer_id": f"C{customer:02}",
                "account_name": f"Clean {customer}",
                "owner_rep_key": REPS[customer % 4],
            }
            for customer in CUSTOMERS
        ],
        "contacts": [
            {"contact_key": f"K{customer:02}", "account_id": f"A{customer:02}", "buying_role": "decider"}
            for customer in CUSTOMERS
        ],
        "sales_reps": [{"rep_key": rep, "pool": "field", "team": "North", "active_from": FIRST} for rep in REPS],
        "invoice_lines": list(_lines()),
        "activities": [*_visits(), *further],
        "ratings": ratings,
        "potential_estimates": estimates,
    }
    as_of = [(day, KNOWN_AT) for day in MONTHS]
    return Delivered([Batch(name, rows) for name, rows in tables.items()], method(0), as_of, Replay(max_months=36))


def _findings(warehouse: Warehouse) -> dict[date, dict[str, str]]:
    """As-of date -> check that found rows -> its severity."""
    found: dict[date, dict[str, str]] = {day: {} for day in MONTHS}
    for row in warehouse.rows("mart_input_quality", "affected_rows > 0 and severity <> 'info'"):
        found[row["as_of_date"]][row["check_id"]] = row["severity"]
    return found


@pytest.fixture(scope="module")
def checks(project: Project) -> Warehouse:
    return Warehouse(project, ("mart_input_quality",))


def test_twenty_four_clean_months_have_nothing_critical_and_hardly_a_warning(checks: Warehouse) -> None:
    checks.build(delivered())
    asked = checks.rows("mart_input_quality", "checked_rows > 0")
    assert len({row["check_id"] for row in asked}) > 20, "the company gives the checks something to look at"
    found = _findings(checks)
    assert all(len(warned) <= AT_MOST and "block" not in warned.values() for warned in found.values()), found


def test_one_slip_is_found_and_nothing_beside_it(checks: Warehouse) -> None:
    visit = next(one for one in _visits() if one["activity_at"].date() > date(2025, 6, 1))
    checks.build(delivered())
    before = _findings(checks)
    checks.build(
        delivered({**visit, "activity_id": "AGAIN", "recorded_at": visit["recorded_at"] + timedelta(minutes=5)})
    )
    more = {day: set(warned) - set(before[day]) for day, warned in _findings(checks).items()}
    slipped = visit["activity_at"].date()
    assert more == {day: {"duplicate_activity"} if day >= slipped else set() for day in MONTHS}
