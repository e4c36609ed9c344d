"""Dagster's history below the home: kept connections, telemetry off."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
import yaml

from orchestration.dagster import instance
from orchestration.dagster.run_history import EventLog
from pipelines.home import Home


@dg.asset
def one() -> None: ...


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
        monkeypatch.setenv(name, "")


def test_events_are_kept_across_instances_with_one_engine_per_file(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    with instance.opened(home) as dagster:
        assert dg.materialize([one], instance=dagster).success
        assert isinstance(dagster.event_log_storage, EventLog)
        assert len(dagster.event_log_storage._engines) == 2, "the run's file and the index"
    with instance.opened(home) as dagster:
        assert dagster.get_latest_materialization_event(dg.AssetKey("one")) is not None


def test_settings_switch_off_what_reports_home(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    instance.prepare(home)
    settings = yaml.safe_load((home.dagster / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    assert settings["nux"] == {"enabled": False}
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert settings["concurrency"]["pools"] == {"granularity": "run", "default_limit": 1}
    assert str(tmp_path) not in (home.dagster / "dagster.yaml").read_text(encoding="utf-8")
