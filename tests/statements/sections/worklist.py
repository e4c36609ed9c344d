"""1.18: every task that applies, its money, its day and its place in the list."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from tests.statements.parents import dates, plan, relations
from tests.statements.room import Room, Row

LIST = "marts.mart_worklist"
COLUMNS = ("ultimate_parent_id", "task", "money", "money_kind", "due_on", "priority")


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The work list of the case's parents, in its order."""
    as_of, gaps = asked["as_of_date"], asked["max_contact_gap_days"]
    parents = [{**parent, "max_contact_gap_days": gaps.get(parent["service_zone"])} for parent in asked["parents"]]
    day = datetime.date.fromisoformat(as_of)
    campaigns: list[Row] = [
        {
            "as_of_date": as_of,
            "campaign_id": criterion,
            "campaign_quarter": f"{day.year}-Q{(day.month + 2) // 3}",
            "focus_criterion_id": criterion,
            "is_focus_wallet": False,
        }
        for criterion in asked["focus_criterion_ids"]
    ]
    given: dict[str, list[Row]] = {
        "staging.stg_control__as_of_dates": dates(as_of),
        "intermediate.int_campaigns__as_of": campaigns,
        **plan(asked),
        **relations(as_of, parents),
    }
    rows = sorted(room.ask(given, LIST)[LIST], key=lambda row: row["priority"])
    return {"tasks": [{name: row[name] for name in COLUMNS} for row in rows]}
