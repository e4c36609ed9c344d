"""Score objects of a case as rows of the models' inputs, for the sections that ask what to do about them.

Belongs here: putting a parent's facts where the models read them. Not here: any rule.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipelines.months import month_end
from tests.statements.room import Row, method

KNOWN = "2026-01-01T00:00:00"
ALWAYS = "1990-01-01T00:00:00"
HOURS = 1000


def dates(as_of: str) -> list[Row]:
    """The as-of date of a case, everything known."""
    import datetime

    day = datetime.date.fromisoformat(as_of)
    start = month_end(day, -12) + datetime.timedelta(days=1)
    return [{"as_of_date": day, "known_at": KNOWN, "is_latest": True, "is_shown": True, "window_start": start}]


def plan(asked: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The method: service levels, field rate, notice."""
    gaps = asked.get("max_contact_gap_days", {})
    levels = {
        zone: {
            "visits_per_year": level["planned_visits_per_year"],
            "hours_per_visit": Decimal(level["hours_per_visit"]),
            "max_contact_gap_days": gaps.get(zone),
            "allocation_elasticity": Decimal(0),
        }
        for zone, level in asked["service_levels"].items()
    }
    # Where no rate is known, the pool's plan ended long ago.
    is_known = asked["field_rate"] is not None
    period = {
        "valid_from": datetime.date(2015, 1, 1),
        "valid_to": None if is_known else datetime.date(2015, 12, 31),
        "annual_cost": Decimal(asked["field_rate"] if is_known else 1) * HOURS,
        "practical_capacity_hours": Decimal(HOURS),
    }
    changes: dict[str, Any] = {"service_levels": levels, "resource_pools.field.periods": (period,)}
    if "notice_days" in asked:
        changes["handover"] = {"notice_days": asked["notice_days"]}
    return method(changes)


def relations(as_of: str, parents: Sequence[Mapping[str, Any]]) -> dict[str, list[Row]]:
    """What the models above the consequences would have said of these parents."""
    rows: dict[str, list[Row]] = {
        name: []
        for name in (
            "intermediate.int_customers__parents",
            "intermediate.int_customers__as_of",
            "staging.stg_crm__sales_reps",
            "staging.stg_crm__zone_overrides",
            "intermediate.int_zones__history",
            "intermediate.int_contribution__parent",
            "intermediate.int_contribution__to_last_order",
            "intermediate.int_loyalty__parent",
            "intermediate.int_potential__parent",
            "intermediate.int_effort__parent",
            "intermediate.int_effort__small_customers",
            "intermediate.int_value__customer",
            "intermediate.int_value__development",
        )
    }

    def add(relation: str, key: Mapping[str, Any], parent: Mapping[str, Any], *names: str, **others: Any) -> None:
        rows[relation].append({**key, **{name: parent.get(name) for name in names}, **others})

    for parent in parents:
        key = {"as_of_date": as_of, "ultimate_parent_id": parent.get("ultimate_parent_id", "P1")}
        name, kind = key["ultimate_parent_id"], parent["relationship_type"]
        add(
            "intermediate.int_customers__parents",
            key,
            parent,
            "relationship_type",
            customer_name=name,
            is_scored=True,
            owner_rep_key=name,
            blocked_from=as_of if parent["is_blocked"] else None,
            insolvent_from=as_of if parent["is_insolvent"] else None,
            is_disqualified_lead=kind == "lead" and parent.get("lead_status") == "disqualified",
        )
        add(
            "intermediate.int_customers__as_of",
            key,
            parent,
            "relationship_type",
            customer_id=name,
            survivor_customer_id=name,
            is_delivered=True,
            owner_rep_key=name,
        )
        rows["staging.stg_crm__sales_reps"].append(
            {"rep_key": name, "active_to": parent.get("owner_leaves_on"), "known_from": ALWAYS}
        )
        if parent["override_zone"] is not None:
            rows["staging.stg_crm__zone_overrides"].append(
                {
                    "customer_id": name,
                    "override_zone": parent["override_zone"],
                    "set_at": f"{parent['override_set_on']}T00:00:00",
                    "expires_on": parent["override_expires_on"],
                    "known_from": ALWAYS,
                }
            )
        add("intermediate.int_zones__history", key, parent, "zone", "zone_status", "service_zone", "is_rating_due")
        add(
            "intermediate.int_contribution__parent",
            key,
            parent,
            "relationship_type",
            "gross_list_revenue",
            "revenue_deductions",
            "net_revenue",
            "service_logistics_cost",
            "marketing_cost",
            "sales_cost",
            "customer_contribution",
            is_scored=True,
        )
        add(
            "intermediate.int_contribution__to_last_order",
            key,
            parent,
            "customer_contribution_to_last_order",
            "net_revenue_to_last_order",
        )
        add(
            "intermediate.int_loyalty__parent",
            key,
            parent,
            "is_never_bought",
            "last_order_date",
            "churn_risk",
            "customer_since",
            is_observation=parent["zone_status"] == "observation",
        )
        add(
            "intermediate.int_potential__parent",
            key,
            parent,
            "is_share_falling",
            "annual_demand",
            "potential_contribution",
            "is_potential_contradicted",
            "has_duplicate_estimate",
        )
        add(
            "intermediate.int_effort__parent",
            key,
            parent,
            "contact_gap_breach",
            "actual_visits",
            "over_service_cost",
            "days_since_last_contact",
            "max_contact_gap_days",
            is_never_contacted=None
            if parent["contact_gap_breach"] is None
            else parent.get("days_since_last_contact") is None,
        )
        add("intermediate.int_effort__small_customers", key, parent, "is_hidden_champion")
        if kind == "customer":
            add("intermediate.int_value__customer", key, parent, "customer_type")
        if parent.get("blocking_criterion_id") is not None:
            add("intermediate.int_value__development", key, parent, "blocking_criterion_id")
    return rows
