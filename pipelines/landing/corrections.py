"""Rows of a delivered file corrected in a sheet: kept beside the original, put in its place whenever the file is read.

Belongs here: what is kept, and the relation over a file with its corrections. Not here: sheets (sheets.py), landing (land.py). The
original stays as it was delivered; a file delivered anew has other bytes, and no corrections.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import durable
from pipelines.home import Home
from pipelines.quoting import identifier, literal
from pipelines.sources import FILE, LINE, NAME, PreparedFile, ragged_sql, relation_sql

PLACE, ACTION, BY, WHY = "_kw_place", "_kw_action", "_kw_by", "_kw_why"
"""Columns of a corrections file before those of the delivered file: line number, `correct` or `drop`, who, why."""


def kept_in(home: Home, sha256: str) -> Path:
    """Where the corrections of a delivered file are, if there are any."""
    return home.corrections / f"{sha256}.parquet"


def found(home: Home, files: Mapping[str, str]) -> dict[str, Path]:
    """File name -> its corrections, of the files (name -> SHA-256) that have any."""
    return {name: path for name, sha256 in files.items() if (path := kept_in(home, sha256)).is_file()}


def digests(paths: Mapping[str, Path]) -> tuple[str, ...]:
    """What the corrections are, as words: other corrections make other batches."""
    return tuple(sorted({hashlib.sha256(path.read_bytes()).hexdigest() for path in paths.values()}))


def keep(home: Home, sha256: str, columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """Add rows (PLACE, ACTION, BY, WHY and the delivered `columns` as text) to the corrections of a file; a later one of a line replaces
    the earlier."""
    path = kept_in(home, sha256)
    before = pq.read_table(path).to_pylist() if path.is_file() else []
    by_line = {row[PLACE]: row for row in (*before, *rows)}
    schema = pa.schema(
        [
            (PLACE, pa.int64()),
            (ACTION, pa.string()),
            (BY, pa.string()),
            (WHY, pa.string()),
            *((name, pa.string()) for name in columns),
        ]
    )
    ordered = [by_line[line] for line in sorted(by_line)]
    durable.write_table(path, pa.Table.from_pylist(ordered, schema=schema))


def corrected_relation_sql(files: Sequence[PreparedFile], corrections: Mapping[str, Path]) -> str:
    """As `relation_sql`, with the corrected rows in the place of the delivered ones and without those that are dropped."""
    own = [(position, file, corrections[file.name]) for position, file in enumerate(files) if file.name in corrections]
    if not own:
        return relation_sql(files)
    fixes, places = [], []
    for position, file, path in own:
        read = f"read_parquet({literal(path)})"
        shown = [
            f"{identifier(name)}::{kind} as {identifier(name)}"
            for name, kind in zip(file.columns, file.types, strict=True)
            if name
        ]
        added = [f"{literal(file.name)} as {NAME}", f"{PLACE} as {LINE}", f"{position}::integer as {FILE}"]
        fixes.append(f"select {', '.join([*shown, *added])} from {read} where {ACTION} = 'correct'")
        places.append(f"select {position}::integer as {FILE}, {PLACE} as {LINE} from {read}")
    taken = " union all ".join(places)
    return (
        f"select delivered.* from ({relation_sql(files)}) delivered anti join ({taken}) corrected "
        f"on delivered.{FILE} = corrected.{FILE} and delivered.{LINE} = corrected.{LINE}\nunion all by name\n"
        + "\nunion all by name\n".join(fixes)
    )


def dropped_sql(files: Sequence[PreparedFile], corrections: Mapping[str, Path]) -> str | None:
    """A SELECT over the lines of `files` that somebody decided to drop, or None if there are no corrections."""
    own = [corrections[file.name] for file in files if file.name in corrections]
    return (
        " union all ".join(f"select {PLACE} from read_parquet({literal(path)}) where {ACTION} = 'drop'" for path in own)
        or None
    )


def corrected_ragged_sql(files: Sequence[PreparedFile], corrections: Mapping[str, Path]) -> str | None:
    """As `ragged_sql`, without the records that are corrected."""
    ragged = ragged_sql(files)
    own = [(file.name, corrections[file.name]) for file in files if file.name in corrections]
    if ragged is None or not own:
        return ragged
    taken = " union all ".join(
        f"select {literal(name)} as {NAME}, {PLACE} as {LINE} from read_parquet({literal(path)})" for name, path in own
    )
    return f"select ragged.* from ({ragged}) ragged anti join ({taken}) corrected using ({NAME}, {LINE})"
