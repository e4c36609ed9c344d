"""`kundenwert todo` from options to list: the current version, JSON with the same content, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.commands.todo import show_worklist
from pipelines.errors import ExitCode
from pipelines.home import Home
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.showing.worklist.test_worklist import published
from tests.pipelines.test_lock import holder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("home")).prepare()
    published(home.published / "v000007")
    home.current.symlink_to("v000007")
    return home


def test_the_list_of_the_current_version(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    show_worklist(home, None, None, None, 2, "DE", as_json=False)
    text = capsys.readouterr().out
    assert "Version v000007" in text
    assert "Aufgaben: 4; davon die nächsten 2" in text


def test_json_holds_the_same_money_as_text(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    show_worklist(home, "2024-02-29", "Nord", None, 20, "en", as_json=True)
    facts = json.loads(capsys.readouterr().out)
    assert facts["as_of_date"] == "2024-02-29"
    assert [task["task"] for task in facts["tasks"]] == ["hand_over", "visit"]
    assert facts["tasks"][1]["money"] == "1000.00"
    assert facts["tasks"][1]["happened_days"] == 121


def test_a_wrong_task_ends_with_what_there_is(home: Home) -> None:
    done = kundenwert(home.root, "todo", "--task", "dance")
    assert done.exit_code == ExitCode.USAGE
    assert "TASK_UNKNOWN" in done.stderr
    assert "hand_over" in done.stderr


def test_it_takes_no_lock(home: Home) -> None:
    before = {path: path.stat().st_mtime_ns for path in home.root.rglob("*")}
    with holder(home):
        done = kundenwert(home.root, "todo", "--area", "Nord", "--limit", "1")
    assert done.exit_code == 0, done.output
    after = {path: path.stat().st_mtime_ns for path in home.root.rglob("*") if path != home.lock}
    assert {path: at for path, at in after.items() if path.is_file()}.items() <= before.items(), "it reads only"


def test_nothing_published_yet(tmp_path: Path) -> None:
    done = kundenwert(tmp_path, "todo")
    assert done.exit_code == ExitCode.VERIFY_FAILED
    assert "NOTHING_PUBLISHED" in done.stderr
