"""Dagster's history below the home: kept connections, telemetry off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
import yaml
from dagster._core.events import DagsterEventType
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage

from orchestration.dagster import instance
from orchestration.dagster.run_history import MAY_WAIT, EventLog
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


def _rows(log: SqliteEventLogStorage, shard: str) -> dict[str, list[tuple[object, ...]]]:
    with log._connect(shard) as connection:
        tables = {*sa.inspect(connection).get_table_names()} - {"secondary_indexes"}  # made with the file, at its time
        return {
            table: [
                tuple(value for name, value in row._mapping.items() if name != "create_timestamp")
                for row in connection.execute(sa.text(f'select * from "{table}" order by 1'))
            ]
            for table in sorted(tables)
        }


def test_what_is_written_together_is_what_dagster_writes_one_by_one(tmp_path: Path) -> None:
    """A run with assets, partitions, observations, good and bad checks, into both logs: every table is the same, whoever reads first."""

    @dg.asset(
        partitions_def=dg.StaticPartitionsDefinition(["a", "b"]),
        check_specs=[dg.AssetCheckSpec("good", asset="many"), dg.AssetCheckSpec("bad", asset="many")],
    )
    def many() -> Iterator[object]:
        yield dg.AssetObservation("elsewhere", tags={"seen": "yes"})
        yield dg.MaterializeResult(metadata={"dagster/row_count": 3}, data_version=dg.DataVersion("1"))
        yield dg.AssetCheckResult(check_name="good", passed=True)
        yield dg.AssetCheckResult(check_name="bad", passed=False)

    with dg.DagsterInstance.ephemeral() as elsewhere:
        run = dg.materialize([many, one], instance=elsewhere, partition_key="a").run_id
        events = [record.event_log_entry for record in elsewhere.event_log_storage.get_records_for_run(run).records]
    ours, theirs = EventLog(str(tmp_path / "ours")), SqliteEventLogStorage(str(tmp_path / "theirs"))
    for event in events:
        ours.store_event(event)
        theirs.store_event(event)
    waiting = [each for each in events if each.dagster_event_type in MAY_WAIT]
    assert len(waiting) > 5
    assert len(list(ours.get_logs_for_run(run))) == len(events), "who reads in the middle sees all"
    for shard in (run, INDEX_SHARD_NAME):
        assert _rows(ours, shard) == _rows(theirs, shard)
    ours.store_event(waiting[0])
    assert len(ours._waiting) == 1
    ours.dispose()
    theirs.dispose()
    again = EventLog(str(tmp_path / "ours"))
    assert len(list(again.get_logs_for_run(run))) == len(events) + 1, "what waited at the end was written"
    again.dispose()


def test_a_run_that_asks_after_its_own_assets_is_told_what_lies_in_the_file(tmp_path: Path) -> None:
    """Each check is about the materialization just before it, each asset followed from the newest of its input: run after run."""
    months = dg.StaticPartitionsDefinition(["a", "b"])

    @dg.multi_asset(
        specs=[
            dg.AssetSpec("upper", partitions_def=months),
            dg.AssetSpec("lower", deps=["upper"], partitions_def=months),
        ],
        check_specs=[dg.AssetCheckSpec("good", asset="upper"), dg.AssetCheckSpec("too", asset="lower")],
        partitions_def=months,
    )
    def both() -> Iterator[object]:
        for key, check in (("upper", "good"), ("lower", "too")):
            yield dg.MaterializeResult(asset_key=key)
            yield dg.AssetCheckResult(asset_key=key, check_name=check, passed=True)

    upper, lower = dg.AssetKey("upper"), dg.AssetKey("lower")
    with instance.opened(Home.at(tmp_path)) as dagster:
        for partition in ("a", "b", "a"):
            run = dg.materialize([both], instance=dagster, partition_key=partition).run_id
            asked = [dg.AssetRecordsFilter(asset_key=key, asset_partitions=[partition]) for key in (upper, lower)]
            known = [dagster.fetch_materializations(each, limit=1).records[0] for each in asked]
            with instance.opened(Home.at(tmp_path)) as another:
                newest = [another.fetch_materializations(each, limit=1).records[0] for each in asked]
                told = another.event_log_storage.get_logs_for_run(run)
            assert [(each.storage_id, each.run_id) for each in known] == [(each.storage_id, run) for each in newest]
            about = [
                each.dagster_event.asset_check_evaluation_data.target_materialization_data
                for each in told
                if each.dagster_event is not None and each.dagster_event_type == DagsterEventType.ASSET_CHECK_EVALUATION
            ]
            assert [each and each.storage_id for each in about] == [each.storage_id for each in newest]
            followed = newest[1].asset_materialization
            assert followed is not None
            pointer = (followed.tags or {})["dagster/input_event_pointer/upper"]
            assert pointer == str(newest[0].storage_id)
        dagster.wipe_assets([upper])
        assert not dagster.fetch_materializations(asked[0], limit=1).records, (
            "nothing of a run that is over is remembered"
        )


def test_settings_switch_off_what_reports_home(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    instance.prepare(home)
    settings = yaml.safe_load((home.dagster / "dagster.yaml").read_text(encoding="utf-8"))
    assert settings["telemetry"] == {"enabled": False}
    assert settings["nux"] == {"enabled": False}
    assert settings["concurrency"]["runs"]["max_concurrent_runs"] == 1
    assert settings["concurrency"]["pools"] == {"granularity": "run", "default_limit": 1}
    assert str(tmp_path) not in (home.dagster / "dagster.yaml").read_text(encoding="utf-8")
