"""`kundenwert rollback`: never beside another run."""

from __future__ import annotations

from pathlib import Path

from pipelines import lock
from pipelines.errors import ExitCode
from pipelines.home import Home
from tests.orchestration.commands.command_line import kundenwert


def test_a_home_in_use_refuses_rollback(tmp_path: Path) -> None:
    with lock.held(Home.at(tmp_path)):
        done = kundenwert(tmp_path, "rollback", "v1")
    # The lock belongs to this very process here, which is as good as another's: nobody else may take it.
    assert done.exit_code == ExitCode.LOCKED
    assert "LOCKED" in done.stderr


def test_a_home_that_is_none_is_told_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    done = kundenwert(tmp_path / "home", "rollback", "v1")
    assert done.exit_code == ExitCode.FAILED
    assert done.stderr.startswith("MACHINE_REFUSED: the machine refused: File exists\n")
    assert "next:" in done.stderr
