"""The scratch home: it sees what was committed when it was made, and leaves no trace."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipelines import duck, steps
from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.landing import ledger, warehouse
from pipelines.landing.scratch import scratch_home
from tests.end_to_end.kundenwert import digests
from tests.pipelines.landing.company import line, lines_landed


@pytest.fixture
def landed(tmp_path: Path) -> Home:
    """A home with one batch of invoice lines."""
    workspace, _ = lines_landed(tmp_path, line(), line("R2"))
    return workspace.home


def files(home: Home) -> dict[str, str]:
    """Everything in the home but its logs."""
    return {name: digest for name, digest in digests(home.root, "*").items() if not name.startswith("logs/")}


def test_it_reads_what_is_landed_and_changes_nothing(landed: Home) -> None:
    before = files(landed)
    with scratch_home(landed, "what-if") as scratch:
        assert ledger.read(scratch) == ledger.read(landed)
        warehouse.attach(scratch, load_contracts())
        with duck.reading(scratch.warehouse) as connection:
            (rows,) = connection.execute("select count(*) from raw.invoice_lines").fetchall()
        assert rows[0] == 2
        assert scratch.root.parent == landed.temporary
        assert not landed.warehouse.exists()
    assert not scratch.root.exists()
    assert files(landed) == before


def test_a_batch_that_is_landed_meanwhile_is_not_in_it(landed: Home) -> None:
    with scratch_home(landed, "what-if") as scratch:
        known = ledger.read(scratch)
        first = min(landed.ledger.glob("*.json"))
        (landed.ledger / "99999999.json").write_bytes(first.read_bytes())
        assert ledger.read(scratch) == known


def test_its_steps_are_in_the_log_of_the_home(landed: Home) -> None:
    with scratch_home(landed, "what-if") as scratch, steps.step("try", scratch.logs):
        pass
    assert '"try"' in (landed.logs / "steps.jsonl").read_text(encoding="utf-8")


def test_it_is_gone_after_a_failure_and_dead_ones_are_removed(landed: Home) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead = landed.temporary / f"what-if-{ended.pid}"
    living = landed.temporary / "what-if-1"
    for left in (dead, living):
        left.mkdir(parents=True)
        (left / "raw").symlink_to(landed.raw)
    with pytest.raises(KeyboardInterrupt), scratch_home(landed, "what-if"):
        raise KeyboardInterrupt
    assert [path.name for path in landed.temporary.iterdir()] == [living.name]
    assert any(landed.raw.rglob("*.parquet")), "links were removed, not what they point to"
