"""Parquet deliveries: they carry their types, so only their soundness is checked. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.errors import Problem, SourceError
from pipelines.sources.prepared import PreparedFile

_MAGIC = b"PAR1"
_PACKED = b"PK\x03\x04"


def prepare_parquet(source: Path, name: str, connection: duckdb.DuckDBPyConnection) -> PreparedFile:
    """Describe the delivered file `source`. Raises SourceError FILE_EMPTY, FILE_FORMAT, PARQUET_CORRUPT,
    SCHEMA_DUP_COLUMN."""
    size = source.stat().st_size
    if size == 0:
        raise SourceError(
            Problem("FILE_EMPTY", "the file holds 0 bytes; nothing of it was loaded", name, "deliver the file again")
        )
    with source.open("rb") as file:
        head = file.read(4)
        file.seek(max(0, size - 4))
        tail = file.read(4)
    if head != _MAGIC:
        raise SourceError(
            Problem("FILE_FORMAT", "the file is no Parquet file", name, "correct `format`, or deliver Parquet")
        )
    if tail != _MAGIC:
        raise _corrupt(name, "its end is missing")
    try:
        described = connection.execute(
            "describe select * from read_parquet(?, hive_partitioning=false)", [str(source)]
        ).fetchall()
        counted = connection.execute("select num_rows from parquet_file_metadata(?)", [str(source)]).fetchone()
    except duckdb.Error as error:
        raise _corrupt(name, str(error).splitlines()[0]) from error
    columns = tuple(str(row[0]) for row in described)
    if len({column.lower() for column in columns}) != len(columns):
        raise SourceError(
            Problem("SCHEMA_DUP_COLUMN", "two columns have the same name", name, "give every column its own name")
        )
    return PreparedFile(
        name,
        "parquet",
        source,
        columns,
        tuple(str(row[1]) for row in described),
        0 if counted is None else int(counted[0]),
    )


@contextmanager
def damage_told(connection: duckdb.DuckDBPyConnection, files: Iterable[tuple[Path, str]]) -> Iterator[None]:
    """Raise SourceError PARQUET_CORRUPT for a failure of the block that damage inside one of the files (path, name) explains.

    Whether every page can be read is only seen by reading all of them: that is done after a failure, not before each load.
    """
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        for path, name in files:
            if _begins_with(path, _MAGIC):
                try:
                    connection.execute(
                        "select bit_xor(hash(f)) from read_parquet(?, hive_partitioning=false) as f", [str(path)]
                    ).fetchall()
                except duckdb.Error as error:
                    raise _corrupt(name, "a part inside it is damaged") from error
        raise


def may_tell_of_itself(files: Iterable[Path]) -> bool:
    """Whether one of the files is Parquet, or may pack some: it says of its pages what they hold, and a damaged one says it wrongly. Who
    opens a database for them does not believe it (`duck.locked`)."""
    return any(_begins_with(path, _MAGIC) or _begins_with(path, _PACKED) for path in files)


def _begins_with(path: Path, magic: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(magic)) == magic


def _corrupt(name: str, why: str) -> SourceError:
    return SourceError(
        Problem(
            "PARQUET_CORRUPT",
            f"the file cannot be read: {why}; nothing of it was loaded",
            name,
            "deliver the file again",
        )
    )
