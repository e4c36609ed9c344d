"""A delivered file made readable for DuckDB, and the relation over one or several of them.

Belongs here: the shape every reader hands on. Not here: how a format is read (csv_file, parquet_file).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.quoting import identifier, literal

NAME = "_kw_name"
LINE = "_kw_line"
FILE = "_kw_file"
"""Columns every relation adds: the file's name as delivered, the first physical line of the record (1-based; for
Parquet the number of the row), and the file's position among the files; FILE and LINE identify a record."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """One delivered file, checked.

    `columns` are the delivered names by position ("" where a CSV header has none), `types` their DuckDB types. `path`
    is what DuckDB reads: for CSV a UTF-8 copy without header whose first field is the line number. `ragged_path` holds
    records with a wrong number of fields as (line number, text), or is None. `records` counts both kinds.
    """

    name: str
    kind: Literal["csv", "parquet"]
    path: Path
    columns: tuple[str, ...]
    types: tuple[str, ...]
    records: int
    delimiter: str = ","
    quote: str = '"'
    ragged: int = 0
    ragged_path: Path | None = None


def relation_sql(files: Sequence[PreparedFile]) -> str:
    """A SELECT over all records of `files`: the delivered columns by name, then NAME, LINE and FILE."""
    return "\nunion all by name\n".join(_file_sql(position, file) for position, file in enumerate(files))


def ragged_sql(files: Sequence[PreparedFile]) -> str | None:
    """A SELECT over the records with a wrong number of fields as (NAME, LINE, raw_text), or None if there are none."""
    parts = [
        f"select {literal(file.name)} as {NAME}, line as {LINE}, text as raw_text from "
        + _read_csv(file.ragged_path, ",", '"', {"line": "BIGINT", "text": "VARCHAR"})
        for file in files
        if file.ragged_path is not None
    ]
    return "\nunion all\n".join(parts) or None


def _file_sql(position: int, file: PreparedFile) -> str:
    if file.kind == "parquet":
        columns = [identifier(name) for name in file.columns]
        source = f"read_parquet({literal(file.path)}, file_row_number=true, hive_partitioning=false)"
        line = "file_row_number + 1"
    else:
        columns = [f"c{place} as {identifier(name)}" for place, name in enumerate(file.columns) if name]
        shape = {"line": "BIGINT", **{f"c{place}": "VARCHAR" for place in range(len(file.columns))}}
        source = _read_csv(file.path, file.delimiter, file.quote, shape)
        line = "line"
    added = [f"{literal(file.name)} as {NAME}", f"{line} as {LINE}", f"{position}::integer as {FILE}"]
    return f"select {', '.join([*columns, *added])}\nfrom {source}"


def _read_csv(path: Path, delimiter: str, quote: str, columns: dict[str, str]) -> str:
    shape = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"read_csv({literal(path)}, auto_detect=false, header=false, delim={literal(delimiter)}, "
        f"quote={literal(quote)}, "
        f"escape={literal(quote)}, new_line='\\n', nullstr='', columns={{{shape}}})"
    )
