"""METHOD 1.8: zones of an as-of date are replayed from judged_from; nothing published is an input.

Where judging begins is the landing's rule (it decides which months the models see); everything else is the models'. Customers are their
own parents.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pipelines.landing.judged import Beginning, JudgedMonth, judged_months
from tests.statements.room import Room, method

ALWAYS: Final = "1990-01-01T00:00:00"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Where judging begins, every judged month, and the last one of each customer."""
    as_of = datetime.date.fromisoformat(asked["as_of_date"])
    configured = asked["configured_judged_from"]
    beginning = Beginning(
        configured=None if configured is None else datetime.date.fromisoformat(configured),
        most_months=asked["max_months"],
        first_posting=datetime.date.fromisoformat(asked["first_posting_of_company"]),
        openings=tuple(datetime.date.fromisoformat(row["as_of_date"]) for row in asked["opening_portfolio"]),
    )
    judged = judged_months([as_of], beginning)
    own = "intermediate.int_zones__replayed"
    found = room.ask(_given(asked, as_of, judged), own)[own]
    months = [
        {
            "customer_id": row["ultimate_parent_id"],
            "month_end": row["as_of_date"],
            **{name: row[name] for name in COLUMNS},
        }
        for row in sorted(found, key=lambda row: (row["ultimate_parent_id"], row["as_of_date"]))
    ]
    return {
        "judged_from": beginning.judged_from(as_of),
        "months": months,
        "last": {row["customer_id"]: row for row in months if row["month_end"] == as_of},
    }


COLUMNS: Final = (
    "raw_zone",
    "potential_state",
    "attractiveness_state",
    "zone",
    "zone_status",
    "is_hysteresis_hold",
    "zone_since",
    "is_since_before_history",
    "previous_zone",
    "override_zone",
    "service_zone",
    "is_treatment_frozen",
    "is_rating_due",
)


def _given(
    asked: Mapping[str, Any], as_of: datetime.date, judged: Sequence[JudgedMonth]
) -> dict[str, Sequence[Mapping[str, Any]]]:
    # Only the replay that is asked for: every month is judged from its beginning.
    judged_from = judged[-1].judged_from
    insolvent = {row["customer_id"]: row["on"] for row in asked["resets"] if row["why"] == "insolvency"}
    places = [{"as_of_date": row["month_end"], "ultimate_parent_id": row["customer_id"]} for row in asked["months"]]
    return {
        **method({"zones.rating_due_after_periods": asked["rating_due_after_periods"]}),
        "control.as_of_dates": [
            {
                "as_of_date": month.as_of_date,
                "known_at": datetime.datetime.combine(as_of, datetime.time(23, 59, 59)),
                "is_latest": month.as_of_date == as_of,
                "judged_from": judged_from,
                "is_shown": month.is_shown,
            }
            for month in judged
        ],
        "intermediate.int_customers__parents": [
            {
                **place,
                "relationship_type": "customer",
                "is_scored": True,
                "is_disqualified_lead": False,
                "insolvent_from": insolvent.get(place["ultimate_parent_id"]),
            }
            for place in places
        ],
        "intermediate.int_customers__as_of": [
            {**place, "customer_id": place["ultimate_parent_id"], "survivor_customer_id": place["ultimate_parent_id"]}
            for place in places
        ],
        "intermediate.int_scores__parent": [
            {
                **place,
                "relationship_type": "customer",
                **{
                    f"{axis}_{part}": row[f"{axis}_{name}"]
                    for axis in ("potential", "attractiveness")
                    for part, name in (
                        ("score", "score"),
                        ("low", "score"),
                        ("high", "score"),
                        ("coverage", "coverage"),
                    )
                },
                "has_missing_criteria": False,
                "has_stale_ratings": False,
            }
            for place, row in zip(places, asked["months"], strict=True)
        ],
        "intermediate.int_loyalty__parent": [
            {**place, "is_observation": row["is_observed"]} for place, row in zip(places, asked["months"], strict=True)
        ],
        # Whatever makes a zone provisional does as well as anything else.
        "intermediate.int_potential__parent": [
            {**place, "is_potential_contradicted": False, "is_potential_stale": row["is_provisional"]}
            for place, row in zip(places, asked["months"], strict=True)
        ],
        "staging.stg_erp__customer_id_changes": [
            {
                "old_customer_id": "merged",
                "customer_id": row["customer_id"],
                "valid_from": row["on"],
                "known_from": ALWAYS,
            }
            for row in asked["resets"]
            if row["why"] == "merger"
        ],
        "staging.stg_erp__opening_portfolio": [{**row, "known_from": ALWAYS} for row in asked["opening_portfolio"]],
        "staging.stg_crm__zone_overrides": [
            {
                "customer_id": row["customer_id"],
                "override_zone": row["override_zone"],
                "set_at": f"{row['set_on']}T09:00:00",
                "expires_on": row["expires_on"],
                "known_from": ALWAYS,
            }
            for row in asked["overrides"]
        ],
    }
