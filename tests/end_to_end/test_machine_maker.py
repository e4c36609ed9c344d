"""The shipped example of another business on the demo's deliveries: its criteria decide, its ledger is met, settings can be tried out."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.errors import ExitCode
from tests.conftest import REPOSITORY
from tests.end_to_end.kundenwert import Company, digests
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.slow

CONFIG = REPOSITORY / "examples" / "machine_maker" / "config"
AXES = {
    ("customer", "potential"): ["expansion_plans", "installed_base_gap", "revenue_trend", "wallet_share"],
    ("customer", "attractiveness"): ["board_access", "contract_payment", "digital_maturity", "roadmap_fit"],
    ("lead", "potential"): ["expansion_plans", "installed_base_gap", "market_size"],
    ("lead", "attractiveness"): ["board_access", "digital_maturity", "trust"],
}


@pytest.fixture(scope="module")
def machine_maker(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("machine_maker")
    company = Company(config=CONFIG, home=folder / "home")
    company.succeed("demo", "--out", str(folder / "demo"), "--customers", "10", "--months", "14")
    company.succeed("run", KUNDENWERT_DEMO_DIR=str(folder / "demo"))
    return company


def test_its_own_criteria_are_scored_on_every_axis(machine_maker: Company) -> None:
    with machine_maker.serving() as bi:
        found = bi.execute(
            """select scorecard, axis, list(distinct criterion_id order by criterion_id) from fct_criterion_score
            where axis in ('potential', 'attractiveness') group by all"""
        ).fetchall()
        unknown = bi.execute(
            """select criterion_id from fct_criterion_score where axis in ('potential', 'attractiveness')
            group by criterion_id having count(level) = 0"""
        ).fetchall()
    assert {(scorecard, axis): names for scorecard, axis, names in found} == AXES
    assert not unknown, "a criterion nobody has a level of shows nothing"


def test_every_customer_is_in_exactly_one_zone(machine_maker: Company) -> None:
    with machine_maker.serving() as bi:
        (row,) = bi.execute(
            """select count(*), count(distinct ultimate_parent_id), count(zone), count(distinct zone),
            list(distinct reporting_currency) from mart_portfolio
            where as_of_date = (select max(as_of_date) from mart_portfolio)"""
        ).fetchall()
    assert row[0] == row[1] == row[2] > 10
    assert row[3] >= 6
    assert row[4] == ["CHF"]


def test_its_ledger_of_net_revenue_and_selling_cost_is_met_to_the_cent(machine_maker: Company) -> None:
    with machine_maker.serving() as bi:
        groups = bi.execute(
            "select account_group, list(distinct status) from mart_reconciliation group by account_group order by account_group"
        ).fetchall()
    assert groups == [(name, ["reconciled"]) for name in ("cost_of_machines", "net_revenue", "selling", "service")]


def test_its_own_pools_carry_the_activities(machine_maker: Company) -> None:
    with machine_maker.serving() as bi:
        (row,) = bi.execute(
            "select sum(field_hours), sum(inside_hours), sum(sales_cost) from mart_portfolio"
        ).fetchall()
    assert all(value > 0 for value in row)


def everything(home: Path) -> tuple[list[str], dict[str, str]]:
    """Every path and every file's digest, but for the logs."""
    paths = sorted(str(path.relative_to(home)) for path in home.rglob("*"))
    files = {name: digest for name, digest in digests(home, "*").items() if not name.startswith("logs/")}
    return [path for path in paths if not path.startswith("logs/")], files


def test_settings_are_tried_out_without_a_trace(machine_maker: Company) -> None:
    with machine_maker.serving() as bi:
        published = dict(bi.execute("select ultimate_parent_id, zone from mart_portfolio").fetchall())
        scores = bi.execute("select ultimate_parent_id, potential_score from mart_portfolio").fetchall()
    before = everything(machine_maker.home)
    facts = json.loads(
        machine_maker.succeed(
            "what-if", "--set", "zones.threshold=85", "--set", "sensitivity.thresholds=[80, 85, 90]", "--json"
        )
    )
    assert everything(machine_maker.home) == before
    assert facts["differs_from_version"] == 0, "the state computed beside is the published one"
    assert facts["counts"]["compared"] == len(published)
    assert facts["counts"]["score_changes"] == 0
    moved = {each["ultimate_parent_id"]: each for each in facts["customers"]}
    assert moved, "a threshold of 85 leaves hardly anybody in protection"
    for customer, each in moved.items():
        assert each["zone_before"] == published[customer] != each["zone_after"]
    high = {customer for customer, score in scores if score is not None and score >= Decimal(89)}
    for customer, zone in published.items():
        after = moved[customer]["zone_after"] if customer in moved else zone
        if after in ("protection", "development"):
            assert customer in high or zone in ("protection", "development")
    by_zone = {(each["zone_before"], each["zone_after"]): each["customers"] for each in facts["totals"]}
    assert sum(by_zone.values()) == len(moved)


LISTENING = """import signal, sys
# Whoever is started in the background is told to ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
from orchestration.commands.app import main
main()
"""


def test_ctrl_c_stops_it_and_leaves_nothing(machine_maker: Company) -> None:
    before = everything(machine_maker.home)
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            LISTENING,
            "--config",
            str(CONFIG),
            "--home",
            str(machine_maker.home),
            "what-if",
            "--set",
            "zones.threshold=54",
        ],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=REPOSITORY,
        start_new_session=True,
    )
    assert process.stderr is not None
    begun = len(machine_maker.steps())
    while process.poll() is None:
        if any(step.startswith("dbt int_") for _, step in machine_maker.steps()[begun:]):  # models are being built
            process.send_signal(signal.SIGINT)
            break
    rest = process.stderr.read()
    assert process.wait(timeout=PATIENCE_SECONDS) == ExitCode.INTERRUPTED, rest
    assert "INTERRUPTED" in rest
    assert "Traceback" not in rest
    assert everything(machine_maker.home) == before
