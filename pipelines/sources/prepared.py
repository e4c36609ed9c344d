"""A delivered file made readable for DuckDB, and the relation over one or several of them.

Belongs here: the shape every reader hands on. Not here: how a format is read (csv_file, parquet_file).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.quoting import identifier, literal
from pipelines.settings.sources import Unpivot

NAME = "_kw_name"
LINE = "_kw_line"
FILE = "_kw_file"
"""Columns every relation adds: the file's name as delivered, the first physical line of the record (1-based; for
Parquet the number of the row), and the file's position among the files; FILE and LINE identify a record."""


@dataclass(frozen=True, slots=True)
class TextFacts:
    """What may occur in the fields of a text file. What cannot occur in any field need not be looked for in each."""

    has_blank_edges: bool = True
    """A field may begin or end with a space, a tab or a no-break space."""
    has_control_signs: bool = True
    """A field may hold a control character other than tab and line end."""
    has_suspect_signs: bool = True
    """A field may hold what a wrong encoding leaves: C1 control characters, replacement characters, "MÃ¼ller"."""

    def __or__(self, other: TextFacts) -> TextFacts:
        """What may occur in either."""
        return TextFacts(
            self.has_blank_edges or other.has_blank_edges,
            self.has_control_signs or other.has_control_signs,
            self.has_suspect_signs or other.has_suspect_signs,
        )


ANYTHING = TextFacts()


SkipReason = Literal["above the header", "repeated header", "skip_rows_matching", "skip_footer_matching"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows of a file that are no data: how many, and the first lines they stand in."""

    reason: SkipReason
    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """One delivered file, checked.

    `columns` are the delivered names by position ("" where a CSV header has none), `types` their DuckDB types. `path`
    is what DuckDB reads. `lines_above` is set for a CSV file in which every line is one record: the delivered file or
    a UTF-8 copy of it, with so many lines above the first record. None: a UTF-8 copy without header whose first field
    is the line number. `ragged_path` holds records with a wrong number of fields as (line number, text), or is None;
    `ragged_reason` is the code of what is wrong with them. `records` counts both kinds, and nothing of what was `skipped`.
    `footer` are the declared footer rows, by field. `quote` is "" where nothing is quoted. Kind `copy` is a working copy in
    Parquet, whose column `line` is the record's line and whose others are `c0`, `c1`, ... by position. `unpivot` names columns that stand
    side by side and are records each, where the file itself says so and no mapping has to (rating sheets).
    """

    name: str
    kind: Literal["csv", "parquet", "copy"]
    path: Path
    columns: tuple[str, ...]
    types: tuple[str, ...]
    records: int
    delimiter: str = ","
    quote: str = '"'
    ragged: int = 0
    ragged_path: Path | None = None
    lines_above: int | None = None
    line_end: Literal["\n", "\r\n"] = "\n"
    facts: TextFacts = ANYTHING
    ragged_reason: str = "FIELD_COUNT"
    skipped: tuple[Skipped, ...] = ()
    footer: tuple[tuple[str, ...], ...] = ()
    unpivot: Unpivot | None = None

    @property
    def rows_skipped(self) -> int:
        """Rows that are no data: above the header, repeated headers, and what the format declares."""
        return sum(each.rows for each in self.skipped)


def relation_sql(files: Sequence[PreparedFile]) -> str:
    """A SELECT over all records of `files`: the delivered columns by name, then NAME, LINE and FILE."""
    return "\nunion all by name\n".join(_file_sql(position, file) for position, file in enumerate(files))


def ragged_sql(files: Sequence[PreparedFile]) -> str | None:
    """A SELECT over the records that are none as (NAME, LINE, raw_text, reason), or None if there are none."""
    parts = [
        f"select {literal(file.name)} as {NAME}, line as {LINE}, text as raw_text, {literal(file.ragged_reason)} as reason from "
        + _read_csv(file.ragged_path, ",", '"', {"line": "BIGINT", "text": "VARCHAR"})
        for file in files
        if file.ragged_path is not None
    ]
    return "\nunion all\n".join(parts) or None


def in_order_sql(files: Sequence[PreparedFile]) -> str | None:
    """A SELECT over the delivered columns of all records of `files` in their order, without NAME, LINE and FILE; None
    unless every line of every file is a record. `places_sql` has the three for a record's position.

    Numbering records while they are read takes the reading to one thread; the position in a table they are put into
    costs nothing.
    """
    if any(file.lines_above is None for file in files):
        return None
    return "\nunion all by name\n".join(f"select {', '.join(_columns(file))}\nfrom {_source(file)}" for file in files)


def places_sql(files: Sequence[PreparedFile], position: str) -> dict[str, str]:
    """NAME, LINE and FILE as expressions of `position`, the number of a record (from 0) in the order of
    `in_order_sql`."""
    cases: dict[str, list[str]] = {NAME: [], LINE: [], FILE: []}
    first = 0
    for number, file in enumerate(files):
        found = {
            NAME: literal(file.name),
            LINE: f"{position} + {(file.lines_above or 0) + 1 - first}",
            FILE: f"{number}::integer",
        }
        first += file.records
        for name, value in found.items():
            cases[name].append(f"when {position} < {first} then {value}" if number < len(files) - 1 else value)
    return {name: f"case {' '.join(c[:-1])} else {c[-1]} end" if len(c) > 1 else c[0] for name, c in cases.items()}


def _columns(file: PreparedFile) -> list[str]:
    if file.kind == "parquet":
        return [identifier(name) for name in file.columns]
    return [f"c{place} as {identifier(name)}" for place, name in enumerate(file.columns) if name]


def _source(file: PreparedFile) -> str:
    if file.kind == "copy":
        return f"read_parquet({literal(file.path)}, hive_partitioning=false)"
    if file.kind == "parquet":
        return f"read_parquet({literal(file.path)}, file_row_number=true, hive_partitioning=false)"
    shape = {f"c{place}": "VARCHAR" for place in range(len(file.columns))}
    if file.lines_above is None:
        shape = {"line": "BIGINT", **shape}
    return _read_csv(file.path, file.delimiter, file.quote, shape, file.line_end, file.lines_above or 0)


def _file_sql(position: int, file: PreparedFile) -> str:
    if file.kind == "parquet":
        line = "file_row_number + 1"
    else:
        line = "line" if file.lines_above is None else f"row_number() over () + {file.lines_above}"
    added = [f"{literal(file.name)} as {NAME}", f"{line} as {LINE}", f"{position}::integer as {FILE}"]
    return f"select {', '.join([*_columns(file), *added])}\nfrom {_source(file)}"


def _read_csv(
    path: Path, delimiter: str, quote: str, columns: dict[str, str], line_end: str = "\n", lines_above: int = 0
) -> str:
    shape = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    end = {"\n": "\\n", "\r\n": "\\r\\n"}[line_end]
    return (
        f"read_csv({literal(path)}, auto_detect=false, header=false, skip={lines_above}, delim={literal(delimiter)}, "
        f"quote={literal(quote)}, "
        f"escape={literal(quote)}, new_line={literal(end)}, nullstr='', columns={{{shape}}})"
    )
