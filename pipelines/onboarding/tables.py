"""A look at the tables of a database: which of them may matter, what their columns hold, which foreign keys join them.

Belongs here: database -> sources, as `look` makes them of files. Not here: how a database is read (pipelines.sources.database), what a
column is for us (propose).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb

from pipelines.errors import Problem, SourceError
from pipelines.onboarding import names
from pipelines.onboarding.look import Look, Source, counted, looked
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import DatabaseQuery
from pipelines.sources.database import Table, tables, write_rows

ROWS_LOOKED_AT: Final = 200_000
"""Of a table, whichever come first."""


def with_tables(seen: Look, variables: Sequence[str], connection: duckdb.DuckDBPyConnection, work: Path) -> Look:
    """What was seen of files, and of the databases whose connection strings are in environment variables.

    Only tables that are called like one that matters, or have a column that is, are read, and only their first rows. Raises SourceError
    where a database cannot be reached, NOTHING_FOUND where it holds nothing that could matter.
    """
    sources: list[Source] = list(seen.sources)
    unread = list(seen.unread)
    for variable in variables:
        url = f"${{{variable}}}"
        there = [table for table in tables(DatabaseQuery(url=url, table="any")) if _may_matter(table)]
        called: dict[str, str] = {}
        own: list[Source] = []
        for number, table in enumerate(there):
            name = _name(table.name, {source.name for source in (*sources, *own)})
            try:
                source = _source(name, table, variable, connection, work / f"{variable}-{number}")
            except SourceError as error:
                unread.append((Path(table.name), error.problems[0]))
                continue
            if source.rows:
                own.append(source)
                called[table.name] = name
        keys = {table.name: table.keys for table in there}
        sources += [
            replace(
                source,
                keys={
                    column: (called[other], key)
                    for column, (other, key) in keys[source.path].items()
                    if other in called
                },
            )
            for source in own
        ]
    if not sources:
        what = "no table with rows has a column that is called like one of an ERP or a CRM"
        where = ", ".join(f"${{{variable}}}" for variable in variables)
        raise SourceError(
            Problem("NOTHING_FOUND", what, where, "write the queries yourself: files.<name>.database.query")
        )
    return Look(seen.root, tuple(sources), tuple(unread))


def _may_matter(table: Table) -> bool:
    """Whether it is called like a table that matters, or has a column that is called like one without which none can be."""
    stem = names.plain(table.name.rpartition(".")[2])
    columns = {names.plain(column) for column in table.columns} - names.EVERYWHERE
    for ours in names.tables():
        if stem in names.of_files(ours):
            return True
        known = {name for core in names.core(ours) for name in (*names.of_column(ours, core), names.plain(core))}
        long = tuple(name for name in known - names.EVERYWHERE if len(name) > 4)
        if columns & known or any(column.startswith(long) or column.endswith(long) for column in columns):
            return True
    return False


def _name(table: str, taken: set[str]) -> str:
    """A name for the source, from the table's without its schema."""
    plain = "_".join(filter(None, (names.plain(part) for part in table.rpartition(".")[2].split("_")))) or "table"
    plain = (plain if plain[0].isalpha() else f"t_{plain}")[:50]
    return next(
        name for number in range(1, 10_000) if (name := f"{plain}_{number}" if number > 1 else plain) not in taken
    )


def _source(name: str, table: Table, variable: str, connection: duckdb.DuckDBPyConnection, work: Path) -> Source:
    work.mkdir(parents=True)
    target = work / "rows.parquet"
    write_rows(DatabaseQuery(url=f"${{{variable}}}", table=table.name), table.name, target, ROWS_LOOKED_AT)
    here = f"source {name}"
    connection.execute(f"create table {identifier(here)} as select * from read_parquet({literal(str(target))})")
    described = [(str(row[0]), str(row[1])) for row in connection.execute(f"describe {identifier(here)}").fetchall()]
    row = connection.execute(f"select count(*) from {identifier(here)}").fetchone()
    rows = 0 if row is None else int(row[0])
    form = {"kind": "parquet"}
    return Source(
        name=name,
        path=table.name,
        files=(),
        format=form,
        columns=tuple(looked(column, counted(connection, here, column, kind), form) for column, kind in described),
        rows=rows,
        is_all=rows < ROWS_LOOKED_AT,
        language=names.languages_of(iter(table.columns)),
        table=here,
        database=variable,
    )
