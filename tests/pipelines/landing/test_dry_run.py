"""`check` finds everything that is wrong with the deliveries at once, and loads nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipelines.home import Home
from pipelines.landing.dry_run import check_sources
from pipelines.settings.workspace import Workspace, open_workspace

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    shutil.copytree(GOLDEN, tmp_path / "golden", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return open_workspace(tmp_path / "golden" / "config", Home.at(tmp_path / "home"))


def deliveries(workspace: Workspace) -> Path:
    return workspace.sources.root


def test_what_fits_has_no_problem_and_counts_records(workspace: Workspace) -> None:
    checked, problems = check_sources(workspace)
    assert problems == ()
    records = {table.table: table.records for table in checked}
    lines = (deliveries(workspace) / "invoice_lines.csv").read_text(encoding="utf-8").count("\n") - 1
    assert records["invoice_lines"] == lines
    assert set(records) == set(workspace.sources.tables)


def test_nothing_is_loaded_and_nothing_is_left(workspace: Workspace) -> None:
    check_sources(workspace)
    assert not workspace.home.raw.exists()
    assert not workspace.home.originals.exists()
    assert list(workspace.home.temporary.iterdir()) == []


def test_every_problem_is_told_at_once(workspace: Workspace) -> None:
    customers = deliveries(workspace) / "customers.csv"
    customers.write_text(
        customers.read_text(encoding="utf-8").replace("customer_id", "customer_ids", 1), encoding="utf-8"
    )
    (deliveries(workspace) / "orders.csv").unlink()
    (deliveries(workspace) / "ratings.csv").write_bytes(b"")
    _, problems = check_sources(workspace)
    codes = {problem.code for problem in problems}
    assert {"SOURCE_ABSENT", "FILE_EMPTY"} <= codes
    absent = next(problem for problem in problems if problem.code == "SOURCE_ABSENT")
    assert "orders" in absent.what
    assert any("customer_ids" in str(problem) for problem in problems), "the renamed column is suggested or named"


def test_a_file_used_by_several_tables_is_told_once(workspace: Workspace) -> None:
    (deliveries(workspace) / "customers.csv").write_bytes(b"")
    _, problems = check_sources(workspace)
    assert [problem.code for problem in problems].count("FILE_EMPTY") == 1
