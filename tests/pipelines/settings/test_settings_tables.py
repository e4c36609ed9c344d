"""The settings tables: exact types, exact rows, total order, same bytes, whole files."""

from __future__ import annotations

import re
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.home import Home
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.tables import SCHEMAS, settings_tables, write
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import parse

SHIPPED = Path(__file__).parents[3] / "config" / "portfolio.yml"

SCORE, RATIO, HOURS = "DECIMAL(9,4)", "DECIMAL(18,6)", "DECIMAL(18,4)"
TYPES = {
    "parameters": {
        "reporting_currency": "VARCHAR",
        "method_version": "VARCHAR",
        "zone_threshold": SCORE,
        "hysteresis_band": SCORE,
        "min_coverage_weight": SCORE,
        "stale_after_days": "INTEGER",
        "contradiction_factor": RATIO,
        "share_falling_at_or_below": RATIO,
        "new_customer_tenure_years_below": "INTEGER",
        "new_customer_min_invoices": "INTEGER",
        "abc_a_share": RATIO,
        "abc_b_share": RATIO,
        "type_threshold": SCORE,
        "churn_recency_ratio_above": RATIO,
        "weak_credit_index_from": "INTEGER",
        "decline_cagr_below": RATIO,
        "value_weight_contribution": RATIO,
        "value_weight_potential": RATIO,
        "value_weight_attractiveness": RATIO,
        "loyalty_churn_penalty_levels": "INTEGER",
        "missing_level": "INTEGER",
        "fx_max_age_days": "INTEGER",
        "fiscal_year_start": "INTEGER",
        "default_achievable_share": RATIO,
        "low_payment_items_below": "INTEGER",
        "min_logged_capacity_ratio": RATIO,
        "max_imputed_revenue_ratio": RATIO,
        "small_standard_visits": "INTEGER",
        "small_hours_per_visit": HOURS,
        "small_inside_hours": HOURS,
        "small_target_contribution_3_ratio": RATIO,
        "field_pool": "VARCHAR",
        "inside_pool": "VARCHAR",
        "backdated_after_days": "INTEGER",
        "sensitivity_weight_shift_points": "INTEGER",
        "rating_due_after_periods": "INTEGER",
        "lapsed_after_months": "INTEGER",
        "repeat_min_n": "INTEGER",
        "tenure_censored_within_days": "INTEGER",
        "handover_notice_days": "INTEGER",
        "worklist_hand_over_within_days": "INTEGER",
        "worklist_defend_within_days": "INTEGER",
        "worklist_visit_within_days": "INTEGER",
        "worklist_visit_soon_within_days": "INTEGER",
        "worklist_visit_soon_after_gaps": "INTEGER",
        "worklist_recover_within_days": "INTEGER",
        "worklist_win_back_within_days": "INTEGER",
        "worklist_win_back_months": "INTEGER",
        "worklist_win_within_days": "INTEGER",
        "worklist_reprice_within_days": "INTEGER",
        "worklist_rate_within_days": "INTEGER",
        "worklist_onboard_after_days": "INTEGER",
        "worklist_onboard_at_least_days": "INTEGER",
        "worklist_settle_within_days": "INTEGER",
        "sales_input_detail": "VARCHAR",
        "privacy_min_group_size": "INTEGER",
        "privacy_max_share": RATIO,
        "campaign_min_members_per_arm": "INTEGER",
        "campaign_programmes_per_year": "INTEGER",
        "claims_small_sample_below": "INTEGER",
        "scorecard_agreed_on": "DATE",
        "programme_step_done_share": "DECIMAL(18,6)",
        "claims_min_group_size": "INTEGER",
    },
    "scorecard_criteria": {
        "scorecard": "VARCHAR",
        "axis": "VARCHAR",
        "criterion_id": "VARCHAR",
        "weight_points": "INTEGER",
        "method": "VARCHAR",
        "measure": "VARCHAR",
        "direction": "VARCHAR",
        "name_en": "VARCHAR",
        "name_de": "VARCHAR",
    },
    "criterion_breakpoints": {
        "criterion_id": "VARCHAR",
        "level": "INTEGER",
        "lower_bound_inclusive": "DECIMAL(38,10)",
    },
    "loyalty_tenure_levels": {"level": "INTEGER", "tenure_years_from": "INTEGER"},
    "zone_rules": {
        "zone": "VARCHAR",
        "planned_visits_per_year": "INTEGER",
        "hours_per_visit": HOURS,
        "max_contact_gap_days": "INTEGER",
        "allocation_elasticity": RATIO,
    },
    "actions": {"action_key": "VARCHAR", "text_en": "VARCHAR", "text_de": "VARCHAR"},
    "resource_pools": {
        "pool": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
        "annual_cost": "DECIMAL(18,2)",
        "practical_capacity_hours": HOURS,
        "account_group": "VARCHAR",
        "company_id": "VARCHAR",
    },
    "activity_types": {
        "activity_type": "VARCHAR",
        "pool": "VARCHAR",
        "standard_minutes": "INTEGER",
        "is_visit": "BOOLEAN",
    },
    "costs": {"cost": "VARCHAR", "is_none": "BOOLEAN"},
    "ledger_groups": {"ledger_group": "VARCHAR", "account_group": "VARCHAR"},
    "sensitivity_thresholds": {"threshold": SCORE},
    "input_quality": {
        "period_closes_after_days": "INTEGER",
        "rep_day_max_hours": HOURS,
        "team_week_min_reps": "INTEGER",
        "demand_change_above": RATIO,
        "rating_cutoff_days": "INTEGER",
        "rating_backdated_after_days": "INTEGER",
        "straight_lining_min_ratings": "INTEGER",
        "heaping_share_above": RATIO,
        "heaping_min_entries": "INTEGER",
        "batch_min_entries": "INTEGER",
        "batch_within_minutes": "INTEGER",
        "batch_min_days": "INTEGER",
        "rater_bias_min_ratings": "INTEGER",
    },
    "method_settings": {
        "setting": "VARCHAR",
        "value": "VARCHAR",
        "value_number": "DECIMAL(38,10)",
        "unit": "VARCHAR",
    },
}
KEY_COLUMNS = {
    "parameters": 1,
    "scorecard_criteria": 3,
    "criterion_breakpoints": 2,
    "loyalty_tenure_levels": 1,
    "zone_rules": 1,
    "actions": 1,
    "resource_pools": 2,
    "activity_types": 1,
    "costs": 1,
    "ledger_groups": 2,
    "sensitivity_thresholds": 1,
    "input_quality": 1,
    "method_settings": 1,
}


def rows(table: str, portfolio: Portfolio) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in settings_tables(portfolio)[table].to_pylist()]


@pytest.fixture(scope="module")
def shipped() -> Portfolio:
    return read_portfolio(SHIPPED)


def test_the_expected_types_name_every_table() -> None:
    assert list(TYPES) == list(SCHEMAS) == list(KEY_COLUMNS)


@pytest.mark.parametrize("table", TYPES)
def test_duckdb_reads_exactly_these_types(table: str, shipped: Portfolio, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    write(shipped, home)
    described = duckdb.connect().execute("describe from read_parquet(?)", [str(home.settings / f"{table}.parquet")])
    assert {row[0]: row[1] for row in described.fetchall()} == TYPES[table]


@pytest.mark.parametrize("table", KEY_COLUMNS)
def test_rows_stand_in_the_order_of_a_unique_key(table: str, shipped: Portfolio) -> None:
    keys = [row[: KEY_COLUMNS[table]] for row in rows(table, shipped)]
    assert keys
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_writing_is_whole_private_and_repeatable(shipped: Portfolio, tmp_path: Path) -> None:
    first, second = Home.at(tmp_path / "a"), Home.at(tmp_path / "b")
    write(shipped, first)
    write(shipped, second)
    write(shipped, second)
    assert sorted(path.name for path in second.settings.iterdir()) == sorted(f"{table}.parquet" for table in TYPES)
    for path in second.settings.iterdir():
        assert path.read_bytes() == (first.settings / path.name).read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_order_in_the_file_does_not_reach_the_tables(shipped: Portfolio) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    old = "      future_demand: 30\n      revenue_cagr_3y: 30\n"
    assert text.count(old) == 1
    turned = text.replace(old, "      revenue_cagr_3y: 30\n      future_demand: 30\n")
    portfolio = validated(parse(turned, "x"), Portfolio)
    for name, table in settings_tables(portfolio).items():
        assert table.equals(settings_tables(shipped)[name]), name


def test_parameters_carry_the_values_of_the_file(shipped: Portfolio) -> None:
    (parameters,) = settings_tables(shipped)["parameters"].to_pylist()
    assert parameters == {
        "reporting_currency": "EUR",
        "method_version": shipped.method_version,
        "zone_threshold": Decimal("50.0000"),
        "hysteresis_band": Decimal("5.0000"),
        "min_coverage_weight": Decimal("60.0000"),
        "stale_after_days": 730,
        "contradiction_factor": Decimal("1.100000"),
        "share_falling_at_or_below": Decimal("-0.050000"),
        "new_customer_tenure_years_below": 1,
        "new_customer_min_invoices": None,
        "abc_a_share": Decimal("0.800000"),
        "abc_b_share": Decimal("0.900000"),
        "type_threshold": Decimal("50.0000"),
        "churn_recency_ratio_above": Decimal("2.000000"),
        "weak_credit_index_from": 300,
        "decline_cagr_below": Decimal("-0.050000"),
        "value_weight_contribution": Decimal("0.400000"),
        "value_weight_potential": Decimal("0.300000"),
        "value_weight_attractiveness": Decimal("0.300000"),
        "loyalty_churn_penalty_levels": 1,
        "missing_level": 3,
        "fx_max_age_days": 5,
        "fiscal_year_start": 1,
        "default_achievable_share": Decimal("1.000000"),
        "low_payment_items_below": 3,
        "min_logged_capacity_ratio": Decimal("0.600000"),
        "max_imputed_revenue_ratio": Decimal("0.050000"),
        "small_standard_visits": 4,
        "small_hours_per_visit": Decimal("2.0000"),
        "small_inside_hours": Decimal("6.0000"),
        "small_target_contribution_3_ratio": Decimal("0.100000"),
        "field_pool": "field",
        "inside_pool": "inside",
        "backdated_after_days": 14,
        "sensitivity_weight_shift_points": 10,
        "rating_due_after_periods": 2,
        "lapsed_after_months": 12,
        "repeat_min_n": 30,
        "tenure_censored_within_days": 90,
        "handover_notice_days": 30,
        "worklist_hand_over_within_days": 7,
        "worklist_defend_within_days": 14,
        "worklist_visit_within_days": 30,
        "worklist_visit_soon_within_days": 14,
        "worklist_visit_soon_after_gaps": 2,
        "worklist_recover_within_days": 30,
        "worklist_win_back_within_days": 30,
        "worklist_win_back_months": 36,
        "worklist_win_within_days": 30,
        "worklist_reprice_within_days": 60,
        "worklist_rate_within_days": 30,
        "worklist_onboard_after_days": 90,
        "worklist_onboard_at_least_days": 14,
        "worklist_settle_within_days": 30,
        "sales_input_detail": "off",
        "privacy_min_group_size": 8,
        "privacy_max_share": Decimal("0.500000"),
        "campaign_min_members_per_arm": 10,
        "campaign_programmes_per_year": 4,
        "claims_small_sample_below": 30,
        "scorecard_agreed_on": None,
        "programme_step_done_share": Decimal("0.800000"),
        "claims_min_group_size": 10,
    }


def test_breakpoints_keep_their_open_end(shipped: Portfolio) -> None:
    bounds = {(row[0], row[1]): row[2] for row in rows("criterion_breakpoints", shipped)}
    assert [bounds["payment", level] for level in range(1, 6)] == [30, 15, 8, 3, None]
    assert [bounds["achievable_gap", level] for level in range(1, 6)] == [None, 5000, 20000, 50000, 150000]


def test_criteria_say_where_their_level_comes_from(shipped: Portfolio) -> None:
    found = {row[:3]: row[3:7] for row in rows("scorecard_criteria", shipped)}
    assert found["customer", "attractiveness", "payment"] == (20, "breakpoints", "weighted_days_beyond_terms", "lower")
    assert found["customer", "value_of_customer", "loyalty"] == (30, "level", "loyalty_level", "higher")
    assert found["customer", "contribution", "contribution_4"] == (100, "breakpoints", "contribution_4", "higher")
    assert found["lead", "potential", "future_demand"] == (40, "rating", None, "higher")


def test_pools_zones_and_activity_types(shipped: Portfolio) -> None:
    assert rows("resource_pools", shipped)[0] == (
        "field",
        date(2015, 1, 1),
        None,
        Decimal("1440000.00"),
        Decimal("14400.0000"),
        "field_sales_cost",
        None,
    )
    assert ("protection", 24, Decimal("4.0000"), 30, Decimal("0.300000")) in rows("zone_rules", shipped)
    assert ("visit", "field", 240, True) in rows("activity_types", shipped)
    assert ("call", "inside", 20, False) in rows("activity_types", shipped)


def test_limits_of_the_input_checks_are_those_of_the_method_where_a_file_names_none(shipped: Portfolio) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    kept = re.sub(r"(  backdated_after_days: .*\n)(  [a-z].*\n)+", r"\1", text)
    assert "heaping" in text and "heaping" not in kept
    silent = validated(parse(kept, "x"), Portfolio)
    assert rows("input_quality", silent) == rows("input_quality", shipped)
    (limits,) = rows("input_quality", silent)
    assert limits == (
        *(10, Decimal(12), 3, Decimal("0.5"), 7, 30, 5),
        *(Decimal("0.8"), 20, 10, 10, 5, 10),
    )


def test_a_ledger_group_may_hold_several_account_groups() -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    groups = (
        "ledger_groups:\n  net: [revenue_deductions, gross_list_revenue]\n  cogs: [cogs]\n"
        "  selling: [marketing, inside_sales_cost, field_sales_cost, service_logistics]\n"
    )
    portfolio = validated(parse(text[: text.index("ledger_groups:")] + groups, "x"), Portfolio)
    assert rows("ledger_groups", portfolio) == [
        ("cogs", "cogs"),
        ("net", "gross_list_revenue"),
        ("net", "revenue_deductions"),
        ("selling", "field_sales_cost"),
        ("selling", "inside_sales_cost"),
        ("selling", "marketing"),
        ("selling", "service_logistics"),
    ]


def test_method_settings_name_every_leaf_by_its_path(shipped: Portfolio) -> None:
    by_setting = {row[0]: row[1:] for row in rows("method_settings", shipped)}
    assert by_setting["zones.threshold"] == ("50", Decimal(50), "points")
    assert by_setting["zones.new_customer_min_invoices"] == (None, None, None)
    assert by_setting["criteria.achievable_gap.levels.2"] == ("5000", Decimal(5000), "EUR")
    assert by_setting["payment_and_growth.decline_cagr_below"] == ("-0.05", Decimal("-0.05"), "ratio")
    assert by_setting["resource_pools.field.periods.0.valid_from"] == ("2015-01-01", None, None)
    assert by_setting["sensitivity.thresholds"] == ("45, 50, 55", None, None)
    assert by_setting["activity_types.visit.is_visit"] == ("true", None, None)
    assert by_setting["actions.maintain.de"] == ("Effiziente Standardbetreuung", None, None)
    assert "version" not in by_setting


def test_every_number_of_the_method_has_a_unit(shipped: Portfolio) -> None:
    assert [row[0] for row in rows("method_settings", shipped) if row[2] is not None and row[3] is None] == []
