"""`kundenwert dbt`: everything is handed on as it was typed, dbt's exit code comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dbt import by_hand
from pipelines.errors import ExitCode
from pipelines.home import Home
from tests.orchestration.commands.command_line import kundenwert


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Home, list[str]]]:
    """What dbt is asked; it ends with 7."""
    calls: list[tuple[Home, list[str]]] = []

    def answer(home: Home, arguments: list[str]) -> int:
        calls.append((home, list(arguments)))
        return 7

    monkeypatch.setattr(by_hand, "run", answer)
    return calls


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "--select", "mart_portfolio", "--limit", "20"],
        ["show", "--help"],
        ["--help"],
        ["-h"],
        ["--version"],
        ["--quiet", "build", "-s", "+mart_portfolio", "--vars", "{a: 1}"],
        ["run", "--config", "x", "--home", "y", "--json"],
        ["show", "--inline", "select 1 as [one]"],
    ],
)
def test_arguments_are_handed_on_as_they_are(
    tmp_path: Path, asked: list[tuple[Home, list[str]]], arguments: list[str]
) -> None:
    done = kundenwert(tmp_path, "dbt", *arguments)
    assert asked == [(Home.at(tmp_path), arguments)]
    assert done.exit_code == 7


def test_the_home_may_come_from_the_environment(
    tmp_path: Path, asked: list[tuple[Home, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from typer.testing import CliRunner

    from orchestration.commands.app import app

    monkeypatch.setenv("KUNDENWERT_HOME", str(tmp_path))
    CliRunner().invoke(app, ["dbt", "ls"])
    assert asked == [(Home.at(tmp_path), ["ls"])]


def test_without_arguments_it_says_what_it_is_for(tmp_path: Path) -> None:
    assert "kundenwert dbt show --select" in kundenwert(tmp_path, "dbt").output


def test_a_home_without_a_warehouse_is_a_coded_error(tmp_path: Path) -> None:
    done = kundenwert(tmp_path / "none", "dbt", "show", "--select", "mart_portfolio")
    assert done.exit_code == ExitCode.FAILED
    assert "NO_WAREHOUSE" in done.stderr
    assert "kundenwert run" in done.stderr
    assert not (tmp_path / "none").exists()
