"""Whatever is delivered or configured wrongly: its class, its code, its place, the next step; no row and no cent is lost on the way.

`make test-faults`. What a red gate leaves of the published version is tested once for all (end_to_end/test_gate.py): here it is enough that
the gate is red.
"""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from data_quality import gate, landing_results
from pipelines.errors import ConfigError
from pipelines.home import Home
from pipelines.settings.workspace import open_workspace
from tests.cases import judging
from tests.conftest import REPOSITORY
from tests.faults.table import Fault, Landed, check, configure, faults, good, land, told
from tests.generated.compiled import Warehouse, compiled_once

FAULTS = faults()
SECTIONS = {"F": 29, "R": 16, "S": 12, "C": 10, "K": 9}
"""How many numbers the catalogue has of each kind that is about input."""


def only(condition: str) -> list[object]:
    chosen = [fault for fault in FAULTS if _way(fault) == condition]
    return [pytest.param(fault, id=fault.name) for fault in chosen]


def _way(fault: Fault) -> str:
    if fault.proved:
        return "proved"
    if fault.is_configured:
        return "configured"
    return "checked" if fault.level == "checks" or fault.input_check else "landed"


def test_every_number_of_the_catalogue_has_a_row() -> None:
    numbers = {f"{kind}{number:02}" for kind, count in SECTIONS.items() for number in range(1, count + 1)}
    assert {fault.id for fault in FAULTS} == numbers


@pytest.mark.parametrize("fault", only("proved"))
def test_what_is_proved_elsewhere_is_there(fault: Fault) -> None:
    path, _, name = fault.proved.partition("::")
    assert re.search(rf"^def {name}\(", (REPOSITORY / path).read_text(encoding="utf-8"), re.MULTILINE), fault.proved


@pytest.mark.parametrize("fault", only("configured"))
def test_a_wrong_configuration_is_refused_before_any_data_is_touched(fault: Fault, tmp_path: Path) -> None:
    home = Home.at(tmp_path / "home")
    with pytest.raises(ConfigError) as caught:
        open_workspace(configure(fault, tmp_path), home)
    assert told(caught.value.problems, fault), caught.value
    assert not home.root.exists()


@pytest.mark.parametrize("fault", only("landed"))
def test_a_wrong_delivery_is_told_and_nothing_is_lost(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault.secret:
        monkeypatch.setenv("KUNDENWERT_PSEUDONYM_KEY", fault.secret)
        with pytest.raises(ConfigError) as caught:
            land(Fault(id=fault.id, shape=fault.shape, is_a="N", table="accounts"), tmp_path)
        assert told(caught.value.problems, fault), caught.value
        assert fault.secret not in str(caught.value)
        return
    if fault.unreadable and os.geteuid() == 0:
        pytest.skip("who may read everything meets no folder that may not be read")
    landed = land(fault, tmp_path)
    outcome, problems = landed.outcome, [finding.problem for finding in landed.outcome.problems]
    if fault.code:
        assert told(problems, fault), problems
    elif fault.is_a == "N":
        assert {finding.severity for finding in outcome.problems} <= {"info"}, problems
    if fault.status:
        assert outcome.status == fault.status
    decision = gate.decide(landing_results.landing_results((outcome,)), required_areas=())
    if fault.is_a in ("QF", "E"):
        assert not outcome.batch_ids, "nothing of it counts"
        assert landed.after == landed.before, "the table keeps what it had"
        assert not decision.green
    elif outcome.batch_ids:
        _conserved(fault, landed)
        assert decision.green == (not fault.red), problems


def _conserved(fault: Fault, landed: Landed) -> None:
    """Rows in are rows accepted, set aside and filtered; so are the amounts that can be read."""
    entry = landed.entry
    assert entry.rows_in == entry.rows_accepted + entry.rows_quarantined + entry.rows_filtered
    assert entry.rows_quarantined == fault.rows
    assert entry.rows_duplicate_exact == fault.duplicates
    for wanted, there in ((fault.accepted, entry.rows_accepted), (fault.rows_in, entry.rows_in)):
        assert wanted in (None, there)
    if fault.table == "invoice_lines":
        sums = entry.amounts["gross_list_amount"]
        delivered = 1000 * (good(fault).count("\n") - 1 + fault.duplicates) + Decimal(fault.money)
        assert sums.accepted + sums.quarantined == delivered


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return Warehouse(compiled_once(tmp_path_factory), (*judging.MODELS, "mart_input_quality"))


@pytest.mark.parametrize("fault", only("checked"))
def test_what_only_the_whole_shows_is_told(fault: Fault, tmp_path: Path, asked: Warehouse) -> None:
    verdict = check(fault, tmp_path, asked)
    said = (*verdict.blocking, *verdict.warnings)
    if fault.code:
        assert [each for each in said if re.match(rf"({fault.code}):", each) and re.search(fault.says, each)], verdict
    assert bool(verdict.blocking) == fault.red, verdict
    if fault.input_check:
        query = "select sum(affected_rows) from mart_input_quality where check_id = ?"
        (found,) = asked.bi.execute(query, [fault.input_check]).fetchone() or (None,)
        assert found, f"{fault.input_check} finds nothing"
    for customer, revenue in fault.revenue.items():
        query = "select sum(net_revenue) from mart_contribution_month where ultimate_parent_id = ? and month_start >= '2025-01-01'"
        assert asked.bi.execute(query, [customer]).fetchone() == (Decimal(revenue),)
