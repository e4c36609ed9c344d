"""`make one`: a path, words, a dbt unit test; what is none of them is said."""

from __future__ import annotations

import pytest

from tests import one
from tests.dbt_project.test_unit_tests import declared


def test_a_path_is_a_path_and_other_words_are_words() -> None:
    path = "tests/pipelines/test_lock.py"
    assert one.told(path) == one.Pytest((path,))
    assert one.told(f"{path}::test_two_homes_do_not_disturb_each_other").arguments[0].startswith(path)  # type: ignore[union-attr]
    assert one.told("lock and killed") == one.Pytest(("-k", "lock and killed"))


def test_every_unit_test_of_dbt_is_known_by_its_name() -> None:
    declared_ones = [one.UnitTest(test["name"], test["model"]) for _, test in declared()]
    assert [one.told(test.name) for test in declared_ones] == declared_ones


@pytest.mark.parametrize(("what", "said"), [("", "say which"), ("../shared/cases/00-base", "make cases CASE=00-base")])
def test_what_cannot_run_is_said(what: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert one.main(what) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_one_unit_test_runs_alone(capsys: pytest.CaptureFixture[str]) -> None:
    name = "exchange_rates_last_published_not_too_old"
    assert one.main(name) == 0
    assert capsys.readouterr().out == f"int_contribution__exchange_rates: {name}: pass\n"
