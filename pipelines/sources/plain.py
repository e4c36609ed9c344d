"""The common case of delimited text: every line is one record with as many fields as the header.

Belongs here: proving that, and what else can be said of all fields at once, in a few vectorised looks at the bytes; then
DuckDB reads the delivered file itself and a record's position is its line. Not here: what is not so (csv_file.py).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from pipelines.settings.sources import CsvFormat
from pipelines.sources.prepared import PreparedFile
from pipelines.sources.text import (
    CR,
    LF,
    LONGEST_RECORD,
    Bytes,
    Positions,
    Seen,
    ascii_sign,
    header_names,
    is_ascii_based,
    is_sep_line,
    private,
    utf8_blocks,
)


def plain_file(source: Path, name: str, declared: CsvFormat, target: Path, size: int) -> PreparedFile | None:
    """Describe the delivered file `source` (called `name`) if every line of it is a record; None: it takes a closer look.

    Only text that is not UTF-8 yet is copied, to `target`. Reads blocks of `size` bytes. Raises SourceError FILE_FORMAT,
    ENCODING, FORMAT_SIGN, HEADER_MISMATCH.
    """
    if declared.header_row != 1 or declared.skip_footer_matching or declared.skip_rows_matching:
        return None
    look = _Look(name, declared)
    is_copied = not _is_utf8(source, declared, size)
    with ExitStack() as files:
        blocks = utf8_blocks(files.enter_context(source.open("rb")), name, declared, size)
        if is_copied:
            blocks = _written(blocks, files.enter_context(private(target)))
        if not all(look.is_plain(lines) for lines in _whole_lines(blocks)) or not look.header:
            return None
    return PreparedFile(
        name=name,
        kind="csv",
        path=target if is_copied else source,
        columns=look.header,
        types=("VARCHAR",) * len(look.header),
        records=look.lines - 1,
        delimiter=declared.delimiter,
        quote=declared.quote_sign or "",
        lines_above=1,
        line_end=look.line_end,
        facts=look.seen.facts,
    )


def _is_utf8(source: Path, declared: CsvFormat, size: int) -> bool:
    """Whether the bytes are UTF-8 without a mark as they stand (if they are text as declared)."""
    with source.open("rb") as delivered:
        if declared.codec == "utf-8":
            return not delivered.read(len(codecs.BOM_UTF8)).startswith(codecs.BOM_UTF8)
        return is_ascii_based(declared.codec) and all(
            block.isascii() for block in iter(lambda: delivered.read(size), b"")
        )


def _written(blocks: Iterable[bytes], copy: BinaryIO) -> Iterator[bytes]:
    for block in blocks:
        copy.write(block)
        yield block


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut after line ends; the last line gets one if it has none. A line too long comes without its
    end."""
    rest, end = b"", b"\n"
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            lines = rest + block[:cut]
            rest, end = b"", b"\r\n" if lines.endswith(b"\r\n") else b"\n"
            yield lines
        rest += block[cut:]
        if len(rest) > LONGEST_RECORD:
            break
    if rest:
        yield rest if len(rest) > LONGEST_RECORD else rest + end


class _Look:
    """What is known of a file so far."""

    def __init__(self, name: str, declared: CsvFormat) -> None:
        self.header: tuple[str, ...] = ()
        self.line_end: Literal["\n", "\r\n"] = "\n"
        self.lines = 0
        self._name = name
        self._declared = declared
        self._delimiter = ascii_sign(declared.delimiter, name)
        sign = declared.quote_sign
        self._quote = None if sign is None else ascii_sign(sign, name)
        self._header_line = b""
        self.seen = Seen(self._delimiter)

    def is_plain(self, text: bytes) -> bool:
        """Whether every one of these whole lines is a record; tells what is seen in them."""
        data = np.frombuffer(text, dtype=np.uint8)
        has_quotes = self._quote is not None and self._quote in text
        quotes = np.flatnonzero(data == self._quote) if has_quotes else np.empty(0, dtype=np.int64)
        if data[-1] != LF or not self._encloses_fields(data, quotes):
            return False
        is_first = not self.header
        if is_first and not self._read_header(text[: text.index(b"\n") + 1]):
            return False
        if self._repeats_header(text, is_first=is_first):
            return False
        # Where a field ends: at a delimiter, or at a line end.
        marks = np.flatnonzero((data == self._delimiter) | (data == LF))
        if has_quotes:
            is_inside = (np.searchsorted(quotes, marks) & 1).astype(bool)
            if (data[marks[is_inside]] == LF).any():
                return False
            marks = marks[~is_inside]
        ends = marks[len(self.header) - 1 :: len(self.header)]
        is_end = data[marks] == LF
        if len(marks) != len(ends) * len(self.header) or int(is_end.sum()) != len(ends) or (data[ends] != LF).any():
            return False
        self.lines += len(ends)
        self.seen.note(data, marks, quotes)
        return self._ends_alike(data, text, ends)

    def _read_header(self, text: bytes) -> bool:
        if self._quote is not None and text.count(self._quote) % 2:
            return False
        if is_sep_line(text.decode(), self._name, self._declared):
            return False
        self.line_end = "\r\n" if text.endswith(b"\r\n") else "\n"
        self.header = header_names(text.decode(), self._name, self._declared)
        self._header_line = text
        return True

    def _repeats_header(self, text: bytes, *, is_first: bool) -> bool:
        """Whether the header stands a second time; of one column alone it may be a value."""
        if len(self.header) < 2:
            return False
        return b"\n" + self._header_line in text or (not is_first and text.startswith(self._header_line))

    def _encloses_fields(self, data: Bytes, quotes: Positions) -> bool:
        """Every quote sign stands at an edge of a field or is doubled, and none is left open."""
        if len(quotes) == 0 or self._quote is None:
            return True
        if len(quotes) % 2:
            return False
        edges = (self._delimiter, self._quote, LF, CR)
        opening, closing = quotes[0::2], quotes[1::2]
        before = data[opening[opening > 0] - 1]
        after = data[closing + 1]
        return bool(np.isin(before, edges).all() and np.isin(after, edges).all())

    def _ends_alike(self, data: Bytes, text: bytes, ends: Positions) -> bool:
        """All lines end as the first one does, none is blank and none too long."""
        lengths = np.diff(ends, prepend=-1)
        if int(lengths.max()) > LONGEST_RECORD or int(lengths.min()) <= len(self.line_end):
            return False
        if self.line_end == "\n":
            return b"\r" not in text
        return int((data == CR).sum()) == len(ends) and bool((data[ends - 1] == CR).all())
