"""The golden example, or a folder of its shape, as the oracle's input: deliveries and settings files read directly.

Belongs here: the fill-ins that its mapping (tests/golden/config/sources.yml) makes too (constants, row numbers, account
ids), and what its settings files do not state, so that no code of the product stands between the files and the oracle.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.settings.portfolio import Worklist

from .evaluation import evaluate
from .inputs import Company, Judging, Row, Rows, Settings
from .result import AsOf, Reconciliation

EXAMPLE = Path(__file__).resolve().parents[1] / "golden" / "example"
ALWAYS = date(1990, 1, 1)
COMPANY = "1"
DOC_TYPES = {"INV": "invoice", "CRN": "credit_note"}

MEASURES = {
    "achievable_gap_eur": "achievable_gap",
    "revenue_cagr_3y": "revenue_cagr_3y",
    "dbt_weighted_days": "weighted_days_beyond_terms",
    "contribution_4_margin": "contribution_4_margin_ratio",
    "contribution_4_eur": "contribution_4",
    "loyalty_level": "loyalty_level",
}
ACCOUNT_GROUPS = [
    "gross_list_revenue",
    "revenue_deductions",
    "cogs",
    "marketing",
    "field_sales_cost",
    "inside_sales_cost",
    "service_logistics",
]
UNSTATED: Row = {
    "reporting_currency": "EUR",
    "method_version": "golden",
    "new_customer_min_invoices": None,
    "fx_max_age_days": 5,
    "default_achievable_share": Decimal("1.00"),
    "share_falling_at_or_below": Decimal("-0.05"),
    "low_payment_items_below": 3,
    "min_logged_capacity_ratio": Decimal("0.60"),
    "max_imputed_revenue_ratio": Decimal("0.05"),
    "field_pool": "field",
    "inside_pool": "inside",
    "rating_due_after_periods": 2,
    "lapsed_after_months": 12,
    "repeat_min_n": 30,
    "tenure_censored_within_days": 90,
    "campaign_min_members_per_arm": 10,
    "programme_step_done_share": Decimal("0.80"),
    "claims_min_group_size": 10,
    **{f"worklist_{name}": days for name, days in Worklist().model_dump().items()},
    "handover_notice_days": 30,
}
"""Parameters the settings files leave out."""


def of_the_year(truth: AsOf) -> list[Reconciliation]:
    """The rows of the year that the example's yearly ledger speaks of."""
    return [row for row in truth.reconciliation if row.period == str(truth.as_of_date.year)]


def evaluated(folder: Path = EXAMPLE) -> AsOf:
    """The truth about the company of a folder at its as-of date."""
    as_of, known_at = dates(folder)
    return evaluate(company(folder), settings(folder), [(as_of, known_at)]).at(as_of)


def dates(folder: Path) -> tuple[date, datetime]:
    """The as-of date and the state of knowledge the folder's numbers are about."""
    config = _config(folder)
    return date.fromisoformat(config["as_of_date"]), datetime.fromisoformat(config["known_at"])


def settings(folder: Path = EXAMPLE) -> Settings:
    """The folder's settings files in the shape of the settings tables."""
    config = _config(folder)
    criteria = _read(
        folder,
        "scorecard_criteria.csv",
        {"scorecard": str, "axis": str, "criterion_id": str, "weight_points": int, "method": str},
    )
    level_of_contribution = {"scorecard": "customer", "axis": "contribution", "criterion_id": "contribution_4_eur"}
    criteria.append({**level_of_contribution, "weight_points": 100, "method": "breakpoints"})
    rules = {"planned_visits_per_year": int, "hours_per_visit": Decimal, "max_contact_gap_days": _integer}
    configured = config.get("judged_from")
    return Settings(
        parameters=_parameters(config),
        judging=Judging(None if configured is None else date.fromisoformat(configured)),
        scorecard_criteria=[{**row, "measure": MEASURES.get(row["criterion_id"])} for row in criteria],
        criterion_breakpoints=_read(
            folder, "breakpoints.csv", {"criterion_id": str, "level": int, "lower_bound_inclusive": Decimal}
        ),
        loyalty_tenure_levels=[
            {"level": level, "tenure_years_from": years}
            for level, years in enumerate(config["loyalty_tenure_years_for_level"], start=1)
        ],
        zone_rules=[
            {**row, "allocation_elasticity": Decimal(config["allocation_elasticity"].get(row["zone"], "0"))}
            for row in _read(folder, "service_levels.csv", {"zone": str, **rules})
        ],
        resource_pools=[
            {**row, "valid_from": ALWAYS, "valid_to": None, "account_group": f"{row['pool']}_sales_cost"}
            for row in _read(
                folder,
                "resource_pools.csv",
                {"pool": str, "annual_cost_eur": Decimal, "practical_capacity_hours": Decimal},
                annual_cost_eur="annual_cost",
            )
        ],
        activity_types=[
            {**row, "is_visit": row["activity_type"] == "visit"}
            for row in _read(folder, "activity_types.csv", {"activity_type": str, "pool": str, "standard_minutes": int})
        ],
        ledger_groups=[{"ledger_group": group, "account_group": group} for group in ACCOUNT_GROUPS],
        sensitivity_thresholds=[
            {"threshold": Decimal(threshold)} for threshold in config["sensitivity"]["threshold_grid"]
        ],
    )


def _parameters(config: Row) -> Row:
    weights, small = config["customer_value_weights"], config["small_customer"]
    return {
        **UNSTATED,
        "zone_threshold": Decimal(config["zone_threshold"]),
        "hysteresis_band": Decimal(config["hysteresis_band"]),
        "min_coverage_weight": Decimal(config["min_coverage_weight"]),
        "stale_after_days": config["stale_after_days"],
        "contradiction_factor": Decimal(config["contradiction_factor"]),
        "new_customer_tenure_years_below": config["new_customer_tenure_years_below"],
        "abc_a_share": Decimal(config["abc_cutoffs"][0]),
        "abc_b_share": Decimal(config["abc_cutoffs"][1]),
        "type_threshold": Decimal(config["type_threshold"]),
        "churn_recency_ratio_above": Decimal(config["churn_recency_ratio_above"]),
        "weak_credit_index_from": config["weak_credit_index_from"],
        "decline_cagr_below": Decimal(config["decline_cagr_below"]),
        "value_weight_contribution": Decimal(weights["contribution_score"]),
        "value_weight_potential": Decimal(weights["potential_score"]),
        "value_weight_attractiveness": Decimal(weights["attractiveness_score"]),
        "loyalty_churn_penalty_levels": config["churn_penalty_levels"],
        "missing_level": config["missing_level_for_score"],
        "small_standard_visits": small["standard_visits"],
        "small_hours_per_visit": Decimal(small["hours_per_visit"]),
        "small_inside_hours": Decimal(small["inside_hours"]),
        "small_target_contribution_3_ratio": Decimal(small["target_contribution_3_ratio"]),
        "backdated_after_days": config["backdated_after_days"],
        "sensitivity_weight_shift_points": config["sensitivity"]["weight_shift_points"],
    }


def company(folder: Path = EXAMPLE) -> Company:
    """The folder's deliveries as contract rows."""
    as_of, _ = dates(folder)
    customers = _read(
        folder,
        "customers.csv",
        {
            "customer_id": str,
            "ultimate_parent_id": str,
            "customer_name": str,
            "relationship_type": str,
            "currency_code": str,
            "first_invoice_date": _date,
            "credit_index": int,
        },
    )
    ids = {row["customer_id"] for row in customers} | {row["ultimate_parent_id"] for row in customers}
    activities = _read(
        folder,
        "activities.csv",
        {
            "activity_id": str,
            "customer_id": str,
            "activity_type": str,
            "rep_id": str,
            "activity_at": _time,
            "duration_minutes": _integer,
            "recorded_at": _time,
        },
        customer_id="account_id",
        rep_id="rep_key",
    )
    items: Rows = []
    seen: dict[str, int] = defaultdict(int)
    for row in _read(
        folder,
        "open_items.csv",
        {
            "invoice_id": str,
            "customer_id": str,
            "amount_eur": Decimal,
            "due_date": _date,
            "cleared_date": _date,
            "is_disputed": _boolean,
        },
        amount_eur="amount",
    ):
        seen[row["invoice_id"]] += 1
        items.append({**row, "item_no": seen[row["invoice_id"]], "currency_code": "EUR", "company_id": COMPANY})
    return Company(
        customers=customers,
        customer_parents=[
            {"customer_id": row["customer_id"], "parent_id": row["ultimate_parent_id"], "valid_from": ALWAYS}
            for row in customers
        ],
        invoice_lines=[
            {**row, "doc_type": DOC_TYPES[row["doc_type"]], "company_id": COMPANY}
            for row in _read(
                folder,
                "invoice_lines.csv",
                {
                    "invoice_id": str,
                    "line_no": int,
                    "customer_id": str,
                    "posting_date": _date,
                    "doc_type": str,
                    "product_group": str,
                    "currency_code": str,
                    "gross_list_amount": Decimal,
                    "revenue_deductions": Decimal,
                    "cogs": Decimal,
                },
            )
        ],
        orders=[
            {**row, "order_id": f"O{number}"}
            for number, row in enumerate(
                _read(
                    folder,
                    "orders.csv",
                    {"ultimate_parent_id": str, "order_date": _date},
                    ultimate_parent_id="customer_id",
                ),
                1,
            )
        ],
        open_items=items,
        direct_costs=[
            {**row, "posting_date": as_of, "currency_code": "EUR", "company_id": COMPANY}
            for row in _read(
                folder,
                "direct_costs.csv",
                {"customer_id": str, "cost_type": str, "amount_eur": Decimal},
                amount_eur="amount",
            )
        ],
        ledger_totals=[
            {**row, "period": str(as_of.year), "company_id": COMPANY}
            for row in _read(
                folder, "gl_totals.csv", {"account_group": str, "amount_eur": Decimal}, amount_eur="amount"
            )
        ],
        revenue_history=_read(
            folder,
            "revenue_history.csv",
            {"ultimate_parent_id": str, "fiscal_year": int, "net_revenue_eur": Decimal},
            ultimate_parent_id="customer_id",
            net_revenue_eur="net_revenue",
        ),
        opening_portfolio=[
            {**row, "as_of_date": as_of.replace(year=as_of.year - 1)}
            for row in _read(
                folder,
                "previous_period.csv",
                {
                    "ultimate_parent_id": str,
                    "zone": str,
                    "potential_state": str,
                    "attractiveness_state": str,
                    "contribution_4_eur": Decimal,
                },
                ultimate_parent_id="customer_id",
                contribution_4_eur="contribution_4",
            )
        ],
        exchange_rates=_read(
            folder,
            "fx_rates.csv",
            {"rate_date": _date, "currency_code": str, "units_per_eur": Decimal},
            units_per_eur="units_per_reporting_currency",
        ),
        accounts=[{"account_id": key, "customer_id": key} for key in sorted(ids)],
        activities=activities,
        ratings=_read(
            folder,
            "ratings.csv",
            {
                "ultimate_parent_id": str,
                "criterion_id": str,
                "rater_id": str,
                "level": _integer,
                "valid_from": _date,
                "recorded_at": _time,
            },
            ultimate_parent_id="account_id",
            rater_id="rater_key",
        ),
        potential_estimates=[
            {**row, "currency_code": "EUR", "demand_stage": None}
            for row in _read(
                folder,
                "potential_estimates.csv",
                {
                    "ultimate_parent_id": str,
                    "product_group": str,
                    "annual_demand_eur": Decimal,
                    "achievable_share": Decimal,
                    "valid_from": _date,
                    "recorded_at": _time,
                },
                ultimate_parent_id="account_id",
                annual_demand_eur="annual_demand",
            )
        ],
    )


def _config(folder: Path) -> Row:
    config: Row = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return config


def _read(folder: Path, name: str, types: dict[str, Callable[[str], Any]], **renamed: str) -> Rows:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [
            {
                renamed.get(column, column): None if row[column] == "" else read(row[column])
                for column, read in types.items()
            }
            for row in csv.DictReader(file)
        ]


_date, _time, _integer = date.fromisoformat, datetime.fromisoformat, int


def _boolean(text: str) -> bool:
    return {"0": False, "1": True}[text]
