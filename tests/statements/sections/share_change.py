"""Share of wallet now against 12 months earlier, over the same product groups (METHOD 1.6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.statements.room import Room
from tests.statements.sections.wallet import given


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    settings = {"potential.share_falling_at_or_below": Decimal(asked["share_falling_at_or_below"])}
    revenue = {0: asked["revenue_now"], 12: asked["revenue_12_months_earlier"]}
    name = "intermediate.int_potential__share_change"
    (row,) = room.ask(given(asked, settings, revenue, asked["first_posting_of_company"]), name)[name]
    return {
        "earlier_date": row["before_date"],
        "sow_capped_ratio_now": row["sow_capped_ratio_now"],
        "sow_capped_ratio_then": row["sow_capped_ratio_before"],
        "sow_change_ratio": row["sow_change_ratio"],
        "is_share_falling": row["is_share_falling"],
        "reason": row["not_known_because"],
    }
