"""serving.duckdb: the tables of one audience as real tables in one file that any DuckDB 1.x driver opens read-only.

Belongs here: writing that file. Not here: the Parquet files it is copied from (export).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pipelines import duck
from pipelines.home import Home
from pipelines.quoting import literal

SERVING: Final = "serving.duckdb"
STORAGE_VERSION: Final = "v1.0.0"
"""Drivers of BI tools lag behind; this storage format is read by all releases since 1.0."""


def path_of(audience: str) -> str:
    """Where an audience's database lies in a version."""
    return f"{audience}/{SERVING}"


def write(home: Home, parquet_files: Iterable[Path], target: Path) -> None:
    """Copy the Parquet files into `target` (0600), one table each, named like its file; schema main.

    The files may come one by one while others are still written. The database is checkpointed and closed: no write-ahead log lies
    beside it. Without files it is empty.
    """
    with duck.memory(home.temporary) as connection:
        connection.execute(f"attach {literal(target)} as serving (storage_version {literal(STORAGE_VERSION)})")
        for file in parquet_files:
            connection.execute(f"create table serving.main.{file.stem} as select * from read_parquet({literal(file)})")
        connection.execute("checkpoint serving")
        connection.execute("detach serving")
    target.chmod(0o600)
