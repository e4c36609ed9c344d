"""The beginning of a delivered file, as a file of its own: what a look at a delivery reads instead of all of it.

Belongs here: where the first rows of a file end. Not here: reading rows (csv_file, parquet_file), who looks (landing's dry run).
"""

from __future__ import annotations

import codecs
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from pipelines import duck
from pipelines.quoting import literal
from pipelines.settings.sources import CsvFormat, Format

_FIRST = 64 << 10
"""A header is in it, most often: who wants one row reads no more."""
_BLOCK = 4 << 20
_ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"PAR1", b"\xd0\xcf\x11\xe0")
"""What is no text, whatever is declared: it is handed on whole, its reader says what it is."""


def beginning(source: Path, declared: Format, rows: int, target: Path) -> bool:
    """Write the first `rows` rows of `source`, as it is written, to `target`; True if there are more.

    Line numbers stay what they are. A kind that cannot be cut is copied whole.
    """
    if isinstance(declared, CsvFormat):
        return _text(source, declared, rows, target)
    if declared.kind == "parquet" and _parquet(source, rows, target):
        return True
    shutil.copyfile(source, target)
    return False


def _parquet(source: Path, rows: int, target: Path) -> bool:
    """A file that is none is copied like a short one."""
    try:
        with duck.locked(target.parent, [source]) as connection:
            found = connection.execute(f"select sum(num_rows) from parquet_file_metadata({literal(source)})").fetchone()
            if found is None or found[0] is None or int(found[0]) <= rows:
                return False
            duck.write_parquet(connection, f"select * from read_parquet({literal(source)}) limit {rows}", target)
    except duckdb.Error:
        return False
    return True


def _text(source: Path, declared: CsvFormat, rows: int, target: Path) -> bool:
    wanted = rows + declared.header_row
    with source.open("rb") as delivered:
        first = delivered.read(_FIRST)
        if first.startswith(_ARCHIVES) or not first:
            target.write_bytes(first)
            with target.open("ab") as copy:
                shutil.copyfileobj(delivered, copy)
            return False
        decode = None if _is_byte_wise(declared) else codecs.getincrementaldecoder(declared.codec)("replace").decode
        return _cut(first, delivered.read, decode, declared, wanted, target)


def _is_byte_wise(declared: CsvFormat) -> bool:
    """Whether a line end and a quote sign are the same byte in the encoding as in ASCII."""
    signs = f"\n{_quote(declared) or ''}"
    return signs.encode(declared.codec, "replace") == signs.encode()


def _quote(declared: CsvFormat) -> str | None:
    return declared.quote if len(declared.quote) == 1 and declared.quote.isascii() else None


def _cut(
    block: bytes,
    read: Callable[[int], bytes],
    decode: Callable[[bytes], str] | None,
    declared: CsvFormat,
    wanted: int,
    target: Path,
) -> bool:
    """Copy blocks until `wanted` record ends are there; the last one is cut behind it. True if something was left out."""
    quote = _quote(declared)
    open_quotes = seen = 0
    with target.open("wb") as copy:
        if decode is not None:
            copy.write(codecs.BOM_UTF16_LE if declared.codec == "utf-16" else b"")
        while block:
            text = block if decode is None else decode(block).encode()
            data = np.frombuffer(text, dtype=np.uint8)
            ends = data == ord("\n")
            if quote is not None:
                # Only whether a number of quotes is odd counts: that survives a byte's running over.
                quotes = np.cumsum(data == ord(quote), dtype=np.uint8) + np.uint8(open_quotes)
                ends &= quotes & 1 == 0
                open_quotes = int(quotes[-1]) & 1 if len(quotes) else open_quotes
            places = np.flatnonzero(ends)
            is_last = seen + len(places) >= wanted
            used = int(places[wanted - seen - 1]) + 1 if is_last else len(text)
            copy.write(text[:used] if decode is None else _written(text[:used].decode(), declared.codec))
            seen += len(places)
            block = read(_BLOCK)
            if is_last:
                return used < len(text) or bool(block)
    return False


def _written(text: str, codec: str) -> bytes:
    """`text` in its encoding, without the mark that begins a file."""
    return text.encode("utf-16-le" if codec == "utf-16" else codec)
