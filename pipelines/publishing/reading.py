"""A published table as a relation, also of a version another release made: what it lacks is NULL or refused, never wrong.

Belongs here: from a version's directory to a SELECT. Not here: which columns a reader wants (previous, showing.version).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import duckdb

from pipelines.errors import Problem, VerifyError
from pipelines.publishing.tables import Audience
from pipelines.quoting import identifier, literal

UNREADABLE: Final = (duckdb.IOException, duckdb.SerializationException, duckdb.InvalidInputException)
"""What DuckDB raises at a file that is no Parquet, or not a whole one."""


class IncompleteError(VerifyError):
    """The version lacks a table or a column: another release made it, or a file was removed."""


def table_file(version: Path, table: str, audience: Audience = "bi") -> Path:
    """Where a table lies in a version's directory, whether or not it is there."""
    return version / audience / f"{table}.parquet"


def published_rows(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    needed: Collection[str] = (),
    later: Mapping[str, str] | None = None,
) -> str:
    """A SELECT of all columns of a version's table and, as typed NULL, of those in `later` (column -> SQL type) it lacks.

    Raises IncompleteError VERSION_INCOMPLETE if the file or a column of `needed` is missing, VerifyError VERSION_DAMAGED
    if the file is no Parquet.
    """
    version = file.parents[1].name
    if not file.is_file():
        raise incomplete(version, f"it has no {file.parent.name}/{file.name}")
    try:
        return rows_of(connection, f"read_parquet({literal(file)})", (version, file.stem), needed, later)
    except UNREADABLE as error:
        raise damaged(version, f"{file.parent.name}/{file.name}: {first_line(error)}") from None


def rows_of(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    named: tuple[str, str],
    needed: Collection[str] = (),
    later: Mapping[str, str] | None = None,
) -> str:
    """A SELECT of a relation as `published_rows` makes it; `named` are the version and the table it stands for."""
    version, table = named
    there = {str(name) for name, *_ in connection.execute(f"describe select * from {relation}").fetchall()}
    missing = [name for name in needed if name not in there]
    if missing:
        raise incomplete(version, f"{table} has no {', '.join(missing)}")
    nulls = [f"cast(null as {kind}) as {identifier(name)}" for name, kind in (later or {}).items() if name not in there]
    return f"select {', '.join(['*', *nulls])} from {relation}"


def incomplete(version: str, what: str) -> IncompleteError:
    """The refusal of a version that lacks what a reader needs."""
    remedy = f"kundenwert verify {version}; an older release's version: kundenwert run publishes anew"
    return IncompleteError(Problem("VERSION_INCOMPLETE", f"{version} cannot be read: {what}", version, remedy))


def damaged(version: str, what: str) -> VerifyError:
    """The refusal of a version of which a file cannot be read."""
    remedy = f"kundenwert verify {version} tells what was altered; kundenwert rollback VERSION to one that verifies"
    return VerifyError(Problem("VERSION_DAMAGED", f"{version} cannot be read: {what}", version, remedy))


def first_line(error: Exception) -> str:
    """What DuckDB said, without the statement it said it of."""
    return (str(error).splitlines() or [type(error).__name__])[0]
