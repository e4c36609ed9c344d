"""Dagster's run history in SQLite, with connections that are kept. Belongs here: only that; no pipeline state.

Dagster's own storage creates a database engine for every single event, 8 ms each: a run over 24 months writes some
4,000 events (41 s). With an engine per file, and the write-ahead log synced at checkpoints only, the same run writes
them in 8 s. What a power cut could cost is the last moments of the history, never data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import QueuePool
from typing_extensions import override


class EventLog(SqliteEventLogStorage):
    """Dagster's event log with one engine per database file."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """As Dagster's: `base_dir` holds one file per run and the index."""
        self._engines: dict[str, sa.Engine] = {}
        self._there: set[str] = set()
        self._events = Path(base_dir)
        super().__init__(base_dir, inst_data)

    @classmethod
    @override
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> EventLog:
        """Made from the settings file."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    @override
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
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
        """As Dagster's, which empties the run's file and leaves it there; here it goes, too."""
        super().delete_events(run_id)
        with self._db_lock:
            if (engine := self._engines.pop(run_id, None)) is not None:
                engine.dispose()
            self._initialized_dbs.discard(run_id)
        for name in (f"{run_id}.db", f"{run_id}.db-wal", f"{run_id}.db-shm"):
            self._events.joinpath(name).unlink(missing_ok=True)

    @override
    def dispose(self) -> None:
        """Close every connection."""
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
