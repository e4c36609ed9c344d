"""`kundenwert ui`: on this machine only."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dagster import web_ui
from pipelines.errors import ExitCode
from pipelines.home import Home
from tests.orchestration.commands.command_line import kundenwert


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::"])  # noqa: S104 - these are what is refused
def test_the_web_ui_is_offered_on_this_machine_only(tmp_path: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise AssertionError("started")

    monkeypatch.setattr(web_ui, "serve", refuse)
    done = kundenwert(tmp_path, "ui", "--host", host)
    assert done.exit_code == ExitCode.CONFIG
    assert "HOST_REFUSED: the web UI has no login" in done.stderr
    assert "by a proxy that asks who they are: docs/deployment.md" in done.stderr


def test_the_web_ui_listens_on_the_loopback_address() -> None:
    arguments = web_ui.arguments(Home.at("/home"), 3001)
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "3001"
