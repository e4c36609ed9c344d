"""The least there is to do: read every delivered file as text once. `python -m bench.scan DATA`. Belongs here: only that."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb


def scan(data: Path) -> int:
    """Read all fields of all files of the first delivery as text; the number of rows."""
    rows = 0
    with duckdb.connect(config={"threads": 2, "preserve_insertion_order": "false"}) as connection:
        for path in sorted((data / "first").rglob("*.csv")):
            query = f"select count(*), sum(strlen(columns(*))) from read_csv('{path}', all_varchar = true, header = true, delim = ',')"
            (count, *_) = connection.execute(query).fetchone() or (0,)
            rows += count
    return rows


if __name__ == "__main__":
    sys.stdout.write(f"{scan(Path(sys.argv[1]))} rows\n")
