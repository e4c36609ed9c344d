"""Dagster's run history in SQLite, with connections that are kept. Belongs here: only that; no pipeline state.

Dagster's own storage creates a database engine for every single event, 8 ms each: a run over 24 months writes some
4,000 events (41 s). With an engine per file, and the write-ahead log synced at checkpoints only, the same run writes
them in 8 s; with what a step reports written together, a second's worth at a time, in half of that. What a power cut
could cost is the last moments of the history, never data.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from dagster._core.events import ASSET_CHECK_EVENTS, ASSET_EVENTS, EVENT_TYPE_TO_PIPELINE_RUN_STATUS, DagsterEventType
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
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
_INSERT: Final = SqlEventLogStorageTable.insert()
_INSERT_NUMBERED: Final = _INSERT.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)


class EventLog(SqliteEventLogStorage):
    """Dagster's event log with one engine per database file; what a step reports is written together."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """As Dagster's: `base_dir` holds one file per run and the index."""
        self._engines: dict[str, sa.Engine] = {}
        self._there: set[str] = set()
        self._events = Path(base_dir)
        self._waiting: list[EventLogEntry] = []
        self._waits_since = 0.0
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
                if event.dagster_event_type in ASSET_EVENTS:
                    self._store_asset_event_tags(index, [event], [number])
                    self._store_asset_event(index, event, number)
                elif event.dagster_event_type in ASSET_CHECK_EVENTS:
                    self.store_asset_check_event(event, number)

    @contextmanager
    @override
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            if self._shared is not None:
                yield self._shared[shard]
                return
            if self._waiting:
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
        """As Dagster's, which empties the run's file and leaves it there, and what the run said of checks as well; here both go."""
        super().delete_events(run_id)
        with self.index_connection() as index:
            index.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id))
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
