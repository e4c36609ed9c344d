"""`kundenwert demo`: what it refuses."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import kundenwert


def test_a_demo_out_of_range_is_refused(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "demo", "--out", str(tmp_path / "demo"), "--months", "0")
    assert done.exit_code == ExitCode.CONFIG
    assert "DEMO_RANGE" in done.stderr
