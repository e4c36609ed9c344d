"""`kundenwert rollback`: never beside another run, tells what is lost, asks; pages follow, also those an earlier release did not draw."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines import lock
from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.publishing import ManifestFacts, layout, lost, publish
from tests.orchestration.commands.command_line import GOLDEN, kundenwert
from tests.patience import PATIENCE_SECONDS
from tests.pipelines.publishing.samples import FACTS, fill, published_tables


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """v2 has one month more, of a later delivery."""
    home = Home.at(tmp_path_factory.mktemp("two") / "home")
    fill(home, rows=20)
    (customers,) = (source for source in FACTS.sources if source.is_delivered)
    for number, month in enumerate((date(2025, 12, 31), date(2026, 1, 31))):
        facts: ManifestFacts = FACTS.model_copy(
            update={
                "as_of_dates": (month, *FACTS.as_of_dates),
                "known_at": FACTS.known_at + timedelta(days=number),
                "sources": (customers.model_copy(update={"data_to": month}),),
            }
        )
        publish(home, published_tables(home), facts)
    return home


@pytest.fixture
def home(two_versions: Home, tmp_path: Path) -> Home:
    shutil.copytree(two_versions.root, tmp_path / "home", symlinks=True)
    return Home.at(tmp_path / "home")


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


def test_without_anybody_to_ask_it_tells_what_is_lost_and_refuses(home: Home) -> None:
    done = kundenwert(home.root, "rollback", "v1")
    assert done.exit_code == ExitCode.USAGE
    assert "ROLLBACK_UNCONFIRMED" in done.stderr and "kundenwert rollback v000001 --yes" in done.stderr
    told = {line.split("  ")[1].strip(): line for line in done.stdout.splitlines()[1:]}
    assert told.keys() == {"as of", "known at", "customers"}
    assert "31 Jan 2026" in told["as of"] and "2025" not in told["as of"]
    assert "2 Jan 2026" in told["known at"].split("instead of")[0]
    assert "up to 31 Dec 2025 instead of 31 Jan 2026" in told["customers"]
    assert layout.pointed_number(home) == 2


@pytest.mark.parametrize(("answer", "version"), [("j", 1), ("n", 2), ("", 2)])
def test_in_german_it_tells_asks_and_understands_the_answer(home: Home, answer: str, version: int) -> None:
    """On a terminal, as somebody sits there."""
    command = [sys.executable, "-m", "orchestration.commands.app", "--config", str(GOLDEN), "--home", str(home.root)]
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, "rollback", "v1", "--language", "de"], stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        os.write(ours, f"{answer}\n".encode())
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    os.close(ours)
    os.close(theirs)
    told = said.decode("utf-8")
    assert "v000001 anstelle von v000002. Was dort fehlt oder älter ist:" in told
    assert "Stichtage                31.01.2026" in told
    assert "customers                bis 31.12.2025 statt bis 31.01.2026" in told
    assert "Auf v000001 zurückgehen? [j/N]" in told
    assert ("CURRENT ist jetzt v000001" if version == 1 else "ROLLBACK_UNCONFIRMED") in told
    assert layout.pointed_number(home) == version


def test_confirmed_it_goes_back_and_later_runs_know_what_was_shown(home: Home) -> None:
    shutil.rmtree(home.published / "v000001" / "team")
    damaged = kundenwert(home.root, "rollback", "v1", "--yes")
    assert damaged.exit_code == ExitCode.VERIFY_FAILED and layout.pointed_number(home) == 2
    again = kundenwert(home.root, "rollback", "v2")
    assert again.exit_code == 0, "the current version is no question"
    (home.published / "v000002").rename(home.published / "v000003")
    nothing_to_compare = kundenwert(home.root, "rollback", "v1")
    assert "cannot be told" in nothing_to_compare.stdout and nothing_to_compare.exit_code == ExitCode.USAGE


def test_the_next_run_compares_itself_with_what_was_rolled_back_from(home: Home) -> None:
    done = kundenwert(home.root, "rollback", "v1", "--yes", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert said["lost"]["as_of_dates"] == ["2026-01-31"]
    assert [problem["code"] for problem in said["without_pages"]] == ["VERSION_INCOMPLETE"], (
        "these samples have no pages"
    )
    assert layout.pointed_number(home) == 1
    assert date(2026, 1, 31) in lost.last_shown(home)
    assert lost.rolled_back_from(home) == {2: lost.tables_of(home, 1)}, "the samples' tables are the same"
