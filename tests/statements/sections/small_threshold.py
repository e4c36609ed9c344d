"""small_threshold (METHOD 1.11): contributions, estimates and the pools' rates in, the threshold and who is below it out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tests.statements.room import Room, Row, method
from tests.statements.sections.contribution_depth import AS_OF, COSTS, KNOWN_AT

SETTINGS: Final = {
    "standard_visits": "standard_visits",
    "hours_per_visit": "hours_per_visit",
    "inside_hours": "inside_hours",
    "target_contribution_3_ratio": "target_contribution_3_ratio",
}
HOURS: Final = 1000


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The threshold, what it is made of, and the flags of every customer and lead."""
    changes = {f"small_customers.{ours}": Decimal(str(asked["settings"][name])) for ours, name in SETTINGS.items()}
    changes |= {name: int(value) for name, value in changes.items() if name.endswith("standard_visits")}
    known = {"as_of_date": AS_OF}
    customers = asked["customers"]
    given: dict[str, list[Row]] = {
        **method(changes),
        "settings.resource_pools": [
            {
                "pool": pool, "account_group": f"{pool}_sales_cost", "valid_from": datetime.date(2015, 1, 1),
                "annual_cost": Decimal(rate) * HOURS, "practical_capacity_hours": HOURS,
            }
            for pool, rate in asked["rates"].items() if rate is not None
        ],
        "control.cost_sources": [
            {"cost": cost, "is_mapped": asked["cost_status"].get(cost) == "delivered"} for cost in COSTS
        ],
        "control.as_of_dates": [{**known, "known_at": KNOWN_AT, "is_latest": True}],
        "intermediate.int_customers__parents": [
            {**known, **_who(row), "known_at": KNOWN_AT, "is_latest": True, "is_scored": True} for row in customers
        ],
        "intermediate.int_contribution__parent": [
            {**known, **_who(row), "is_scored": True, "net_revenue": row["net_revenue"], "contribution_2": row["contribution_2"]}
            for row in customers
        ],
        "intermediate.int_potential__parent": [
            {**known, "ultimate_parent_id": row["ultimate_parent_id"], "potential_revenue": row["potential_revenue"]}
            for row in customers
        ],
        "intermediate.int_loyalty__parent": [
            {**known, "ultimate_parent_id": row["ultimate_parent_id"], "is_never_bought": False} for row in customers
        ],
    }  # fmt: skip
    rows = room.ask(given, "intermediate.int_effort__small_customers")["intermediate.int_effort__small_customers"]
    threshold = rows[0]["threshold_revenue"]
    return {
        "standard_field_service_cost": rows[0]["standard_field_service_cost"],
        "portfolio_contribution_2_ratio": rows[0]["portfolio_contribution_2_ratio"],
        "threshold_revenue": threshold,
        "warning": threshold is None,
        "customers": {
            row["ultimate_parent_id"]: {
                name: row[name] for name in ("is_small_by_revenue", "is_small_customer", "is_hidden_champion")
            }
            for row in rows
        },
    }


def _who(row: Row) -> Row:
    return {"ultimate_parent_id": row["ultimate_parent_id"], "relationship_type": row["relationship_type"]}
