"""Two builds' marts, row for row. Belongs here: exporting and comparing; not here: who built them (lanes).

Every column is compared exactly, decimals to their last digit: no mart has a DOUBLE, of which two engines would differ in the last digits.

`python -m tools.compare_marts WAREHOUSE FOLDER RELATION...` exports: a newer DuckDB's file is read by that DuckDB only.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from pipelines import duck
from pipelines.quoting import literal

EQUAL: Final = "equal"


def export(warehouse: Path, relations: Sequence[str], folder: Path) -> None:
    """Write every relation of the warehouse that is there to `folder/<table>.parquet`."""
    folder.mkdir(parents=True, exist_ok=True)
    with duck.reading(warehouse) as connection:
        rows = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
        for relation in sorted({str(row[0]) for row in rows} & set(relations)):
            table = relation.partition(".")[2]
            duck.write_parquet(connection, f"select * from {relation}", folder / f"{table}.parquet")


def compare(released: Path, lane: Path) -> str:
    """EQUAL, or how two Parquet files differ first: by absence, by columns, by a row. The order of rows is nothing."""
    if not lane.is_file():
        return "not built"
    with duck.memory() as connection:
        ours, theirs = (f"read_parquet({literal(path)})" for path in (released, lane))
        columns = [_columns(connection, each) for each in (ours, theirs)]
        if columns[0] != columns[1]:
            ours_only, theirs_only = sorted(columns[0] - columns[1]), sorted(columns[1] - columns[0])
            return f"columns: {ours_only} became {theirs_only}"
        # Not `except all` on its own: it takes minus zero and zero for one value, their texts are two.
        for source, other, whose in ((ours, theirs, "released"), (theirs, ours, "lane")):
            left = f"select columns(*)::varchar from {source}"
            right = f"select columns(*)::varchar from {other}"
            cursor = connection.execute(f"{left} except all {right} order by all limit 1")
            row = cursor.fetchone()
            if row is not None:
                names = [each[0] for each in cursor.description or ()]
                shown = ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True))
                return f"only {whose}: {shown}"
    return EQUAL


def told(files: Sequence[Path]) -> str:
    """How many columns of which types the Parquet files hold, and how they are compared."""
    with duck.memory() as connection:
        kinds = Counter(kind for file in files for _, kind in _columns(connection, f"read_parquet({literal(file)})"))
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{kinds.total()} columns of {len(files)} marts, each compared exactly: {listed}"


def _columns(connection: duckdb.DuckDBPyConnection, source: str) -> set[tuple[str, str]]:
    rows = connection.execute(f"describe select * from {source}").fetchall()
    return {(str(row[0]), str(row[1])) for row in rows}


if __name__ == "__main__":
    export(Path(sys.argv[1]), sys.argv[3:], Path(sys.argv[2]))
