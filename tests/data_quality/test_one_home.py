"""One rule, one home: the list of all checks is current, no two homes decide the same, and one planted twice is found."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from data_quality.gate_rules import GATE_RULES
from data_quality.rules import Concern, Measured, Rule
from pipelines.contracts import load_contracts
from pipelines.settings.portfolio import Portfolio
from tools import mart_dictionary, rules
from tools.rules import Entry, RuleError

SECTIONS = rules.sections()
ENTRIES = tuple(entry for section in SECTIONS for entry in section.entries)
STEERING = {"scorecard_criteria", "load_batches", "source_coverage", "settings"}
"""Tables that are neither delivered nor published, of which a check decides something."""


def test_the_list_is_what_the_checks_say() -> None:
    path = rules.REPOSITORY / rules.DOCUMENT
    assert path.read_text(encoding="utf-8") == rules.document(), "run `python -m tools.rules`"


def test_nothing_is_decided_in_two_homes() -> None:
    found = rules.twice(ENTRIES)
    assert not found, f"keep one of the homes, let the other read it (meta.home) or go: {found}"


def test_every_check_says_what_it_decides() -> None:
    unsaid = rules.undecided(ENTRIES)
    assert not unsaid, (
        f"config(meta={{'decides': 'table.column concern'}}), concerns in data_quality/rules.py: {unsaid}"
    )


def test_what_is_decided_is_there() -> None:
    """A subject that names no column of any table could hide that two checks have the same."""
    columns = {
        name: {part for column in contract.columns for part in (column.name, column.load_name)}
        for name, contract in load_contracts().items()
    }
    columns |= {mart.name: {column.name for column in mart.columns} for mart in mart_dictionary.read_marts()}
    for section in SECTIONS[:4]:
        for entry in section.entries:
            table, _, column = entry.decides.split()[0].partition(".")
            assert table in columns.keys() | STEERING, f"{entry.name} decides about {table}"
            if column and table in columns:
                assert column in columns[table], f"{entry.name} decides about {table}.{column}"


def test_homes_are_files() -> None:
    assert [entry.name for entry in ENTRIES if not (rules.REPOSITORY / entry.home).is_file()] == []


def test_limits_are_settings() -> None:
    paths = dict(rules.setting_paths())
    del paths["method_version"]  # computed from all of them
    for column, path in paths.items():
        model: object = Portfolio
        for part in path.split("."):
            fields = getattr(model, "model_fields", {})
            assert part in fields, f"{column}: {path} is no setting"
            model = fields[part].annotation
    named = {limit for section in SECTIONS[2:4] for entry in section.entries for limit in entry.limit.split(", ")}
    assert {"`input_quality.heaping_share_above`", "`currency.max_rate_age_days`", "`zones.stale_after_days`"} <= named


FORMERLY_TWICE: list[tuple[str, str, Concern]] = [
    ("invoice_lines", "reference_invoice_id", "missing"),
    ("exchange_rates", "rate_date", "rate"),
    ("activities", "activity_at", "future"),
    ("activities", "duration_minutes", "missing"),
    ("activities", "recorded_at", "late"),
    ("activities", "duration_minutes", "habit"),
    ("activities", "outcome", "missing"),
    ("ratings", "level", "habit"),
    ("ratings", "recorded_at", "late"),
    ("potential_estimates", "annual_demand", "jump"),
]
"""What Great Expectations decided beside the checks of the sales input, with limits of its own."""


@pytest.mark.parametrize(("table", "column", "concern"), FORMERLY_TWICE)
def test_a_check_planted_twice_is_found(table: str, column: str, concern: Concern) -> None:
    rule = Rule(table, "planted", "warning", "x", "y", Measured("count(*)", maximum=Decimal(0)), concern, column)
    planted = rules._of_rule(rule, "data_quality/semantics.py")
    (homes,) = rules.twice((*ENTRIES, planted)).values()
    assert len(homes) == 2 and "data_quality/semantics.py" in homes


def test_a_dbt_test_that_decides_again_is_found() -> None:
    weights = next(entry for entry in ENTRIES if entry.name == "weights_do_not_add_up")
    planted = replace(
        weights, name="weights_add_up_to_100", home="dbt_project/tests/arithmetic/weights_add_up_to_100.sql"
    )
    assert "scorecard_criteria.weight_points sum" in rules.twice((*ENTRIES, planted))


@pytest.mark.parametrize(
    "decides", ["", "activities", "activities.duration_minutes", "activities.duration_minutes odd"]
)
def test_a_check_without_a_subject_or_a_concern_is_named(decides: str) -> None:
    assert rules.undecided([Entry("x", decides, "", "", "", "")]) == ("x",)


def test_a_home_that_is_not_read_is_refused() -> None:
    with pytest.raises(RuleError, match="does not read it"):
        rules._home(rules.REPOSITORY, "int_contribution__reconciliation", "select 1", Path("x.sql"))


def test_a_limit_that_is_no_setting_is_refused() -> None:
    with pytest.raises(RuleError, match="no settings"):
        rules._settings({}, "where minutes > limits.invented")


def test_the_gates_list_names_every_check_it_makes() -> None:
    """Ids as the code writes them, what varies replaced by a star; batch checks and dbt's own are listed above."""
    folder = rules.REPOSITORY / "data_quality"
    sources = [path for path in folder.glob("*.py") if path.name not in ("rules.py", "suites.py", "gate_rules.py")]
    made = set()
    for path in sources:
        for literal in re.findall(r'check_id=f?"([^"]+)"', path.read_text(encoding="utf-8")):
            made.add(re.sub(r"\{[^}]*\}", "*", literal))
    listed = {re.sub(r"<\w+>", "*", rule.check_id) for rule in GATE_RULES}
    # Written in two parts: kind and name.
    made -= {"*.*", "dbt.*"}
    assert made == {check for check in listed if not check.startswith("dbt.")}
