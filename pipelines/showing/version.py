"""The one reader of a published version: its manifest, its tables as views, their rows as frozen models.

Belongs here: opening a version, and what it means that an older one lacks a column. Not here: any query of a page or a
sentence; checking every byte (publishing.verification); moving a version's columns back into a run (publishing.previous).

A reader declares the tables it reads and, per table, the models its rows become. A model's field is the column that is
read. A field without a default must be there; one with a default is a later column, NULL in a version published before
it existed. So a view has every declared column, and no query needs to ask.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar, cast, get_args, get_type_hints

import duckdb
from pydantic import BaseModel

from pipelines import duck
from pipelines.publishing import layout, reading
from pipelines.publishing import manifest as manifests
from pipelines.publishing.manifest import Manifest
from pipelines.publishing.tables import Audience
from pipelines.quoting import identifier
from pipelines.vocabulary import code_groups

Row = TypeVar("Row")

_SQL_TYPES: Final[Mapping[type, str]] = {
    str: "varchar",
    bool: "boolean",
    int: "bigint",
    Decimal: "decimal(18, 6)",
    date: "date",
    datetime: "timestamp",
}
"""Types of the NULLs of later columns; no other value is ever in them."""


@dataclass(frozen=True, slots=True)
class Table:
    """What a reader wants of one table: the models its rows become (none: queries of its own read it).

    `is_later`: versions published before the table existed are read too; it has no row there.
    """

    models: tuple[type, ...] = ()
    audience: Audience = "bi"
    is_later: bool = False

    @classmethod
    def of(cls, *models: type) -> Table:
        """A table for everybody, read into these models."""
        return cls(models)


Tables = Mapping[str, Table]


class Version:
    """A published version, open for reading. Only `Version.opened` makes one.

    `connection` has a view per declared table, and reaches nothing but their files.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, connection: duckdb.DuckDBPyConnection, there: frozenset[str]
    ) -> None:
        self.directory = directory
        self.manifest = manifest
        self.connection = connection
        self._there = there

    @classmethod
    @contextmanager
    def opened(cls, directory: Path, tables: Tables, beside: Sequence[Path] = ()) -> Iterator[Version]:
        """The version in `directory`, with the tables a reader declares; `beside` are files its queries may read too.

        Its Parquet files are read, so nobody who has serving.duckdb open is in the way. Raises VerifyError
        (MANIFEST_..., VERSION_INCOMPLETE, VERSION_DAMAGED), also while the block reads.
        """
        manifest = manifests.read(directory)
        files = {name: reading.table_file(directory.absolute(), name, each.audience) for name, each in tables.items()}
        there = frozenset(name for name, file in files.items() if file.is_file())
        readable = [*beside, *(files[name] for name in tables if name in there)]
        with TemporaryDirectory(prefix="kundenwert-") as scratch, duck.locked(Path(scratch), readable) as connection:
            try:
                for name, table in tables.items():
                    is_absent = table.is_later and name not in there
                    rows = _no_rows(table) if is_absent else _published(connection, files[name], table)
                    connection.execute(f"create temp view {identifier(name)} as {rows}")
                yield cls(directory, manifest, connection, there)
            except (duckdb.CatalogException, duckdb.BinderException) as error:
                raise reading.incomplete(directory.name, reading.first_line(error)) from None
            except reading.UNREADABLE as error:
                raise reading.damaged(directory.name, reading.first_line(error)) from None

    @classmethod
    def lying_open(
        cls, connection: duckdb.DuckDBPyConnection, schema: str, tables: Tables, manifest: Manifest
    ) -> Version:
        """A version not published yet: its tables lie in a schema of a connection, which gets a view per declared table."""
        found = connection.execute("select table_name from duckdb_tables() where schema_name = $1", [schema]).fetchall()
        there = frozenset(str(name) for (name,) in found) & tables.keys()
        name = layout.name_of(manifest.version)
        for table, wanted in tables.items():
            if wanted.is_later and table not in there:
                rows = _no_rows(wanted)
            else:
                needed, later = _columns(wanted)
                rows = reading.rows_of(connection, f"{schema}.{identifier(table)}", (name, table), needed, later)
            connection.execute(f"create or replace temp view {identifier(table)} as {rows}")
        return cls(Path(name), manifest, connection, there)

    @property
    def name(self) -> str:
        """The version's name, `v000007`."""
        return self.directory.name

    @property
    def as_of_dates(self) -> tuple[date, ...]:
        """The dates it was computed for, ascending."""
        return self.manifest.as_of_dates

    def has(self, table: str) -> bool:
        """True if the version holds a declared table; a later one it may lack."""
        return table in self._there

    def order_codes(self) -> None:
        """Make the relation `codes` (code_group, code, place), so that what is shown by code stands in the vocabulary's order."""
        self.connection.execute("create temp table codes (code_group varchar, code varchar, place integer)")
        self.connection.executemany(
            "insert into codes values ($1, $2, $3)",
            [(name, code, group.place(code)) for name, group in code_groups().items() for code in group.codes],
        )

    def rows(
        self,
        kind: type[Row],
        table: str,
        where: str = "true",
        given: Mapping[str, object] | None = None,
        order_by: str = "all",
    ) -> tuple[Row, ...]:
        """Rows of a declared table as `kind`, whose fields are its columns.

        `where` and `order_by` are SQL of the caller over the table's columns, `given` the values of `$names` in it.
        """
        columns = ", ".join(identifier(column.name) for column in columns_of(kind))
        return self.query(kind, f"select {columns} from {identifier(table)} where {where} order by {order_by}", given)

    def query(self, kind: type[Row], sql: str, given: Mapping[str, object] | None = None) -> tuple[Row, ...]:
        """The rows of a query over the views as `kind`; its columns are the fields by name."""
        cursor = self.connection.execute(sql, given)
        names = [column[0] for column in cursor.description or ()]
        return tuple(kind(**dict(zip(names, row, strict=True))) for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Column:
    """A column a model reads. `sql_type` is that of the NULL a version without it has, where `is_later`."""

    name: str
    sql_type: str
    is_later: bool


def columns_of(kind: type) -> tuple[Column, ...]:
    """The columns a frozen dataclass or model reads: its fields."""
    hints = get_type_hints(kind)
    if issubclass(kind, BaseModel):
        fields = [(name, not field.is_required()) for name, field in kind.model_fields.items()]
    else:
        fields = [(each.name, each.default is not dataclasses.MISSING) for each in dataclasses.fields(cast(Any, kind))]
    return tuple(Column(name, _sql_type(hints[name]), is_later) for name, is_later in fields)


def _sql_type(hint: Any) -> str:
    """Of `X` or `X | None`."""
    (plain,) = [part for part in get_args(hint) or (hint,) if part is not types.NoneType]
    return _SQL_TYPES[plain]


def _published(connection: duckdb.DuckDBPyConnection, file: Path, table: Table) -> str:
    return reading.published_rows(connection, file, *_columns(table))


def _columns(table: Table) -> tuple[tuple[str, ...], dict[str, str]]:
    """What must be there, and what an older version may lack, with the type of its NULL."""
    columns = [column for model in table.models for column in columns_of(model)]
    needed = dict.fromkeys(column.name for column in columns if not column.is_later)
    return tuple(needed), {column.name: column.sql_type for column in columns if column.name not in needed}


def _no_rows(table: Table) -> str:
    columns = {column.name: column.sql_type for model in table.models for column in columns_of(model)}
    nulls = ", ".join(f"cast(null as {kind}) as {identifier(name)}" for name, kind in columns.items())
    return f"select {nulls or 'null'} where false"
