"""Parquet files -> tables of the version's own schemas, compared with the files. Belongs here: one version, all of it or nothing.

Not here: what readers see (showing). No row passes through Python: DuckDB hands batches to the driver, which writes them as a COPY.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import duckdb

from pipelines import duck, steps
from pipelines.errors import KundenwertError, Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing.postgresql import comparing, schemas
from pipelines.publishing.postgresql.database import Database
from pipelines.publishing.postgresql.version import ServedTable, ServedVersion
from pipelines.publishing.serving import Meaning
from pipelines.publishing.tables import Audience
from pipelines.quoting import identifier, literal

_BATCH_ROWS: Final = 20_000

_INDEX_BYTES: Final = 2_000
"""PostgreSQL refuses a row whose key is longer than 2,704 bytes."""

_TYPES: Final[Mapping[str, str]] = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "VARCHAR": "text",
}
"""DuckDB's type -> PostgreSQL's, beside decimals."""


def load(database: Database, home: Home, version: ServedVersion) -> int:
    """Load a version into schemas of its own; returns the number of rows. Nothing of it stays if anything fails.

    Raises VerifyError SERVING_DIFFERS where the tables do not hold what the files do; KundenwertError SERVING_TYPE and as `Database` does.
    """
    with database.transaction(), duck.memory(home.temporary) as files:
        with steps.step("serve: load", home.logs):
            rows = sum(_load_audience(database, files, version, audience) for audience in version.tables)
        with steps.step("serve: compare", home.logs):
            compare(database, files, version)
        for audience in version.tables:
            database.execute(schemas.say(schemas.of_version(version.number, audience), version.content))
    return rows


def compare(database: Database, files: duckdb.DuckDBPyConnection, version: ServedVersion) -> None:
    """Hold every loaded table against its file. Raises VerifyError SERVING_DIFFERS with everything found."""
    problems: list[Problem] = []
    for audience, tables in version.tables.items():
        for table in tables:
            relation = schemas.relation(schemas.of_version(version.number, audience), table.name)
            problems += comparing.differences(database, files, table, relation)
    if problems:
        raise VerifyError(*problems)


def comments(kind: str, relation: str, told: str, meaning: Meaning) -> Iterator[str]:
    """The statements that let a table or view say what it and its columns mean."""
    if told:
        yield f"comment on {kind} {relation} is {literal(told)}"
    yield from (
        f"comment on column {relation}.{identifier(column)} is {literal(text)}" for column, text in meaning.columns
    )


def _load_audience(
    database: Database, files: duckdb.DuckDBPyConnection, version: ServedVersion, audience: Audience
) -> int:
    schema = schemas.of_version(version.number, audience)
    schemas.clear(database, schema)
    for statement in schemas.make(schema):
        database.execute(statement)
    return sum(_load_table(database, files, table, schema) for table in version.tables[audience])


def _load_table(database: Database, files: duckdb.DuckDBPyConnection, table: ServedTable, schema: str) -> int:
    query, kinds = comparing.file_of(files, table)
    relation = schemas.relation(schema, table.name)
    columns = [f"{identifier(name)} {_type(table, name, kind)}" for name, kind in kinds.items()]
    database.execute(f"create table {relation} ({', '.join(columns)})")
    rows = database.take(schema, table.name, files.execute(query).to_arrow_reader(_BATCH_ROWS))
    database.together(
        [
            *_key(files, table, kinds, relation),
            *comments("table", relation, table.meaning.told, table.meaning),
            f"analyze {relation}",
        ]
    )
    return rows


def _type(table: ServedTable, column: str, kind: str) -> str:
    if decimal := re.fullmatch(r"DECIMAL\(([0-9]+),([0-9]+)\)", kind):
        return f"numeric({decimal[1]}, {decimal[2]})"
    if kind not in _TYPES:
        what = f"{column} has the type {kind}, for which PostgreSQL has no counterpart here; nothing was changed"
        remedy = "cast the column in the mart, then kundenwert run"
        raise KundenwertError(Problem("SERVING_TYPE", what, f"{table.name}.{column}", remedy))
    return _TYPES[kind]


def _key(
    files: duckdb.DuckDBPyConnection, table: ServedTable, kinds: Mapping[str, str], relation: str
) -> Iterator[str]:
    """A total key is the table's primary key, if an index can hold its longest value."""
    if not table.key:
        return
    lengths = " + ".join(["0", *(f"strlen({identifier(each)})" for each in table.key if kinds[each] == "VARCHAR")])
    query, _ = comparing.file_of(files, table)
    ((longest,),) = files.execute(f"select coalesce(max({lengths}), 0) from ({query}) as rows").fetchall()
    columns = ", ".join(map(identifier, table.key))
    if longest <= _INDEX_BYTES:
        yield f"alter table {relation} add primary key ({columns})"
    else:
        yield from (f"alter table {relation} alter column {identifier(each)} set not null" for each in table.key)
