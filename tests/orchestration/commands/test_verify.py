"""`kundenwert verify` where there is nothing to verify."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import ExitCode
from tests.orchestration.commands.command_line import kundenwert


def test_a_version_that_is_no_version_is_a_usage_error(tmp_path: Path) -> None:
    assert kundenwert(tmp_path, "verify", "latest").exit_code == ExitCode.USAGE


def test_an_empty_home_has_nothing_to_verify(tmp_path: Path) -> None:
    verified = kundenwert(tmp_path, "verify")
    assert verified.exit_code == ExitCode.VERIFY_FAILED
    assert "NOTHING_PUBLISHED" in verified.stderr
