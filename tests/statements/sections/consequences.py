"""1.18: the consequence of one customer, the cost of its care, and what turns its loss."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.statements.parents import dates, plan, relations
from tests.statements.room import Room, Row

MONEY = ("gross_list_revenue", "revenue_deductions", "net_revenue", "service_logistics_cost", "marketing_cost")
DAY = "2025-12-31"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of the models for the one customer of the case, or the portfolio's ratios where it asks for them."""
    if "parents" in asked:
        return _ratios(room, [{"as_of_date": DAY, **parent} for parent in asked["parents"]])
    as_of, customer = asked["as_of_date"], asked["customer"]
    given = relations(as_of, [customer])
    given["intermediate.int_contribution__parent"].append(_others(as_of, asked["portfolio"], customer))
    wanted = ("int_value__consequences", "int_effort__care", "int_value__levers")
    found = room.ask(
        {"staging.stg_control__as_of_dates": dates(as_of), **plan(asked), **given},
        *(f"intermediate.{name}" for name in wanted),
    )
    (consequence,) = found["intermediate.int_value__consequences"]
    (care,) = found["intermediate.int_effort__care"]
    # The lever is also computed for a task of the work list; the cases ask for it by the action only.
    is_repriced = consequence["recommended_action"] == "reprice"
    lever = next(iter(found["intermediate.int_value__levers"] if is_repriced else []), {})
    return {
        "customer_status": consequence["customer_status"],
        "row": consequence["action_row"],
        "recommended_action": consequence["recommended_action"],
        "action_reason": consequence["action_reason"],
        "care_cost": care["care_cost"],
        "avoidable_cost": care["avoidable_cost"],
        "lever": lever.get("lever"),
        "lever_amount": lever.get("lever_amount"),
    }


def _ratios(room: Room, parents: list[Row]) -> dict[str, Any]:
    name = "intermediate.int_value__cost_ratios"
    (ratios,) = room.ask({"intermediate.int_contribution__parent": parents}, name)[name]
    return {ratio: ratios[ratio] for ratio in ("deduction_ratio", "logistics_ratio", "marketing_ratio")}


def _others(as_of: str, portfolio: Mapping[str, Any], customer: Mapping[str, Any]) -> Row:
    """The rest of the portfolio: its sums hold the customer where it has revenue."""
    is_in = customer["relationship_type"] == "customer" and Decimal(customer["net_revenue"]) > 0
    rest = {
        name: None
        if portfolio[name] is None
        else str(Decimal(portfolio[name]) - Decimal((customer[name] if is_in else None) or 0))
        for name in MONEY
    }
    return {
        "as_of_date": as_of,
        "ultimate_parent_id": "all the others",
        "relationship_type": "customer",
        "is_scored": True,
        **rest,
    }
