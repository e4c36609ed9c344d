"""kill -9 in every part of a run: CURRENT stays on a complete, verified version, and the next run gives an undisturbed one's bytes.

The points are hit one after the other in the same home, in the order of a run: each run starts from what the killed one left
behind and has to get through the step that died before. Each kill proves by the step log that it hit its step: that step began
and never ended. The company has one version already and changed deliveries lying ready, and everything is computed again, so that every
step has work to do. The one kill that `make test` does stands in test_gate.py; the steps inside publishing are hit one by one in
tests/pipelines/publishing/test_kill.py, those of landing in test_land_kill.py.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from pipelines.steps import KILL_AT
from tests.end_to_end.demo import copy_of, ten_customers_published

pytestmark = pytest.mark.slow

POINTS = (
    # landing
    "land invoice_lines: copy",
    "land invoice_lines: read:late",
    "land invoice_lines: quarantine",
    "land invoice_lines: write:late",
    "land invoice_lines: commit",
    "land orders: commit:late",
    "asset control:late",
    # checking and computing
    "quality: invoice_lines",
    "dbt int_contribution__entity_month",
    "dbt mart_portfolio:late",
    "gate: decide",
    # publishing
    "publish: pointer",
    "asset portfolio_page",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a company that has published once and got new deliveries since."""
    folder = tmp_path_factory.mktemp("template")
    ten_customers_published(tmp_path_factory, folder)
    # The same bookings in another order (the ledger must still be met), and one order less.
    (lines,) = (folder / "demo").rglob("Rechnungspositionen_1000.csv")
    head, *rows = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(head + b"".join(reversed(rows)))
    (orders,) = (folder / "demo").rglob("Auftraege.csv")
    orders.write_bytes(b"".join(orders.read_bytes().splitlines(keepends=True)[:-1]))
    return folder


@pytest.fixture(scope="module")
def undisturbed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the second run publishes when nobody kills anything."""
    company = copy_of(template, tmp_path_factory.mktemp("undisturbed") / "company")
    before = company.published_bytes()
    company.fork_and_succeed("run")
    assert company.published_bytes() != before, "the new deliveries change nothing, the cases would prove nothing"
    return company.published_bytes()


def test_killed_anywhere_a_complete_version_stands_and_the_next_run_gets_through(
    template: Path, undisturbed: dict[str, str], tmp_path: Path
) -> None:
    company = copy_of(template, tmp_path / "company")
    before = company.published_bytes()

    for point in POINTS:
        killed = company.fork("run", "--rebuild", **{KILL_AT: point})
        assert killed.returncode == -signal.SIGKILL, (
            f"{point}: exit {killed.returncode}\n{killed.stdout}\n{killed.stderr}"
        )
        assert company.steps()[-1] == ("begin", point.removesuffix(":late")), (
            "the log does not end in the step to be hit"
        )
        company.fork_and_succeed("verify")
        # Only the page comes after readers have the new version.
        now = undisturbed if point == "asset portfolio_page" else before
        assert company.published_bytes() == now, f"{point}: CURRENT is not the complete version it should be"

    company.fork_and_succeed("run")
    assert company.published_bytes() == undisturbed
    company.fork_and_succeed("verify")
    leftovers = [path.name for path in (company.home / "published").iterdir() if path.name.startswith(".")]
    assert not leftovers, "the last run cleans up after the dead ones"
