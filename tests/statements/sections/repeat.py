"""METHOD 1.12: how likely a customer orders again, counted from those who looked alike a year before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.statements.room import Room, Row, method

ALWAYS = "1900-01-01 00:00:00"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The customers of the case, each its own parent, all invoiced since long ago."""
    as_of = asked["as_of_date"]
    year, month = int(as_of[:4]), int(as_of[5:7])
    first = year - (month < 12)
    given: dict[str, Sequence[Row]] = {
        **method({"loyalty.repeat_min_n": asked["min_n"]}),
        "staging.stg_control__as_of_dates": [
            {
                "as_of_date": as_of,
                "known_at": "2100-01-01 00:00:00",
                "is_latest": True,
                "window_start": f"{first}-{month % 12 + 1:02}-01",
                "prior_window_start": f"{first - 1}-{month % 12 + 1:02}-01",
            }
        ],
        "staging.stg_control__source_coverage": [{"table_name": "orders", "is_mapped": True, "is_delivered": True}],
        "staging.stg_erp__customers": [
            {
                "customer_id": one["customer_id"],
                "relationship_type": "customer",
                "first_invoice_date": "2000-01-01",
                "blocked_from": one["blocked_from"],
                "known_from": ALWAYS,
            }
            for one in asked["customers"]
        ],
        "staging.stg_erp__orders": [
            {
                "order_id": f"{one['customer_id']}-{day}",
                "customer_id": one["customer_id"],
                "order_date": day,
                "known_from": ALWAYS,
            }
            for one in asked["customers"]
            for day in one["order_dates"]
        ],
    }
    rows = room.ask(given, "intermediate.int_loyalty__repeat")["intermediate.int_loyalty__repeat"]
    of_all = rows[0]
    return {
        "earlier_date": of_all["earlier_date"],
        **{name: of_all[name] for name in ("repeat_base_n", "repeat_base_k", "repeat_base_rate")},
        "customers": {
            row["ultimate_parent_id"]: {
                name: row[name]
                for name in (
                    "recency_class",
                    "orders_class",
                    "repeat_probability",
                    "repeat_n",
                    "repeat_k",
                    "repeat_basis",
                    "is_look_alike",
                    "recency_class_then",
                    "orders_class_then",
                )
            }
            for row in rows
        },
    }
