"""The catalogue of checks (seeds/input_checks.csv) and the models that do them name each other."""

from __future__ import annotations

import csv
import re

from tests.dbt_project.conftest import PROJECT, Run

PREFIX = "int_input_quality__"
UNION = "int_input_checks__rows"


def catalogue() -> list[dict[str, str]]:
    """The rows of the seed."""
    with (PROJECT / "seeds" / "input_checks.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_check_has_a_model_and_every_model_a_check(built: Run) -> None:
    models = {node.name.removeprefix(PREFIX) for node in built.models if node.name.startswith(PREFIX)}
    checks = [row["check_id"] for row in catalogue()]
    assert len(checks) == len(set(checks))
    assert set(checks) == models, "one row in seeds/input_checks.csv per model int_input_quality__<check_id>"


def test_a_model_returns_its_own_check_of_its_own_table(built: Run) -> None:
    compiled = {node.name: node.compiled for node in built.models}
    for row in catalogue():
        sql = compiled[PREFIX + row["check_id"]]
        said = re.findall(r"'(\w+)' as check_id,\s+'(\w+)' as table_name", sql)
        assert said == [(row["check_id"], row["table_name"])], row["check_id"]


def test_every_check_is_in_the_union(built: Run) -> None:
    (union,) = (node for node in built.models if node.name == UNION)
    read = {name for key in union.reads if (name := key.rsplit(".", 1)[-1]).startswith(PREFIX)}
    assert read == {PREFIX + row["check_id"] for row in catalogue()}


def test_every_population_is_counted(built: Run) -> None:
    (population,) = (node for node in built.models if node.name == "int_input_checks__population")
    counted = set(re.findall(r"'(\w+)' as population", population.compiled))
    assert {row["population"] for row in catalogue()} == counted


def test_severities_and_texts() -> None:
    for row in catalogue():
        assert row["severity"] in ("block", "warn", "info")
        assert row["text_en"] and row["text_de"] and row["text_en"] != row["text_de"]


def test_no_check_names_a_person(built: Run) -> None:
    """What is published of a check names entries and customers, never who made the entry."""
    for node in built.models:
        if node.layer == "marts":
            reads = {key.rsplit(".", 1)[-1] for key in node.reads}
            assert "int_input_checks__raters" not in reads, f"{node.name} would publish people"
            assert not [column for column in node.columns if column in ("rep_key", "rater_key", "contact_key")]
