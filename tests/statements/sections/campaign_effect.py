"""1.14: the effect of a campaign against its control group, from the monthly bookings of its members."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from pipelines.months import month_end
from tests.statements.room import Room, Row, method

_ALWAYS: Final = {"known_from": "1900-01-01 00:00:00"}
_OUTSIDER: Final = "OUTSIDER"
"""A customer of no arm: its first posting says from when on the company's lines are delivered."""
_PUBLISHED: Final = {
    "phase": "phase",
    "n_treated": "n_treated",
    "n_control": "n_control",
    "excluded_members": "excluded_members",
    "effect": "effect",
    "standard_error": "standard_error",
    "effect_low": "interval_low",
    "effect_high": "interval_high",
    "pretrend_low": "pretrend_low",
    "pretrend_high": "pretrend_high",
    "is_pretrend_ok": "is_pretrend_ok",
    "verdict": "verdict",
}


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One campaign with its members and what they booked; or its members' levels of the focus criterion alone."""
    if "treated_levels" in asked:
        return _levels(room, asked)
    as_of = datetime.date.fromisoformat(asked["as_of_date"])
    starts = datetime.date.fromisoformat(asked["starts_on"])
    ends = datetime.date.fromisoformat(asked["ends_on"])
    members = asked["members"]
    parents = sorted({one["ultimate_parent_id"] for one in members})
    first_months = {
        "year_before_pre": month_end(starts, -25) + datetime.timedelta(days=1),
        "pre": month_end(starts, -13) + datetime.timedelta(days=1),
        "post": month_end(ends) + datetime.timedelta(days=1),
    }
    lines: list[Row] = []
    for parent, windows in asked["contribution"].items():
        for window, amount in windows.items():
            if window == "year_before_pre" and not asked["is_year_before_pre_delivered"]:
                continue
            if amount is not None:
                # A window's first month and its last one, as the bookings of a year would lie.
                last = month_end(first_months[window], 11).replace(day=1)
                lines += [_line(parent, first_months[window], amount, "0.00"), _line(parent, last, "7.00", "7.00")]
    since = first_months["year_before_pre" if asked["is_year_before_pre_delivered"] else "pre"]
    lines.append(_line(_OUTSIDER, since, "1.00", "0.00"))
    rows = room.ask(
        {
            **method({"campaigns.min_members_per_arm": asked["min_members"]}),
        }
        | _given(as_of, starts, ends, members, parents, lines),
        "marts.mart_campaign_effects",
    )["marts.mart_campaign_effects"]
    (row,) = rows
    found = {name: row[column] for name, column in _PUBLISHED.items()}
    found["pre"] = [row["pre_from"], row["pre_to"]]
    found["post"] = [row["post_from"], row["post_to"]]
    return found


def _given(
    as_of: datetime.date,
    starts: datetime.date,
    ends: datetime.date,
    members: list[Mapping[str, Any]],
    parents: list[str],
    lines: list[Row],
) -> dict[str, list[Row]]:
    ids = [*parents, _OUTSIDER]
    return {
        "staging.stg_control__as_of_dates": [
            {"as_of_date": as_of, "known_at": "2027-01-01 00:00:00", "is_latest": True, "is_shown": True}
        ],
        "intermediate.int_contribution__depth": [
            {"as_of_date": as_of, "contribution_depth": 1, "cogs_status": "delivered"}
        ],
        "staging.stg_crm__campaigns": [
            {"campaign_id": "K", "quarter": "2024-Q4", "starts_on": starts, "ends_on": ends, **_ALWAYS}
        ],
        "staging.stg_crm__campaign_members": [
            {"campaign_id": "K", "account_id": one["account_id"], "is_control": one["is_control"], **_ALWAYS}
            for one in members
        ],
        "intermediate.int_customers__accounts": [
            {"as_of_date": as_of, "account_id": one["account_id"], "ultimate_parent_id": one["ultimate_parent_id"]}
            for one in members
        ],
        "intermediate.int_customers__parents": [
            {"as_of_date": as_of, "ultimate_parent_id": one, "relationship_type": "customer", "is_scored": True}
            for one in ids
        ],
        "intermediate.int_customers__as_of": [
            {"as_of_date": as_of, "customer_id": one, "ultimate_parent_id": one} for one in ids
        ],
        "intermediate.int_contribution__lines_by_month": lines,
    }


def _line(customer: str, month: datetime.date, gross: str, cogs: str) -> Row:
    return {
        "customer_id": customer,
        "month_start": month,
        "first_posting_date": month,
        "gross_list_revenue": gross,
        "revenue_deductions": "0.00",
        "cogs": cogs,
        **_ALWAYS,
    }


def _levels(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    as_of = datetime.date(2025, 12, 31)
    rows = room.ask(
        {
            **method(),
            "intermediate.int_campaigns__as_of": [
                {"as_of_date": as_of, "campaign_id": "K", "campaign_quarter": "2024-Q4", "phase": "measured"}
            ],
            "intermediate.int_campaigns__focus_levels": [
                {
                    "as_of_date": as_of,
                    "campaign_id": "K",
                    "ultimate_parent_id": one["ultimate_parent_id"],
                    "arm": "treated",
                    "focus_level_start": one["start"],
                    "focus_level_end": one["end"],
                }
                for one in asked["treated_levels"]
            ],
        },
        "marts.mart_campaign_effects",
    )["marts.mart_campaign_effects"]
    (row,) = rows
    return {"levels_moved": row["levels_moved"], "levels_moved_n": row["levels_moved_n"]}
