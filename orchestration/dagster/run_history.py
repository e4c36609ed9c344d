"""Dagster's run history in SQLite, with connections that are kept. Belongs here: only that; no pipeline state.

Dagster's own storage creates a database engine for every single event, 8 ms each: a run over 24 months writes some
4,000 events (41 s). With an engine per file, and the write-ahead log synced at checkpoints only, the same run writes
them in 8 s; with what a step reports written together, a second's worth at a time, in half of that. A run also asks: for
every input of every asset, and for every check's asset. What it has written itself it is told from memory, and only what
waits of these assets is written first. What a power cut could cost is the last moments of the history, never data.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import dagster as dg
import sqlalchemy as sa
from dagster._core.event_api import AssetRecordsFilter, EventLogCursor, EventLogRecord, EventRecordsResult
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS, DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import QueuePool
from typing_extensions import override

MAY_WAIT: Final = frozenset(
    (
        DagsterEventType.STEP_OUTPUT,
        DagsterEventType.ASSET_MATERIALIZATION,
        DagsterEventType.ASSET_OBSERVATION,
        DagsterEventType.ASSET_CHECK_EVALUATION,
        DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
        DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED,
    )
)
"""What a run reports in hundreds. Everything else is written at once, and what waits with it."""

LONGEST_WAIT, MOST_WAITING = 1.0, 200
"""Seconds after which the next event, and events at which, what waits is written."""

_INDEXED: Final = frozenset((*ASSET_EVENTS, *ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS))
_ENDS: Final = frozenset((DagsterEventType.RUN_SUCCESS, DagsterEventType.RUN_FAILURE, DagsterEventType.RUN_CANCELED))
_INSERT: Final = SqlEventLogStorageTable.insert()
_INSERT_NUMBERED: Final = _INSERT.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)


class EventLog(SqliteEventLogStorage):
    """Dagster's event log with one engine per database file; what a step reports is written together."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """As Dagster's: `base_dir` holds one file per run and the index."""
        self._engines: dict[str, sa.Engine] = {}
        self._there: set[str] = set()
        self._filled: set[str] = set()
        self._events = Path(base_dir)
        self._waiting: list[EventLogEntry] = []
        self._waits_since = 0.0
        self._may_keep_waiting = False
        self._newest: dict[tuple[dg.AssetKey, str | None], EventLogRecord] = {}
        self._shared: dict[str, sa.Connection] | None = None
        super().__init__(base_dir, inst_data)
        # Dagster's own cannot be taken twice; writing what waits goes through Dagster's own methods, which take it.
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    @classmethod
    @override
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> EventLog:
        """Made from the settings file."""
        return cls(inst_data=inst_data, **config_value)

    @override
    def store_event(self, event: EventLogEntry) -> None:
        """As Dagster's, but results of a step wait for a second's worth of them, or for whoever reads."""
        with self._db_lock:
            if event.dagster_event_type not in MAY_WAIT:
                self._write([event])
                return
            if not self._waiting:
                self._waits_since = time.monotonic()
            self._waiting.append(event)
            if len(self._waiting) >= MOST_WAITING or time.monotonic() - self._waits_since > LONGEST_WAIT:
                self._write()

    @override
    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """All of them in one transaction."""
        with self._db_lock:
            self._write(events)

    def _write(self, events: Sequence[EventLogEntry] = ()) -> None:
        """Write what waits, then `events`: in one transaction per file, what Dagster's `store_event` writes of each."""
        together = [(event, self._event_to_row(event)) for event in (*self._waiting, *events)]
        self._waiting = []
        runs = sorted({event.run_id for event, _ in together})
        with ExitStack() as stack:
            self._shared = {shard: stack.enter_context(self._begun(shard)) for shard in (*runs, INDEX_SHARD_NAME)}
            try:
                for run in runs:
                    self._shared[run].execute(_INSERT, [row for event, row in together if event.run_id == run])
                self._write_index([each for each in together if each[0].dagster_event_type in _INDEXED])
            finally:
                self._shared = None

    def _write_index(self, events: Sequence[tuple[EventLogEntry, dict[str, Any]]]) -> None:
        """What is asked for over all runs, and what is known of assets and checks."""
        if not events:
            return
        with self.index_connection() as index:
            numbers = index.execute(_INSERT_NUMBERED, [row for _, row in events]).scalars()
            for (event, _), number in zip(events, list(numbers), strict=True):
                self._keep(event, number)
                if event.dagster_event_type in ASSET_EVENTS:
                    self._store_asset_event_tags(index, [event], [number])
                    self._store_asset_event(index, event, number)
                elif event.dagster_event_type in ASSET_CHECK_EVENTS:
                    self.store_asset_check_event(event, number)

    def _keep(self, event: EventLogEntry, number: int) -> None:
        """Remember what a run's step materialized until the run is over; what somebody reports without a run is looked up where it lies."""
        happened = event.dagster_event
        if event.dagster_event_type in _ENDS:
            self._newest.clear()
        elif (
            happened is not None
            and happened.is_step_materialization
            and happened.asset_key is not None
            and event.run_id
        ):
            self._newest[happened.asset_key, happened.partition] = EventLogRecord(number, event)

    @contextmanager
    def _about(self, keys: Collection[dg.AssetKey]) -> Iterator[None]:
        """Write what waits of these assets; what else waits goes on waiting while the block reads of them."""
        with self._db_lock:
            if any(each.dagster_event is not None and each.dagster_event.asset_key in keys for each in self._waiting):
                self._write()
            before, self._may_keep_waiting = self._may_keep_waiting, True
            try:
                yield
            finally:
                self._may_keep_waiting = before

    @override
    def fetch_materializations(
        self,
        records_filter: dg.AssetKey | AssetRecordsFilter,
        limit: int,
        cursor: str | None = None,
        ascending: bool = False,
    ) -> EventRecordsResult:
        """As Dagster's, which looks for the newest one of a partition for every result of a check; one of this process it knows."""
        key = records_filter.asset_key if isinstance(records_filter, AssetRecordsFilter) else records_filter
        with self._about({key}):
            if (limit, cursor, ascending) == (1, None, False) and (known := self._known(records_filter)) is not None:
                return EventRecordsResult([known], EventLogCursor.from_storage_id(known.storage_id).to_string(), True)
            return super().fetch_materializations(records_filter, limit, cursor, ascending)

    def _known(self, asked: dg.AssetKey | AssetRecordsFilter) -> EventLogRecord | None:
        """The newest materialization of one partition, where nothing else is asked for and this process wrote it."""
        if not isinstance(asked, AssetRecordsFilter) or len(asked.asset_partitions or ()) != 1:
            return None
        (partition,) = asked.asset_partitions or ()
        is_all = asked == AssetRecordsFilter(asset_key=asked.asset_key, asset_partitions=[partition])
        return self._newest.get((asked.asset_key, partition)) if is_all else None

    @override
    def get_latest_tags_by_partition(
        self,
        asset_key: dg.AssetKey,
        event_type: DagsterEventType,
        tag_keys: Sequence[str],
        asset_partitions: Sequence[str] | None = None,
        before_cursor: int | None = None,
        after_cursor: int | None = None,
    ) -> Mapping[str, Mapping[str, str]]:
        """As Dagster's, which asks for the data version of every input of every asset that is made by month."""
        with self._about({asset_key}):
            cursors = (before_cursor, after_cursor)
            return super().get_latest_tags_by_partition(asset_key, event_type, tag_keys, asset_partitions, *cursors)

    @override
    def get_asset_records(self, asset_keys: Sequence[dg.AssetKey] | None = None) -> Sequence[AssetRecord]:
        """As Dagster's, which asks for every input of every asset."""
        if asset_keys is None:
            return super().get_asset_records()
        with self._about(set(asset_keys)):
            return super().get_asset_records(asset_keys)

    @override
    def has_secondary_index(self, name: str) -> bool:
        """As Dagster's, which asks the file for every look at an asset: an index once filled stays so."""
        if name not in self._filled and super().has_secondary_index(name):
            self._filled.add(name)
        return name in self._filled

    @contextmanager
    @override
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if self._shared is not None:
                yield self._shared[shard]
                return
            if self._waiting and not self._may_keep_waiting:
                self._write()
            with self._begun(shard) as connection:
                yield connection

    @contextmanager
    def _begun(self, shard: str) -> Iterator[sa.Connection]:
        engine = self._engine(shard)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        with engine.begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            engine = sa.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                pool_size=1,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(engine, "connect", _relaxed)
            self._engines[shard] = engine
        return self._engines[shard]

    @override
    def has_table(self, table_name: str) -> bool:
        """As Dagster's, which opens the database anew for each of several questions per event: a table once there stays."""
        if table_name not in self._there and super().has_table(table_name):
            self._there.add(table_name)
        return table_name in self._there

    @override
    def delete_events(self, run_id: str) -> None:
        """As Dagster's, which empties the run's file and leaves it there; here it goes."""
        super().delete_events(run_id)
        with self._db_lock:
            if (engine := self._engines.pop(run_id, None)) is not None:
                engine.dispose()
            self._initialized_dbs.discard(run_id)
        for name in (f"{run_id}.db", f"{run_id}.db-wal", f"{run_id}.db-shm"):
            self._events.joinpath(name).unlink(missing_ok=True)

    @override
    def _has_asset_key_index_cols_on_connection(self, conn: sa.Connection) -> bool:
        """As Dagster's, which asks for every event of an asset: a file of this release has them."""
        return True

    @override
    def dispose(self) -> None:
        """Write what waits, close every connection."""
        with self._db_lock:
            if self._waiting:
                self._write()
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()


class RunHistory(DagsterSqliteStorage):
    """Dagster's SQLite storage with the event log above. Named in dagster.yaml."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """As Dagster's: `base_dir` holds runs, events and schedules."""
        super().__init__(base_dir, inst_data)
        self._event_log_storage = EventLog(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    @override
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> RunHistory:
        """Made from the settings file."""
        return cls(inst_data=inst_data, **config_value)


def _relaxed(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
