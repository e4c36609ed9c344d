"""The DuckDB a batch is loaded with: bounded, deaf to the network, and locked before any text of a mapping runs.

Belongs here: how a connection is opened. Not here: statements.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.home import Home
from pipelines.quoting import literal, literals

MEMORY_VARIABLE = "KUNDENWERT_MEMORY_LIMIT"
_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "threads": "2",
}


@contextmanager
def workshop(home: Home, name: str) -> Iterator[Path]:
    """A fresh directory in the home's scratch space, gone afterwards."""
    directory = home.temporary / f"{name}-{os.getpid()}"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700, parents=True)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def locked_connection(directory: Path, readable: Sequence[Path] = ()) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reaches `directory` (also to spill and to write) and the files `readable`, nothing
    else.

    Its configuration cannot be changed any more, so SQL of a mapping cannot open the rest of the file system.
    """
    with duckdb.connect(
        ":memory:", config={**_CLOSED, "memory_limit": os.environ.get(MEMORY_VARIABLE, "2GB")}
    ) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"set temp_directory = {literal(directory / 'spill')}")
        connection.execute(f"set allowed_directories = [{literal(directory)}]")
        if readable:
            connection.execute(f"set allowed_paths = [{literals(readable)}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def open_connection(database: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for statements of our own; never for text of a mapping."""
    with duckdb.connect(":memory:" if database is None else str(database), config=dict(_CLOSED)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
