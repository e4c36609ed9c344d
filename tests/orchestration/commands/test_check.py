"""`kundenwert check`: what fits, what is not mapped, every problem at once."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import kundenwert


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
