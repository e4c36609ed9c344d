"""1.19: the texts' claims, from customers who are in a claim's groups and have its measure."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tests.statements.room import Room, Row, method

_AS_OF: Final = datetime.date(2025, 12, 31)
_YEAR_BEFORE: Final = datetime.date(2024, 12, 31)
_LOYAL: Final = ({"loyalty_level": 5}, {"loyalty_level": 1})
_SMALL_OR_KEY: Final = ({"is_small_by_revenue": True}, {"is_key_account": True})
_SMALL_OR_NOT: Final = ({"is_small_by_revenue": True}, {"is_small_by_revenue": False})
_CLAIMS: Final[Mapping[str, tuple[str, tuple[Row, Row]]]] = {
    "well_served_grow": (
        "contribution_change_ratio",
        (
            {"zone_earlier": "protection", "compliance_ratio": "0.8"},
            {"zone_earlier": "development", "compliance_ratio": "0.499999"},
        ),
    ),
    "loyal_buy_more": ("revenue_yoy", _LOYAL),
    "loyal_accept_prices": ("price_realisation_ratio", _LOYAL),
    "small_pay_better": ("price_realisation_ratio", _SMALL_OR_KEY),
    "small_give_share": ("sow_capped_ratio", _SMALL_OR_NOT),
    "small_are_loyal": ("has_stayed", _SMALL_OR_NOT),
    "small_hold_in_crisis": ("revenue_yoy", _SMALL_OR_NOT),
    "small_inside_profitable": (
        "customer_contribution_margin_ratio",
        ({"is_small_by_revenue": True, "inside_hours": "1", "visits": 0}, {"is_key_account": True}),
    ),
    "revenue_is_not_profit": ("customer_contribution_margin_ratio", ({"abc_class": "A"}, {"abc_class": "C"})),
}
"""The claim -> its measure, and what puts a customer into its first or its second group."""


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One claim asked of the customers of its groups, or, for the share left, of all."""
    claim = asked["claim"]
    is_delivered = asked.get("is_input_delivered", True)
    customers = _customers(asked)
    rows = room.ask(
        {
            **method({"campaigns.claims_min_group_size": asked["min_n"]}),
            "staging.stg_control__as_of_dates": [
                {
                    "as_of_date": day,
                    "known_at": "2026-01-02 00:00:00",
                    "judged_from": _YEAR_BEFORE,
                    "is_shown": day == _AS_OF,
                }
                for day in (_AS_OF, _YEAR_BEFORE)
            ],
            "staging.stg_control__source_coverage": [
                {"table_name": name, "is_delivered": is_delivered}
                for name in ("invoice_lines", "activities", "potential_estimates")
            ],
            "intermediate.int_contribution__depth": [{"as_of_date": _AS_OF, "contribution_depth": 4}],
            "intermediate.int_profile__claims": customers,
        },
        "marts.mart_claims_check",
    )["marts.mart_claims_check"]
    (row,) = (row for row in rows if row["claim_id"] == claim)
    return {
        "n1": row["n1"],
        "n2": row["n2"],
        "difference": row["difference"],
        "difference_low": row["interval_low"],
        "difference_high": row["interval_high"],
        "verdict": row["verdict"],
    }


def _customers(asked: Mapping[str, Any]) -> list[Row]:
    if "customers" in asked:
        return [{"as_of_date": _AS_OF, "threshold_revenue": "1.00", **one} for one in asked["customers"]]
    measure, groups = _CLAIMS[asked["claim"]]
    customers: list[Row] = [
        {"as_of_date": _AS_OF, "ultimate_parent_id": f"C{group}-{place}", "threshold_revenue": "1.00", **membership}
        | {measure: value}
        for group, (membership, values) in enumerate(zip(groups, (asked["group_1"], asked["group_2"]), strict=True))
        for place, value in enumerate(values)
    ]
    change = asked.get("portfolio_revenue_yoy")
    if change is not None:
        # Somebody in no group, whose revenue alone makes the year what it is.
        prior = 1_000_000
        customers.append(
            {
                "as_of_date": _AS_OF,
                "ultimate_parent_id": "REST",
                "threshold_revenue": "1.00",
                "prior_net_revenue": prior,
                "current_net_revenue": prior + Decimal(change) * prior,
            }
        )
    return customers
