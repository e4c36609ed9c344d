"""Need, demand, effective demand, potential and revenue won per product group (METHOD 1.18)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.statements.room import Room
from tests.statements.sections.wallet import given


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    settings = {"potential.default_achievable_share": Decimal(asked["default_achievable_share"])}
    name = "marts.mart_demand_funnel"
    groups: dict[str, Any] = {}
    for row in room.ask(given(asked, settings, {0: asked["revenue"]}), name)[name]:
        groups.setdefault(row["product_group"], {})[row["demand_stage"]] = {
            "amount": row["stage_amount"],
            "passed_on_ratio": row["passed_on_ratio"],
            "is_stage_contradicted": row["is_stage_contradicted"],
        }
    return {"product_groups": groups}
