"""Three weeks of mornings in one home, by the tool that can live a thousand: nothing grows but what is delivered.

Counts, not seconds: files opened, folders listed and files held do not depend on how fast the machine is.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.conftest import REPOSITORY
from tests.operations.thousand_days import Lived
from tests.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.endless, pytest.mark.needs("clock")]

DAYS, EVERY = 24, 20
LOG_BYTES_A_DAY = 8192
"""A quiet run writes a dozen lines into the step log, which begins anew at a size of its own."""


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[Lived]:
    """Deliveries on the first and the twenty-first day, in between and afterwards quiet days and the same bytes once more."""
    folder = tmp_path_factory.mktemp("days")
    module = [sys.executable, "-m", "tests.operations.thousand_days"]
    asked = ["--days", str(DAYS), "--every", str(EVERY), "--into", str(folder)]
    done = subprocess.run(
        [*module, *asked],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
        env=dict(os.environ),
    )
    said = folder / "said.txt"
    assert done.returncode == 0, f"{done.stderr}\n{said.read_text() if said.is_file() else ''}"
    return [Lived(**json.loads(line)) for line in (folder / "days.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_morning_without_news_leaves_nothing_and_reads_as_much_as_the_one_before(days: list[Lived]) -> None:
    quiet = days[1:EVERY]
    assert {each.kind for each in quiet} == {"quiet", "touched"}
    first, last = quiet[0], quiet[-1]
    assert last.files == first.files
    assert {**last.bytes, "logs": 0} == {**first.bytes, "logs": 0}
    assert last.bytes["logs"] - first.bytes["logs"] <= LOG_BYTES_A_DAY * len(quiet)
    assert {**last.opened, "logs": 0} == {**first.opened, "logs": 0} and last.listed == first.listed


def test_a_run_reads_an_event_of_the_ledger_once_however_many_there_are(days: list[Lived]) -> None:
    before, delivered = days[EVERY - 1], days[EVERY]
    assert delivered.kind == "delivered"
    events, new = (
        delivered.files["landing/ledger"] - 1,
        delivered.files["landing/ledger"] - before.files["landing/ledger"],
    )
    assert new > 10, "a file of activities per working day, and what is delivered whole"
    # Of a new event, also what makes it one: written beside, renamed, the folder secured; and the lock that numbers it.
    assert delivered.opened["landing/ledger"] <= events + 5 * new
    assert days[-1].opened["landing/ledger"] <= events


def test_what_is_no_evidence_is_replaced_and_not_added_to(days: list[Lived]) -> None:
    before, after = days[EVERY - 1], days[EVERY]
    for part in ("checks", "control", "settings", "dbt", "metrics", "watch", "reports"):
        assert after.files.get(part, 0) == before.files.get(part, 0), part
    assert "tmp" not in after.files
