"""The project uses nothing dbt warns of: what a release deprecates is mended before a later one drops it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dbt import by_hand
from tests.dbt_project.conftest import PROJECT
from tests.orchestration import tiny

EVERYTHING_COUNTS = ("--quiet", "parse", "--no-partial-parse", "--warn-error-options", '{"error": "all"}')


def parsed(project: Path, folder: Path) -> int:
    """dbt's exit code where every warning is an error."""
    places = {"DBT_TARGET_PATH": str(folder / "target"), "DBT_LOG_PATH": str(folder)}
    return by_hand.invoke(EVERYTHING_COUNTS, folder / "warehouse.duckdb", project, **places)


def test_parsing_warns_of_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert parsed(PROJECT, tmp_path) == 0, capsys.readouterr().out


def test_a_warning_would_be_seen(tmp_path: Path) -> None:
    project = tiny.project(tmp_path / "project")
    settings = project / "dbt_project.yml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}    nothing_lies_here: {{+enabled: true}}\n", "utf-8")
    assert parsed(project, tmp_path) == 2
