"""The method's rules: one valid file, one mutation each, the code and the line it must be found at."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, Problem
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import parse

SHIPPED = Path(__file__).parents[3] / "config" / "portfolio.yml"
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
    # (old, new, code, line's needle in the mutated text, what the message holds)
    # K01: weights
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: 29\n", "WEIGHT_SUM", POTENTIAL, "sum to 99, not to 100 (40 + 30 + 29)"),
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: 30.0\n", "CONFIG_TYPE", "revenue_cagr_3y: 30.0", "a whole number"),
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: -30\n", "CONFIG_RANGE", "revenue_cagr_3y: -30", "-30 was read"),
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: 0\n", "CONFIG_RANGE", "revenue_cagr_3y: 0", "0 was read"),
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: true\n", "CONFIG_TYPE", "revenue_cagr_3y: true", "a whole number"),
    ("revenue_cagr_3y: 30\n", "revenue_cagr_3y: '30'\n", "CONFIG_TYPE", "revenue_cagr_3y: '30'", "a whole number"),
    ("contribution_4: 100\n", "contribution_4: 99\n", "WEIGHT_SUM", "    contribution:  ", "sum to 99"),
    # number of criteria
    (
        "      future_demand: 30\n      revenue_cagr_3y: 30\n",
        "      future_demand: 60\n",
        "CRITERIA_COUNT",
        POTENTIAL,
        "2 criteria, 3 to 5",
    ),
    (
        "      payment: 20\n",
        "      payment: 10\n      satisfaction: 10\n",
        "CRITERIA_COUNT",
        "    attractiveness:                     # axis 2",
        "6 criteria, 3 to 5",
    ),
    (
        "      perceived_benefit: 60\n      satisfaction: 40\n",
        "      satisfaction: 100\n",
        "CRITERIA_COUNT",
        "    value_to_customer:",
        "1 criteria, 2 to 5",
    ),
    (
        "      contribution_4: 100\n",
        "      contribution_4: 60\n      loyalty: 40\n",
        "CRITERIA_COUNT",
        "    contribution:  ",
        "exactly 1",
    ),
    # K02: names
    ("      loyalty: 30\n", "      loyality: 30\n", "CRITERION_UNKNOWN", "loyality: 30", "'loyality'"),
    ("measure: revenue_cagr_3y ", "measure: revenue_cagr_3yr ", "CONFIG_UNKNOWN_VALUE", "revenue_cagr_3yr", "cagr_3yr"),
    ("  hysteresis_band: 5\n", "  hysteresis_bnd: 5\n", "CONFIG_UNKNOWN_KEY", "hysteresis_bnd", "hysteresis_bnd"),
    ("  protection:   {", "  protecton:   {", "CONFIG_UNKNOWN_VALUE", "protecton", "protecton"),
    ("    direction: lower\n", "    direction: lowr\n", "CONFIG_UNKNOWN_VALUE", "lowr", "lowr"),
    ("  payment:\n", "  Payment;x:\n", "CONFIG_NAME", "Payment;x:", "is not a name"),
    ("      payment: 20\n", "      future_demand: 0.2\n", "CONFIG_TYPE", "future_demand: 0.2", "0.2 was read"),
    # K03: breakpoints
    ("3: 20000, 4: 50000", "3: 50000, 4: 20000", "BREAKPOINTS_ORDER", "3: 50000", "from 50000 to below 20000"),
    ("3: 20000, 4: 50000", "3: 50000, 4: 50000", "BREAKPOINTS_ORDER", "3: 50000", "from 50000 to below 50000"),
    ("2: 5000, 3: 20000,", "2: 5000,", "BREAKPOINTS_LEVELS", "2: 5000,", "level 3 is missing"),
    ("5: 150000}", "5: 150000, 6: 900000}", "BREAKPOINTS_LEVELS", "6: 900000", "level 6 does not exist"),
    ("1: null, 2: 5000", "1: 0, 2: 5000", "BREAKPOINTS_OPEN", "1: 0, 2: 5000", "values below it have no level"),
    ("2: 5000, 3: 20000", "2: null, 3: 20000", "BREAKPOINTS_OPEN", "2: null, 3", "level 2 has no lower bound"),
    ("1: 30, 2: 15, 3: 8", "1: 30, 2: 8, 3: 15", "BREAKPOINTS_ORDER", "1: 30, 2: 8", "from 15 to below 8"),
    ("4: 3, 5: null}", "4: 3, 5: 0}", "BREAKPOINTS_OPEN", "5: 0}", "level 5"),
    ("4: 40000, 5: 100000", "four: 1, 5: 100000", "CONFIG_TYPE", "four: 1", "a whole number"),
    ("3: 0.05, 4: 0.15, 5: 0.25", "3: 0.05, 4: 0.15, 5: 0.12345678901", "CONFIG_SCALE", "5: 0.12345", "10 decimal"),
    # K05: criteria and measures
    (
        "    method: level\n    measure: loyalty_level\n",
        "    method: level\n",
        "CRITERION_MEASURE",
        "  loyalty:",
        "computed",
    ),
    (
        "    measure: contribution_4_margin_ratio\n",
        "",
        "CRITERION_MEASURE",
        "  contribution_4_margin:",
        "needs a measure",
    ),
    (
        "name_de: Zufriedenheit\n    method: rating\n",
        "name_de: Zufriedenheit\n    method: rating\n    measure: net_revenue\n",
        "CRITERION_METHOD",
        "    measure: net_revenue",
        "comes from people",
    ),
    (
        "name_de: Zufriedenheit\n    method: rating\n",
        "name_de: Zufriedenheit\n    method: rating\n    levels: {1: null, 2: 1, 3: 2, 4: 3, 5: 4}\n",
        "CRITERION_METHOD",
        "    levels: {1: null, 2: 1, 3: 2",
        "no `levels`",
    ),
    (
        "      contribution_4: 100\n",
        "      payment: 100\n",
        "CRITERION_MEASURE",
        "      payment: 100",
        "contribution_4",
    ),
    (
        "      future_demand: 40\n",
        "      revenue_cagr_3y: 40\n",
        "CRITERION_MEASURE",
        "revenue_cagr_3y: 40",
        "of a lead",
    ),
    # zones
    ("  hysteresis_band: 5\n", "  hysteresis_band: 50\n", "ZONE_THRESHOLD", "hysteresis_band: 50", "0 to 100"),
    ("  threshold: 50\n", "  threshold: 101\n", "CONFIG_RANGE", "  threshold: 101", "101"),
    ("  missing_level: 3 ", "  missing_level: 6 ", "CONFIG_RANGE", "missing_level: 6", "6"),
    ("  stale_after_days: 730 ", "  stale_after_days: 0 ", "CONFIG_RANGE", "stale_after_days: 0", "0"),
    ("  min_coverage_weight: 60 ", "  min_coverage_weight: -1 ", "CONFIG_RANGE", "min_coverage_weight: -1", "-1"),
    # service levels, actions
    ("allocation_elasticity: 0.3}", "allocation_elasticity: -0.3}", "CONFIG_RANGE", "-0.3}", "-0.3"),
    ("visits_per_year: 24,", "visits_per_year: 2.5,", "CONFIG_TYPE", "visits_per_year: 2.5", "2.5 was read"),
    ("max_contact_gap_days: 30,", "max_contact_gap_days: 0,", "CONFIG_RANGE", "max_contact_gap_days: 0", "0"),
    (
        "  maintain:\n    en: Efficient standard care\n    de: Effiziente Standardbetreuung\n",
        "",
        "CONFIG_MISSING_KEY",
        "actions:",
        "'maintain' is missing",
    ),
    ("    de: Nicht weiterverfolgen\n", "", "CONFIG_MISSING_KEY", "  disqualified_lead:", "'de' is missing"),
    # pools and activities
    (
        "{pool: field, standard_minutes: 240,",
        "{pool: feild, standard_minutes: 240,",
        "POOL_UNKNOWN",
        "feild",
        "'feild'",
    ),
    ("  inside_pool: inside\n", "  inside_pool: insde\n", "POOL_UNKNOWN", "insde", "'insde'"),
    ("standard_minutes: 240", "standard_minutes: 0", "CONFIG_RANGE", "standard_minutes: 0", "0"),
    ("annual_cost: 1440000", "annual_cost: 0", "CONFIG_RANGE", "annual_cost: 0", "0"),
    ("annual_cost: 1440000", "annual_cost: 1440000.0001", "CONFIG_SCALE", "1440000.0001", "2 decimal"),
    ("practical_capacity_hours: 14400", "practical_capacity_hours: 0", "CONFIG_RANGE", "hours: 0}", "0"),
    (
        "account_group: field_sales_cost",
        "account_group: field_cost",
        "CONFIG_UNKNOWN_VALUE",
        "field_cost",
        "field_cost",
    ),
    (
        "valid_from: 2015-01-01, annual_cost: 1",
        "valid_from: gestern, annual_cost: 1",
        "CONFIG_TYPE",
        "gestern",
        "a date",
    ),
    (
        "{valid_from: 2015-01-01, annual_cost: 1440000",
        "{valid_from: 2015-01-01, valid_to: 2014-12-31, annual_cost: 1440000",
        "POOL_PERIOD",
        "valid_to: 2014-12-31",
        "before it begins",
    ),
    (
        "      - {valid_from: 2015-01-01, annual_cost: 1440000, practical_capacity_hours: 14400}    # 100 an hour\n",
        "      []\n",
        "CONFIG_RANGE",
        "    periods:\n      []",
        "at least 1",
    ),
    # value, ABC, loyalty, potential, small customers, sensitivity, ledger
    ("{contribution: 0.4,", "{contribution: 0.41,", "VALUE_WEIGHT_SUM", "contribution: 0.41", "sum to 1.01, not to 1"),
    ("  abc_b_share: 0.90\n", "  abc_b_share: 0.80\n", "ABC_CUTOFFS", "abc_b_share: 0.80", "from 0.80 to 0.80"),
    ("  abc_b_share: 0.90\n", "  abc_b_share: 90\n", "CONFIG_RANGE", "abc_b_share: 90", "90"),
    ("3: 3, 4: 5, 5: 10}", "3: 5, 4: 5, 5: 10}", "TENURE_LEVELS", "3: 5, 4: 5", "from 5 to below 5"),
    ("{1: 0, 2: 1, 3: 3,", "{1: 0, 3: 3,", "TENURE_LEVELS", "{1: 0, 3: 3", "exactly the levels"),
    ("{1: 0, 2: 1, 3: 3,", "{1: 1, 2: 2, 3: 3,", "TENURE_LEVELS", "{1: 1, 2", "younger"),
    ("  churn_recency_ratio_above: 2\n", "  churn_recency_ratio_above: 0\n", "CONFIG_RANGE", "ratio_above: 0", "0"),
    (
        "  contradiction_factor: 1.10\n",
        "  contradiction_factor: 0.9\n",
        "CONFIG_RANGE",
        "contradiction_factor: 0.9",
        "0.9",
    ),
    ("achievable_share: 1.00 ", "achievable_share: 1.01 ", "CONFIG_RANGE", "achievable_share: 1.01", "1.01"),
    ("contribution_3_ratio: 0.10", "contribution_3_ratio: 10", "CONFIG_RANGE", "contribution_3_ratio: 10", "10"),
    ("contribution_3_ratio: 0.10", "contribution_3_ratio: 0,10", "YAML_NUMBER", "ratio: 0,10", "0,10"),
    ("[45, 50, 55]", "[45, 55, 50]", "SENSITIVITY_THRESHOLDS", "[45, 55, 50]", "do not rise"),
    # hand-over, privacy
    ("  notice_days: 90\n", "  notice_days: -1\n", "CONFIG_RANGE", "notice_days: -1", "-1"),
    ('detail: "off"\n', 'detail: "on"\n', "CONFIG_UNKNOWN_VALUE", 'detail: "on"', "on"),
    ('detail: "off"\n', "detail: off\n", "YAML_BOOLEAN", "detail: off", "off"),
    ("  min_group_size: 8 ", "  min_group_size: 2 ", "PRIVACY_GROUP_SIZE", "min_group_size: 2", "groups of 2"),
    ("  max_share: 0.5\n", "  max_share: 1\n", "PRIVACY_MAX_SHARE", "max_share: 1", "never hide a group"),
    ("  max_share: 0.5\n", "  max_share: 0\n", "PRIVACY_MAX_SHARE", "max_share: 0", "hide every group"),
    ("  cogs: [cogs]\n", "  cogs: [cogs, marketing]\n", "LEDGER_GROUP_TWICE", "  marketing: [marketing]", "twice"),
    ("  cogs: [cogs]\n", "  cogs: [cog]\n", "CONFIG_UNKNOWN_VALUE", "[cog]", "'cog'"),
    ("  reporting: EUR\n", "  reporting: Euro\n", "CONFIG_RANGE", "reporting: Euro", "Euro"),
    ("version: 1\n", "version: 2\n", "CONFIG_UNKNOWN_VALUE", "version: 2", "2"),
]


@pytest.mark.parametrize(("old", "new", "code", "needle", "said"), MUTATIONS, ids=lambda value: str(value)[:40].strip())
def test_a_broken_rule_is_found_at_its_line(old: str, new: str, code: str, needle: str, said: str) -> None:
    text = changed(old, new)
    matching = [problem for problem in problems(text) if problem.code == code]
    assert [problem.where for problem in matching] == [f"portfolio.yml:{line_of(needle, text)}"]
    assert said in matching[0].what
    assert matching[0].remedy


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
        "CONFIG_MISSING_KEY",
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


def test_an_empty_file_names_every_missing_section() -> None:
    missing = {problem.what for problem in problems("{}")}
    assert len(missing) == sum(field.is_required() for field in Portfolio.model_fields.values())
    assert "the key 'scorecards' is missing" in missing


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


def test_who_sees_what_is_no_part_of_the_method() -> None:
    """Else every file of a version would change when a team is shown."""
    shown = changed('detail: "off"', "detail: team")
    assert portfolio(shown).privacy.sales_input_detail == "team"
    assert portfolio(shown).method_version == portfolio(TEXT).method_version


def test_older_files_hide_people_as_the_shipped_one_does() -> None:
    start, end = TEXT.index("# Whose representative"), TEXT.index("# The ledger's groups")
    without = TEXT[:start] + TEXT[end:]
    assert portfolio(without) == portfolio(TEXT)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("abc_a_share: 0.80", "abc_a_share: 0.81"),
        (
            "      future_demand: 30\n      revenue_cagr_3y: 30\n",
            "      future_demand: 29\n      revenue_cagr_3y: 31\n",
        ),
        ("3: 20000, 4: 50000", "3: 20000.01, 4: 50000"),
        ("valid_from: 2015-01-01, annual_cost: 1", "valid_from: 2015-01-02, annual_cost: 1"),
        ("    en: Do not pursue\n", "    en: Do not pursue this\n"),
        (", is_visit: true", ", is_visit: false"),
        ("  new_customer_min_invoices: null ", "  new_customer_min_invoices: 5 "),
        ("  cogs: [cogs]\n", "  material: [cogs]\n"),
        ("[45, 50, 55]", "[45, 50]"),
        ("  notice_days: 90\n", "  notice_days: 60\n"),
    ],
)
def test_every_value_changes_the_method(old: str, new: str) -> None:
    before, after = portfolio(TEXT).method_version, portfolio(changed(old, new)).method_version
    assert before != after
    assert len(after) == 12
    assert int(after, 16) >= 0
