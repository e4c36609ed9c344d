"""Settings no company would choose, but any company may: variations of config/portfolio.yml that its checks accept.

Belongs here: which settings vary and how far. Not here: deliveries (companies.py).
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, cast

from pipelines.settings.portfolio import Portfolio
from pipelines.settings.tables import settings_tables
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import Document, read

SHIPPED = Path(__file__).parents[2] / "config" / "portfolio.yml"
Tables = dict[str, list[Any]]

VARIATIONS = 48
"""How many different methods there are; validating one costs more than a small company does."""

HIGHER: dict[str, tuple[str, str, str, str]] = {
    "annual_demand": ("1", "20000", "50000", "200000"),
    "sow_capped_ratio": ("0.1", "0.25", "0.5", "0.9"),
    "sow_change_ratio": ("-0.25", "-0.05", "0", "0.1"),
    "revenue_yoy": ("-0.1", "0", "0.1", "0.5"),
    "net_revenue": ("0", "5000", "20000", "100000"),
    "price_realisation_ratio": ("0.5", "0.75", "0.9", "1"),
    "tenure_years": ("1", "2", "5", "10"),
    "order_regularity": ("0.25", "0.5", "0.75", "1"),
    "penetration_ratio": ("0.25", "0.333333", "0.5", "1"),
    "contribution_4_margin_ratio": ("0", "0.05", "0.15", "0.25"),
}
LOWER: dict[str, tuple[str, str, str, str]] = {
    "payment_deviation_days": ("15", "5", "0", "-5"),
    "recency_ratio": ("3", "2", "1", "0.5"),
    "credit_index": ("400", "300", "250", "200"),
}
OF_CRM: dict[str, tuple[str, str, str, str]] = {
    "referrals": ("0", "1", "2", "5"),
    "has_co_development": ("0", "0.5", "1", "2"),
    "has_co_marketing": ("0", "1", "2", "3"),
    "decision_maker_access_level": ("2", "3", "4", "5"),
    "buying_centre_coverage_ratio": ("0.166667", "0.333333", "0.5", "1"),
    "fascination_index": ("1.5", "2", "3", "3.5"),
    "open_pipeline": ("5000", "20000", "50000", "150000"),
    "sow_raw_ratio": ("0.1", "0.25", "0.5", "1"),
    "potential_revenue": ("1", "20000", "50000", "200000"),
    "potential_contribution": ("0", "5000", "20000", "100000"),
}
"""What a CRM tells; known of leads, too."""
OF_CUSTOMERS: dict[str, tuple[str, str, str, str]] = {
    "repeat_probability": ("0.25", "0.5", "0.666667", "0.75"),
    "order_change_ratio": ("2", "1", "0.5", "0.25"),
    "order_error_ratio": ("1", "0.5", "0.333333", "0.1"),
    "discount_rate_ratio": ("0.5", "0.25", "0.1", "0"),
}
LEAD_MEASURES = ("annual_demand", "sow_capped_ratio", "credit_index", "net_revenue", "penetration_ratio")


@cache
def method(number: int) -> Tables:
    """The settings tables of a variation; 0 is what the product ships. Not to be changed by the caller."""
    document = read(SHIPPED)
    content = deepcopy(cast("dict[str, Any]", document.value))
    if number:
        _vary(content, Random(number))  # noqa: S311 - no secret
    # A generated company has few customers.
    content["campaigns"] |= {"min_members_per_arm": 1 + number % 2, "claims_min_group_size": 2}
    content["fiscal_year_start"] = 1 + number % 12
    portfolio = validated(Document("generated", content, {}), Portfolio)
    return {name: table.to_pylist() for name, table in settings_tables(portfolio).items()}


def softened(tables: Tables, rng: Random) -> Tables:
    """The same method with some criteria of customers and leads standing on what few companies ask for, soft factors above all."""
    if rng.random() < 0.6:
        return tables
    rows, bounds = list(tables["scorecard_criteria"]), list(tables["criterion_breakpoints"])
    for measure in rng.sample([*OF_CRM, *OF_CUSTOMERS], rng.randint(1, 3)):
        four = [Decimal(one) for one in (OF_CRM | OF_CUSTOMERS)[measure]]
        places = [
            place
            for place, row in enumerate(rows)
            if row["axis"] != "contribution" and (row["scorecard"] == "customer" or measure in OF_CRM)
        ]
        place = rng.choice(places)
        name = f"by_{measure}"
        is_higher = four[0] < four[-1]
        rows[place] = rows[place] | {
            "criterion_id": name,
            "method": "breakpoints",
            "measure": measure,
            "direction": "higher" if is_higher else "lower",
        }
        levels = enumerate([None, *four] if is_higher else [*four, None], 1)
        bounds += [{"criterion_id": name, "level": level, "lower_bound_inclusive": bound} for level, bound in levels]
    return tables | {"scorecard_criteria": rows, "criterion_breakpoints": bounds}


def _vary(content: dict[str, Any], rng: Random) -> None:
    def maybe(share: float) -> bool:
        return rng.random() < share

    criteria: dict[str, Any] = content["criteria"]
    for direction, bounds in (("higher", HIGHER), ("lower", LOWER)):
        for measure, four in bounds.items():
            numbers = [Decimal(one) for one in four]
            levels = [None, *numbers] if direction == "higher" else [*numbers, None]
            criteria[f"by_{measure}"] = {
                "name_en": measure,
                "name_de": measure,
                "method": "breakpoints",
                "measure": measure,
                "direction": direction,
                "levels": {str(level): bound for level, bound in enumerate(levels, 1)},
            }
    cards = content["scorecards"]
    if maybe(0.6):
        ratings = [
            "future_demand",
            "access_decision_makers",
            "process_maturity",
            "chemistry",
            "satisfaction",
            "loyalty",
        ]
        computed = [name for name in criteria if name.startswith("by_")] + [
            "achievable_gap",
            "revenue_cagr_3y",
            "payment",
        ]
        cards["customer"] = {
            "potential": _axis(rng, computed, ratings, rng.randint(3, 5)),
            "attractiveness": _axis(rng, ratings, computed, rng.randint(3, 5)),
            "value_of_customer": _axis(
                rng, ["contribution_4_margin", "by_net_revenue"], ["loyalty"], rng.randint(2, 3)
            ),
            "value_to_customer": _axis(
                rng, ["perceived_benefit"], ["satisfaction", "by_recency_ratio"], rng.randint(2, 3)
            ),
            "contribution": {"contribution_4": 100},
        }
        of_leads = [f"by_{measure}" for measure in LEAD_MEASURES]
        cards["lead"] = {
            "potential": _axis(rng, ["achievable_gap"], [*of_leads, "future_demand"], rng.randint(2, 4)),
            "attractiveness": _axis(rng, ["chemistry"], ["access_decision_makers", "satisfaction"], rng.randint(2, 3)),
        }
    zones = content["zones"]
    threshold: Decimal = rng.choice([Decimal(one) for one in ("50", "50", "45", "55", "52.5", "30")])
    zones |= {
        "threshold": threshold,
        "hysteresis_band": rng.choice([5, 0, 10, Decimal("2.5"), 20]),
        "min_coverage_weight": rng.choice([60, 1, 50, 70, 100]),
        "missing_level": rng.choice([3, 3, 1, 2, 4, 5]),
        "new_customer_tenure_years_below": rng.choice([1, 0, 2]),
        "new_customer_min_invoices": rng.choice([None, None, 1, 3]),
        "stale_after_days": rng.choice([730, 365, 1]),
        "rating_due_after_periods": rng.choice([2, 1, 3]),
    }
    for zone in list(content["service_levels"]):
        if maybe(0.25):
            del content["service_levels"][zone]
        elif maybe(0.3):
            content["service_levels"][zone] = {
                "visits_per_year": rng.choice([0, 1, 2, 12]),
                "hours_per_visit": rng.choice([Decimal("0.25"), 2, Decimal("3.3333"), Decimal("0.0001")]),
                "max_contact_gap_days": rng.choice([None, 1, 30, 90]),
                "allocation_elasticity": rng.choice([0, Decimal("0.333333"), 1]),
            }
    content["resource_pools"] = {
        "field": {"account_group": "field_sales_cost", "periods": _periods(rng, Decimal("1000"), Decimal("100000"))},
        "inside": {"account_group": "inside_sales_cost", "periods": _periods(rng, Decimal("500"), Decimal("50000"))},
    }
    if maybe(0.3):
        group = rng.choice(["field_sales_cost", "inside_sales_cost"])
        content["resource_pools"]["partners"] = {
            "account_group": group,
            "periods": _periods(rng, Decimal(1), Decimal(9)),
        }
        content["activity_types"]["trade_fair"]["pool"] = "partners"
    if maybe(0.3):
        content["activity_types"]["visit"] |= {"standard_minutes": rng.choice([1, 7, 55])}
    content["sales_cost"]["min_logged_capacity_ratio"] = rng.choice([Decimal("0.60"), 0, Decimal("0.001"), 1])
    content["potential"] = {
        "default_achievable_share": rng.choice([Decimal("1.00"), Decimal("0.5"), 0, Decimal("0.333333")]),
        "contradiction_factor": rng.choice([Decimal("1.10"), 1, Decimal("1.5")]),
        "share_falling_at_or_below": rng.choice([Decimal("-0.05"), Decimal("-0.000001"), -1]),
    }
    content["loyalty"] |= {
        "churn_recency_ratio_above": rng.choice([2, 1, Decimal("0.5")]),
        "churn_penalty_levels": rng.choice([1, 0, 4]),
        "lapsed_after_months": rng.choice([12, 6, 1]),
        "repeat_min_n": rng.choice([30, 1, 2, 5]),
        "tenure_censored_within_days": rng.choice([90, 0, 31, 200]),
    }
    content["payment_and_growth"] = {
        "low_payment_items_below": rng.choice([3, 1, 2]),
        "weak_credit_index_from": rng.choice([300, 250]),
        "decline_cagr_below": rng.choice([Decimal("-0.05"), 0, Decimal("-0.5")]),
    }
    weights = rng.choice(
        [("0.4", "0.3", "0.3"), ("1", "0", "0"), ("0.333333", "0.333333", "0.333334"), ("0", "0.5", "0.5")]
    )
    content["customer_value"] = {
        "weights": dict(zip(("contribution", "potential", "attractiveness"), map(Decimal, weights), strict=True)),
        "abc_a_share": rng.choice([Decimal("0.80"), Decimal("0.5"), Decimal("0.000001")]),
        "abc_b_share": rng.choice([Decimal("0.90"), Decimal("0.95"), 1]),
        "type_threshold": rng.choice([50, 1, 40, 70]),
    }
    content["small_customers"] = {
        "standard_visits": rng.choice([4, 0, 24]),
        "hours_per_visit": rng.choice([2, Decimal("0.5"), Decimal("1.2345")]),
        "inside_hours": rng.choice([6, 2, Decimal("0.0001")]),
        "target_contribution_3_ratio": rng.choice([Decimal("0.10"), 0, Decimal("-0.5"), Decimal("0.9")]),
    }
    content["sensitivity"] = {
        "thresholds": rng.choice(
            [(threshold - 5, threshold, threshold + 5), (threshold,), (Decimal("0.0001"), threshold, 100)]
        ),
        "weight_shift_points": rng.choice([10, 1, 20]),
    }
    if maybe(0.5):
        content["ledger_groups"] = rng.choice(
            [
                {
                    "net_revenue": ("gross_list_revenue", "revenue_deductions"),
                    "cogs": ("cogs",),
                    "rest": ("marketing", "field_sales_cost", "inside_sales_cost", "service_logistics"),
                },
                {
                    "result": ("gross_list_revenue", "revenue_deductions", "cogs", "marketing"),
                    "sales_cost": ("field_sales_cost", "inside_sales_cost"),
                    "service_logistics": ("service_logistics",),
                },
            ]
        )


def _axis(rng: Random, firsts: list[str], others: list[str], count: int) -> dict[str, int]:
    """Weights of `count` criteria that sum to 100; at least one of `firsts` is among them."""
    chosen = [rng.choice(firsts)]
    pool = [name for name in (*firsts, *others) if name not in chosen]
    chosen += rng.sample(pool, min(count - 1, len(pool)))
    step = rng.choice([1, 5, 10])
    cuts = sorted(rng.sample(range(1, 100 // step), len(chosen) - 1))
    edges = [0, *cuts, 100 // step]
    return {name: (edges[place + 1] - edges[place]) * step for place, name in enumerate(chosen)}


def _periods(rng: Random, least: Decimal, most: Decimal) -> tuple[dict[str, Any], ...]:
    def cost() -> dict[str, Any]:
        return {
            "annual_cost": rng.choice([least, most, Decimal(rng.randint(100, 10_000_000)).scaleb(-2)]),
            "practical_capacity_hours": rng.choice([Decimal(100), Decimal(3), Decimal("1600.25"), Decimal("0.3333")]),
        }

    first = date(2015, 1, 1)
    kind = rng.randrange(3)
    if kind == 0:
        return ({"valid_from": first, **cost()},)
    changes = [date(2024, 7, 1), date(2025, 1, 1), date(2025, 4, 15)]
    change = rng.choice(changes)
    if kind == 1:
        return ({"valid_from": first, "valid_to": _before(change), **cost()}, {"valid_from": change, **cost()})
    return ({"valid_from": change, **cost()},)


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
