"""Settings tried out by their path: the same method the edited file would give, the same refusals."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ConfigError, ExitCode
from pipelines.settings.changes import Change, SettingError, changed_portfolio
from pipelines.settings.portfolio import Portfolio, read_portfolio
from pipelines.settings.validation import validated
from pipelines.settings.yaml_file import parse

SHIPPED = Path(__file__).parents[3] / "config" / "portfolio.yml"
TEXT = SHIPPED.read_text(encoding="utf-8")


def edited(*replacements: tuple[str, str]) -> Portfolio:
    """The method after editing the file by hand."""
    text = TEXT
    for old, new in replacements:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return validated(parse(text, "x"), Portfolio)


@pytest.mark.parametrize(
    ("assignments", "by_hand"),
    [
        (
            ["weights.attractiveness.chemistry=30", "weights.attractiveness.payment=10"],
            [
                (
                    "      chemistry: 20\n      strategy_clarity: 10\n",
                    "      chemistry: 30\n      strategy_clarity: 10\n",
                ),
                ("      payment: 20\n", "      payment: 10\n"),
            ],
        ),
        (
            ["scorecards.lead.potential.achievable_gap=50", "scorecards.lead.potential.future_demand = 50"],
            [
                (
                    "      achievable_gap: 60\n      future_demand: 40\n",
                    "      achievable_gap: 50\n      future_demand: 50\n",
                )
            ],
        ),
        (
            ["weights.attractiveness.strategy_clarity=null", "weights.attractiveness.payment=30"],
            [("      strategy_clarity: 10\n      payment: 20\n", "      payment: 30\n")],
        ),
        (
            [
                "weights.attractiveness.payment=10",
                "weights.attractiveness.satisfaction=10",
                "weights.attractiveness.chemistry=~",
                "weights.attractiveness.access_decision_makers=50",
            ],
            [
                (
                    "      access_decision_makers: 30\n      process_maturity: 20\n      chemistry: 20\n",
                    "      access_decision_makers: 50\n      process_maturity: 20\n",
                ),
                ("      payment: 20\n", "      payment: 10\n      satisfaction: 10\n"),
            ],
        ),
        (["criteria.payment.levels.2=20"], [("1: 30, 2: 15,", "1: 30, 2: 20,")]),
        (["zones.threshold=52.5"], [("  threshold: 50\n", "  threshold: 52.5\n")]),
        (
            ["zones.new_customer_min_invoices=5"],
            [("  new_customer_min_invoices: null ", "  new_customer_min_invoices: 5 ")],
        ),
        (["criteria.chemistry.name_en='no'"], [("Chemistry between the people", "'no'")]),
        (["resource_pools.field.periods.0.annual_cost=1500000"], [("annual_cost: 1440000", "annual_cost: 1500000")]),
        (["sensitivity.thresholds=[40, 50, 60]"], [("[45, 50, 55]", "[40, 50, 60]")]),
        (
            ["service_levels.disqualified_lead={visits_per_year: 0, hours_per_visit: 4, allocation_elasticity: 0}"],
            [
                (
                    "service_levels:\n",
                    "service_levels:\n  disqualified_lead: {visits_per_year: 0, hours_per_visit: 4, allocation_elasticity: 0}\n",
                )
            ],
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_setting_does_what_editing_the_file_does(assignments: list[str], by_hand: list[tuple[str, str]]) -> None:
    portfolio, changes = changed_portfolio(SHIPPED, assignments)
    assert portfolio == edited(*by_hand)
    assert portfolio.method_version != read_portfolio(SHIPPED).method_version
    assert len(changes) == len(assignments)


def test_what_was_changed_is_told_in_full() -> None:
    _, changes = changed_portfolio(
        SHIPPED,
        [
            "weights.attractiveness.payment=10",
            "weights.attractiveness.strategy_clarity=null",
            "weights.attractiveness.chemistry=40",
            "criteria.payment.levels.5=null",
            "zones.new_customer_min_invoices=3",
            "customer_value.weights={contribution: 0.50, potential: 0.25, attractiveness: 0.25}",
            "activity_types.call.is_visit=true",
            "resource_pools.field.periods.0.valid_from=2014-01-01",
        ],
    )
    assert changes == (
        Change("scorecards.customer.attractiveness.payment", "20", "10"),
        Change("scorecards.customer.attractiveness.strategy_clarity", "10", "(removed)"),
        Change("scorecards.customer.attractiveness.chemistry", "20", "40"),
        Change("criteria.payment.levels.5", "null", "null"),
        Change("zones.new_customer_min_invoices", "null", "3"),
        Change(
            "customer_value.weights",
            "{contribution: 0.4, potential: 0.3, attractiveness: 0.3}",
            "{contribution: 0.50, potential: 0.25, attractiveness: 0.25}",
        ),
        Change("activity_types.call.is_visit", "null", "true"),
        Change("resource_pools.field.periods.0.valid_from", "2015-01-01", "2014-01-01"),
    )


@pytest.mark.parametrize(
    ("assignment", "code", "said", "remedy"),
    [
        ("weights.attractiveness.chemsitry=30", "SET_PATH_UNKNOWN", "'chemsitry'", "did you mean 'chemistry'?"),
        ("weights.atractiveness.chemistry=30", "SET_PATH_UNKNOWN", "'atractiveness'", "did you mean 'attractiveness'?"),
        ("weight.attractiveness.chemistry=30", "SET_PATH_UNKNOWN", "'weight'", "did you mean 'weights'?"),
        ("zones.treshold=45", "SET_PATH_UNKNOWN", "'treshold' is not a setting of zones", "did you mean 'threshold'?"),
        ("zone.threshold=45", "SET_PATH_UNKNOWN", "portfolio.yml", "did you mean 'zones'?"),
        ("zones.threshold.high=45", "SET_PATH_UNKNOWN", "single value", "set zones.threshold itself"),
        ("service_levels.protecton.visits_per_year=9", "SET_PATH_UNKNOWN", "'protecton'", "did you mean 'protection'?"),
        ("resource_pools.field.periods.1.annual_cost=9", "SET_PATH_UNKNOWN", "'1' is not an entry", "from 0 to 0"),
        ("criteria.payment.levels.6=9", "SET_PATH_UNKNOWN", "'6'", "use one of: 1, 2, 3, 4, 5"),
        ("zones.=1", "SET_PATH_UNKNOWN", "''", "use one of"),
        ("chemistry", "SET_SYNTAX", "'chemistry'", "--set weights"),
        ("=30", "SET_SYNTAX", "'=30'", "--set weights"),
        ("currency.reporting=CHF", "SET_REFUSED", "different currencies", "leave it"),
        ("version=1", "SET_REFUSED", "version of the file", "leave it"),
    ],
)
def test_a_path_that_leads_nowhere_is_a_usage_error_with_what_was_meant(
    assignment: str, code: str, said: str, remedy: str
) -> None:
    with pytest.raises(SettingError) as caught:
        changed_portfolio(SHIPPED, [assignment])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, f"--set {assignment}")
    assert said in problem.what
    assert remedy in problem.remedy
    assert caught.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("0,5", "YAML_NUMBER"),
        ("no", "YAML_BOOLEAN"),
        (".nan", "YAML_NOT_FINITE"),
        ("010", "YAML_NUMBER"),
        ("[1", "YAML_SYNTAX"),
    ],
)
def test_a_value_is_read_by_the_rules_of_the_file(written: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        changed_portfolio(SHIPPED, [f"zones.threshold={written}"])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, f"--set zones.threshold={written}")


def test_the_changed_method_is_checked_like_the_file_at_the_lines_to_change() -> None:
    with pytest.raises(ConfigError) as caught:
        changed_portfolio(
            SHIPPED, ["weights.attractiveness.chemistry=30", "zones.threshold=high", "zones.missing_level=9"]
        )
    line = {
        name: TEXT[: TEXT.index(name)].count("\n") + 1
        for name in ("    attractiveness:", "  threshold:", "  missing_level:")
    }
    assert [(each.code, int(each.where.rpartition(":")[2])) for each in caught.value.problems] == [
        ("WEIGHT_SUM", line["    attractiveness:"]),
        ("CONFIG_TYPE", line["  threshold:"]),
        ("CONFIG_RANGE", line["  missing_level:"]),
    ]
    assert "sum to 110, not to 100 (30 + 20 + 30 + 10 + 20)" in caught.value.problems[0].what
    assert caught.value.exit_code is ExitCode.CONFIG


def test_a_setting_given_twice_is_not_chosen_between() -> None:
    twice = ["weights.potential.future_demand=30", "scorecards.customer.potential.future_demand=20"]
    with pytest.raises(SettingError, match="SET_TWICE") as caught:
        changed_portfolio(SHIPPED, twice)
    assert "weights.potential.future_demand=30" in caught.value.problems[0].what


def test_every_wrong_setting_is_told_at_once() -> None:
    with pytest.raises(SettingError) as caught:
        changed_portfolio(SHIPPED, ["nothing", "zones.treshold=1", "zones.hysteresis_band=0,5"])
    assert [each.code for each in caught.value.problems] == ["SET_SYNTAX", "SET_PATH_UNKNOWN", "YAML_NUMBER"]


def test_the_file_stays_as_it_is() -> None:
    changed_portfolio(SHIPPED, ["zones.threshold=52"])
    assert SHIPPED.read_text(encoding="utf-8") == TEXT
    assert read_portfolio(SHIPPED).zones.threshold == Decimal(50)
