"""Rows of a database -> a Parquet file: the same rows give the same bytes, in whatever order they came.

Belongs here: which driver reads which database, which tables it has, how its types become ours, what may be said of its errors. Not
here: which rows (the mapping says it), what they mean (landing), which secrets no message repeats (pipelines.postgres).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa

from pipelines import duck, postgres
from pipelines.errors import Problem, SourceError
from pipelines.quoting import identifier
from pipelines.settings.sources import DatabaseQuery
from pipelines.sources.cells import decimal_text
from pipelines.sources.stream import streamed

if TYPE_CHECKING:
    from adbc_driver_postgresql.dbapi import Connection as AdbcConnection
    from sqlalchemy import Connection

_UNNAMEABLE: Final = re.compile(r"[\x00-\x1f\"`]|[.].*[.]")
_CHUNK: Final = 10_000
_PLAIN: Final = r"-?[0-9]+([.][0-9]+)?"


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view of a database: its name as `DatabaseQuery.table` says it, its columns in order.

    `keys` are its foreign keys of one column: column -> (table, column there).
    """

    name: str
    columns: tuple[str, ...]
    keys: Mapping[str, tuple[str, str]]


def tables(declared: DatabaseQuery) -> tuple[Table, ...]:
    """The tables and views that may be read where `declared` says, by name, without those of the system itself.

    Raises SourceError as `write_rows` does.
    """
    url = _url(declared, "its tables")
    found = (_tables_by_adbc if postgres.IS_MEANT.match(url) else _tables_by_sqlalchemy)(declared, url)
    # A name that cannot be declared is a table that cannot be read.
    return tuple(table for table in sorted(found, key=lambda each: each.name) if not _UNNAMEABLE.search(table.name))


def write_rows(declared: DatabaseQuery, name: str, target: Path, limit: int | None = None) -> None:
    """Read the rows that are `declared` (called `name`) into the Parquet file `target`; its directory is scratch space.

    `limit`: no more rows of a table than these, whichever come first. Raises SourceError CONFIG_ENVIRONMENT, DATABASE_CONNECT,
    DATABASE_DRIVER, DATABASE_QUERY, DATABASE_TYPE; KundenwertError as `duck.coded` does.
    """
    url = _url(declared, name)
    read = _by_adbc if postgres.IS_MEANT.match(url) else _by_sqlalchemy
    with duck.locked(target.parent) as connection:
        read(connection, declared, url, target, limit)


def _url(declared: DatabaseQuery, name: str) -> str:
    url = os.environ.get(declared.variable)
    if not url:
        what = f"the environment variable {declared.variable} is not set, so {name} cannot be read"
        remedy = f"set {declared.variable} to the database's connection string"
        raise SourceError(Problem("CONFIG_ENVIRONMENT", what, declared.url, remedy))
    return url


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


def _adbc_connection(declared: DatabaseQuery, url: str) -> AdbcConnection:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - as the door does

    try:
        return postgres.connect(url)
    except dbapi.Error as error:
        raise _no_connection(error, declared) from None


def _by_adbc(
    connection: duckdb.DuckDBPyConnection, declared: DatabaseQuery, url: str, target: Path, limit: int | None
) -> None:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - as above

    database = _adbc_connection(declared, url)
    statement = _statement(declared) + ("" if limit is None or declared.table is None else f" limit {limit}")
    try:
        with database, database.cursor() as cursor:
            # One state of the database, and a promise that it stays as it is.
            cursor.execute("set transaction isolation level repeatable read, read only")
            for attempt, numbers_as_text in (("exact", False), ("texts", True)):
                cursor.execute(statement)
                reader = cursor.fetch_record_batch()
                columns = _postgres_columns(reader.schema, declared, as_text=numbers_as_text)
                connection.register("coming" if "" in columns.values() else attempt, reader)
                try:
                    if "" in columns.values():
                        connection.execute(f"create temp table {attempt} as select * from coming")
                        columns |= _number_types(connection, attempt, columns)
                    _write(connection, attempt, columns, target)
                    return
                except duckdb.InvalidInputException as error:
                    # An error that shows while the rows come is one of the query.
                    raise _query_failed(error, declared, url) from None
                except duckdb.ConversionException:
                    # A NaN: the numbers stay text, and landing says which of them are none.
                    if numbers_as_text:
                        raise
    except dbapi.Error as error:
        raise _query_failed(error, declared, url) from None


_POSTGRES_COLUMNS: Final = """
select relation.oid::bigint, space.nspname || '.' || relation.relname, attribute.attnum, attribute.attname
from pg_class as relation
inner join pg_namespace as space on relation.relnamespace = space.oid
inner join pg_attribute as attribute on relation.oid = attribute.attrelid
where relation.relkind in ('r', 'p', 'v', 'm', 'f') and not relation.relispartition
    and space.nspname !~ '^pg_' and space.nspname <> 'information_schema'
    and attribute.attnum > 0 and not attribute.attisdropped
    and has_schema_privilege(space.oid, 'usage') and has_table_privilege(relation.oid, 'select')
order by relation.oid, attribute.attnum
"""
_POSTGRES_KEYS: Final = """
select conrelid::bigint, conkey[1], confrelid::bigint, confkey[1] from pg_constraint where contype = 'f' and cardinality(conkey) = 1
"""


def _tables_by_adbc(declared: DatabaseQuery, url: str) -> list[Table]:
    from adbc_driver_postgresql import dbapi  # noqa: PLC0415 - as above

    try:
        with _adbc_connection(declared, url) as database, database.cursor() as cursor:
            cursor.execute(_POSTGRES_COLUMNS)
            columns = cursor.fetchall()
            cursor.execute(_POSTGRES_KEYS)
            keys = cursor.fetchall()
    except dbapi.Error as error:
        raise _query_failed(error, declared, url) from None
    names: dict[int, str] = {}
    of_table: dict[int, dict[int, str]] = {}
    for relation, name, number, column in columns:
        names[relation] = name
        of_table.setdefault(relation, {})[number] = column
    return [
        Table(
            name,
            tuple(of_table[relation].values()),
            {
                of_table[relation][own]: (names[there], of_table[there][their])
                for source, own, there, their in keys
                if source == relation and there in names
            },
        )
        for relation, name in names.items()
    ]


def _postgres_columns(schema: pa.Schema, declared: DatabaseQuery, *, as_text: bool) -> dict[str, str | None]:
    """Column -> the DuckDB type it is cast to; None: as it comes; "": a number whose places only the rows tell."""
    _refuse_twins(schema.names)
    found: dict[str, str | None] = {}
    for field in schema:
        said = field.metadata or {}
        kind = said.get(b"POSTGRESQL:type", b"").decode()
        if kind == "money":
            what = f"the column '{field.name}' is of type money, whose places depend on the server's settings"
            remedy = f"read it by `query`, cast: {field.name}::numeric"
            raise SourceError(Problem("DATABASE_TYPE", what, declared.url, remedy))
        found[field.name] = None
        if kind == "numeric":
            found[field.name] = "VARCHAR" if as_text else _decimal(int(said.get(b"POSTGRESQL:typmod", b"-1")))
    return found


def _decimal(modifier: int) -> str:
    """The type a PostgreSQL numeric is declared with, of its type modifier; "" where it has none that fits."""
    precision, scale = (modifier - 4) >> 16, (modifier - 4) & 0x7FF
    return f"DECIMAL({precision},{scale})" if modifier >= 4 and scale <= precision <= 38 else ""


# --- any other -------------------------------------------------------------------------------------------------------


def _sqlalchemy_connection(declared: DatabaseQuery, url: str) -> Connection:
    import sqlalchemy  # noqa: PLC0415 - as above
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    try:
        engine = sqlalchemy.create_engine(url, poolclass=NullPool)
    except (sqlalchemy.exc.NoSuchModuleError, ImportError) as error:
        driver = error.name if isinstance(error, ImportError) else None
        what = "the driver for this database is not installed" + (f": {driver}" if driver else "")
        remedy = "install its SQLAlchemy driver beside this program, e.g. pip install pymysql for mysql+pymysql://"
        raise SourceError(Problem("DATABASE_DRIVER", what, declared.url, remedy)) from None
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise _no_connection(None, declared) from None
    try:
        return engine.connect()
    except sqlalchemy.exc.DBAPIError as error:
        raise _no_connection(error, declared) from None


def _by_sqlalchemy(
    connection: duckdb.DuckDBPyConnection, declared: DatabaseQuery, url: str, target: Path, limit: int | None
) -> None:
    import sqlalchemy  # noqa: PLC0415 - as above

    database = _sqlalchemy_connection(declared, url)
    try:
        with database:
            columns = _take(connection, database, _statement(declared, database), limit)
        columns |= _number_types(connection, "fetched", columns)
        _write(connection, "fetched", columns, target)
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise _query_failed(getattr(error, "orig", None) or error, declared, url) from None


_SYSTEM_SCHEMAS: Final = re.compile(r"information_schema|pg_.*|sys|mysql|performance_schema|db_.*|guest", re.IGNORECASE)


def _tables_by_sqlalchemy(declared: DatabaseQuery, url: str) -> list[Table]:
    import sqlalchemy  # noqa: PLC0415 - as above

    database = _sqlalchemy_connection(declared, url)
    found = []
    try:
        with database:
            seen = sqlalchemy.inspect(database)
            for schema in seen.get_schema_names():
                if _SYSTEM_SCHEMAS.fullmatch(schema):
                    continue
                before = "" if schema == seen.default_schema_name else f"{schema}."
                for name in (*seen.get_table_names(schema), *seen.get_view_names(schema)):
                    keys = {
                        key["constrained_columns"][0]: (
                            f"{key['referred_schema']}.{key['referred_table']}"
                            if key["referred_schema"] not in (None, seen.default_schema_name)
                            else key["referred_table"],
                            key["referred_columns"][0],
                        )
                        for key in seen.get_foreign_keys(name, schema)
                        if len(key["constrained_columns"]) == 1
                    }
                    columns = tuple(column["name"] for column in seen.get_columns(name, schema))
                    found.append(Table(f"{before}{name}", columns, keys))
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise _query_failed(getattr(error, "orig", None) or error, declared, url) from None
    return found


def _take(
    connection: duckdb.DuckDBPyConnection, database: Connection, statement: str, limit: int | None
) -> dict[str, str | None]:
    """Put the rows into the table `fetched` as text; column -> type it is cast to: the one kind of value it holds, else text."""
    result = database.execution_options(stream_results=True, max_row_buffer=_CHUNK).exec_driver_sql(statement)
    names = [str(name) for name in result.keys()]  # noqa: SIM118 - a result is no mapping
    _refuse_twins(names)
    kinds: list[set[str]] = [set() for _ in names]

    def batches() -> Iterator[pa.RecordBatch]:
        most = limit
        for taken in result.partitions(_CHUNK):
            rows = taken[:most]
            if most is not None:
                most -= len(rows)
            if not rows:
                return
            columns = list(zip(*rows, strict=True))
            for seen, column in zip(kinds, columns, strict=True):
                seen |= {_KINDS.get(each, "VARCHAR") for each in set(map(type, column))}
            yield pa.record_batch([pa.array(map(_text, column), pa.string()) for column in columns], names=names)

    schema = pa.schema([(name, pa.string()) for name in names])
    with streamed(connection, "rows", schema, batches()):
        connection.execute("create temp table fetched as select * from rows")
    return {name: _one(seen - {""}) for name, seen in zip(names, kinds, strict=True)}


_KINDS: Final[Mapping[type, str]] = {
    type(None): "",
    bool: "BOOLEAN",
    int: "number",
    float: "number",
    Decimal: "number",
    date: "DATE",
    datetime: "TIMESTAMP",
}


def _one(kinds: set[str]) -> str | None:
    if len(kinds) != 1:
        return "VARCHAR"
    (kind,) = kinds
    return "" if kind == "number" else kind


def _text(value: object) -> str | None:
    return _TEXTS.get(type(value), str)(value)


_TEXTS: Final[Mapping[type, Callable[[Any], str | None]]] = {
    type(None): lambda _: None,
    bool: lambda truth: "true" if truth else "false",
    float: decimal_text,
    Decimal: lambda number: format(number, "f"),
    datetime: lambda moment: moment.isoformat(" " if moment.tzinfo is None else "T"),
    bytes: bytes.hex,
}


# --- both ------------------------------------------------------------------------------------------------------------


def _statement(declared: DatabaseQuery, database: Connection | None = None) -> str:
    if declared.query is not None:
        return declared.query.strip().rstrip(";")
    parts = (declared.table or "").split(".")
    quote = identifier if database is None else database.dialect.identifier_preparer.quote_identifier
    return f"select * from {'.'.join(quote(part) for part in parts)}"


def _write(connection: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str | None], target: Path) -> None:
    """Write the relation `source`, each column as its type, in an order that follows from the rows alone."""
    kinds = {str(row[0]): str(row[1]) for row in connection.execute(f"describe {source}").fetchall()}
    shown = [
        f"{identifier(name)}::{kind or _kept(kinds[name])} as {identifier(name)}" for name, kind in columns.items()
    ]
    duck.write_parquet(connection, f"select {', '.join(shown)} from {source} order by all", target)


def _kept(kind: str) -> str:
    """The type a column of DuckDB type `kind` is kept as: its own if it says the same in every file, else text."""
    plain = re.fullmatch(
        r"(U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|BOOLEAN|VARCHAR|DATE|BLOB|DECIMAL.*|TIMESTAMP.*)", kind
    )
    return kind if plain is not None and not kind.endswith("[]") else "VARCHAR"


def _number_types(
    connection: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str | None]
) -> dict[str, str]:
    """The exact type of each column of number texts: as many places as its rows have; text where one is no number."""
    names = [name for name, kind in columns.items() if kind == ""]
    if not names:
        return {}
    asked = []
    for name in names:
        text = identifier(name)
        asked.append(f"bool_and(regexp_full_match({text}, '{_PLAIN}'))")
        asked += [f"max(length(ltrim(split_part({text}, '.', {part}), '-')))" for part in (1, 2)]
    row = connection.execute(f"select {', '.join(asked)} from {source}").fetchone() or ()
    found = {}
    for place, name in enumerate(names):
        are_numbers, whole, scale = row[3 * place : 3 * place + 3]
        digits = (whole or 1) + (scale or 0)
        kind = "BIGINT" if not scale and digits <= 18 else f"DECIMAL({18 if digits <= 18 else 38},{scale or 0})"
        found[name] = kind if are_numbers is not False and digits <= 38 else "VARCHAR"
    return found


def _refuse_twins(names: Sequence[str]) -> None:
    lowered = [name.lower() for name in names]
    twins = sorted({name for name in names if lowered.count(name.lower()) > 1})
    if twins:
        what = f"the query gives two columns of one name: {', '.join(twins)}"
        raise SourceError(Problem("SCHEMA_DUP_COLUMN", what, "", "give every column its own name, with `as`"))


def _no_connection(error: Exception | None, declared: DatabaseQuery) -> SourceError:
    what = f"the database cannot be reached by what {declared.variable} says: {postgres.reason(error)}"
    remedy = f"correct {declared.variable}, e.g. {postgres.EXAMPLE}"
    return SourceError(Problem("DATABASE_CONNECT", what, declared.url, remedy))


def _query_failed(error: BaseException, declared: DatabaseQuery, url: str) -> SourceError:
    what = f"the database refused what was asked: {postgres.without_secrets(str(error), url)}"
    remedy = "correct `query` or `table`; the user needs the right to read it"
    return SourceError(Problem("DATABASE_QUERY", what, declared.url, remedy))
