"""What the three sections about demand have in common: estimates, accounts and revenue per product group of one parent, P.

Belongs here: putting them where the models read. Not here: which rows of which model answer a case.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from pipelines.months import month_end
from tests.statements.room import Given, Row, method

PARENT: Final = "P"
ALWAYS: Final = "1990-01-01T00:00:00"


def given(
    asked: Mapping[str, Any],
    settings: Mapping[str, Any],
    revenue: Mapping[int, Mapping[str, str]],
    first_posting: str | None = None,
) -> Given:
    """The relations of a case; `revenue` is by how many months before the as-of date it was posted."""
    estimates: list[Mapping[str, Any]] = asked["potential_estimates"]
    accounts = {one["account_id"]: one["customer_id"] for one in estimates}
    customers = sorted({"C1", *accounts.values()})
    as_of = asked["as_of_date"]
    lines = [
        _line("C1", group, month_end(datetime.date.fromisoformat(as_of), -months), amount)
        for months, by_group in revenue.items()
        for group, amount in by_group.items()
    ]
    if first_posting is not None:
        lines.append(_line("SOMEBODY", "ELSEWHERE", datetime.date.fromisoformat(first_posting), "1.00"))
    return {
        **method(settings),
        "control.as_of_dates": [{"as_of_date": as_of, "known_at": asked["known_at"], "is_latest": True}],
        "intermediate.int_customers__as_of": [
            {"as_of_date": as_of, "customer_id": one, "survivor_customer_id": one, "ultimate_parent_id": PARENT}
            for one in customers
        ],
        "intermediate.int_customers__parents": [
            {
                "as_of_date": as_of,
                "ultimate_parent_id": PARENT,
                "relationship_type": "customer",
                "scorecard": "customer",
                "is_scored": True,
            }
        ],
        "staging.stg_crm__accounts": [
            {"account_id": account, "customer_id": customer, "known_from": ALWAYS}
            for account, customer in accounts.items()
        ],
        "staging.stg_crm__potential_estimates": [
            {
                **{name: value for name, value in one.items() if name != "customer_id"},
                "known_from": one["recorded_at"],
            }
            for one in estimates
        ],
        "intermediate.int_contribution__lines_by_month": lines,
    }


def _line(customer_id: str, product_group: str, day: datetime.date, amount: str) -> Row:
    return {
        "customer_id": customer_id,
        "product_group": product_group,
        "month_start": day.replace(day=1),
        "known_from": ALWAYS,
        "gross_list_revenue": amount,
        "revenue_deductions": "0.00",
        "cogs": "0.00",
        "promotion_net_revenue": "0.00",
        "line_count": 1,
        "first_posting_date": day,
        "last_posting_date": day,
    }
