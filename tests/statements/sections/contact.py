"""METHOD 1.13: when a customer was last contacted, and whether that is too long ago for its zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.settings.yaml_file import read
from tests.statements.room import GOLDEN, Room, Row, method

ALWAYS = "1900-01-01 00:00:00"


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One customer with its account and activities; its service zone is given."""
    as_of, activities = asked["as_of_date"], asked["activities"]
    given: dict[str, Sequence[Row]] = {
        **method({"service_levels": _service_levels(asked["max_contact_gap_days"])}),
        "staging.stg_control__as_of_dates": [{"as_of_date": as_of, "known_at": asked["known_at"], "is_latest": True}],
        "staging.stg_control__source_coverage": [
            {"table_name": "activities", "is_mapped": activities is not None, "is_delivered": activities is not None}
        ],
        "intermediate.int_customers__parents": [
            {"as_of_date": as_of, "ultimate_parent_id": "C1", "relationship_type": "customer", "is_scored": True}
        ],
        "intermediate.int_customers__accounts": [
            {"as_of_date": as_of, "account_id": "A1", "ultimate_parent_id": "C1", "entity_id": "C1"}
        ],
        "intermediate.int_contribution__parent": [{"as_of_date": as_of, "ultimate_parent_id": "C1"}],
        "intermediate.int_loyalty__parent": [
            {"as_of_date": as_of, "ultimate_parent_id": "C1", "is_never_bought": False}
        ],
        "intermediate.int_zones__history": [
            {"as_of_date": as_of, "ultimate_parent_id": "C1", "service_zone": asked["service_zone"]}
        ],
        "staging.stg_crm__activities": [
            {"activity_id": str(number), "account_id": "A1", **one, "known_from": one["recorded_at"]}
            for number, one in enumerate(activities or [])
        ],
    }
    company = "staging.stg_control__company"
    if room.connection.execute("select 1 from duckdb_tables() where table_name = 'stg_control__company'").fetchall():
        given[company] = [{"time_zone": asked["company_time_zone"]}]
    (row,) = room.ask(given, "intermediate.int_effort__parent")["intermediate.int_effort__parent"]
    return {
        name: row[name]
        for name in (
            "last_contact_date",
            "is_never_contacted",
            "days_since_last_contact",
            "max_contact_gap_days",
            "contact_gap_breach",
        )
    }


def _service_levels(gaps: Mapping[str, int]) -> dict[str, Any]:
    """The worked example's plan with the longest gaps of the case; a zone without one has no limit."""
    content: Any = read(GOLDEN).value
    plans: dict[str, dict[str, Any]] = content["service_levels"]
    return {
        zone: {**plans.get(zone, plans["protection"]), "max_contact_gap_days": gaps.get(zone)}
        for zone in (*plans, *gaps)
    }
