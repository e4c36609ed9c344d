"""The oracle's result in the shape of the worked example's expected.json.

Belongs here: which field of the oracle stands at which key, printed as the example prints it. Not here: formulas, comparing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from . import golden
from .arithmetic import ROUNDING, cents, largest_remainder, money, score
from .behaviour import cagr
from .development import difference_in_differences
from .inputs import ConfigurationError, check_weights
from .result import AsOf, Axis, Contribution
from .suppression import BELOW_MINIMUM, COMPLEMENTARY, hidden
from .value import by_value
from .zones import next_state


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)


def _contribution(truth: AsOf) -> dict[str, Any]:
    unassigned = truth.unassigned
    assert set(unassigned) <= {"unknown_customer"}
    rows = truth.contribution | truth.contribution_intercompany | {"UNASSIGNED": unassigned["unknown_customer"]}
    return {key: _contribution_row(row) for key, row in rows.items()}


def _contribution_row(row: Contribution) -> dict[str, Any]:
    columns = [
        "gross_list_revenue",
        "revenue_deductions",
        "net_revenue",
        "cogs",
        "contribution_1",
        "marketing_cost",
        "contribution_2",
        "field_hours",
        "inside_hours",
        "sales_cost",
        "contribution_3",
        "service_logistics_cost",
        "contribution_4",
    ]
    return {name: _text(getattr(row, name)) for name in columns} | {
        "contribution_4_margin": _text(row.contribution_4_margin_ratio)
    }


def _reconciliation(truth: AsOf) -> dict[str, Any]:
    columns = ("customers", "leads", "intercompany", "unassigned", "unused_capacity", "ledger", "difference")
    rows = golden.of_the_year(truth)
    total = {name: str(sum((getattr(row, name) for row in rows), Decimal(0))) for name in columns}
    total["gl_result"] = total.pop("ledger")
    by_pool = {pool: str(row.unused_capacity_cost) for pool, row in truth.capacity.items()}
    return total | {"unused_capacity_by_pool": by_pool}


def _activity_data_quality(truth: AsOf) -> dict[str, Any]:
    found = truth.activity_quality
    names = ("duplicate", "future_dated", "recorded_after_known_at", "duration_imputed", "unknown_customer")
    return {name: list(getattr(found, name)) for name in names} | {"backdated_gt_14d": list(found.backdated)}


def _share_of_wallet(truth: AsOf) -> dict[str, Any]:
    return {
        key: {
            "annual_demand": _text(row.annual_demand),
            "sow_raw": _text(row.sow_raw_ratio),
            "sow_capped": _text(row.sow_capped_ratio),
            "achievable_gap_eur": _text(row.achievable_gap),
            "netted_gap_eur_wrong": _text(row.netted_gap),
            "potential_revenue_eur": _text(row.potential_revenue),
            "flags": list(row.flags or ()),
        }
        for key, row in truth.wallet.items()
    }


def _growth(truth: AsOf) -> dict[str, Any]:
    return {
        key: {
            "revenue_cagr_3y": _text(truth.growth[key].revenue_cagr_3y),
            "revenue_yoy": _text(truth.growth[key].revenue_yoy),
        }
        for key in truth.value
    }


def _payment(truth: AsOf) -> dict[str, Any]:
    return {
        key: {
            "dbt_weighted_days": _text(truth.payment[key].weighted_days_beyond_terms),
            "payment_deviation_days": _text(truth.payment[key].payment_deviation_days),
        }
        for key in truth.value
    }


def _loyalty(truth: AsOf) -> dict[str, Any]:
    rows = {key: truth.loyalty[key] for key in truth.value}
    return {
        key: {
            "tenure_years": row.tenure_years,
            "days_since_last_order": row.days_since_last_order,
            "median_interval_days": _text(row.median_interval_days),
            "recency_ratio": _text(row.recency_ratio),
            "churn_risk": row.churn_risk,
            "interval_cv_squared": _text(row.interval_cv_squared),
            "loyalty_level": row.loyalty_level,
        }
        for key, row in rows.items()
    }


def _axis(axis: Axis) -> dict[str, Any]:
    return {
        "low": str(axis.low),
        "score": str(axis.score),
        "high": str(axis.high),
        "coverage_weight": str(score(axis.coverage_weight)),
        "criteria": {
            one.criterion_id: {
                "weight_points": str(score(one.weight_points)),
                "level": _text(one.level),
                "points": str(one.points),
                "is_imputed": one.is_imputed,
            }
            for one in axis.criteria
        },
    }


def _scores(truth: AsOf) -> dict[str, Any]:
    rows = {}
    for key, zone in truth.zone.items():
        stability = truth.sensitivity[key]
        row: dict[str, Any] = {
            "potential_score": _axis(truth.axes[key, "potential"]),
            "attractiveness_score": _axis(truth.axes[key, "attractiveness"]),
            "raw_zone": zone.plain_zone,
            "zone": zone.zone,
            "zone_status": zone.zone_status,
            "service_zone": zone.service_zone,
            "is_treatment_frozen": zone.is_treatment_frozen,
            "zone_status_reasons": list(zone.zone_status_reasons),
            "possible_zones": list(zone.possible_zones),
            "threshold_stability": _text(stability.threshold_stability),
            "weight_stability": _text(stability.weight_stability),
            "distance_to_threshold": _text(stability.distance_to_threshold),
            "is_hysteresis_hold": zone.is_hysteresis_hold,
        }
        if key in truth.value:
            row |= {
                "value_of_customer": _axis(truth.axes[key, "value_of_customer"]),
                "value_to_customer": _axis(truth.axes[key, "value_to_customer"]),
                "customer_type": truth.customer_type[key],
                "contribution_score": _text(truth.value[key].contribution_score),
                "customer_value_score": _text(truth.value[key].customer_value_score),
            }
        if key in truth.development:
            blocked = truth.development[key]
            row |= {
                "blocking_criterion": blocked.blocking_criterion_id,
                "lost_points": _text(blocked.lost_points),
                "points_to_protection": _text(blocked.points_to_protection),
            }
        rows[key] = row
    return rows


def _abc(truth: AsOf) -> dict[str, Any]:
    same = [
        "abc_class",
        "rank_revenue",
        "rank_contribution_4",
        "rank_customer_value",
        "danger_1_high_revenue_negative_contribution",
        "danger_2_declining_or_weak_credit",
        "danger_3_order_behaviour",
        "danger_4_c_class_high_potential",
    ]
    return {
        key: {name: getattr(row, name) for name in same}
        | {
            "cumulative_share_before": _text(row.cumulative_share_before),
            "danger_5_untapped_wallet_eur": _text(row.danger_5_untapped_wallet),
        }
        for key, row in truth.value.items()
    }


def _whale_curve(truth: AsOf) -> list[dict[str, Any]]:
    return [
        {
            "rank": point.rank,
            "customer_id": point.ultimate_parent_id,
            "contribution_4": str(point.customer_contribution),
            "cumulative": str(point.cumulative_contribution),
            "cumulative_share": _text(point.cumulative_contribution_ratio),
        }
        for point in truth.whale_curve
    ]


def _whale_summary(truth: AsOf) -> dict[str, Any]:
    row = truth.whale_summary
    texts = {name: _text(getattr(row, name)) for name in ("total", "peak", "peak_share", "destroyed_by_tail")}
    return texts | {"unprofitable_customers": row.unprofitable_customers}


def _small_customer(truth: AsOf) -> dict[str, Any]:
    row = truth.small_threshold
    names = [
        "standard_field_service_cost",
        "portfolio_contribution_2_ratio",
        "target_contribution_3_ratio",
        "threshold_revenue",
    ]
    flags = {
        key: {"small_by_revenue": small.is_small_by_revenue, "small_customer": small.is_small_customer}
        for key, small in truth.small.items()
    }
    return {name: _text(getattr(row, name)) for name in names} | {"customers": flags}


def _service_levels(truth: AsOf) -> dict[str, Any]:
    same = [
        "planned_visits",
        "actual_visits",
        "over_visits",
        "under_visits",
        "days_since_last_contact",
        "contact_gap_breach",
    ]
    return {
        key: {name: getattr(row, name) for name in same} | {"over_service_cost": str(row.over_service_cost)}
        for key, row in truth.service.items()
    }


def _zone_change(truth: AsOf) -> dict[str, Any]:
    row = truth.zone_change
    return {
        "contribution_4_delta": {key: str(delta) for key, delta in row.contribution_4_delta.items()},
        "net_change_high_value_segment": str(row.net_change_high_value_segment),
        "net_change_low_value_segment": str(row.net_change_low_value_segment),
        "overcompensation_ratio": _text(row.overcompensation_ratio),
        "migration": {key: list(pair) for key, pair in row.migration.items()},
    }


def unit_vectors(given: dict[str, Any]) -> dict[str, Any]:
    """The small cases, each with the oracle's answer in place of the one given."""
    return {
        "hysteresis": given["hysteresis"] | {"states": _states(given["hysteresis"])},
        "small_group_suppression": given["small_group_suppression"] | _suppressed(given["small_group_suppression"]),
        "weights_not_100": given["weights_not_100"] | {"expected": _rejected(given["weights_not_100"]["weights"])},
        "rank_tie": given["rank_tie"] | {"expected_order": _tie(given["rank_tie"]["values"])},
        "largest_remainder": given["largest_remainder"] | {"expected": _remainder(given["largest_remainder"])},
        "cagr_cases": [case | {"expected": _cagr(case)} for case in given["cagr_cases"]],
        "diff_in_diff": given["diff_in_diff"] | {"effect_abs": _effect(given["diff_in_diff"])},
    }


def _states(case: dict[str, Any]) -> list[str]:
    states: list[str] = []
    for value in case["scores"]:
        states.append(next_state(states[-1] if states else None, value, case["threshold"], case["band"]))
    return states


def _suppressed(case: dict[str, Any]) -> dict[str, Any]:
    sizes = case["team_sizes"]
    reasons = hidden(sizes, case["min_group_size"], total_is_published=case["published_total"])
    small = next(group for group, reason in reasons.items() if reason == BELOW_MINIMUM)
    others = " - ".join(group for group in sizes if group != small)
    texts = {COMPLEMENTARY: f"complementary (next smallest, else {small} = total - {others})"}
    return {
        "visible": {group: group not in reasons for group in sizes},
        "reason": {group: texts.get(reason, reason) for group, reason in reasons.items()},
    }


def _rejected(weights: list[int]) -> str:
    try:
        check_weights(weights)
    except ConfigurationError as error:
        return str(error).split(": ", 1)[1]
    return "accepted"


def _tie(values: dict[str, int]) -> list[str]:
    amounts = {key: Decimal(value) for key, value in values.items()}
    return by_value(amounts, amounts)


def _remainder(case: dict[str, Any]) -> dict[str, int]:
    return largest_remainder(
        {key: Fraction(ideal) for key, ideal in zip(case["keys"], case["ideal"], strict=True)}, case["total"]
    )


def _cagr(case: dict[str, Any]) -> str | None:
    return _text(cagr(cents(Fraction(case["start"])), cents(Fraction(case["end"])), case.get("years", 3)))


def _effect(case: dict[str, Any]) -> str:
    names = ("treated_pre", "treated_post", "control_pre", "control_post")
    pre, post, control_pre, control_post = (Decimal(case[name]) for name in names)
    growth = Fraction(control_post) / Fraction(control_pre) - 1
    effect = difference_in_differences(pre, post, control_pre, control_post)
    return f"{effect} (control growth {money(cents(growth * 100))}% applied)"


SECTIONS: dict[str, Callable[[AsOf], Any]] = {
    "as_of_date": lambda truth: date.isoformat(truth.as_of_date),
    "known_at": lambda truth: truth.known_at.isoformat(),
    "rounding": lambda _: ROUNDING,
    "contribution": _contribution,
    "reconciliation": _reconciliation,
    "activity_data_quality": _activity_data_quality,
    "share_of_wallet": _share_of_wallet,
    "growth": _growth,
    "payment": _payment,
    "loyalty": _loyalty,
    "scores": _scores,
    "abc": _abc,
    "whale_curve": _whale_curve,
    "whale_summary": _whale_summary,
    "small_customer": _small_customer,
    "service_levels": _service_levels,
    "field_hours_allocation_next_year": lambda truth: {
        k: row.allocated_field_hours for k, row in truth.service.items()
    },
    "zone_change": _zone_change,
}


def expected(truth: AsOf, given: dict[str, Any]) -> dict[str, Any]:
    """expected.json as the oracle computes it; `given` are the unit vectors."""
    return {name: section(truth) for name, section in SECTIONS.items()} | {"unit_vectors": unit_vectors(given)}
