"""Tripwires: what Dagster does not promise to keep is still where orchestration.dagster looks for it.

A red test here says which file to adapt.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.definitions.freshness_evaluator import TimeWindowFreshnessPolicyEvaluator
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.loader import LoadingContextForTest
from dagster._core.storage import tags

from orchestration.assets.shared import MONTHS
from orchestration.dagster import failures, partitions, time_limit
from orchestration.dagster.waiting import asset_after_all

HISTORY = "orchestration/dagster/run_history.py"
FAILURES = "orchestration/dagster/failures.py"
EXECUTION = "orchestration/dagster/execution.py"
DEAD_RUNS = "orchestration/dagster/dead_runs.py"
LAUNCHER = "orchestration/dagster/launcher.py"
FORGETTING = "orchestration/dagster/forgetting.py"
TIME_LIMIT = "orchestration/dagster/time_limit.py"
INSTANCE = "orchestration/dagster/instance.py"

EVENT_LOG = "dagster._core.storage.event_log.sqlite.sqlite_event_log"
PLACES = [
    (EVENT_LOG, "SqliteEventLogStorage._connect", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage._initdb", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.has_table", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.conn_string_for_shard", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.dispose", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.store_event", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.store_event_batch", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage._event_to_row", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage._store_asset_event", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage._store_asset_event_tags", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage._has_asset_key_index_cols_on_connection", HISTORY),
    (EVENT_LOG, "SqliteEventLogStorage.store_asset_check_event", HISTORY),
    ("dagster._core.storage.event_log.schema", "AssetCheckExecutionsTable", FORGETTING),
    ("dagster._core.storage.event_log.sql_event_log", "SqlEventLogStorage.index_transaction", FORGETTING),
    (EVENT_LOG, "INDEX_SHARD_NAME", HISTORY),
    ("dagster._core.storage.sqlite", "SQLITE_BUSY_TIMEOUT_SECONDS", HISTORY),
    ("dagster._core.storage.sqlite_storage", "DagsterSqliteStorage.from_config_value", HISTORY),
    ("dagster._serdes", "ConfigurableClassData", HISTORY),
    ("dagster._core.errors", failures.INTERRUPTED, FAILURES),
    ("dagster", "DagsterEvent.step_failure_data", FAILURES),
    ("dagster", "DagsterEvent.is_step_failure", FAILURES),
    ("dagster", "DagsterInstance.from_config", INSTANCE),
    ("dagster", "DagsterInstance.get_runs", EXECUTION),
    ("dagster", "DagsterInstance.report_run_failed", EXECUTION),
    ("dagster", "Definitions.resolve_job_def", EXECUTION),
    ("dagster", "DagsterInstance.get_run_records", DEAD_RUNS),
    ("dagster._core.storage.tags", "GRPC_INFO_TAG", DEAD_RUNS),
    ("dagster._core.storage.tags", "MAX_RUNTIME_SECONDS_TAG", TIME_LIMIT),
    ("dagster._core.launcher", "CheckRunHealthResult", LAUNCHER),
    ("dagster._core.launcher", "WorkerStatus.FAILED", LAUNCHER),
    ("dagster._core.launcher", "DefaultRunLauncher.check_run_worker_health", LAUNCHER),
    ("dagster._core.launcher", "DefaultRunLauncher.get_run_worker_debug_info", LAUNCHER),
    ("dagster", "AssetKey.to_python_identifier", "orchestration/dagster/waiting.py"),
]
"""Module, what in it, who uses it."""


def found(module: str, name: str) -> Any:
    """What stands there. Raises ImportError or AttributeError if nothing does."""
    thing: Any = importlib.import_module(module)
    for part in name.split("."):
        thing = inspect.getattr_static(thing, part) if inspect.isclass(thing) else getattr(thing, part)
    return thing


@pytest.mark.parametrize(("module", "name", "user"), PLACES, ids=str)
def test_what_is_private_is_where_the_seam_looks_for_it(module: str, name: str, user: str) -> None:
    try:
        found(module, name)
    except (ImportError, AttributeError) as error:
        pytest.fail(f"this release moved {module}.{name} ({error}): adapt {user}", pytrace=False)


def test_the_event_log_asks_its_own_members_for_connections() -> None:
    source = inspect.getsource(importlib.import_module(EVENT_LOG))
    for name in ("self._db_lock", "self._initialized_dbs"):
        assert name in source, f"Dagster's event log has no {name} any more: adapt _connect() in {HISTORY}"


def test_the_history_lies_where_dagsters_own_would() -> None:
    from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

    source = inspect.getsource(DagsterSqliteStorage)
    assert "_event_log_storage" in source, (
        f"Dagster's SQLite storage holds its parts otherwise: adapt RunHistory in {HISTORY}"
    )
    assert '"history"' in inspect.getsource(importlib.import_module(DagsterSqliteStorage.__module__)), (
        f"Dagster's event log lies elsewhere: adapt RunHistory in {HISTORY}"
    )


def test_the_tags_of_partitions_are_dagsters_own() -> None:
    ours = (partitions.PARTITION, partitions.RANGE_START, partitions.RANGE_END)
    dagsters = (
        tags.PARTITION_NAME_TAG,
        tags.ASSET_PARTITION_RANGE_START_TAG,
        tags.ASSET_PARTITION_RANGE_END_TAG,
    )
    assert ours == dagsters, "Dagster asks for partitions by other tags: adapt orchestration/dagster/partitions.py"


def test_a_cancelled_run_is_told_by_its_status() -> None:
    names = {status.value for status in dg.DagsterRunStatus if status.value.startswith("CANCEL")}
    assert names == {"CANCELING", "CANCELED"}, f"Dagster calls cancelled runs {names}: adapt {EXECUTION}"


def test_the_daemon_asks_the_launcher_about_every_run_and_limits_its_time() -> None:
    source = inspect.getsource(importlib.import_module("dagster._daemon.monitoring.run_monitoring"))
    for asked in ("supports_check_run_worker_health", "check_run_worker_health(run)", "MAX_RUNTIME_SECONDS_TAG"):
        assert asked in source, f"Dagster's monitoring no longer asks by {asked}: adapt {LAUNCHER}"
    tags = importlib.import_module("dagster._core.storage.tags")
    assert tags.MAX_RUNTIME_SECONDS_TAG == time_limit.MAX_RUNTIME, f"adapt {TIME_LIMIT}"


def test_a_schedule_of_a_job_without_partitions_is_caught_up_once() -> None:
    source = inspect.getsource(importlib.import_module("dagster._scheduler.scheduler"))
    assert "if not remote_schedule.partition_set_name and len(tick_times) > 1:" in source
    assert "tick_times = tick_times[-1:]" in source, "Dagster catches up otherwise: adapt orchestration/unattended.py"


def test_an_operation_that_fans_in_runs_although_an_input_is_missing() -> None:
    made, not_made = dg.AssetKey("made"), dg.AssetKey("not_made")
    ran: list[str] = []

    @dg.multi_asset(specs=[dg.AssetSpec(key, skippable=True) for key in (made, not_made)])
    def some() -> Iterator[dg.MaterializeResult[None]]:
        yield dg.MaterializeResult(asset_key=made)

    @dg.op(ins={"checked": dg.In(dg.Nothing)}, out=dg.Out(dg.Nothing))
    def work() -> None:
        ran.append("work")

    waiting = asset_after_all(
        work,
        [made, not_made],
        name="waiting",
        group_name="test",
        description="",
        partitions_def=MONTHS,
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds=(),
    )
    job = dg.Definitions(assets=[some, waiting], jobs=[dg.define_asset_job("all")]).resolve_job_def("all")
    assert job.execute_in_process(partition_key="2024-01", raise_on_error=False).success
    assert ran == ["work"], (
        "Dagster skips a fan-in if one of its inputs was not made: the gate would not run when it is needed; "
        "adapt orchestration/dagster/waiting.py"
    )


def test_dagsters_own_freshness_counts_materializations_and_not_deliveries() -> None:
    """So raw tables have a check instead (orchestration/assets/asset_checks.py). Red: Dagster has learnt it, take its policy."""
    delivered = datetime.now(UTC) - timedelta(days=40)

    @dg.asset(freshness_policy=dg.FreshnessPolicy.time_window(fail_window=timedelta(days=30)))
    def unchanged() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(
            metadata={"dagster/last_updated_timestamp": dg.MetadataValue.timestamp(delivered)},
        )

    with dg.DagsterInstance.ephemeral() as dagster:
        dg.materialize([unchanged], instance=dagster)
        node = dg.Definitions(assets=[unchanged]).resolve_asset_graph().get(unchanged.key)
        evaluated = TimeWindowFreshnessPolicyEvaluator().evaluate_freshness(LoadingContextForTest(dagster), node)
        assert asyncio.run(evaluated) is FreshnessState.PASS


def test_a_month_is_a_partition_as_soon_as_it_has_begun() -> None:
    """Whether it may be computed before it is over, the asset `control` asks."""
    month_end = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
    with partition_loading_context(effective_dt=month_end):
        assert MONTHS.get_last_partition_key() == "2026-10"
    with partition_loading_context(effective_dt=month_end + timedelta(seconds=1)):
        assert MONTHS.get_last_partition_key() == "2026-11"
    assert MONTHS.get_first_partition_key() == "2000-01"
