"""A raw table says how old its delivery is: not how long ago Dagster materialized it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from orchestration import unattended
from orchestration.assets.asset_checks import FRESHNESS
from orchestration.assets.raw import raw_assets
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import raw_key
from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.landing import ledger
from pipelines.settings.workspace import open_workspace
from pipelines.watching import state
from tests.orchestration.commands.command_line import GOLDEN

CUSTOMERS = load_contracts()["customers"]
KEY = raw_key(CUSTOMERS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    shutil.copytree(GOLDEN, folder / "config")
    shutil.copytree(GOLDEN.parent / "example", folder / "example", dirs_exist_ok=True)
    return folder


def agree(folder: Path, days: int | None) -> None:
    shutil.copy(GOLDEN / "sources.yml", folder / "config" / "sources.yml")
    if days is not None:
        sources = folder / "config" / "sources.yml"
        mapped = "  customers:\n    from: customers\n"
        text = sources.read_text(encoding="utf-8")
        assert text.count(mapped) == 1
        sources.write_text(text.replace(mapped, f"{mapped}    max_age_days: {days}\n"), encoding="utf-8")


def landed(folder: Path) -> tuple[str, dg.AssetCheckEvaluation]:
    """What became of the delivery, and what was said of its age."""
    resource = RunResource(config_dir=str(folder / "config"), home_dir=str(folder / "home"), dbt_project_dir="")
    done = dg.materialize(raw_assets({"customers": CUSTOMERS}), resources={"run": resource}, partition_key="2026-01")
    (event,) = done.get_asset_materialization_events()
    made = event.step_materialization_data.materialization
    return str(made.metadata["status"].value), of_age(done.get_asset_check_evaluations())


def of_age(said: Sequence[dg.AssetCheckEvaluation]) -> dg.AssetCheckEvaluation:
    (found,) = (each for each in said if (each.asset_key, each.check_name) == (KEY, FRESHNESS))
    return found


def test_an_old_delivery_stays_old_however_often_it_is_read(folder: Path) -> None:
    agree(folder, None)
    status, nothing_agreed = landed(folder)
    assert (status, nothing_agreed.passed) == ("loaded", True)
    assert str(nothing_agreed.description).endswith("no age is agreed.")
    agree(folder, 30)
    status, stale = landed(folder)
    assert (status, stale.passed, stale.severity) == ("duplicate", False, dg.AssetCheckSeverity.WARN)
    sources, known = open_workspace(folder / "config", Home.at(folder / "home")), ledger.read(Home.at(folder / "home"))
    rule = next(
        each for each in state.of_sources(known, sources.sources, datetime.now(UTC)) if each.table == "customers"
    )
    assert stale.metadata["age_days"].value == rule.age_days
    assert f"{rule.age_days} days old; agreed are at most 30" in str(stale.description)
    delivered = rule.delivered_at
    assert delivered is not None
    assert stale.metadata["stale_from"].value == (delivered.date() + timedelta(days=31)).isoformat()
    agree(folder, 100_000)
    assert landed(folder)[1].passed


def test_where_nothing_is_computed_the_ages_are_told_all_the_same(folder: Path) -> None:
    agree(folder, 30)
    workspace = open_workspace(folder / "config", Home.at(folder / "home"))
    with dg.DagsterInstance.ephemeral() as dagster:
        unattended.report_ages(dagster, workspace)
        records = dagster.fetch_materializations(KEY, limit=1).records
        checks = dagster.event_log_storage.get_asset_check_execution_history(dg.AssetCheckKey(KEY, FRESHNESS), limit=5)
    assert not records, "nothing was materialized"
    (checked,) = checks
    assert checked.status.value == "FAILED" and checked.event is not None
