"""Which estimate is the demand, what counts once, and shares at their limits (METHOD 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from tests.statements.room import Room
from tests.statements.sections.wallet import given

PRODUCT_GROUP: Final = (
    "annual_demand",
    "demand_basis",
    "sow_raw_ratio",
    "sow_capped_ratio",
    "achievable_share_ratio",
    "achievable_gap",
    "potential_revenue",
)
PARENT: Final = {
    "annual_demand": "annual_demand",
    "sow_raw_ratio": "sow_raw_ratio",
    "sow_capped_ratio": "sow_capped_ratio",
    "achievable_gap": "achievable_gap",
    "potential_revenue": "potential_revenue",
    "is_potential_contradicted": "is_potential_contradicted",
    "sow_above_100": "is_sow_above_100",
    "sow_negative": "is_sow_negative",
}


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    settings = {"potential.default_achievable_share": Decimal(asked["default_achievable_share"])}
    found = room.ask(
        given(asked, settings, {0: asked["revenue"]}),
        "marts.mart_share_of_wallet",
        "intermediate.int_potential__parent",
        "intermediate.int_input_quality__duplicate_estimate",
    )
    (parent,) = found["intermediate.int_potential__parent"]
    return {
        "product_groups": {
            row["product_group"]: {name: row[name] for name in PRODUCT_GROUP}
            for row in found["marts.mart_share_of_wallet"]
        },
        **{asked_name: parent[name] for asked_name, name in PARENT.items()},
        "duplicate_estimate": len(found["intermediate.int_input_quality__duplicate_estimate"]),
    }
