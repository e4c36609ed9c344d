"""contribution_depth (METHOD 1.3): costs, lines and activities as delivered in, contributions of a parent out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pipelines.settings.portfolio import Portfolio
from pipelines.settings.validation import validated
from pipelines.settings.workspace import costs_said_twice
from pipelines.settings.yaml_file import Document, read
from tests.statements.room import GOLDEN, Given, Room, Row, method

AS_OF: Final = datetime.date(2025, 12, 31)
KNOWN_AT: Final = datetime.datetime(2026, 1, 5)  # noqa: DTZ001 - UTC without a zone, as in the tables
KNOWN: Final = {"known_from": datetime.datetime(1900, 1, 1)}  # noqa: DTZ001
COSTS: Final = ("cogs", "marketing", "sales", "service_logistics")
NO_POOLS: Final[Mapping[str, Any]] = {
    "resource_pools": {},
    "activity_types": {},
    "sales_cost": {"min_logged_capacity_ratio": Decimal("0.60")},
}
AMOUNTS: Final = (
    "gross_list_revenue", "revenue_deductions", "net_revenue", "cogs", "imputed_cogs", "marketing_cost", "sales_cost",
    "service_logistics_cost", "contribution_1", "contribution_2", "contribution_3", "contribution_4",
    "customer_contribution", "customer_contribution_margin_ratio", "is_low_by_imputed_cogs",
)  # fmt: skip


def answer(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Either the status of one cost, or what the lines and costs of a portfolio come to."""
    return _status(room, asked) if "cost" in asked else _contributions(room, asked)


def _status(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    cost, is_none = asked["cost"], asked["configured_none"]
    changes: dict[str, Any] = {} if asked["pools_configured"] in (None, True) else dict(NO_POOLS)
    if is_none:
        changes["costs"] = {cost: "none"}
    portfolio = read(GOLDEN).value
    assert isinstance(portfolio, dict)
    if costs_said_twice({cost: asked["is_mapped"]}, validated(Document("case", portfolio | changes, {}), Portfolio)):
        return {"status": "configuration_error"}
    given: Given = {
        **method(changes),
        **_known(),
        "control.cost_sources": [{"cost": cost, "is_mapped": asked["is_mapped"]}],
    }
    (row,) = room.ask(given, "intermediate.int_contribution__depth")["intermediate.int_contribution__depth"]
    return {"status": row[f"{cost}_status"]}


def cost_statuses(statuses: Mapping[str, str], changes: Mapping[str, Any] | None = None) -> dict[str, list[Row]]:
    """The mapping and the configuration that make these statuses."""
    none = {cost: "none" for cost, status in statuses.items() if status == "none"}
    return {
        **method({"costs": none, **(changes or {})}),
        "control.cost_sources": [
            {"cost": cost, "is_mapped": statuses.get(cost) == "delivered"} for cost in COSTS
        ],
    }  # fmt: skip


def _known() -> dict[str, list[Row]]:
    return {"control.as_of_dates": [{"as_of_date": AS_OF, "known_at": KNOWN_AT, "is_latest": True}]}


def _contributions(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {row["ultimate_parent_id"]: row["relationship_type"] for row in asked["invoice_lines"] + asked["customers"]}
    place = {"company_id": "10", "currency_code": "EUR", **KNOWN}
    lines = [
        {
            **place, "invoice_id": f"R{number}", "line_no": 1, "customer_id": line["ultimate_parent_id"],
            "doc_type": line["doc_type"], "posting_date": datetime.date(2025, 6, 1),
            "product_group": line["product_group"], "gross_list_amount": line["gross_list_amount"],
            "revenue_deductions": line["revenue_deductions"], "cogs": line["cogs"],
        }
        for number, line in enumerate(asked["invoice_lines"])
    ]  # fmt: skip
    costs = [
        {
            **place, "customer_id": row["ultimate_parent_id"], "cost_type": kind,
            "posting_date": datetime.date(2025, 6, 1), "amount": row[kind],
        }
        for row in asked["customers"] for kind in ("marketing", "service_logistics") if row[kind] is not None
    ]  # fmt: skip
    activities = [
        {
            "known_at": KNOWN_AT, "activity_id": f"A{number}", "account_id": row["ultimate_parent_id"],
            "account_group": "field_sales_cost", "month_start": datetime.date(2025, 6, 1), "cost": row["sales"],
        }
        for number, row in enumerate(asked["customers"]) if row["sales"] is not None
    ]  # fmt: skip
    known = {"as_of_date": AS_OF, "known_at": KNOWN_AT}
    given: Given = {
        **cost_statuses(asked["cost_status"]),
        **_known(),
        "staging.stg_erp__invoice_lines": lines,
        "staging.stg_erp__direct_costs": costs,
        "intermediate.int_contribution__activities_costed": activities,
        "intermediate.int_customers__accounts": [
            {"as_of_date": AS_OF, "account_id": one, "ultimate_parent_id": one} for one in kinds
        ],
        "intermediate.int_customers__as_of": [
            {"as_of_date": AS_OF, "customer_id": one, "ultimate_parent_id": one, "relationship_type": kind} for one, kind in kinds.items()
        ],
        "intermediate.int_customers__parents": [
            {**known, "ultimate_parent_id": one, "relationship_type": kind, "is_scored": kind in ("customer", "lead")}
            for one, kind in kinds.items()
        ],
    }  # fmt: skip
    answered = room.ask(given, "intermediate.int_contribution__parent", "intermediate.int_contribution__depth")
    asked_of = {row["ultimate_parent_id"] for row in asked["customers"]}
    return {
        "customers": {
            row["ultimate_parent_id"]: {name: row[name] for name in AMOUNTS}
            for row in answered["intermediate.int_contribution__parent"]
            if row["ultimate_parent_id"] in asked_of
        },
        "contribution_depth": answered["intermediate.int_contribution__depth"][0]["contribution_depth"],
    }
