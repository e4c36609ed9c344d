"""The catalogue of checks (seeds/input_checks.csv) and the models that do them name each other."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

from tests.dbt_project.conftest import PROJECT, Run
from tools import input_checks
from tools.input_checks import PREFIX


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


def test_the_union_and_the_descriptions_are_what_the_checks_say() -> None:
    stale = input_checks.stale_files()
    assert not stale, f"run `python -m tools.input_checks`: {[str(path) for path in stale]}"


def test_a_new_check_is_in_the_union_and_described(tmp_path: Path) -> None:
    """A row of the seed and a model are enough."""
    shutil.copytree(PROJECT / "seeds", tmp_path / "dbt_project" / "seeds")
    shutil.copytree(input_checks.REPOSITORY / input_checks.MODELS, tmp_path / input_checks.MODELS)
    with (tmp_path / input_checks.SEED).open("a", encoding="utf-8") as seed:
        seed.write("new_check,warn,ratings,rating,New,Neu\n")
    (tmp_path / input_checks.model("new_check")).write_text("-- One row per new row.\nwith\n", encoding="utf-8")
    texts = input_checks.generated_files(tmp_path)
    assert "select * from {{ ref('int_input_quality__new_check') }}" in texts[input_checks.UNION]
    assert "One row per new row. No key test:" in texts[input_checks.DESCRIPTIONS]
    assert set(input_checks.stale_files(tmp_path)) == set(texts), "both files must be written anew"


def test_every_population_is_counted(built: Run) -> None:
    (population,) = (node for node in built.models if node.name == "int_input_checks__population")
    counted = set(re.findall(r"'(\w+)' as population", population.compiled))
    assert {row["population"] for row in catalogue()} == counted


def test_severities_and_texts() -> None:
    for row in catalogue():
        assert row["severity"] in ("block", "warn", "info")
        assert row["text_en"] and row["text_de"] and row["text_en"] != row["text_de"]


def test_no_check_names_a_person(built: Run) -> None:
    """What is published of a check names entries and customers; of raters pseudonyms, for controlling, if allowed."""
    for node in built.models:
        if node.layer == "marts":
            reads = {key.rsplit(".", 1)[-1] for key in node.reads}
            people = [column for column in node.columns if column in ("rep_key", "rater_key", "contact_key")]
            if node.name == "mart_raters":
                assert people == ["rater_key"] and node.config["meta"]["audience"] == "controlling"
                assert "parameters.sales_input_detail = 'pseudonym'" in node.sql
            else:
                assert "int_input_checks__raters" not in reads, f"{node.name} would publish people"
                assert not people, f"{node.name} publishes {people}"
