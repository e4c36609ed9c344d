"""dbt's unit tests, run here and never by the daily run. Belongs here: that all ran, passed and are well-formed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from tests.dbt_project.conftest import PROJECT, Run


def declared() -> Iterator[tuple[str, dict[str, Any]]]:
    """(file, unit test) of every unit test in YAML."""
    for path in sorted((PROJECT / "models").rglob("*__unit_tests.yml")):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]:
            yield path.name, test


def test_every_declared_unit_test_ran_and_passed(built: Run) -> None:
    statuses = {
        key.rsplit(".", 1)[-1]: status for key, status in built.statuses.items() if key.startswith("unit_test.")
    }
    messages = {key.rsplit(".", 1)[-1]: text for key, text in built.messages.items() if key.startswith("unit_test.")}
    failed = {name: messages[name] for name, status in statuses.items() if status != "pass"}
    assert not failed, "\n".join(f"{name}: {text}" for name, text in failed.items())
    names = [test["name"] for _, test in declared()]
    assert len(names) == len(set(names)), "two unit tests have one name"
    assert sum(status == "pass" for status in statuses.values()) == len(names) > 0
    assert set(statuses) == set(names)


def test_every_model_is_built(built: Run) -> None:
    failed = {key: built.messages[key] for key, status in built.statuses.items() if status not in ("success", "pass")}
    assert not failed


def test_expected_rows_name_the_same_columns_in_the_same_order() -> None:
    """dbt takes the columns of the first row and stacks the others by position: another order compares others."""
    for file, test in declared():
        orders = {tuple(row) for row in test["expect"]["rows"]}
        assert len(orders) <= 1, f"{file}, {test['name']}: rows of `expect` differ in their columns or in their order"


def test_decimals_are_quoted() -> None:
    """YAML reads 0.1 as a float; a quoted one reaches the engine as it is written."""
    for file, test in declared():
        rows = [*test["expect"]["rows"], *(row for given in test["given"] for row in given["rows"])]
        floats = {key for row in rows for key, value in row.items() if isinstance(value, float)}
        assert not floats, f"{file}, {test['name']}: quote the numbers of {sorted(floats)}"


def test_an_input_is_given_once() -> None:
    """Of two, dbt 1 takes one without a word, and dbt 2 does not run the test."""
    for file, test in declared():
        given = [each["input"] for each in test["given"]]
        assert len(given) == len(set(given)), f"{file}, {test['name']}: gives an input twice"


def test_unit_tests_stand_beside_their_model_and_say_what_they_show(built: Run) -> None:
    folders = {model.name: model.path.parent.parts[1:] for model in built.models}
    for path in sorted((PROJECT / "models").rglob("*__unit_tests.yml")):
        assert path.name == f"_{path.parent.name}__unit_tests.yml"
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]:
            assert folders[test["model"]] == path.parent.relative_to(PROJECT / "models").parts, test["name"]
            assert test.get("description", "").strip(), f"{test['name']} says nothing"
