"""Progress as lines: assets and models by name, tests by number, failures always; what a run says of the version before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.commands import screen
from orchestration.run import RunSummary


def shown(capsys: pytest.CaptureFixture[str], *events: tuple[str, str]) -> list[str]:
    with screen.Progress() as progress:
        for step, event in events:
            progress(step, event, 1.25)
    captured = capsys.readouterr()
    assert captured.out == "", "stdout is for results"
    return [" ".join(line.split()) for line in captured.err.splitlines()]


def test_finished_assets_and_models_are_lines_with_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(
        capsys,
        ("asset raw/erp/customers", "begin"),
        ("land customers: read", "begin"),
        ("land customers: read", "end"),
        ("asset raw/erp/customers", "end"),
        ("dbt stg_erp__customers", "end"),
    )
    assert lines == ["ok 1.25 s raw/erp/customers", "ok 1.25 s dbt stg_erp__customers"]


def test_tests_are_counted_and_failed_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, ("dbt not_null_a", "end"), ("dbt unique_a", "failed"), ("dbt not_null_b", "end"))
    assert lines == ["failed 1.25 s dbt unique_a", "ok 2 dbt tests"]


def test_unknown_amounts_are_a_dash_not_a_zero() -> None:
    assert screen.amount(None) == "–"
    assert screen.amount(Decimal("-1234.5")) == "-1,234.50"


def test_only_facts_become_json() -> None:
    with pytest.raises(TypeError, match="not a fact"):
        screen.print_json({"x": object()})


def test_a_question_shows_its_states_only_and_failures_always(capsys: pytest.CaptureFixture[str]) -> None:
    with screen.Progress(shows_models=False) as progress:
        for step, event in (
            ("dbt int_zones__raw", "begin"),
            ("dbt int_zones__raw", "end"),
            ("dbt mart_portfolio", "begin"),
            ("dbt mart_portfolio", "failed"),
            ("asset what-if: portfolio as it is", "begin"),
            ("asset what-if: portfolio as it is", "end"),
        ):
            progress(step, event, 1.0)
    said = capsys.readouterr().err
    assert "int_zones__raw" not in said
    assert "failed" in said and "mart_portfolio" in said
    assert "what-if: portfolio as it is" in said


def test_a_run_says_which_months_are_no_longer_shown_and_what_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    july, august, september = date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)
    summary = RunSummary(
        version=3,
        is_new=True,
        path=Path("published/v000003"),
        as_of=september,
        as_of_dates=(september,),
        known_at=datetime(2026, 10, 2, tzinfo=UTC),
        currency="EUR",
        zones=(),
        warnings=(),
    )
    screen.show_summary(summary, Path("home"))
    said = capsys.readouterr().out
    assert "no longer shown" not in said and "said again" not in said
    screen.show_summary(replace(summary, no_longer_shown=(july, august), again=2), Path("home"))
    said = capsys.readouterr().out
    assert "no longer shown  2026-07-31, 2026-08-31; nothing is lost" in said
    assert "kundenwert run --from 2026-07 --to 2026-09" in said
    assert "v000002 was rolled back from, and this version says the same again" in said
