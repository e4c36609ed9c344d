"""METHOD 1.7: ratings recorded shortly before the cut-off that move the raw zone.

One customer with one account; computed levels come in through the measures the scorecard reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.statements.room import Room, Row, method

LEVELS: Final = ("annual_demand", "net_revenue", "contribution_4", "penetration_ratio")
"""Measures that carry the given levels, one for each criterion that is not rated."""


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Scores, raw zone with and without the late ratings, status and reasons."""
    as_of = asked["as_of_date"]
    criteria: list[Row] = []
    measures: dict[str, Any] = {}
    for one in asked["criteria"]:
        measure = None
        if one["method"] == "level":
            measure = LEVELS[len(measures)]
            measures[measure] = one["level"]
        criteria.append(
            {
                "scorecard": "customer",
                "axis": one["axis"],
                "criterion_id": one["criterion_id"],
                "weight_points": one["weight"],
                "method": one["method"],
                "measure": measure,
            }
        )
    place = {"as_of_date": as_of, "ultimate_parent_id": "C1"}
    shown = {"is_shown": True, "is_compared": False}
    given: dict[str, Sequence[Row]] = {
        **method({"input_quality.rating_cutoff_days": asked["rating_cutoff_days"]}),
        "settings.scorecard_criteria": criteria,
        "control.as_of_dates": [
            {
                "as_of_date": as_of,
                "known_at": asked["known_at"],
                "judged_from": as_of,
                "is_shown": True,
                "is_latest": True,
            },
        ],
        "intermediate.int_customers__parents": [
            {**place, **shown, "is_scored": True, "relationship_type": "customer", "scorecard": "customer",
             "is_disqualified_lead": False},
        ],
        "intermediate.int_customers__accounts": [{**place, "account_id": "A1", "entity_id": "C1"}],
        "intermediate.int_scores__measures": [{**place, **shown, "scorecard": "customer", **measures}],
        "intermediate.int_loyalty__parent": [{**place, "is_observation": False}],
        "intermediate.int_potential__parent": [
            {**place, "is_potential_contradicted": False, "is_potential_stale": False}
        ],
        "staging.stg_crm__ratings": [
            {
                "account_id": "A1",
                "criterion_id": one["criterion_id"],
                "rater_key": one["rater_id"],
                "level": one["level"],
                "valid_from": one["valid_from"],
                "recorded_at": one["recorded_at"],
                "known_from": one["recorded_at"],
            }
            for one in asked["ratings"]
        ],
    }  # fmt: skip
    scores, zones = "intermediate.int_scores__parent", "intermediate.int_zones__raw"
    found = room.ask(given, scores, zones)
    (score,), (zone,) = found[scores], found[zones]
    return {
        "potential_score": score["potential_score"],
        "attractiveness_score": score["attractiveness_score"],
        "raw_zone": zone["raw_zone"],
        "raw_zone_without_late": zone["raw_zone_without_late"],
        "late_ratings": zone["late_ratings"],
        "is_ratings_unconfirmed": zone["is_ratings_unconfirmed"],
        "possible_zones": listed(zone["possible_zones"]),
        "zone_status": zone["zone_status"],
        "zone_status_reasons": listed(zone["zone_status_reasons"]),
    }


def listed(text: str) -> list[str]:
    """Texts joined by ', ' as a list."""
    return text.split(", ") if text else []
