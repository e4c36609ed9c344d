"""METHOD 1.10: S3's five dangers, each true, false or not known, and of how many each was asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.statements.room import Room, Row, method

AS_OF = "2025-12-31"
COLUMNS = {
    "danger_1": "danger_1_high_revenue_negative_contribution",
    "danger_2": "danger_2_declining_or_weak_credit",
    "danger_3": "danger_3_order_behaviour",
    "danger_4": "danger_4_c_class_high_potential",
    "danger_5": "danger_5_untapped_wallet",
}


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The customers of the case, or its one; what they are judged by is given."""
    customers = asked.get("customers", [asked])
    keys = [{"as_of_date": AS_OF, "ultimate_parent_id": one["ultimate_parent_id"]} for one in customers]

    def rows(*names: str) -> list[dict[str, Any]]:
        return [{**key, **{name: one[name] for name in names}} for key, one in zip(keys, customers, strict=True)]

    given: dict[str, Sequence[Row]] = {
        **method(),
        "intermediate.int_value__customer": rows("abc_class", "customer_contribution"),
        "intermediate.int_contribution__parent": rows("customer_contribution"),
        "intermediate.int_customers__parents": rows("credit_index"),
        "intermediate.int_loyalty__growth": rows("revenue_cagr_3y", "revenue_yoy"),
        "intermediate.int_loyalty__parent": rows("recency_ratio"),
        "intermediate.int_potential__parent": rows("achievable_gap"),
        "intermediate.int_scores__parent": rows("potential_score", "potential_coverage"),
        "intermediate.int_zones__history": [
            {**key, "zone_status": one.get("zone_status", "confirmed")}
            for key, one in zip(keys, customers, strict=True)
        ],
    }
    answered = room.ask(given, "marts.mart_abc_vs_value", "marts.mart_method_use")
    dangers = {
        row["ultimate_parent_id"]: {name: row[column] for name, column in COLUMNS.items()}
        for row in answered["marts.mart_abc_vs_value"]
    }
    if "customers" not in asked:
        return dangers["C1"]
    return {
        "customers": dangers,
        "counts": {
            row["statement"]: {"true": row["customers_true"], "judged": row["customers_judged"]}
            for row in answered["marts.mart_method_use"]
        },
    }
