"""Every case from public reports comes out as it must, or is refused with its reason; `make cases` prints the same."""

from __future__ import annotations

import pytest

from tests.cases.cases import FOLDER, Expected, changed, expectations, judge, messages

EXPECTATIONS = expectations()
DELIVERED = "as delivered"


@pytest.mark.needs("shared")
def test_every_case_has_its_expectation_as_it_was_delivered() -> None:
    there = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert there == {one.case for one in EXPECTATIONS}
    assert there == {one.case for one in EXPECTATIONS if one.name == DELIVERED and not one.change}


@pytest.mark.parametrize("expected", EXPECTATIONS, ids=lambda one: f"{one.case[:2]} {one.name}")
def test_something_must_come_out_of_every_run(expected: Expected) -> None:
    assert expected.has_values or expected.refused or expected.warned or expected.documented or expected.why


@pytest.mark.slow
@pytest.mark.needs("shared")
@pytest.mark.parametrize(
    "expected",
    [
        pytest.param(one, id=f"{one.case[:2]} {one.name}", marks=[] if one.name == DELIVERED else pytest.mark.endless)
        for one in EXPECTATIONS
    ],
)
def test_nothing_wrong_comes_out_silently(expected: Expected) -> None:
    """The words that cure a case have tests of their own at landing; here all of them are tried by `make cases` and `make test-endless`."""
    judged = judge(expected, fast=True)
    assert judged.is_good, f"{judged.outcome}\n" + "\n".join(judged.details)


def test_a_change_adds_replaces_and_takes_away() -> None:
    config = {"files": {"a": {"path": "a.csv", "format": "de"}}, "tables": {"t": {"where": "x", "columns": {"c": "C"}}}}
    change = {"files": {"a": {"format": "en"}}, "tables": {"t": {"where": None, "columns": {"d": {"expr": "1"}}}}}
    assert changed(config, change) == {
        "files": {"a": {"path": "a.csv", "format": "en"}},
        "tables": {"t": {"columns": {"c": "C", "d": {"expr": "1"}}}},
    }
    assert config["tables"]["t"]["where"] == "x"  # type: ignore[index]


def test_a_message_is_its_line_and_what_is_indented_below() -> None:
    printed = (
        "  ok        0.10 s  gate\nwarning DUP_EXACT: one row twice\n\nPortfolio\nNUM_FORMAT: t.c: 1 row\n"
        "  where: a.csv:2\n  next:  correct it\n  failed    0.10 s  gate\n2 problems\n"
    )
    said = messages(5, printed)
    assert said.warnings == ("warning DUP_EXACT: one row twice",)
    assert said.problems == ("NUM_FORMAT: t.c: 1 row where: a.csv:2 next: correct it",)
