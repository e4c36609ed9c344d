"""The golden example as the oracle's input: its CSV files read directly, its settings written down here.

Belongs here: the fill-ins that its mapping (tests/golden/config/sources.yml) makes too (constants, row numbers, account
ids), and the example's settings as literals, so that no code of the product stands between the files and the oracle.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from .inputs import Company, Row, Rows, Settings

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
AS_OF = date(2025, 12, 31)
KNOWN_AT = datetime(2025, 12, 31, 23, 59, 59)  # noqa: DTZ001 - UTC without a zone, as everywhere
OPENING = date(2024, 12, 31)
ALWAYS = date(1990, 1, 1)
COMPANY = "1"
DOC_TYPES = {"INV": "invoice", "CRN": "credit_note"}

CRITERIA = """
customer potential achievable_gap_eur 40 breakpoints achievable_gap
customer potential future_demand 30 rating -
customer potential revenue_cagr_3y 30 breakpoints revenue_cagr_3y
customer attractiveness access_decision_makers 30 rating -
customer attractiveness process_maturity 20 rating -
customer attractiveness chemistry 20 rating -
customer attractiveness strategy_clarity 10 rating -
customer attractiveness dbt_weighted_days 20 breakpoints weighted_days_beyond_terms
customer value_of_customer contribution_4_margin 70 breakpoints contribution_4_margin_ratio
customer value_of_customer loyalty_level 30 level loyalty_level
customer value_to_customer perceived_benefit 60 rating -
customer value_to_customer satisfaction 40 rating -
customer contribution contribution_4_eur 100 breakpoints contribution_4
lead potential achievable_gap_eur 60 breakpoints achievable_gap
lead potential future_demand 40 rating -
lead attractiveness access_decision_makers 40 rating -
lead attractiveness process_maturity 20 rating -
lead attractiveness chemistry 20 rating -
lead attractiveness strategy_clarity 20 rating -
"""
# criterion, then the lower bounds of levels 1 to 5
BREAKPOINTS = """
achievable_gap_eur - 5000 20000 50000 150000
revenue_cagr_3y - -0.05 0 0.05 0.15
contribution_4_margin - 0 0.05 0.15 0.25
contribution_4_eur - 0 10000 40000 100000
dbt_weighted_days 30 15 8 3 -
"""
# zone, planned visits, hours per visit, longest gap, elasticity
ZONE_RULES = """
protection 24 4 30 0.3
development 12 4 60 0.5
maintain 4 4 120 0.1
withdrawal 0 4 365 0
new_customer 6 4 60 0.2
target_lead 6 4 60 0.2
"""
ACCOUNT_GROUPS = [
    "gross_list_revenue",
    "revenue_deductions",
    "cogs",
    "marketing",
    "field_sales_cost",
    "inside_sales_cost",
    "service_logistics",
]
PARAMETERS: Row = {
    "reporting_currency": "EUR",
    "method_version": "golden",
    "zone_threshold": Decimal(50),
    "hysteresis_band": Decimal(5),
    "min_coverage_weight": Decimal(60),
    "stale_after_days": 730,
    "contradiction_factor": Decimal("1.10"),
    "new_customer_tenure_years_below": 1,
    "new_customer_min_invoices": None,
    "abc_a_share": Decimal("0.80"),
    "abc_b_share": Decimal("0.90"),
    "type_threshold": Decimal(50),
    "churn_recency_ratio_above": Decimal(2),
    "weak_credit_index_from": 300,
    "decline_cagr_below": Decimal("-0.05"),
    "value_weight_contribution": Decimal("0.4"),
    "value_weight_potential": Decimal("0.3"),
    "value_weight_attractiveness": Decimal("0.3"),
    "loyalty_churn_penalty_levels": 1,
    "missing_level": 3,
    "fx_max_age_days": 5,
    "default_achievable_share": Decimal("1.00"),
    "low_payment_items_below": 3,
    "min_logged_capacity_ratio": Decimal("0.60"),
    "small_standard_visits": 24,
    "small_hours_per_visit": Decimal(4),
    "small_inside_hours": Decimal(20),
    "small_target_contribution_3_ratio": Decimal("0.10"),
    "field_pool": "field",
    "inside_pool": "inside",
    "backdated_after_days": 14,
    "sensitivity_weight_shift_points": 10,
    "rating_due_after_periods": 2,
    "lapsed_after_months": 12,
    "repeat_min_gaps": 30,
}


def settings() -> Settings:
    """The example's settings in the shape of the settings tables."""
    bounds: Rows = []
    for criterion_id, *lower_bounds in _words(BREAKPOINTS):
        for level, bound in enumerate(lower_bounds, start=1):
            number = None if bound == "-" else Decimal(bound)
            bounds.append({"criterion_id": criterion_id, "level": level, "lower_bound_inclusive": number})
    return Settings(
        parameters=PARAMETERS,
        scorecard_criteria=[
            {
                "scorecard": scorecard,
                "axis": axis,
                "criterion_id": criterion_id,
                "weight_points": int(weight),
                "method": method,
                "measure": None if measure == "-" else measure,
            }
            for scorecard, axis, criterion_id, weight, method, measure in _words(CRITERIA)
        ],
        criterion_breakpoints=bounds,
        loyalty_tenure_levels=[
            {"level": level, "tenure_years_from": years} for level, years in enumerate((0, 1, 3, 5, 10), start=1)
        ],
        zone_rules=[
            {
                "zone": zone,
                "planned_visits_per_year": int(visits),
                "hours_per_visit": Decimal(hours),
                "max_contact_gap_days": int(gap),
                "allocation_elasticity": Decimal(elasticity),
            }
            for zone, visits, hours, gap, elasticity in _words(ZONE_RULES)
        ],
        resource_pools=[
            _pool("field", "40000.00", "500", "field_sales_cost"),
            _pool("inside", "12000.00", "300", "inside_sales_cost"),
        ],
        activity_types=[
            {"activity_type": "visit", "pool": "field", "standard_minutes": 240, "is_visit": True},
            {"activity_type": "call", "pool": "inside", "standard_minutes": 60, "is_visit": False},
        ],
        ledger_groups=[{"ledger_group": group, "account_group": group} for group in ACCOUNT_GROUPS],
        sensitivity_thresholds=[{"threshold": Decimal(threshold)} for threshold in (45, 50, 55)],
    )


def company() -> Company:
    """The example's deliveries as contract rows."""
    customers = _read(
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
                _read("orders.csv", {"ultimate_parent_id": str, "order_date": _date}, ultimate_parent_id="customer_id"),
                1,
            )
        ],
        open_items=items,
        direct_costs=[
            {**row, "posting_date": AS_OF, "currency_code": "EUR", "company_id": COMPANY}
            for row in _read(
                "direct_costs.csv", {"customer_id": str, "cost_type": str, "amount_eur": Decimal}, amount_eur="amount"
            )
        ],
        ledger_totals=[
            {**row, "period": "2025", "company_id": COMPANY}
            for row in _read("gl_totals.csv", {"account_group": str, "amount_eur": Decimal}, amount_eur="amount")
        ],
        revenue_history=_read(
            "revenue_history.csv",
            {"ultimate_parent_id": str, "fiscal_year": int, "net_revenue_eur": Decimal},
            ultimate_parent_id="customer_id",
            net_revenue_eur="net_revenue",
        ),
        opening_portfolio=[
            {**row, "as_of_date": OPENING}
            for row in _read(
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
            "fx_rates.csv",
            {"rate_date": _date, "currency_code": str, "units_per_eur": Decimal},
            units_per_eur="units_per_reporting_currency",
        ),
        accounts=[{"account_id": key, "customer_id": key} for key in sorted(ids)],
        activities=activities,
        ratings=_read(
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


def _words(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def _pool(pool: str, annual_cost: str, hours: str, account_group: str) -> Row:
    return {
        "pool": pool,
        "valid_from": ALWAYS,
        "valid_to": None,
        "annual_cost": Decimal(annual_cost),
        "practical_capacity_hours": Decimal(hours),
        "account_group": account_group,
    }


def _read(name: str, types: dict[str, Callable[[str], Any]], **renamed: str) -> Rows:
    with (GOLDEN / "deliveries" / name).open(encoding="utf-8", newline="") as file:
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
