"""1.14: the programme's cockpit, from customers, the scorecard and campaigns with the verdicts they have."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from tests.statements.room import Room, Row, method

_ALWAYS = {"known_from": "1900-01-01 00:00:00"}


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The six steps of one as-of date."""
    as_of = datetime.date.fromisoformat(asked["as_of_date"])
    customers, card = asked["customers"], asked["scorecard"]
    campaigns = asked["campaigns"]
    settings: dict[str, list[Row]] = method({"scorecards.customer.agreed_on": _day(card["agreed_on"])})
    given: dict[str, list[Row]] = settings | {
        "settings.scorecard_criteria": [
            *_axis("potential", card["potential_criteria"], card["potential_weights"]),
            *_axis("attractiveness", card["attractiveness_criteria"], card["attractiveness_weights"]),
        ],
        "staging.stg_control__as_of_dates": [
            {"as_of_date": as_of, "known_at": "2027-01-01 00:00:00", "is_latest": True, "is_shown": True}
        ],
        "staging.stg_control__source_coverage": [
            {"table_name": "potential_estimates", "is_delivered": asked["has_estimates_source"]},
            {"table_name": "campaigns", "is_delivered": campaigns is not None},
        ],
        "intermediate.int_customers__parents": [_parent(as_of, one) for one in customers],
        "intermediate.int_contribution__parent": [
            _parent(as_of, one) | {"net_revenue": one["net_revenue"]} for one in customers
        ],
        "intermediate.int_potential__parent": [
            _parent(as_of, one, is_scored=False)
            | {
                "annual_demand": "1.00" if one["has_estimate"] else None,
                "is_potential_stale": one["is_potential_stale"],
                "is_potential_contradicted": one["is_potential_contradicted"],
            }
            for one in customers
        ],
        "intermediate.int_zones__history": [
            _parent(as_of, one, is_scored=False) | {"zone_status": one["zone_status"]} for one in customers
        ],
        "staging.stg_crm__activities": [
            {"activity_id": "A", "campaign_id": "K" if asked["activities_carry_campaign"] else None, **_ALWAYS}
        ],
    }
    given |= _campaigns(as_of, campaigns or [], carries=asked["activities_carry_campaign"])
    rows = room.ask(given, "marts.mart_programme")["marts.mart_programme"]
    return {str(row["step_number"]): _step(row) for row in rows}


def _campaigns(as_of: datetime.date, campaigns: list[Mapping[str, Any]], *, carries: bool) -> dict[str, list[Row]]:
    members: list[Row] = []
    for one in campaigns:
        for number in range(one["treated_members"]):
            is_reached = carries and number < one["treated_members_with_activity"]
            members.append(
                {
                    "as_of_date": as_of,
                    "campaign_id": one["campaign_id"],
                    "ultimate_parent_id": f"M{number}",
                    "arm": "treated",
                    "campaign_activities": int(is_reached),
                }
            )
    return {
        "staging.stg_crm__campaigns": [
            {name: one[name] for name in ("campaign_id", "quarter", "focus_criterion_id", "starts_on", "ends_on")}
            | _ALWAYS
            for one in campaigns
        ],
        "intermediate.int_campaigns__members": members,
        "intermediate.int_campaigns__effects": [
            {"as_of_date": as_of, "campaign_id": one["campaign_id"], "verdict": one["verdict"]} for one in campaigns
        ],
    }


def _step(row: Mapping[str, Any]) -> dict[str, Any]:
    measure = row["measure"]
    if row["step"] in ("matrix", "focus") and measure is not None:
        measure = int(measure)
    found: dict[str, Any] = {"measure": measure, "done": row["is_done"]}
    # What nothing is known of has no counts either.
    if row["running_programmes"] is not None:
        found |= {"running": row["running_programmes"], "of_the_year": row["programmes_in_year"]}
    if row["ended_campaigns"] is not None:
        found |= {"ended": row["ended_campaigns"]}
    return found


def _parent(as_of: datetime.date, one: Mapping[str, Any], *, is_scored: bool = True) -> dict[str, Any]:
    key: dict[str, Any] = {"as_of_date": as_of, "ultimate_parent_id": one["ultimate_parent_id"]}
    return key | ({"relationship_type": "customer", "is_scored": True} if is_scored else {})


def _axis(axis: str, count: int, weights: int) -> list[Row]:
    first = weights - (count - 1)
    return [
        {
            "scorecard": "customer",
            "axis": axis,
            "criterion_id": f"{axis}_{number}",
            "weight_points": 1 if number else first,
            "method": "rating",
        }
        for number in range(count)
    ]


def _day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)
