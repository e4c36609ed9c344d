"""1.17: which owner areas, or teams with one who dominates, are published under their own name."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from pipelines.errors import ConfigError
from pipelines.settings.portfolio import LEAST_GROUP_SIZE
from tests.statements.room import Room, Row, method

_AS_OF = datetime.date(2025, 12, 31)


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Areas by the people who work in them; with shares of the value, the teams of the aggregates."""
    try:
        settings = method({"privacy.min_group_size": asked["min_group_size"]})
    except ConfigError as error:
        assert [problem.code for problem in error.problems] == ["PRIVACY_GROUP_SIZE"]
        return {"error": f"min_group_size below {LEAST_GROUP_SIZE}", "published": None}
    rows = _teams(room, settings, asked) if "largest_share" in asked else _areas(room, settings, asked)
    hidden = [row["people"] for row in rows if row["suppression_reason"] is not None]
    return {
        "error": None,
        "published": {row["area"]: row["owner_area"] for row in rows},
        "reason": {row["area"]: row["suppression_reason"] for row in rows},
        "small_areas_people": sum(hidden) if hidden else None,
    }


def _areas(room: Room, settings: Mapping[str, list[Row]], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    reps: list[Row] = []
    for area, people in asked["people"].items():
        # Nobody is known to work in an area without a number: its one representative has left.
        last_day = None if people is not None else "2025-01-31"
        reps += [
            {"rep_key": f"{area}{number}", "team": area, "active_to": last_day, "known_from": "1900-01-01 00:00:00"}
            for number in range(1 if people is None else people)
        ]
    return room.ask(
        {
            **settings,
            "staging.stg_control__as_of_dates": [{"as_of_date": _AS_OF, "known_at": "2026-01-02 00:00:00"}],
            "staging.stg_crm__sales_reps": reps,
        },
        "intermediate.int_effort__areas",
    )["intermediate.int_effort__areas"]


def _teams(room: Room, settings: Mapping[str, list[Row]], asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    key = {"as_of_date": _AS_OF, "month_start": datetime.date(2025, 12, 1), "is_total": False}
    rows = room.ask(
        {
            **settings,
            "intermediate.int_effort__team_input": [
                {**key, "team": team, "members": people, "largest_share": asked["largest_share"].get(team)}
                for team, people in asked["people"].items()
            ],
        },
        "intermediate.int_effort__team_input_hidden",
    )["intermediate.int_effort__team_input_hidden"]
    return [
        {
            "area": row["team"],
            "people": asked["people"][row["team"]],
            "suppression_reason": row["suppression_reason"],
            # A team's own row stays; what it may not show is empty. A label has the name of the others.
            "owner_area": row["team"] if row["suppression_reason"] is None else "(small areas)",
        }
        for row in rows
    ]
