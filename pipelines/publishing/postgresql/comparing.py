"""Does a loaded table hold what its file does? Belongs here: counts and sums, computed by each side from its own rows, compared exactly.

Not here: what follows from a difference (loading).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import duckdb

from pipelines.errors import Problem
from pipelines.publishing import reading
from pipelines.publishing.postgresql.database import WHERE, Database
from pipelines.publishing.postgresql.version import ServedTable
from pipelines.quoting import identifier

_SUMS: Final[Mapping[str, str]] = {
    "BIGINT": "sum({column})",
    "BOOLEAN": "count(*) filter (where {column})",
    "DATE": "sum({column} - date '2000-01-01')",
    "INTEGER": "sum({column})",
    "SMALLINT": "sum({column})",
    "VARCHAR": "sum(length({column}))",
}
"""DuckDB's type -> what is added up of such a column beside decimals, in words of both dialects. Of times only the known are counted."""


def differences(
    database: Database, files: duckdb.DuckDBPyConnection, table: ServedTable, relation: str
) -> Iterator[Problem]:
    """What a loaded table and its file do not agree on."""
    query, kinds = file_of(files, table)
    asked = _asked(kinds)
    chosen = ", ".join(asked.values())
    (loaded,) = database.rows(f"select {chosen} from {relation}")
    (published,) = files.execute(f"select {chosen} from ({query}) as rows").fetchall()
    for fact, there, here in zip(asked, map(_exact, loaded), map(_exact, published), strict=True):
        if there != here:
            what = f"{relation}: {fact} is {there} in the database, {here} in the file; readers see what they saw"
            remedy = "find out what changes rows there (a trigger, a rule), then run again"
            yield Problem("SERVING_DIFFERS", what, WHERE, remedy)


def file_of(files: duckdb.DuckDBPyConnection, table: ServedTable) -> tuple[str, dict[str, str]]:
    """The query of a table's file, and its columns with DuckDB's types."""
    query = reading.published_rows(files, table.file)
    described = files.execute(f"describe {query}").fetchall()
    return query, {str(name): str(kind) for name, kind, *_ in described}


def _asked(kinds: Mapping[str, str]) -> dict[str, str]:
    """Fact, as it is told -> its expression: rows; of each column how many are known, and their sum."""
    asked = {"number of rows": "count(*)"}
    for name, kind in kinds.items():
        column = identifier(name)
        asked[f"known values of {name}"] = f"count({column})"
        added = "sum({column})" if kind.startswith("DECIMAL") else _SUMS.get(kind)
        if added is not None:
            asked[f"sum of {name}"] = added.format(column=column)
    return asked


def _exact(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))
