"""The method's rules: one valid file, one mutation each, the code and the line it must be found at."""

from __future__ import annotations

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data_quality.privacy import privacy_results
from pipelines.errors import ConfigError, Problem
from pipelines.home import Home
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.validation import validated
from pipelines.settings.workspace import open_workspace
from pipelines.settings.yaml_file import parse

SHIPPED = Path(__file__).parents[3] / "config" / "portfolio.yml"
GOLDEN = Path(__file__).parents[2] / "golden" / "example" / "expected.json"
TEXT = SHIPPED.read_text(encoding="utf-8")


def portfolio(text: str) -> Portfolio:
    return validated(parse(text, "portfolio.yml"), Portfolio)


def changed(old: str, new: str, text: str = TEXT) -> str:
    """`text` with its only `old` replaced; the mutation must hit."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def line_of(needle: str, text: str) -> int:
    """The line of the first occurrence."""
    return text[: text.index(needle)].count("\n") + 1


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        portfolio(text)
    return caught.value.problems


def test_the_shipped_method_is_valid() -> None:
    shipped = read_portfolio(SHIPPED)
    assert shipped.currency.reporting == "EUR"
    assert {name: pool.periods[0].annual_cost for name, pool in shipped.resource_pools.items()} == {
        "field": Decimal(1440000),
        "inside": Decimal(540000),
    }
    assert {name: pool.periods[0].practical_capacity_hours for name, pool in shipped.resource_pools.items()} == {
        "field": Decimal(14400),
        "inside": Decimal(10800),
    }


POTENTIAL = "    potential:                          # axis 1"
MUTATIONS = [
    # (old, new, code, line's needle in the mutated text, what the message holds, what the remedy holds)
    # K01: weights
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: 29\n",
        "WEIGHT_SUM",
        POTENTIAL,
        "sum to 99, not to 100 (40 + 30 + 29)",
        "correct the weights; they are never rescaled",
    ),
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: 30.0\n",
        "CONFIG_TYPE",
        "revenue_cagr_3y: 30.0",
        "a whole number",
        "write a whole number without quotes",
    ),
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: -30\n",
        "CONFIG_RANGE",
        "revenue_cagr_3y: -30",
        "-30 was read",
        "write 1 or more",
    ),
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: 0\n",
        "CONFIG_RANGE",
        "revenue_cagr_3y: 0",
        "0 was read",
        "write 1 or more",
    ),
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: true\n",
        "CONFIG_TYPE",
        "revenue_cagr_3y: true",
        "a whole number",
        "write a whole number without quotes",
    ),
    (
        "revenue_cagr_3y: 30\n",
        "revenue_cagr_3y: '30'\n",
        "CONFIG_TYPE",
        "revenue_cagr_3y: '30'",
        "a whole number",
        "write a whole number without quotes",
    ),
    (
        "contribution_4: 100\n",
        "contribution_4: 99\n",
        "WEIGHT_SUM",
        "    contribution:  ",
        "sum to 99",
        "correct the weights; they are never rescaled",
    ),
    # number of criteria
    (
        "      future_demand: 30\n      revenue_cagr_3y: 30\n",
        "      future_demand: 60\n",
        "CRITERIA_COUNT",
        POTENTIAL,
        "2 criteria, 3 to 5",
        "add or remove criteria",
    ),
    (
        "      payment: 20\n",
        "      payment: 10\n      satisfaction: 10\n",
        "CRITERIA_COUNT",
        "    attractiveness:                     # axis 2",
        "6 criteria, 3 to 5",
        "add or remove criteria",
    ),
    (
        "      perceived_benefit: 60\n      satisfaction: 40\n",
        "      satisfaction: 100\n",
        "CRITERIA_COUNT",
        "    value_to_customer:",
        "1 criteria, 2 to 5",
        "add or remove criteria",
    ),
    (
        "      contribution_4: 100\n",
        "      contribution_4: 60\n      loyalty: 40\n",
        "CRITERIA_COUNT",
        "    contribution:  ",
        "exactly 1",
        "add or remove criteria",
    ),
    # K02: names
    (
        "      loyalty: 30\n",
        "      loyality: 30\n",
        "CRITERION_UNKNOWN",
        "loyality: 30",
        "'loyality'",
        "did you mean 'loyalty'?",
    ),
    (
        "measure: revenue_cagr_3y ",
        "measure: revenue_cagr_3yr ",
        "CONFIG_UNKNOWN_VALUE",
        "revenue_cagr_3yr",
        "cagr_3yr",
        "did you mean 'revenue_cagr_3y'?",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_bnd: 5\n",
        "CONFIG_UNKNOWN_KEY",
        "hysteresis_bnd",
        "hysteresis_bnd",
        "did you mean 'hysteresis_band'?",
    ),
    (
        "  protection:   {",
        "  protecton:   {",
        "CONFIG_UNKNOWN_VALUE",
        "protecton",
        "protecton",
        "did you mean 'protection'?",
    ),
    (
        "    direction: lower\n",
        "    direction: lowr\n",
        "CONFIG_UNKNOWN_VALUE",
        "lowr",
        "lowr",
        "did you mean 'lower'?",
    ),
    (
        "  payment:\n",
        "  Payment;x:\n",
        "CONFIG_NAME",
        "Payment;x:",
        "is not a name",
        "use a-z, 0-9 and _, beginning with a letter",
    ),
    (
        "      payment: 20\n",
        "      future_demand: 0.2\n",
        "CONFIG_TYPE",
        "future_demand: 0.2",
        "0.2 was read",
        "write a whole number without quotes",
    ),
    # K03: breakpoints
    (
        "3: 20000, 4: 50000",
        "3: 50000, 4: 20000",
        "BREAKPOINTS_ORDER",
        "3: 50000",
        "from 50000 to below 20000",
        "with direction higher the bound of level 4",
    ),
    (
        "3: 20000, 4: 50000",
        "3: 50000, 4: 50000",
        "BREAKPOINTS_ORDER",
        "3: 50000",
        "from 50000 to below 50000",
        "with direction higher the bound of level 4",
    ),
    (
        "2: 5000, 3: 20000,",
        "2: 5000,",
        "BREAKPOINTS_LEVELS",
        "2: 5000,",
        "level 3 is missing",
        "give every level 1 to 5 a lower bound",
    ),
    (
        "5: 150000}",
        "5: 150000, 6: 900000}",
        "BREAKPOINTS_LEVELS",
        "6: 900000",
        "level 6 does not exist",
        "levels are 1 to 5",
    ),
    (
        "1: null, 2: 5000",
        "1: 0, 2: 5000",
        "BREAKPOINTS_OPEN",
        "1: 0, 2: 5000",
        "values below it have no level",
        "with direction higher only level 1 is open",
    ),
    (
        "2: 5000, 3: 20000",
        "2: null, 3: 20000",
        "BREAKPOINTS_OPEN",
        "2: null, 3",
        "level 2 has no lower bound",
        "with direction higher only level 1 is open",
    ),
    (
        "1: 30, 2: 15, 3: 8",
        "1: 30, 2: 8, 3: 15",
        "BREAKPOINTS_ORDER",
        "1: 30, 2: 8",
        "from 15 to below 8",
        "with direction lower the bound of level 2",
    ),
    (
        "4: 3, 5: null}",
        "4: 3, 5: 0}",
        "BREAKPOINTS_OPEN",
        "5: 0}",
        "level 5",
        "with direction lower only level 5 is open",
    ),
    (
        "4: 40000, 5: 100000",
        "four: 1, 5: 100000",
        "CONFIG_TYPE",
        "four: 1",
        "a whole number",
        "write a whole number without quotes",
    ),
    (
        "3: 0.05, 4: 0.15, 5: 0.25",
        "3: 0.05, 4: 0.15, 5: 0.12345678901",
        "CONFIG_SCALE",
        "5: 0.12345",
        "10 decimal",
        "round it yourself: nothing is rounded",
    ),
    # K05: criteria and measures
    (
        "    method: level\n    measure: loyalty_level\n",
        "    method: level\n",
        "CRITERION_MEASURE",
        "  loyalty:",
        "computed",
        "write `measure: loyalty_level`",
    ),
    (
        "    measure: contribution_4_margin_ratio\n",
        "",
        "CRITERION_MEASURE",
        "  contribution_4_margin:",
        "needs a measure",
        "add `measure`",
    ),
    (
        "name_de: Zufriedenheit\n    method: rating\n",
        "name_de: Zufriedenheit\n    method: rating\n    measure: net_revenue\n",
        "CRITERION_METHOD",
        "    measure: net_revenue",
        "comes from people",
        "remove `measure`",
    ),
    (
        "name_de: Zufriedenheit\n    method: rating\n",
        "name_de: Zufriedenheit\n    method: rating\n    levels: {1: null, 2: 1, 3: 2, 4: 3, 5: 4}\n",
        "CRITERION_METHOD",
        "    levels: {1: null, 2: 1, 3: 2",
        "no `levels`",
        "remove `levels`, or use method breakpoints",
    ),
    (
        "      contribution_4: 100\n",
        "      payment: 100\n",
        "CRITERION_MEASURE",
        "      payment: 100",
        "customer_contribution",
        "use a criterion with method breakpoints,",
    ),
    (
        "      future_demand: 40\n",
        "      revenue_cagr_3y: 40\n",
        "CRITERION_MEASURE",
        "revenue_cagr_3y: 40",
        "of a lead",
        "use a rating, or one of: achievable_gap,",
    ),
    (
        "      future_demand: 30\n      revenue_cagr_3y: 30\n",
        "      future_demand: 30\n      contribution_4: 30\n",
        "CRITERION_MEASURE",
        "      contribution_4: 30",
        "the third measure",
        "use another criterion; contribution has its",
    ),
    # zones
    (
        "  min_coverage_weight: 60 ",
        "  min_coverage_weight: 0 ",
        "CONFIG_RANGE",
        "min_coverage_weight: 0",
        "more than 0",
        "write more than 0",
    ),
    (
        "  type_threshold: 50 ",
        "  type_threshold: 0 ",
        "CONFIG_RANGE",
        "type_threshold: 0",
        "more than 0",
        "write more than 0",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: 50\n",
        "ZONE_THRESHOLD",
        "hysteresis_band: 50",
        "0 to 100",
        "choose a smaller band",
    ),
    ("  threshold: 50\n", "  threshold: 101\n", "CONFIG_RANGE", "  threshold: 101", "101", "write 100 or less"),
    ("  missing_level: 3 ", "  missing_level: 6 ", "CONFIG_RANGE", "missing_level: 6", "6", "write 5 or less"),
    (
        "  stale_after_days: 730 ",
        "  stale_after_days: 0 ",
        "CONFIG_RANGE",
        "stale_after_days: 0",
        "0",
        "write 1 or more",
    ),
    (
        "  min_coverage_weight: 60 ",
        "  min_coverage_weight: -1 ",
        "CONFIG_RANGE",
        "min_coverage_weight: -1",
        "-1",
        "write more than 0",
    ),
    # campaigns
    (
        "  min_members_per_arm: 10\n",
        "  min_members_per_arm: 0\n",
        "CONFIG_RANGE",
        "min_members_per_arm: 0",
        "0",
        "write 1 or more",
    ),
    (
        "  programmes_per_year: 4 ",
        "  programmes_per_year: 4.5 ",
        "CONFIG_TYPE",
        "programmes_per_year: 4.5",
        "4.5",
        "write a whole number",
    ),
    # service levels, actions
    (
        "{visits_per_year: 24, hours_per_visit: 4,",
        "{visits_per_year: 24, hours_per_visit: 0,",
        "SERVICE_LEVEL_HOURS",
        "hours_per_visit: 0,",
        "24 visits a year of 0 hours",
        "write the hours of a visit, or 0 visits",
    ),
    (
        "  target_lead:  {",
        "  hot_lead:  {",
        "CONFIG_UNKNOWN_VALUE",
        "hot_lead",
        "'hot_lead'",
        "did you mean 'target_lead'?",
    ),
    ("allocation_elasticity: 0.3}", "allocation_elasticity: -0.3}", "CONFIG_RANGE", "-0.3}", "-0.3", "write 0 or more"),
    (
        "visits_per_year: 24,",
        "visits_per_year: 2.5,",
        "CONFIG_TYPE",
        "visits_per_year: 2.5",
        "2.5 was read",
        "write a whole number without quotes",
    ),
    (
        "max_contact_gap_days: 30,",
        "max_contact_gap_days: 0,",
        "CONFIG_RANGE",
        "max_contact_gap_days: 0",
        "0",
        "write 1 or more",
    ),
    (
        "    de: Nicht weiterverfolgen\n",
        "",
        "CONFIG_MISSING_KEY",
        "  disqualified_lead:",
        "'de' is missing",
        "add 'de'",
    ),
    # pools and activities
    (
        "{pool: field, standard_minutes: 240,",
        "{pool: feild, standard_minutes: 240,",
        "POOL_UNKNOWN",
        "feild",
        "'feild'",
        "did you mean 'field'?",
    ),
    ("  inside_pool: inside\n", "  inside_pool: insde\n", "POOL_UNKNOWN", "insde", "'insde'", "did you mean 'inside'?"),
    ("standard_minutes: 240", "standard_minutes: 0", "CONFIG_RANGE", "standard_minutes: 0", "0", "write 1 or more"),
    ("annual_cost: 1440000", "annual_cost: 0", "CONFIG_RANGE", "annual_cost: 0", "0", "write more than 0"),
    (
        "annual_cost: 1440000",
        "annual_cost: 1440000.0001",
        "CONFIG_SCALE",
        "1440000.0001",
        "2 decimal",
        "round it yourself: nothing is rounded",
    ),
    (
        "practical_capacity_hours: 14400",
        "practical_capacity_hours: 0",
        "CONFIG_RANGE",
        "hours: 0}",
        "0",
        "write more than 0",
    ),
    (
        "account_group: field_sales_cost",
        "account_group: field_cost",
        "CONFIG_UNKNOWN_VALUE",
        "field_cost",
        "field_cost",
        "did you mean 'field_sales_cost'?",
    ),
    (
        "valid_from: 2015-01-01, annual_cost: 1",
        "valid_from: gestern, annual_cost: 1",
        "CONFIG_TYPE",
        "gestern",
        "a date",
        "write a date as 2026-01-31, without quotes",
    ),
    (
        "{valid_from: 2015-01-01, annual_cost: 1440000",
        "{valid_from: 2015-01-01, valid_to: 2014-12-31, annual_cost: 1440000",
        "POOL_PERIOD",
        "valid_to: 2014-12-31",
        "before it begins",
        "correct one of the two days",
    ),
    (
        "      - {valid_from: 2015-01-01, annual_cost: 1440000, practical_capacity_hours: 14400}    # 100 an hour\n",
        "      []\n",
        "CONFIG_RANGE",
        "    periods:\n      []",
        "at least 1",
        "write at least 1 entry",
    ),
    (
        "  field_pool: field\n",
        "  field_pool: inside\n",
        "POOL_ROLE",
        "field_pool: inside",
        "field_sales_cost",
        "use one of: field",
    ),
    (
        "    account_group: inside_sales_cost\n",
        "    account_group: field_sales_cost\n",
        "POOL_ROLE",
        "  inside_pool: inside",
        "needs one booked in inside_sales_cost",
        "add a pool booked in inside_sales_cost",
    ),
    (
        ", is_visit: true}",
        "}",
        "VISIT_TYPE",
        "activity_types:",
        "no activity type is a visit",
        "write `is_visit: true` at the type that is",
    ),
    (
        "annual_cost: 1440000",
        "annual_cost: 2015-01-01",
        "CONFIG_TYPE",
        "annual_cost: 2015",
        "2015-01-01 was read",
        "write a number without quotes",
    ),
    (
        "practical_capacity_hours: 14400",
        "practical_capacity_hours: -1",
        "CONFIG_RANGE",
        "hours: -1",
        "-1 was read",
        "write 0 or more",
    ),
    # value, ABC, loyalty, potential, small customers, sensitivity, ledger
    (
        "{contribution: 0.4,",
        "{contribution: 0.41,",
        "VALUE_WEIGHT_SUM",
        "contribution: 0.41",
        "sum to 1.01, not to 1",
        "correct them; they are never rescaled",
    ),
    (
        "  abc_b_share: 0.90\n",
        "  abc_b_share: 0.80\n",
        "ABC_CUTOFFS",
        "abc_b_share: 0.80",
        "from 0.80 to 0.80",
        "let 0 < abc_a_share < abc_b_share <= 1",
    ),
    ("  abc_b_share: 0.90\n", "  abc_b_share: 90\n", "CONFIG_RANGE", "abc_b_share: 90", "90", "write 1 or less"),
    (
        "3: 3, 4: 5, 5: 10}",
        "3: 5, 4: 5, 5: 10}",
        "TENURE_LEVELS",
        "3: 5, 4: 5",
        "from 5 to below 5",
        "let the years rise with the level",
    ),
    (
        "{1: 0, 2: 1, 3: 3,",
        "{1: 0, 3: 3,",
        "TENURE_LEVELS",
        "{1: 0, 3: 3",
        "exactly the levels",
        "write {1: 0, 2: 1, 3: 3, 4: 5, 5: 10}",
    ),
    ("{1: 0, 2: 1, 3: 3,", "{1: 1, 2: 2, 3: 3,", "TENURE_LEVELS", "{1: 1, 2", "younger", "write 0"),
    (
        "  churn_recency_ratio_above: 2\n",
        "  churn_recency_ratio_above: 0\n",
        "CONFIG_RANGE",
        "ratio_above: 0",
        "0",
        "write more than 0",
    ),
    (
        "  contradiction_factor: 1.10\n",
        "  contradiction_factor: 0.9\n",
        "CONFIG_RANGE",
        "contradiction_factor: 0.9",
        "0.9",
        "write 1 or more",
    ),
    (
        "achievable_share: 1.00 ",
        "achievable_share: 1.01 ",
        "CONFIG_RANGE",
        "achievable_share: 1.01",
        "1.01",
        "write 1 or less",
    ),
    (
        "contribution_3_ratio: 0.10",
        "contribution_3_ratio: 10",
        "CONFIG_RANGE",
        "contribution_3_ratio: 10",
        "10",
        "write less than 1",
    ),
    (
        "contribution_3_ratio: 0.10",
        "contribution_3_ratio: 0,10",
        "YAML_NUMBER",
        "ratio: 0,10",
        "0,10",
        "write 0.5 instead of 0,5 and 1440000",
    ),
    (
        "  standard_visits: 4\n  hours_per_visit: 2\n  inside_hours: 6\n",
        "  standard_visits: 4\n  hours_per_visit: 0\n  inside_hours: 0\n",
        "SMALL_CUSTOMER_CARE",
        "small_customers:",
        "costs no hour",
        "write standard_visits and hours_per_visit,",
    ),
    (
        "  abc_a_share: 0.80\n",
        "  abc_a_share: 0.95\n",
        "ABC_CUTOFFS",
        "abc_b_share: 0.90",
        "from 0.95 to 0.90",
        "let 0 < abc_a_share < abc_b_share <= 1",
    ),
    (
        "  threshold: 50\n",
        "  threshold: 60\n",
        "SENSITIVITY_THRESHOLDS",
        "thresholds: [45",
        "leaves out the threshold 60",
        "let the grid lie around zones.threshold,",
    ),
    ("[45, 50, 55]", "[0, 50]", "CONFIG_RANGE", "[0, 50]", "more than 0", "write more than 0"),
    ("[45, 50, 55]", "[]", "CONFIG_RANGE", "thresholds: []", "at least 1", "write at least 1 entry"),
    (
        "shift_points: 10\n",
        "shift_points: 41\n",
        "SENSITIVITY_SHIFT",
        "shift_points: 41",
        "at most 40",
        "write 40 or less: points are only taken",
    ),
    (
        "[45, 50, 55]",
        "[45, 55, 50]",
        "SENSITIVITY_THRESHOLDS",
        "[45, 55, 50]",
        "do not rise",
        "write each once, the smallest first",
    ),
    (
        "  cogs: [cogs]\n",
        "  cogs: [cogs, marketing]\n",
        "LEDGER_GROUP_TWICE",
        "  marketing: [marketing]",
        "twice",
        "keep it in one ledger group",
    ),
    (
        "  cogs: [cogs]\n",
        "",
        "LEDGER_GROUP_MISSING",
        "ledger_groups:",
        "cogs: in no ledger group",
        "add each to the ledger group that holds it;",
    ),
    (
        "  cogs: [cogs]\n",
        "  cogs: [cogs, cogs]\n",
        "LEDGER_GROUP_TWICE",
        "[cogs, cogs]",
        "twice",
        "keep it in one ledger group",
    ),
    ("  cogs: [cogs]\n", "  cogs: cogs\n", "CONFIG_TYPE", "cogs: cogs", "a list", "write a list: [a, b]"),
    ("  cogs: [cogs]\n", "  cogs: [cog]\n", "CONFIG_UNKNOWN_VALUE", "[cog]", "'cog'", "did you mean 'cogs'?"),
    (
        "  reporting: EUR\n",
        "  reporting: Euro\n",
        "CONFIG_UNKNOWN_VALUE",
        "reporting: Euro",
        "ISO 4217",
        "did you mean 'EUR'?",
    ),
    (
        "  reporting: EUR\n",
        "  reporting: DEM\n",
        "CONFIG_UNKNOWN_VALUE",
        "reporting: DEM",
        "ISO 4217",
        "write the code of ISO 4217, e.g. EUR",
    ),
    (
        "  reporting: EUR\n",
        "  reporting: null\n",
        "CONFIG_TYPE",
        "reporting: null",
        "nothing (null)",
        "put the text in quotes",
    ),
    ("version: 1\n", "version: 2\n", "CONFIG_UNKNOWN_VALUE", "version: 2", "2", "use one of: 1"),
    # spelling, found before any meaning
    (
        "{contribution: 0.4,",
        "{contribution: 0,4,",
        "YAML_NUMBER",
        "{contribution: 0,4",
        "0,4",
        "write 0.5 instead of 0,5 and 1440000",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: 0,5\n",
        "YAML_NUMBER",
        "hysteresis_band: 0,5",
        "0,5 is not a number",
        "write 0.5 instead of 0,5 and 1440000",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: .nan\n",
        "YAML_NOT_FINITE",
        "band: .nan",
        ".nan is not",
        "write a number, or null for none",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: -.inf\n",
        "YAML_NOT_FINITE",
        "band: -.inf",
        "-.inf is not",
        "write a number, or null for none",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: 1e0\n",
        "YAML_NUMBER",
        "band: 1e0",
        "1e0 is a number to some",
        "write it as plain digits (1000, 0.5), or",
    ),
    (
        "  hysteresis_band: 5\n",
        "  hysteresis_band: 010\n",
        "YAML_NUMBER",
        "band: 010",
        "octal",
        "put it in quotes if text is meant, drop the",
    ),
    (
        "  hysteresis_band: 5\n",
        "  threshold: 51\n",
        "YAML_DUPLICATE_KEY",
        "  threshold: 51",
        "twice",
        "keep one of them",
    ),
    (
        "  hysteresis_band: 5\n",
        "\thysteresis_band: 5\n",
        "YAML_TAB",
        "\thysteresis_band",
        "a tab",
        "replace tabs by spaces",
    ),
    (
        "  hysteresis_band: 5\n",
        "   hysteresis_band: 5\n",
        "YAML_SYNTAX",
        "   hysteresis_band",
        "not YAML",
        "check indentation, quotes and colons of",
    ),
    (
        "  hysteresis_band: 5\n",
        "hysteresis_band: 5\n",
        "YAML_SYNTAX",
        "  min_coverage_weight",
        "not YAML",
        "check indentation, quotes and colons of",
    ),
    (
        "annual_cost: 1440000",
        "annual_cost: 1_440_000",
        "YAML_NUMBER",
        "annual_cost: 1_440",
        "to some YAML readers",
        "write it as plain digits (1000, 0.5), or",
    ),
    (
        "annual_cost: 1440000",
        "annual_cost: 1.440.000",
        "YAML_NUMBER",
        "annual_cost: 1.440",
        "is not a number here",
        "write 0.5 instead of 0,5 and 1440000",
    ),
    (
        ", is_visit: true}",
        ", is_visit: yes}",
        "YAML_BOOLEAN",
        "is_visit: yes",
        "yes is a truth value",
        "write true or false, or put it in quotes if",
    ),
    (
        "valid_from: 2015-01-01, annual_cost: 1",
        "valid_from: 2015-02-29, annual_cost: 1",
        "YAML_DATE",
        "2015-02-29",
        "calendar",
        "correct the date, or put it in quotes",
    ),
    (
        "valid_from: 2015-01-01, annual_cost: 1",
        "valid_from: 20150101, annual_cost: 1",
        "CONFIG_TYPE",
        "20150101",
        "a date",
        "write a date as 2026-01-31, without quotes",
    ),
    # hand-over, privacy
    ("  notice_days: 30\n", "  notice_days: -1\n", "CONFIG_RANGE", "notice_days: -1", "-1", "write 0 or more"),
    (
        'detail: "off"\n',
        'detail: "on"\n',
        "CONFIG_UNKNOWN_VALUE",
        'detail: "on"',
        "on",
        "use one of: off, pseudonym, team",
    ),
    (
        'detail: "off"\n',
        "detail: off\n",
        "YAML_BOOLEAN",
        "detail: off",
        "off",
        "write true or false, or put it in quotes",
    ),
    (
        'detail: "off"\n',
        "detail: team\n  purpose: capacity\n",
        "PRIVACY_AGREEMENT",
        "detail: team",
        "agreement, expires_on is not given",
        "agreed with the works council",
    ),
    (
        "  min_group_size: 8 ",
        "  min_group_size: 2 ",
        "PRIVACY_GROUP_SIZE",
        "min_group_size: 2",
        "groups of 2",
        "write 3 or more; agree on the number",
    ),
    (
        "  max_share: 0.5\n",
        "  max_share: 1\n",
        "PRIVACY_MAX_SHARE",
        "max_share: 1",
        "never hide a group",
        "write a share between 0 and 1",
    ),
    (
        "  max_share: 0.5\n",
        "  max_share: 0\n",
        "PRIVACY_MAX_SHARE",
        "max_share: 0",
        "hide every group",
        "write a share between 0 and 1",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "needle", "said", "remedy"), MUTATIONS, ids=lambda value: str(value)[:40].strip()
)
def test_a_broken_rule_is_found_at_its_line(old: str, new: str, code: str, needle: str, said: str, remedy: str) -> None:
    text = changed(old, new)
    matching = [problem for problem in problems(text) if problem.code == code]
    assert [problem.where for problem in matching] == [f"portfolio.yml:{line_of(needle, text)}"]
    assert said in matching[0].what
    assert remedy in matching[0].remedy


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("      loyalty: 30\n", "      loyality: 30\n", "loyalty"),
        ("measure: revenue_cagr_3y ", "measure: revenue_cagr ", "revenue_cagr_3y"),
        ("  hysteresis_band: 5\n", "  hysteresisband: 5\n", "hysteresis_band"),
        ("    account_group: field_sales_cost\n", "    account_grup: field_sales_cost\n", "account_group"),
        ("{pool: field, standard_minutes: 240,", "{pool: fields, standard_minutes: 240,", "field"),
        ("standard_minutes: 240", "standart_minutes: 240", "standard_minutes"),
        ("  protection:   {", "  protecton:   {", "protection"),
        ("{valid_from: 2015-01-01, annual_cost: 5", "{valid_form: 2015-01-01, annual_cost: 5", "valid_from"),
        ("    en: Efficient standard care\n", "    eng: Efficient standard care\n", "en"),
        ("  cogs: [cogs]\n", "  cogs: [cog]\n", "cogs"),
    ],
)
def test_a_typo_is_answered_by_what_was_meant(old: str, new: str, meant: str) -> None:
    assert f"did you mean '{meant}'?" in [problem.remedy for problem in problems(changed(old, new))]


def test_pool_periods_must_not_overlap_and_the_remedy_names_the_day() -> None:
    first = "      - {valid_from: 2015-01-01, annual_cost: 1440000, practical_capacity_hours: 14400}    # 100 an hour\n"
    second = "      - {valid_from: 2025-01-01, annual_cost: 1500000, practical_capacity_hours: 14400}\n"
    text = changed(first, first + second)
    (problem,) = problems(text)
    assert problem.code == "POOL_OVERLAP"
    assert problem.where == f"portfolio.yml:{line_of('1500000', text)}"
    assert "2024-12-31" in problem.remedy
    ended = changed(
        "{valid_from: 2015-01-01, annual_cost: 1440000",
        "{valid_from: 2015-01-01, valid_to: 2024-12-31, annual_cost: 1440000",
        text,
    )
    assert len(portfolio(ended).resource_pools["field"].periods) == 2
    one_day = ended.replace("valid_to: 2024-12-31", "valid_to: 2025-01-01")
    assert [problem.code for problem in problems(one_day)] == ["POOL_OVERLAP"]


def test_pool_periods_must_not_leave_a_gap_and_the_remedy_names_the_days() -> None:
    text = changed(
        "{valid_from: 2015-01-01, annual_cost: 1440000, practical_capacity_hours: 14400}",
        "{valid_from: 2015-01-01, valid_to: 2024-12-30, annual_cost: 1440000, practical_capacity_hours: 14400}\n"
        "      - {valid_from: 2025-01-01, annual_cost: 1500000, practical_capacity_hours: 14400}",
    )
    (problem,) = problems(text)
    assert (problem.code, problem.where) == ("POOL_GAP", f"portfolio.yml:{line_of('1500000', text)}")
    assert "from 2024-12-31 to 2024-12-31 no cost is valid" in problem.what
    assert problem.remedy == "begin the later period on 2024-12-31, or end the earlier one on 2024-12-31"


def test_the_worked_examples_weights_that_do_not_sum_to_100_are_refused_not_rescaled() -> None:
    """Unit vector weights_not_100: 40/30/20 is a configuration error, whatever else is right."""
    case = json.loads(GOLDEN.read_text(encoding="utf-8"))["unit_vectors"]["weights_not_100"]
    names = ("achievable_gap", "future_demand", "revenue_cagr_3y")
    written = "".join(f"      {name}: {weight}\n" for name, weight in zip(names, case["weights"], strict=True))
    shipped = "      achievable_gap: 40\n      future_demand: 30\n      revenue_cagr_3y: 30\n"
    (problem,) = problems(changed(shipped, written))
    assert problem.code == "WEIGHT_SUM"
    assert problem.what == "the weights of customer.potential sum to 90, not to 100 (40 + 30 + 20)"
    assert "never rescaled" in problem.remedy


@pytest.mark.parametrize("axis", ["potential", "attractiveness", "value_of_customer", "value_to_customer"])
@pytest.mark.parametrize("scorecard", ["customer", "lead"])
def test_the_number_of_criteria_is_limited_on_every_axis(scorecard: str, axis: str) -> None:
    """3 to 5 on the customer's two axes, 2 to 5 elsewhere (METHOD 1.7)."""
    model = portfolio(TEXT)
    if axis not in type(getattr(model.scorecards, scorecard)).model_fields:
        return
    least = 3 if scorecard == "customer" and axis in ("potential", "attractiveness") else 2
    ratings = [name for name, criterion in model.criteria.items() if criterion.method == "rating"]
    for count in range(1, 7):
        weights = dict(zip(ratings, [100 - 10 * (count - 1)] + [10] * (count - 1), strict=False))
        document = parse(TEXT, "portfolio.yml")
        value: Any = document.value
        value["scorecards"][scorecard][axis] = weights
        try:
            validated(document, Portfolio)
            codes = []
        except ConfigError as error:
            codes = [problem.code for problem in error.problems]
        assert codes == ([] if least <= count <= 5 else ["CRITERIA_COUNT"]), (count, codes)


def test_all_problems_come_at_once_whatever_kind_they_are() -> None:
    """A typo, a wrong type, a broken rule inside a block and one between blocks: none hides another."""
    text = changed("revenue_cagr_3y: 30\n", "revenue_cagr_3y: 29\n")
    text = changed("  hysteresis_band: 5\n", "  hysteresis_bnd: 5\n", text)
    text = changed("{pool: field, standard_minutes: 240,", "{pool: feild, standard_minutes: 24.5,", text)
    text = changed("3: 20000, 4: 50000", "3: 50000, 4: 20000", text)
    text = changed("      loyalty: 30\n", "      loyality: 30\n", text)
    text = changed("{contribution: 0.4,", "{contribution: 0.5,", text)
    text = changed("      strategy_clarity: 10\n", "      strategy_clarity: 10.5\n", text)
    found = problems(text)
    assert sorted(problem.code for problem in found) == [
        "BREAKPOINTS_ORDER",
        "CONFIG_TYPE",
        "CONFIG_TYPE",
        "CONFIG_UNKNOWN_KEY",
        "CRITERION_UNKNOWN",
        "POOL_UNKNOWN",
        "VALUE_WEIGHT_SUM",
        "WEIGHT_SUM",
    ]
    lines = [int(problem.where.rpartition(":")[2]) for problem in found]
    assert lines == sorted(lines)


def test_an_empty_file_misses_the_version_alone() -> None:
    """Every block has a default; which release's words are meant is never guessed."""
    assert [problem.what for problem in problems("{}")] == ["the key 'version' is missing"]


def test_a_default_invents_no_cost_no_pool_and_no_care(tmp_path: Path) -> None:
    (tmp_path / "portfolio.yml").write_text("version: 1\n", encoding="utf-8")
    portfolio = read_portfolio(tmp_path / "portfolio.yml")
    assert not (portfolio.resource_pools or portfolio.activity_types or portfolio.service_levels)
    assert set(portfolio.costs.model_dump(exclude={"max_imputed_revenue_ratio"}).values()) == {None}
    assert (portfolio.sales_cost.field_pool, portfolio.sales_cost.inside_pool) == (None, None)


def test_a_pool_that_is_used_is_needed_though_pools_have_a_default() -> None:
    found = problems("version: 1\nactivity_types:\n  call: {pool: inside, standard_minutes: 30}\n")
    assert [problem.code for problem in found] == ["POOL_UNKNOWN"]


@pytest.mark.parametrize("text", ["", "- a\n", "just text\n"])
def test_a_file_that_is_no_block_is_refused(text: str) -> None:
    assert [problem.code for problem in problems(text)] == ["CONFIG_TYPE"]


def test_jinja_in_a_text_is_text() -> None:
    text = changed("en: Efficient standard care", "en: \"{{ env_var('HOME') }}\"")
    assert portfolio(text).actions.maintain.en == "{{ env_var('HOME') }}"


# --- method_version -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1\n", "version: 1\n\n# another comment\n"),
        ("abc_a_share: 0.80", "abc_a_share: 0.8000"),
        ("  threshold: 50\n", "  threshold: 50.0\n"),
        (
            "      future_demand: 30\n      revenue_cagr_3y: 30\n",
            "      revenue_cagr_3y: 30\n      future_demand: 30\n",
        ),
        ("    en: Do not pursue\n", '    en: "Do not pursue"\n'),
        (", is_visit: true", ", is_visit: True"),
        ("  new_customer_min_invoices: null ", "  # not asked "),
    ],
)
def test_spelling_order_and_comments_do_not_change_the_method(old: str, new: str) -> None:
    assert portfolio(changed(old, new)).method_version == portfolio(TEXT).method_version


def test_the_default_ledger_is_the_written_one() -> None:
    without = TEXT[: TEXT.index("ledger_groups:")]
    assert portfolio(without).method_version == portfolio(TEXT).method_version


AGREED = "  agreement: works agreement\n  purpose: capacity\n  expires_on: 2030-12-31"


def test_people_are_shown_until_the_agreed_day_and_not_longer(tmp_path: Path) -> None:
    """Expired, the setting is as if it were off, and a warning says so: asked of the calendar, whatever the data are of."""
    agreed = portfolio(changed('detail: "off"', f"detail: team\n{AGREED}")).privacy
    assert not agreed.is_expired(date(2030, 12, 31))
    assert agreed.is_expired(date(2031, 1, 1))
    shutil.copytree(SHIPPED.parent, tmp_path / "config")
    for until, detail in (("2999-12-31", "pseudonym"), ("2001-01-31", "off")):
        text = changed('detail: "off"', f"detail: pseudonym\n{AGREED.replace('2030-12-31', until)}")
        (tmp_path / "config" / "portfolio.yml").write_text(text, encoding="utf-8")
        workspace = open_workspace(tmp_path / "config", Home.at(tmp_path / "home"))
        assert workspace.portfolio.privacy.sales_input_detail == detail
        assert [each.code for each in privacy_results(workspace)] == ([] if detail != "off" else ["PRIVACY_EXPIRED"])


def test_who_sees_what_is_no_part_of_the_method() -> None:
    """Else every file of a version would change when a team is shown."""
    shown = changed('detail: "off"', f"detail: team\n{AGREED}")
    assert portfolio(shown).privacy.sales_input_detail == "team"
    assert portfolio(shown).method_version == portfolio(TEXT).method_version


def test_older_files_hide_people_as_the_shipped_one_does() -> None:
    start, end = TEXT.index("# Whose representative"), TEXT.index("# The ledger's groups")
    without = TEXT[:start] + TEXT[end:]
    assert portfolio(without) == portfolio(TEXT)


def test_a_file_without_campaigns_is_the_method_with_their_defaults() -> None:
    without = TEXT[: TEXT.index("campaigns:\n")] + TEXT[TEXT.index("ledger_groups:") :]
    assert portfolio(without).method_version == portfolio(TEXT).method_version


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  min_members_per_arm: 10\n", "  min_members_per_arm: 11\n"),
        ("abc_a_share: 0.80", "abc_a_share: 0.81"),
        (
            "      future_demand: 30\n      revenue_cagr_3y: 30\n",
            "      future_demand: 29\n      revenue_cagr_3y: 31\n",
        ),
        ("3: 20000, 4: 50000", "3: 20000.01, 4: 50000"),
        ("valid_from: 2015-01-01, annual_cost: 1", "valid_from: 2015-01-02, annual_cost: 1"),
        ("    en: Do not pursue\n", "    en: Do not pursue this\n"),
        ("  new_customer_min_invoices: null ", "  new_customer_min_invoices: 5 "),
        ("  cogs: [cogs]\n", "  material: [cogs]\n"),
        ("{pool: field, standard_minutes: 240,", "{pool: inside, standard_minutes: 240,"),
        ("[45, 50, 55]", "[45, 50]"),
        ("  notice_days: 30\n", "  notice_days: 60\n"),
        ("  win_back_months: 36 ", "  win_back_months: 24 "),
    ],
)
def test_every_value_changes_the_method(old: str, new: str) -> None:
    before, after = portfolio(TEXT).method_version, portfolio(changed(old, new)).method_version
    assert before != after
    assert len(after) == 12
    assert int(after, 16) >= 0


# --- anchors ------------------------------------------------------------------------------------------------------------


def test_what_a_level_looks_like_is_said_to_raters_and_changes_no_number() -> None:
    other = changed("1: open conflict,", "1: they shout,")
    assert portfolio(other).criteria["chemistry"].anchors("en")[1] == "they shout"
    assert portfolio(other).method_version == portfolio(TEXT).method_version
    chemistry = portfolio(TEXT).criteria["chemistry"]
    assert chemistry.anchors("de")[1] == "offener Konflikt"
    assert chemistry.anchors("fr")[1] == "open conflict"
    rated = [criterion for criterion in portfolio(TEXT).criteria.values() if criterion.method == "rating"]
    assert all(len(criterion.anchors(language)) == 5 for criterion in rated for language in ("en", "de"))


@pytest.mark.parametrize(
    ("old", "new", "code", "told"),
    [
        ("1: open conflict,", "6: open conflict,", "BREAKPOINTS_LEVELS", "level 6 does not exist"),
        (
            "    measure: loyalty_level\n",
            "    measure: loyalty_level\n    anchors_en: {1: bad}\n",
            "CRITERION_METHOD",
            "rated by nobody",
        ),
    ],
)
def test_anchors_belong_to_levels_of_ratings(old: str, new: str, code: str, told: str) -> None:
    text = changed(old, new)
    (problem,) = problems(text)
    assert problem.code == code
    assert told in problem.what
    assert problem.where.startswith("portfolio.yml:")
