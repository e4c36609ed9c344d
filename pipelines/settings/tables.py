"""The method as tables: what dbt reads of config/portfolio.yml, with exact types and in a total order.

Belongs here: names, types and order of the settings tables. Not here: what a setting means, any check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

import pyarrow as pa

from pipelines import durable
from pipelines.home import Home
from pipelines.settings.portfolio import ANCHORS, Portfolio
from pipelines.settings.units import unit_of_setting

Cell = str | int | bool | Decimal | date | None

_TEXT, _WHOLE, _DAY, _FLAG = pa.string(), pa.int32(), pa.date32(), pa.bool_()
_SCORE, _RATIO, _MONEY, _HOURS, _BOUND = (
    pa.decimal128(9, 4),
    pa.decimal128(18, 6),
    pa.decimal128(18, 2),
    pa.decimal128(18, 4),
    pa.decimal128(38, 10),
)

COSTS = ("cogs", "marketing", "sales", "service_logistics")
"""The four costs that stand between net revenue and customer contribution, in the alphabet's order."""

SCHEMAS: dict[str, pa.Schema] = {
    "parameters": pa.schema(
        [
            ("reporting_currency", _TEXT),
            ("method_version", _TEXT),
            ("zone_threshold", _SCORE),
            ("hysteresis_band", _SCORE),
            ("min_coverage_weight", _SCORE),
            ("stale_after_days", _WHOLE),
            ("contradiction_factor", _RATIO),
            ("share_falling_at_or_below", _RATIO),
            ("new_customer_tenure_years_below", _WHOLE),
            ("new_customer_min_invoices", _WHOLE),
            ("abc_a_share", _RATIO),
            ("abc_b_share", _RATIO),
            ("type_threshold", _SCORE),
            ("churn_recency_ratio_above", _RATIO),
            ("weak_credit_index_from", _WHOLE),
            ("decline_cagr_below", _RATIO),
            ("value_weight_contribution", _RATIO),
            ("value_weight_potential", _RATIO),
            ("value_weight_attractiveness", _RATIO),
            ("loyalty_churn_penalty_levels", _WHOLE),
            ("missing_level", _WHOLE),
            ("fx_max_age_days", _WHOLE),
            ("fiscal_year_start", _WHOLE),
            ("default_achievable_share", _RATIO),
            ("low_payment_items_below", _WHOLE),
            ("min_logged_capacity_ratio", _RATIO),
            ("max_imputed_revenue_ratio", _RATIO),
            ("small_standard_visits", _WHOLE),
            ("small_hours_per_visit", _HOURS),
            ("small_inside_hours", _HOURS),
            ("small_target_contribution_3_ratio", _RATIO),
            ("field_pool", _TEXT),
            ("inside_pool", _TEXT),
            ("backdated_after_days", _WHOLE),
            ("sensitivity_weight_shift_points", _WHOLE),
            ("rating_due_after_periods", _WHOLE),
            ("lapsed_after_months", _WHOLE),
            ("repeat_min_n", _WHOLE),
            ("tenure_censored_within_days", _WHOLE),
            ("handover_notice_days", _WHOLE),
            ("worklist_hand_over_within_days", _WHOLE),
            ("worklist_defend_within_days", _WHOLE),
            ("worklist_visit_within_days", _WHOLE),
            ("worklist_visit_soon_within_days", _WHOLE),
            ("worklist_visit_soon_after_gaps", _WHOLE),
            ("worklist_recover_within_days", _WHOLE),
            ("worklist_win_back_within_days", _WHOLE),
            ("worklist_win_back_months", _WHOLE),
            ("worklist_win_within_days", _WHOLE),
            ("worklist_reprice_within_days", _WHOLE),
            ("worklist_rate_within_days", _WHOLE),
            ("worklist_onboard_after_days", _WHOLE),
            ("worklist_onboard_at_least_days", _WHOLE),
            ("worklist_settle_within_days", _WHOLE),
            ("sales_input_detail", _TEXT),
            ("privacy_min_group_size", _WHOLE),
            ("privacy_max_share", _RATIO),
            ("campaign_min_members_per_arm", _WHOLE),
            ("campaign_programmes_per_year", _WHOLE),
            ("claims_small_sample_below", _WHOLE),
            ("scorecard_agreed_on", _DAY),
            ("programme_step_done_share", _RATIO),
            ("claims_min_group_size", _WHOLE),
        ]
    ),
    "scorecard_criteria": pa.schema(
        [
            ("scorecard", _TEXT),
            ("axis", _TEXT),
            ("criterion_id", _TEXT),
            ("weight_points", _WHOLE),
            ("method", _TEXT),
            ("measure", _TEXT),
            ("direction", _TEXT),
            ("name_en", _TEXT),
            ("name_de", _TEXT),
        ]
    ),
    "criterion_breakpoints": pa.schema([("criterion_id", _TEXT), ("level", _WHOLE), ("lower_bound_inclusive", _BOUND)]),
    "loyalty_tenure_levels": pa.schema([("level", _WHOLE), ("tenure_years_from", _WHOLE)]),
    "zone_rules": pa.schema(
        [
            ("zone", _TEXT),
            ("planned_visits_per_year", _WHOLE),
            ("hours_per_visit", _HOURS),
            ("max_contact_gap_days", _WHOLE),
            ("allocation_elasticity", _RATIO),
        ]
    ),
    "actions": pa.schema([("action_key", _TEXT), ("text_en", _TEXT), ("text_de", _TEXT)]),
    "resource_pools": pa.schema(
        [
            ("pool", _TEXT),
            ("valid_from", _DAY),
            ("valid_to", _DAY),
            ("annual_cost", _MONEY),
            ("practical_capacity_hours", _HOURS),
            ("account_group", _TEXT),
            ("company_id", _TEXT),
        ]
    ),
    "activity_types": pa.schema(
        [("activity_type", _TEXT), ("pool", _TEXT), ("standard_minutes", _WHOLE), ("is_visit", _FLAG)]
    ),
    "costs": pa.schema([("cost", _TEXT), ("is_none", _FLAG)]),
    "ledger_groups": pa.schema([("ledger_group", _TEXT), ("account_group", _TEXT)]),
    "sensitivity_thresholds": pa.schema([("threshold", _SCORE)]),
    "input_quality": pa.schema(
        [
            ("period_closes_after_days", _WHOLE),
            ("rep_day_max_hours", _HOURS),
            ("team_week_min_reps", _WHOLE),
            ("demand_change_above", _RATIO),
            ("rating_cutoff_days", _WHOLE),
            ("rating_backdated_after_days", _WHOLE),
            ("straight_lining_min_ratings", _WHOLE),
            ("heaping_share_above", _RATIO),
            ("heaping_min_entries", _WHOLE),
            ("batch_min_entries", _WHOLE),
            ("batch_within_minutes", _WHOLE),
            ("batch_min_days", _WHOLE),
            ("rater_bias_min_ratings", _WHOLE),
        ]
    ),
    "method_settings": pa.schema(
        [("setting", _TEXT), ("value", _TEXT), ("value_number", _BOUND), ("unit", _TEXT)],
    ),
}
"""Table -> its columns, in order."""


def settings_tables(portfolio: Portfolio) -> dict[str, pa.Table]:
    """Every table of SCHEMAS, rows in the order of their key. Pure: the same method gives the same tables."""
    rows: dict[str, Iterable[tuple[Cell, ...]]] = {
        "parameters": [_parameters(portfolio)],
        "scorecard_criteria": _scorecard_criteria(portfolio),
        "criterion_breakpoints": sorted(
            (
                (name, level, bound)
                for name, criterion in portfolio.criteria.items()
                for level, bound in (criterion.levels or {}).items()
            ),
            key=lambda row: row[:2],
        ),
        "loyalty_tenure_levels": sorted(portfolio.loyalty.tenure_years.items()),
        "zone_rules": sorted(
            (zone, rule.visits_per_year, rule.hours_per_visit, rule.max_contact_gap_days, rule.allocation_elasticity)
            for zone, rule in portfolio.service_levels.items()
        ),
        "actions": sorted((key, text["en"], text["de"]) for key, text in portfolio.actions.model_dump().items()),
        "resource_pools": sorted(
            (
                (
                    name,
                    period.valid_from,
                    period.valid_to,
                    period.annual_cost,
                    period.practical_capacity_hours,
                    pool.account_group,
                    pool.company_id,
                )
                for name, pool in portfolio.resource_pools.items()
                for period in pool.periods
            ),
            key=lambda row: row[:2],
        ),
        "activity_types": sorted(
            (name, kind.pool, kind.standard_minutes, kind.is_visit) for name, kind in portfolio.activity_types.items()
        ),
        "costs": [(cost, getattr(portfolio.costs, cost) == "none") for cost in COSTS],
        "ledger_groups": sorted(
            (ledger_group, group) for ledger_group, groups in portfolio.ledger_groups.items() for group in groups
        ),
        "sensitivity_thresholds": sorted((threshold,) for threshold in portfolio.sensitivity.thresholds),
        "input_quality": [
            tuple(getattr(portfolio.input_quality, name) for name in SCHEMAS["input_quality"].names),
        ],
        "method_settings": sorted(_method_settings(portfolio), key=lambda row: str(row[0])),
    }
    return {name: _table(schema, rows[name]) for name, schema in SCHEMAS.items()}


def write(portfolio: Portfolio, home: Home) -> None:
    """Write every settings table to `home.settings`, each atomically; the same method gives the same bytes."""
    for name, table in settings_tables(portfolio).items():
        durable.write_table(home.settings / f"{name}.parquet", table)


def _parameters(portfolio: Portfolio) -> tuple[Cell, ...]:
    zones, loyalty, value = portfolio.zones, portfolio.loyalty, portfolio.customer_value
    limits, small = portfolio.payment_and_growth, portfolio.small_customers
    by_name: dict[str, Cell] = {
        "reporting_currency": portfolio.currency.reporting,
        "method_version": portfolio.method_version,
        "zone_threshold": zones.threshold,
        "hysteresis_band": zones.hysteresis_band,
        "min_coverage_weight": zones.min_coverage_weight,
        "stale_after_days": zones.stale_after_days,
        "contradiction_factor": portfolio.potential.contradiction_factor,
        "share_falling_at_or_below": portfolio.potential.share_falling_at_or_below,
        "new_customer_tenure_years_below": zones.new_customer_tenure_years_below,
        "new_customer_min_invoices": zones.new_customer_min_invoices,
        "abc_a_share": value.abc_a_share,
        "abc_b_share": value.abc_b_share,
        "type_threshold": value.type_threshold,
        "churn_recency_ratio_above": loyalty.churn_recency_ratio_above,
        "weak_credit_index_from": limits.weak_credit_index_from,
        "decline_cagr_below": limits.decline_cagr_below,
        "value_weight_contribution": value.weights.contribution,
        "value_weight_potential": value.weights.potential,
        "value_weight_attractiveness": value.weights.attractiveness,
        "loyalty_churn_penalty_levels": loyalty.churn_penalty_levels,
        "missing_level": zones.missing_level,
        "fx_max_age_days": portfolio.currency.max_rate_age_days,
        "fiscal_year_start": portfolio.fiscal_year_start,
        "default_achievable_share": portfolio.potential.default_achievable_share,
        "low_payment_items_below": limits.low_payment_items_below,
        "min_logged_capacity_ratio": portfolio.sales_cost.min_logged_capacity_ratio,
        "max_imputed_revenue_ratio": portfolio.costs.max_imputed_revenue_ratio,
        "small_standard_visits": small.standard_visits,
        "small_hours_per_visit": small.hours_per_visit,
        "small_inside_hours": small.inside_hours,
        "small_target_contribution_3_ratio": small.target_contribution_3_ratio,
        "field_pool": portfolio.sales_cost.field_pool,
        "inside_pool": portfolio.sales_cost.inside_pool,
        "backdated_after_days": portfolio.input_quality.backdated_after_days,
        "sensitivity_weight_shift_points": portfolio.sensitivity.weight_shift_points,
        "rating_due_after_periods": zones.rating_due_after_periods,
        "lapsed_after_months": loyalty.lapsed_after_months,
        "repeat_min_n": loyalty.repeat_min_n,
        "tenure_censored_within_days": loyalty.tenure_censored_within_days,
        "handover_notice_days": portfolio.handover.notice_days,
        **{f"worklist_{name}": limit for name, limit in portfolio.worklist.model_dump().items()},
        "sales_input_detail": portfolio.privacy.sales_input_detail,
        "privacy_min_group_size": portfolio.privacy.min_group_size,
        "privacy_max_share": portfolio.privacy.max_share,
        "campaign_min_members_per_arm": portfolio.campaigns.min_members_per_arm,
        "campaign_programmes_per_year": portfolio.campaigns.programmes_per_year,
        "claims_small_sample_below": portfolio.campaigns.small_sample_below,
        "scorecard_agreed_on": portfolio.scorecards.customer.agreed_on,
        "programme_step_done_share": portfolio.campaigns.step_done_share,
        "claims_min_group_size": portfolio.campaigns.claims_min_group_size,
    }
    return tuple(by_name[name] for name in SCHEMAS["parameters"].names)


def _scorecard_criteria(portfolio: Portfolio) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for scorecard, axis, weights in portfolio.scorecards.axes():
        for name, weight in sorted(weights.items()):
            criterion = portfolio.criteria[name]
            rows.append(
                (
                    scorecard,
                    axis,
                    name,
                    weight,
                    criterion.method,
                    criterion.measure,
                    criterion.direction,
                    criterion.name_en,
                    criterion.name_de,
                )
            )
    return sorted(rows, key=lambda row: [str(cell) for cell in row[:3]])


def _method_settings(portfolio: Portfolio) -> Iterator[tuple[Cell, ...]]:
    """(setting, value, value_number, unit) of every leaf: the path as `kundenwert what-if --set` takes it.

    The order of a list and the spelling of a number say nothing, so neither shows. What is not set is NULL.
    """
    method = portfolio.model_dump(exclude={"version": True, "criteria": ANCHORS})
    for path, value in _leaves(method, ()):
        number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
        yield ".".join(path), _plain(value), number, None if number is None else unit_of_setting(path, portfolio)


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, str(key)))
    elif isinstance(value, tuple) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value):
            yield from _leaves(item, (*path, str(number)))
    else:
        yield path, value


def _plain(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value.normalize() + 0, "f")
    if isinstance(value, tuple):
        return ", ".join(str(_plain(item)) for item in sorted(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _table(schema: pa.Schema, rows: Iterable[tuple[Cell, ...]]) -> pa.Table:
    listed = list(rows)
    columns = [pa.array([row[number] for row in listed], type=field.type) for number, field in enumerate(schema)]
    return pa.Table.from_arrays(columns, schema=schema)
