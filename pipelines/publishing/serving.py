"""serving.duckdb: the tables of one audience as real tables in one file that any DuckDB 1.x driver opens read-only.

Belongs here: writing that file, what it says of its tables, which rows are the latest. Not here: the Parquet files it is copied from
(export), the same tables in PostgreSQL (postgresql), which take what they say from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Final

import duckdb

from pipelines import contents, duck
from pipelines.home import Home
from pipelines.publishing.tables import PublishedTable
from pipelines.quoting import constant, literal

SERVING: Final = "serving.duckdb"
READ_ONLY: Final = 0o400
"""Nobody opens it to write by mistake."""
DIMENSION: Final = "dim_"
"""What facts are joined with; their keys are primary keys. An index for those of the marts would make the file three times as large
and take half as long again to write."""
STORAGE_VERSION: Final = "v1.0.0"
"""Drivers of BI tools lag behind; this storage format is read by all releases since 1.0."""


def path_of(audience: str) -> str:
    """Where an audience's database lies in a version."""
    return f"{audience}/{SERVING}"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a database says of one of its tables and of the columns (name, description) it has words for."""

    told: str
    columns: tuple[tuple[str, str], ...]


def form(tables: Iterable[PublishedTable], latest: date) -> str:
    """What a database follows from beside its tables' rows: how it is written, and what it says of them."""
    told = [[table.path, *table.order_by, table.description, *chain(*table.columns)] for table in tables]
    return contents.digest([STORAGE_VERSION, _FORM, str(latest), *told])


def write(home: Home, tables: Iterable[tuple[PublishedTable, Path]], target: Path, latest: date) -> None:
    """Copy the tables' Parquet files into `target` (0600), one table each, named like the table; schema main.

    Keys are never NULL and say so, those of dimensions are primary keys; tables and columns carry their descriptions. A table of several
    as-of dates has a view of the `latest` one of the version beside it, `current_<table>`: empty where the table holds nothing of that day.
    The files may come one by one while others are still written. The database is checkpointed and closed: no write-ahead log lies beside
    it. Without files it is empty.
    """
    with duck.memory(home.temporary) as connection:
        connection.execute(f"attach {literal(target)} as serving (storage_version {literal(STORAGE_VERSION)})")
        connection.execute("use serving")
        for table, file in tables:
            connection.execute(f"create table {table.name} as select * from read_parquet({literal(file)})")
            # One by one, hundreds of comments would be as many writes to the disk.
            connection.execute("begin")
            for statement in _meaning(connection, table, latest):
                connection.execute(statement)
            connection.execute("commit")
        connection.execute("use memory")
        connection.execute("checkpoint serving")
        connection.execute("detach serving")
    target.chmod(0o600)


def meanings(database: Path) -> dict[str, Meaning]:
    """What the tables of an audience's database say, by name. A version of an earlier release says nothing."""
    with duck.memory() as connection:
        connection.execute(f"attach {literal(database)} as serving (read_only)")
        of_serving = "where database_name = 'serving' and comment is not null"
        tables = connection.execute(f"select table_name, comment from duckdb_tables() {of_serving}").fetchall()
        columns = connection.execute(
            f"select table_name, column_name, comment from duckdb_columns() {of_serving} order by table_name, column_index"
        ).fetchall()
    told: dict[str, list[tuple[str, str]]] = {}
    for table, column, text in columns:
        told.setdefault(table, []).append((column, text))
    return {name: Meaning(text, tuple(told.get(name, ()))) for name, text in tables}


def is_dated(key: Collection[str]) -> bool:
    """Whether the rows of a table of that key are the same things on several days."""
    return "as_of_date" in key


def current_rows(relation: str, latest: date) -> str:
    """The query of a dated table's rows as of the latest date only, in any dialect."""
    return f"select * from {relation} where as_of_date = {constant(latest)}"


def told_of_current(table: str) -> str:
    """What the view of those rows says of itself."""
    return f"{table} as of the latest date only.\n\nDE: {table} zum letzten Stichtag."


def _meaning(connection: duckdb.DuckDBPyConnection, table: PublishedTable, latest: date) -> Iterator[str]:
    """What the table promises and means."""
    has = {str(name) for (name,) in connection.execute(f"select column_name from (describe {table.name})").fetchall()}
    if table.name.startswith(DIMENSION):
        yield f"alter table {table.name} add primary key ({', '.join(table.order_by)})"
    else:
        yield from (f"alter table {table.name} alter column {column} set not null" for column in table.order_by)
    yield f"comment on table {table.name} is {literal(_told(table))}"
    told = [(column, text) for column, text in table.columns if column in has and text]
    yield from _columns_told(table.name, told)
    if is_dated(table.order_by):
        view = f"{CURRENT}{table.name}"
        yield f"create view {view} as {current_rows(table.name, latest)}"
        yield f"comment on view {view} is {literal(told_of_current(table.name))}"
        yield from _columns_told(view, told)


def _columns_told(relation: str, told: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield from (f"comment on column {relation}.{column} is {literal(text)}" for column, text in told)


def _told(table: PublishedTable) -> str:
    key = f"Key: {', '.join(table.order_by)}."
    dated = _DATED.format(view=CURRENT + table.name) if is_dated(table.order_by) else ""
    return "\n\n".join(part for part in (table.description, key, dated) if part)


CURRENT: Final = "current_"
"""Beginning of the views of the latest as-of date."""
_DATED: Final = (
    "Rows of different as_of_date are the same things seen on different days: never sum over it; {view} holds the latest.\n\n"
    "DE: Zeilen verschiedener Stichtage (as_of_date) sind dieselben Dinge an verschiedenen Tagen: nie darüber summieren; {view} hat "
    "den letzten."
)
_FORM: Final = 3
"""Counts up when databases are written in another way; those of older versions are then not shared."""
