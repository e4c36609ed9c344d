"""1.14: from when over-compensation is measured, and what the two sides gained or lost since."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from tests.statements.room import Room, Row, method

_KNOWN = "2027-01-01 00:00:00"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Judged months, an opening portfolio and what customers bring now."""
    as_of = datetime.date.fromisoformat(asked["as_of_date"])
    judged = {datetime.date.fromisoformat(day): rows for day, rows in asked["judged_months"].items()}
    first = min((as_of, *judged))
    opening = asked["opening_portfolio"] or {"as_of_date": as_of, "customers": {}}
    contributions: list[Row] = [_contribution(as_of, key, money) for key, money in _now(asked).items()]
    zones: list[Row] = []
    for day, rows in judged.items():
        contributions += [_contribution(day, key, one["customer_contribution"]) for key, one in rows.items()]
        zones += [
            {"judged_from": first, "as_of_date": day, "ultimate_parent_id": key, "zone": one["zone"]}
            for key, one in rows.items()
        ]
    found = room.ask(
        {
            **method(),
            "staging.stg_control__as_of_dates": [
                {
                    "as_of_date": day,
                    "known_at": _KNOWN,
                    "is_latest": day == as_of,
                    "judged_from": first,
                    "is_shown": day == as_of,
                }
                for day in (as_of, *judged)
            ],
            "intermediate.int_contribution__depth": [
                {"as_of_date": day, "contribution_depth": asked["contribution_depth"]} for day in (as_of, *judged)
            ],
            "intermediate.int_contribution__parent": contributions,
            "intermediate.int_zones__replayed": zones,
            "intermediate.int_customers__as_of": [
                {"as_of_date": as_of, "customer_id": key, "ultimate_parent_id": key}
                for key in {*_now(asked), *opening["customers"]}
            ],
            "staging.stg_erp__opening_portfolio": [
                {
                    "customer_id": key,
                    "as_of_date": opening["as_of_date"],
                    "zone": one["zone"],
                    "contribution_4": one["customer_contribution"],
                    "known_from": "1900-01-01 00:00:00",
                }
                for key, one in opening["customers"].items()
            ],
        },
        "intermediate.int_zones__compensation",
    )["intermediate.int_zones__compensation"]
    (row,) = found
    return {
        "start_date": row["start_date"],
        "source": row["start_source"],
        "change_high": row["change_high"],
        "change_low": row["change_low"],
        "over_compensation_ratio": row["overcompensation_ratio"],
    }


def _now(asked: Mapping[str, Any]) -> Mapping[str, str]:
    now: Mapping[str, str] = asked["customer_contribution_now"]
    return now


def _contribution(day: datetime.date, key: str, money: str | None) -> Row:
    return {
        "as_of_date": day,
        "ultimate_parent_id": key,
        "relationship_type": "customer",
        "customer_contribution": money,
    }
