"""Makes the deliveries of a size: `python -m bench.generate SIZE FOLDER [SEED]`.

Belongs here: running deliveries.sql and writing its tables; not here: what the rows are (deliveries.sql).
Writes FOLDER/first/{erp,crm}/<table>_2026-01-02.csv and, one day later, FOLDER/day/{erp,crm}/<table>_2026-01-03.csv.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from bench.sizes import ALL, Size

SEED: Final = 20261128
FIRST, DAY = "2026-01-02", "2026-01-03"
"""When the two deliveries are made; everything in them happened before."""

STATEMENTS: Final = Path(__file__).with_name("deliveries.sql")
CRM: Final = frozenset({"accounts", "activities", "potential_estimates", "ratings", "sales_reps"})
_PART: Final = re.compile(r"^-- (table|day|helper): (\w+)$", re.MULTILINE)


def delivered(folder: Path, table: str, day: str = FIRST) -> Path:
    """Where the delivery of a table lies below the folder of a size."""
    return folder / ("first" if day == FIRST else "day") / ("crm" if table in CRM else "erp") / f"{table}_{day}.csv"


def generate(size: Size, folder: Path, seed: int = SEED) -> None:
    """Write both deliveries of a size below `folder`, which is replaced. The same seed gives the same bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        settings: dict[str, Any] = {
            "memory_limit": "6GB",
            "temp_directory": f"{scratch}/spill",
            "preserve_insertion_order": "true",
        }
        with duckdb.connect(f"{scratch}/rows.duckdb", config=settings) as connection:
            connection.execute("set enable_progress_bar = false")
            for name, value in (("seed", seed), ("line_count", size.lines), ("customer_count", size.customers)):
                connection.execute(f"set variable {name} = {value}")
            for kind, name, sql in _parts(STATEMENTS.read_text(encoding="utf-8")):
                if kind == "helper":
                    connection.execute(sql)
                else:
                    _write(connection, sql, kind, name, folder)


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """(kind, name, statements) of each part of the file."""
    marks = list(_PART.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        yield mark[1], mark[2], text[mark.end() : following.start() if following else len(text)].strip()


def _write(connection: duckdb.DuckDBPyConnection, sql: str, kind: str, name: str, folder: Path) -> None:
    path = delivered(folder, name, FIRST if kind == "table" else DAY)
    path.parent.mkdir(parents=True, exist_ok=True)
    query = sql.rstrip(";")
    if name == "exchange_rates":  # the ledger is booked with them
        connection.execute(f"create table exchange_rates as {query}")
        query = "from exchange_rates"
    # Lines of comment are part of a query, so the closing bracket stands on a line of its own.
    connection.execute(f"copy (\n{query}\n) to '{path}' (format csv, header, timestampformat '%Y-%m-%dT%H:%M:%S')")


def ensure(size: Size, folder: Path, seed: int = SEED) -> Path:
    """The folder of a size, made if it is not there, or made by other statements or another seed."""
    mark = folder / "made_from.txt"
    made_from = f"{seed}\n{size}\n{STATEMENTS.read_text(encoding='utf-8')}"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != made_from:
        generate(size, folder, seed)
        mark.write_text(made_from, encoding="utf-8")
    return folder


if __name__ == "__main__":
    generate(ALL[sys.argv[1]], Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else SEED)
