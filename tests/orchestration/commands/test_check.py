"""`kundenwert check`: what a run would do, said without doing it; every problem at once, and what would turn the gate red."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import GOLDEN, kundenwert


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A copy of the worked example: its configuration, deliveries beside it."""
    shutil.copytree(GOLDEN.parent, tmp_path / "golden", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "golden"


def test_all_configuration_problems_are_told_at_once(tmp_path: Path) -> None:
    for name in ("sources.yml", "portfolio.yml"):
        (tmp_path / name).write_text("version: 2\n", encoding="utf-8")
    done = kundenwert(tmp_path / "home", "check", config=tmp_path)
    assert done.exit_code == ExitCode.CONFIG
    assert "sources.yml:1" in done.stderr
    assert "portfolio.yml:1" in done.stderr


def test_check_lists_tables_and_what_is_not_mapped(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "check", "--json")
    assert done.exit_code == 0, done.stderr
    facts = json.loads(done.stdout)
    assert "invoice_lines" in {table["table"] for table in facts["tables"]}
    assert set(facts["unmapped"]).isdisjoint(table["table"] for table in facts["tables"])
    assert facts["as_of"] == "2025-11-30"
    assert facts["red"] == []


def test_people_read_what_was_taken_and_what_comes_next(tmp_path: Path) -> None:
    done = kundenwert(tmp_path / "home", "check", "--page", str(tmp_path / "page.html"))
    assert done.exit_code == 0, done.stderr
    for said in (
        "by equal name (!)",
        "sum of gross_list_amount: 1,297,234.56",
        "as of 2025-11-30",
        "Next: kundenwert run",
    ):
        assert said in done.stdout
    assert "gross_list_amount" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_files_of_which_no_row_can_be_read_do_not_fit(tmp_path: Path, company: Path) -> None:
    """Seen: headers fit, `check` was content, and the run refused every row."""
    lines = next(company.rglob("invoice_lines.csv"))
    header, *rows = lines.read_text(encoding="utf-8").splitlines()
    lines.write_text("\n".join([header, *(row.replace("20", "xx") for row in rows)]) + "\n", encoding="utf-8")
    done = kundenwert(tmp_path / "home", "check", config=company / "config")
    assert done.exit_code == ExitCode.SOURCE
    assert "NO_ROW_ACCEPTED" in done.stderr
    assert "invoice_lines.csv:2" in done.stdout + done.stderr
    assert "Next: kundenwert run" not in done.stdout


def test_a_currency_without_any_rate_would_stop_the_run(tmp_path: Path, company: Path) -> None:
    lines = next(company.rglob("invoice_lines.csv"))
    lines.write_text(lines.read_text(encoding="utf-8").replace(",EUR,", ",NOK,"), encoding="utf-8")
    done = kundenwert(tmp_path / "home", "check", "--json", config=company / "config")
    assert done.exit_code == ExitCode.SOURCE
    assert "FX_MISSING" in {problem["code"] for problem in json.loads(done.stdout)["red"]}
