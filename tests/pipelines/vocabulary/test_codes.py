"""One vocabulary: what contracts, models, settings and checks may hold is what the vocabulary knows, in both directions.

Belongs here: codes and who uses them. Not here: what is said about them (test_catalogues), said twice (test_said_once).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from data_quality import weighing
from data_quality.basics import gap_rules
from data_quality.semantics import semantic_rules
from pipelines import checks
from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Domain
from pipelines.publishing.tables import AUDIENCES
from pipelines.settings import portfolio
from pipelines.vocabulary import Voice, code_groups, is_known, languages
from pipelines.vocabulary.codes import codes_of
from tools import code_seed, mart_dictionary

REPOSITORY = Path(__file__).resolve().parents[3]
MODELS = REPOSITORY / "dbt_project" / "models"
GROUPS = code_groups()


@cache
def models_files() -> tuple[Mapping[str, Any], ...]:
    paths = sorted(MODELS.rglob("_*.yml"))
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)


def accepted_values() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(model, column, values) of every accepted_values test."""
    for file in models_files():
        for model in file.get("models", ()):
            for column in model.get("columns", ()):
                for test in column.get("data_tests", ()):
                    if isinstance(test, dict) and "accepted_values" in test:
                        yield model["name"], column["name"], tuple(test["accepted_values"]["arguments"]["values"])


def valid_values() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(table, column, values) of every list of values in a contract."""
    for contract in load_contracts().values():
        for column in contract.columns:
            if column.allowed_values:
                yield contract.name, column.name, column.allowed_values


@pytest.mark.parametrize(("table", "column", "values"), [*accepted_values(), *valid_values()])
def test_what_a_column_may_hold_is_what_the_vocabulary_knows(table: str, column: str, values: tuple[str, ...]) -> None:
    known = codes_of(table, column)
    assert known is not None, f"give {table}.{column} a group in pipelines/vocabulary/codes.yml"
    group, codes = known
    assert set(values) == set(codes), f"{table}.{column} and the group {group} of codes.yml differ"
    assert len(values) == len(set(values))


def test_every_column_of_a_group_exists() -> None:
    marts = {(mart.name, column.name) for mart in mart_dictionary.read_marts() for column in mart.columns}
    raw = {(contract.name, column.name) for contract in load_contracts().values() for column in contract.columns}
    files = {(table, column) for table in ("check_results",) for column in ("severity", "area")}
    manifest = {("settings", "sales_input_detail"), ("manifest", "audience"), ("quarantined_rows", "domain")}
    known = marts | raw | files | manifest
    for group, each in GROUPS.items():
        for name in (*each.columns, *each.partly):
            table, _, column = name.rpartition(".")
            assert any(c == column and table in ("", t) for t, c in known), f"{group}: there is no column {name}"


def test_partial_lists_hold_codes_of_their_group_and_texts_are_there() -> None:
    for group, each in GROUPS.items():
        assert len(set(each.codes)) == len(each.codes), f"{group} names a code twice"
        for name, some in each.partly.items():
            assert set(some) < set(each.codes), f"{group}.{name} is no part of the group"
        texts = each.texts or group
        assert each.texts is None or each.texts in GROUPS
        unsaid = [code for code in each.codes if not is_known(f"{texts}.{code}")]
        assert not unsaid, f"catalogues lack {texts}.: {unsaid}"


TOLD_BY_CODE = {
    "zone": get_args(portfolio.Zone),
    "account_group": (*portfolio.ACCOUNT_GROUPS, "net_revenue"),
    "action": tuple(portfolio.Actions.model_fields),
    "severity": get_args(checks.Severity),
    "check_area": get_args(checks.Area),
    "audience": AUDIENCES,
    "axis": tuple(name for name in portfolio.CustomerScorecard.model_fields if name != "agreed_on"),
    "method": get_args(portfolio.Criterion.model_fields["method"].annotation),
    "sales_input_detail": get_args(portfolio.Privacy.model_fields["sales_input_detail"].annotation),
    "source": tuple(load_contracts()),
}


@pytest.mark.parametrize("group", TOLD_BY_CODE)
def test_what_settings_and_checks_may_hold_is_what_the_vocabulary_knows(group: str) -> None:
    assert set(TOLD_BY_CODE[group]) == set(GROUPS[group].codes)
    assert set(get_args(Domain)) < set(GROUPS["source_system"].codes)


def test_what_the_gate_may_warn_of_has_its_words() -> None:
    rules = [
        rule
        for contract in load_contracts().values()
        for rule in (*gap_rules(contract), *semantic_rules(contract.name))
    ]
    batch = [re.sub(r".*_not_future", "not_future", rule.name) for rule in rules if rule.severity == "warning"]
    batch = [re.sub(r".*_after_.*", "ends_before_start", name) for name in batch]
    dbt = [
        path.stem
        for path in (REPOSITORY / "dbt_project" / "tests").rglob("*.sql")
        if "severity='warn'" in path.read_text(encoding="utf-8")
    ]
    warehouse = ["difference", "booked_net"]
    assert set(GROUPS["gate_doubt"].codes) == {*weighing.CODES, *batch, *dbt, *warehouse}
    assert GROUPS["gate_step"].codes == GROUPS["gate_doubt"].codes


def model_sql(name: str) -> str:
    return next(MODELS.rglob(f"{name}.sql")).read_text(encoding="utf-8")


def test_reasons_and_sources_of_the_models_are_known() -> None:
    consequences = model_sql("int_value__consequences")
    actions, reasons = consequences.split("case action_row")[1:]
    leads = {"target_lead", "nurture_lead", "disqualified_lead"}
    zones = {"protection", "development", "maintain", "withdrawal"}
    decided = set(re.findall(r"then '(\w+)'", actions))
    assert decided | leads | zones == set(GROUPS["action"].codes)
    why = set(re.findall(r"(?:then|else) '(\w+)'", reasons.partition(" end as action_reason")[0]))
    assert why | leads | {"provisional", "unrated"} == set(GROUPS["action_reason"].codes)
    inputs = set(re.findall(r"is null\"?'?, '(\w+)'\)|is_churn_unknown\", '(\w+)'\)", reasons))
    assert {each for pair in inputs for each in pair if each} == set(GROUPS["action_input"].codes)
    tasks = model_sql("int_value__tasks")
    assert set(re.findall(r"'(\w+)' as task\b", tasks)) == set(GROUPS["task"].codes)
    assert set(re.findall(r"'(\w+)' as money_kind", tasks)) == set(GROUPS["money_kind"].codes)
    union = tasks[tasks.index("tasks as (") : tasks.index("told as (")]
    told: dict[str, set[str]] = {"happened": set(), "next_step": set()}
    for block in union.split("union all"):
        before, _, after = block.partition(" as due_on,")[2].partition(" as happened,")
        for group, said in (("happened", before), ("next_step", after.partition(" as next_step")[0])):
            told[group] |= set(re.findall(r"(?:then|else) '(\w+)'", said)) or set(re.findall(r"'(\w+)'", said))
    assert told == {group: set(GROUPS[group].codes) for group in told}
    lever = model_sql("int_value__levers")
    assert set(re.findall(r"(?:then|else) '(\w+)'", lever)) == set(GROUPS["lever"].codes)
    coverage = set(re.findall(r"\('(\w+)', 'stg_", model_sql("mart_data_coverage"))) | {"invoice_lines"}
    assert len(coverage) > 10
    assert coverage <= set(GROUPS["source"].codes)
    doubts = set(re.findall(r"'((?:missing|potential|ratings)_\w+)'\)", model_sql("int_zones__raw")))
    assert doubts == set(GROUPS["zone_status_reason"].codes)


def published_codes() -> Iterator[tuple[str, str, str]]:
    """(model, column, value) of every text a unit test of a mart expects in a column that holds codes."""
    for file in models_files():
        for test in file.get("unit_tests", ()):
            rows = test["expect"].get("rows") or ()
            for row in rows if isinstance(rows, list) else ():
                for column, value in row.items():
                    if isinstance(value, str) and test["model"].startswith(("mart_", "dim_", "fct_", "crm_")):
                        yield test["model"], column, value


def test_every_code_a_mart_is_expected_to_publish_is_known() -> None:
    checked = 0
    for model, column, value in published_codes():
        known = codes_of(model, column)
        if known is not None:
            checked += 1
            assert value in known[1], (
                f"{model}.{column} publishes '{value}', which pipelines/vocabulary/codes.yml lacks"
            )
    assert checked > 20


def test_the_seed_of_the_dimensions_is_what_the_vocabulary_says() -> None:
    written = (REPOSITORY / code_seed.SEED).read_text(encoding="utf-8")
    assert written == code_seed.seed(), "run `python -m tools.code_seed`"
    assert all(row[3] and row[4] for row in code_seed.rows())


@pytest.mark.parametrize("language", languages())
def test_a_code_of_a_later_release_is_shown_as_it_is(language: str) -> None:
    assert Voice(language).label("zone", "moon_base") == "moon base"
    assert Voice(language).meaning("zone", "moon_base") == ""
