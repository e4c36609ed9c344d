"""Marts as Parquet: one file per table, the same rows give the same bytes, whatever their order in the warehouse.

Belongs here: what makes a table exportable, and the export. Not here: versions and pointers (release).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb

from pipelines import contents, duck
from pipelines.contents import Relation, State
from pipelines.errors import KundenwertError, Problem
from pipelines.publishing.tables import AUDIENCES, PublishedTable
from pipelines.quoting import literal

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_INEXACT: Final = {"FLOAT", "DOUBLE", "HUGEINT", "UHUGEINT"}
"""Binary fractions depend on the order of adding; Parquet has no 128 bit integer, DuckDB would write a DOUBLE."""


def check(connection: duckdb.DuckDBPyConnection, tables: Sequence[PublishedTable]) -> None:
    """Raise KundenwertError with everything that keeps the tables from being exported; writes nothing."""
    problems = [*_declaration_problems(tables)]
    for table in tables if not problems else ():
        problems.extend(_table_problems(connection, table))
    if problems:
        raise KundenwertError(*problems)


def export(connection: duckdb.DuckDBPyConnection, table: PublishedTable, target: Path) -> int:
    """Write one checked table to `target` (0600), ordered by its total key. Returns the number of rows."""
    order = ", ".join(f"{column} nulls last" for column in table.order_by)
    return duck.write_parquet(connection, f"select * from {_relation(table)} order by {order}", target)


def content(states: Mapping[Relation, State], table: PublishedTable) -> str | None:
    """What the table's file follows from, as one word; None where the warehouse does not say what the relation holds."""
    if isinstance(table.relation, Path):
        return None
    state = states.get(Relation(*table.relation.rpartition(".")[::2]))
    if state is None or state.content is None or state.is_view:
        return None
    return contents.digest([state.content, table.order_by, duck.FORM, duckdb.__version__])


def _declaration_problems(tables: Sequence[PublishedTable]) -> Iterator[Problem]:
    repeated = [name for name, count in Counter(table.name for table in tables).items() if count > 1]
    for name in repeated:
        yield Problem("EXPORT_NAME", f"{name} is published more than once", name, "a table belongs to one audience")
    for table in tables:
        parts = table.relation.split(".") if isinstance(table.relation, str) else ["file"]
        names = [table.name, *parts, *table.order_by]
        if len(parts) > 2 or not all(_NAME.fullmatch(name) for name in names):
            what = f"{table.name} or its relation or key has a name that is not lower_snake"
            yield Problem(
                "EXPORT_NAME", what, str(table.relation), "rename the model or correct config.meta.unique_key"
            )
        if table.audience not in AUDIENCES:
            what = f"{table.name} is for {table.audience!r}; audiences are {', '.join(AUDIENCES)}"
            yield Problem("EXPORT_AUDIENCE", what, table.name, "correct config.meta.audience")
        if not table.order_by:
            what = f"{table.name} declares no unique key, so its order of rows is not fixed"
            yield Problem("EXPORT_KEY_MISSING", what, table.name, "declare config.meta.unique_key of the model")


def _table_problems(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> Iterator[Problem]:
    if isinstance(table.relation, Path) and not table.relation.is_file():
        yield Problem(
            "EXPORT_TABLE_MISSING", f"{table.name}: its file does not exist", table.relation.name, "run again"
        )
        return
    try:
        described = connection.execute(f"describe select * from {_relation(table)}").fetchall()
    except duckdb.CatalogException:
        what = f"{table.name}: the warehouse has no {table.relation}"
        yield Problem("EXPORT_TABLE_MISSING", what, str(table.relation), "is the model enabled, and did dbt build it?")
        return
    columns = {str(name): str(kind) for name, kind, *_ in described}
    inexact = [name for name, kind in columns.items() if kind in _INEXACT]
    if inexact:
        what = f"{table.name}: {', '.join(inexact)} would be published as binary floating point, which is not exact"
        yield Problem("EXPORT_TYPE", what, f"{table.name}.{inexact[0]}", "cast it to DECIMAL or BIGINT in the model")
    absent = [column for column in table.order_by if column not in columns]
    if absent:
        what = f"{table.name}: its unique key names {', '.join(absent)}, which it does not have"
        yield Problem(
            "EXPORT_KEY_MISSING", what, f"{table.name}.{absent[0]}", "correct config.meta.unique_key of the model"
        )
        return
    missing, repeated = _key_faults(connection, table)
    key = ", ".join(table.order_by)
    if missing:
        what = f"{table.name}: {missing} rows have no value in the key ({key})"
        yield Problem("EXPORT_KEY_NULL", what, table.name, "correct the model or its unique key; nothing was published")
    if repeated:
        what = f"{table.name}: {repeated} values of the key ({key}) occur more than once"
        yield Problem(
            "EXPORT_KEY_NOT_UNIQUE", what, table.name, "correct the model or its unique key; nothing was published"
        )


def _key_faults(connection: duckdb.DuckDBPyConnection, table: PublishedTable) -> tuple[int, int]:
    """(rows with a NULL in the key, key values occurring more than once)."""
    key = ", ".join(table.order_by)
    is_missing = " or ".join(f"{column} is null" for column in table.order_by)
    ((missing, repeated),) = connection.execute(
        f"""
        with keys as (
            select {key}, count(*) as occurrences from {_relation(table)} group by {key}
        )
        select
            coalesce(sum(occurrences) filter (where {is_missing}), 0),
            count(*) filter (where occurrences > 1 and not ({is_missing}))
        from keys
        """
    ).fetchall()
    return int(missing), int(repeated)


def _relation(table: PublishedTable) -> str:
    return f"read_parquet({literal(table.relation)})" if isinstance(table.relation, Path) else table.relation
