"""A SIGKILL in every step of landing leaves the table as it was; the next run gives the bytes of an undisturbed one."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from pipelines import steps
from pipelines.home import Home
from pipelines.landing import ledger
from tests.forks import forked
from tests.pipelines.landing.company import HEADER, company, deliver, land_lines, line, parquet_bytes

STEPS = ("copy", "read", "quarantine", "write", "commit")
LINES = [line(f"R{number}", gross="x" if number % 7 == 0 else f"{number},00") for number in range(50)]


def land(directory: Path, kill_at: str | None = None) -> subprocess.CompletedProcess[str]:
    """Land in a process of its own, which may be killed."""
    return forked(land_lines, directory, environment={} if kill_at is None else {steps.KILL_AT: kill_at})


def facts(home: Home) -> list[dict[str, object]]:
    """The ledger without the clock."""
    return [entry.model_dump(exclude={"landed_at"}) for entry in ledger.read(home)]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[dict[str, object]]]:
    directory = tmp_path_factory.mktemp("undisturbed")
    company(directory)
    deliver(directory, "lines.csv", HEADER + "".join(LINES))
    result = land(directory)
    assert result.stdout == "loaded\n", result.stderr
    home = Home.at(directory / "home")
    return parquet_bytes(home), facts(home)


@pytest.mark.parametrize("late", ["", ":late"])
@pytest.mark.parametrize("step", STEPS)
def test_a_killed_load_is_simply_repeated(
    step: str, late: str, undisturbed: tuple[dict[str, str], list[dict[str, object]]], tmp_path: Path
) -> None:
    company(tmp_path)
    deliver(tmp_path, "lines.csv", HEADER + "".join(LINES))
    home = Home.at(tmp_path / "home")
    name = f"land invoice_lines: {step}"
    killed = land(tmp_path, name + late)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    last = json.loads((home.logs / "steps.jsonl").read_text().splitlines()[-1])
    assert (last["step"], last["event"]) == (name, "begin"), "the kill did not hit its step"
    is_committed = step == "commit" and late != ""
    assert len(ledger.read(home)) == (1 if is_committed else 0), "the ledger's rename is the commit, nothing before it"
    again = land(tmp_path)
    assert again.stdout == ("duplicate\n" if is_committed else "loaded\n"), again.stderr
    assert (parquet_bytes(home), facts(home)) == undisturbed
