"""Delimited text -> records DuckDB can read, each with its line number.

Belongs here: quotes, line ends, the header row and the footer as declared; nothing is sniffed and nothing is repaired.
Not here: what a column means, any type. Most files hold one record per line and are read as they are (plain.py); of any
other a UTF-8 working copy is written in which every record carries its number.

Line numbers come from one vectorised pass over blocks of bytes (bounded memory, no loop over rows): DuckDB itself
numbers no records, and skips blank lines silently.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
import numpy.typing as npt

from pipelines import duck
from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import CsvFormat
from pipelines.sources.plain import plain_file
from pipelines.sources.prepared import PreparedFile
from pipelines.sources.text import (
    CR,
    LF,
    LONGEST_RECORD,
    Bytes,
    Positions,
    Seen,
    ascii_sign,
    fields,
    header_names,
    private,
    utf8_blocks,
)

Flags = npt.NDArray[np.bool_]

BLOCK = 4 << 20
FOOTER_RECORDS = 16
"""So many records at the end of a file may be a declared footer."""

_DIGITS = 12


def prepare_csv(source: Path, name: str, declared: CsvFormat, target: Path) -> PreparedFile:
    """Describe the delivered file `source` (called `name`); where DuckDB cannot read it as it is, write the working copy
    `target`.

    Raises SourceError with FILE_EMPTY, FILE_FORMAT, ENCODING, HEADER_MISMATCH, SCHEMA_DUP_COLUMN, QUOTE_UNBALANCED or
    SIZE_LIMIT; the message names file and line.
    """
    if source.stat().st_size == 0:
        raise SourceError(
            Problem("FILE_EMPTY", "the file holds 0 bytes; nothing of it was loaded", name, "deliver the file again")
        )
    plain = plain_file(source, name, declared, target, BLOCK)
    if plain is not None:
        return plain
    ragged_path = target.with_suffix(".ragged")
    with (
        source.open("rb") as delivered,
        private(target) as copy,
        ragged_path.open("w", encoding="utf-8", newline="") as ragged,
    ):
        pass_ = _Pass(name, declared, copy, ragged)
        for block in utf8_blocks(delivered, name, declared, BLOCK):
            pass_.feed(block)
        header = pass_.finish()
    return PreparedFile(
        name=name,
        kind="csv",
        path=target,
        columns=header,
        types=("VARCHAR",) * len(header),
        records=pass_.records + pass_.ragged_records,
        delimiter=declared.delimiter,
        quote=declared.quote,
        ragged=pass_.ragged_records,
        facts=pass_.seen.facts,
        ragged_path=ragged_path if pass_.ragged_records else None,
    )


@dataclass(slots=True)
class _Block:
    """Positions in a run of bytes that begins with a record."""

    data: Bytes
    inside: Flags | None
    """Per byte: inside quotes (None: the block holds no quote)."""
    line_ends: Positions
    record_ends: Positions


class _Pass:
    """State of the pass over one file: what is left of the last block, and where it stands."""

    def __init__(self, name: str, declared: CsvFormat, copy: BinaryIO, ragged: TextIO) -> None:
        self.header: tuple[str, ...] | None = None
        self.records = 0
        self.ragged_records = 0
        self._name = name
        self._declared = declared
        self._copy = copy
        self._ragged = csv.writer(ragged, lineterminator="\n", quoting=csv.QUOTE_ALL)
        self._left = b""
        self._line = 1
        self._delimiter, self._quote = (ascii_sign(sign, name) for sign in (declared.delimiter, declared.quote))
        self.seen = Seen(self._delimiter)
        self._keep = FOOTER_RECORDS if declared.skip_footer_matching is not None else 0

    def feed(self, block: bytes) -> None:
        """Write all complete records of what was fed so far (a possible footer waits)."""
        self._left += block
        self._advance(final=False)

    def finish(self) -> tuple[str, ...]:
        """Write the rest; the header. Raises SourceError if a quote is open or the header row was never reached."""
        if self._left and not self._left.endswith((b"\n", b"\r")):
            self._left += b"\n"
        self._advance(final=True)
        if self.header is None:
            what = f"the file ends before its header row {self._declared.header_row}"
            raise SourceError(
                Problem("HEADER_MISMATCH", what, self._name, "correct `header_row`, or deliver the file again")
            )
        return self.header

    def _advance(self, *, final: bool) -> None:
        if self.header is None and not self._read_header(final=final):
            return
        fields_expected = len(self.header or ())
        data = np.frombuffer(self._left, dtype=np.uint8)
        if not final and len(data) and data[-1] == CR:
            data = data[:-1]
        block = self._positions(data)
        ends = block.record_ends
        if final:
            self._check_quotes(block, len(data), final=True)
            ends = ends[: len(ends) - self._footer_length(block)]
        else:
            ends = ends[: max(0, len(ends) - self._keep)]
            if len(self._left) - (int(ends[-1]) + 1 if len(ends) else 0) > LONGEST_RECORD * (self._keep + 1) + BLOCK:
                self._check_quotes(block, len(data), final=True)
                self._too_long(self._line)
        if len(ends) == 0:
            return
        used = int(ends[-1]) + 1
        self._check_quotes(block, used, final=False)
        self._write(block, ends, used, fields_expected)
        self._line += int(np.searchsorted(block.line_ends, used))
        self._left = self._left[used:]

    def _positions(self, data: Bytes) -> _Block:
        line_end = data == LF
        carriage = data == CR
        if carriage.any():
            line_end = line_end | (carriage & ~np.append(data[1:] == LF, False))
        is_quote = data == self._quote
        inside = None
        record_end = line_end
        if is_quote.any():
            inside = (np.cumsum(is_quote, dtype=np.int64) & 1).astype(bool)
            record_end = line_end & ~inside
        return _Block(data, inside, np.flatnonzero(line_end), np.flatnonzero(record_end))

    def _check_quotes(self, block: _Block, used: int, *, final: bool) -> None:
        """Every opening quote follows a delimiter or line end, every closing one precedes such; else nothing is
        certain."""
        if block.inside is None:
            return
        data, inside = block.data[:used], block.inside[:used]
        quotes = np.flatnonzero(data == self._quote)
        opening = quotes[inside[quotes]]
        closing = quotes[~inside[quotes]]
        limits = np.array([self._delimiter, self._quote, LF, CR], dtype=np.uint8)
        stray = opening[(opening > 0) & ~np.isin(data[np.maximum(opening - 1, 0)], limits)]
        unclosed = closing[(closing < used - 1) & ~np.isin(data[np.minimum(closing + 1, used - 1)], limits)]
        starts = [int(stray[0])] if len(stray) else []
        if len(unclosed):
            starts.append(int(opening[np.searchsorted(opening, unclosed[0]) - 1]))
        if not starts and final and used and inside[-1]:
            starts.append(int(opening[-1]))
        if starts:
            line = self._line + int(np.searchsorted(block.line_ends, min(starts)))
            raise SourceError(
                Problem(
                    "QUOTE_UNBALANCED",
                    f"a quote sign {self._declared.quote} does not enclose a whole field; from here on the fields "
                    f"are uncertain, "
                    "so nothing of the file was loaded",
                    f"{self._name}:{line}",
                    "export the file with every quote sign inside a field doubled, or declare the `quote` sign it "
                    "really uses",
                )
            )

    def _too_long(self, line: int) -> None:
        what = f"a record is longer than {LONGEST_RECORD} bytes"
        raise SourceError(Problem("SIZE_LIMIT", what, f"{self._name}:{line}", "deliver the file as declared"))

    def _read_header(self, *, final: bool) -> bool:
        """Take the rows up to the header row off; False if they are not complete yet."""
        while self._line < self._declared.header_row:
            cut = _first_line_end(self._left)
            if cut is None:
                return False
            self._left = self._left[cut:]
            self._line += 1
        block = self._positions(np.frombuffer(self._left, dtype=np.uint8))
        if len(block.record_ends) == 0 or (not final and self._left.endswith(b"\r") and len(block.record_ends) == 1):
            if final and self._left:
                self._check_quotes(block, len(self._left), final=True)
            if len(self._left) > LONGEST_RECORD:
                self._too_long(self._line)
            return False
        used = int(block.record_ends[0]) + 1
        self._check_quotes(block, used, final=False)
        self.header = header_names(self._left[:used].decode(), self._name, self._declared)
        self._line += int(np.searchsorted(block.line_ends, used))
        self._left = self._left[used:]
        return True

    def _footer_length(self, block: _Block) -> int:
        """How many records at the end are blank or the declared footer (0 without a footer)."""
        pattern = self._declared.skip_footer_matching
        ends = block.record_ends
        length = footer = 0
        while pattern is not None and length < min(len(ends), FOOTER_RECORDS):
            start = int(ends[-2 - length]) + 1 if length + 2 <= len(ends) else 0
            text = self._left[start : int(ends[-1 - length])].decode().strip("\r\n")
            first = fields(text, self._declared)[0].strip() if text else ""
            length += 1
            if text and _matches(first, pattern):
                footer = length
            elif text:
                break
        return footer

    def _write(self, block: _Block, ends: Positions, used: int, fields_expected: int) -> None:
        data = block.data[:used]
        outside = np.ones(used, dtype=bool) if block.inside is None else ~block.inside[:used]
        starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
        delimiters = np.flatnonzero((data == self._delimiter) & outside)
        self.seen.note(data, np.concatenate((delimiters, ends)), np.flatnonzero(data == self._quote))
        fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
        lines = self._line + np.searchsorted(block.line_ends, starts)
        keep = np.ones(used, dtype=bool)
        carriage = (data == CR) & outside
        if carriage.any():
            before_lf = carriage & np.append(data[1:] == LF, False)
            keep &= ~before_lf
            data = np.where(carriage & ~before_lf, np.uint8(LF), data)
        lengths = np.add.reduceat(keep.astype(np.int64), starts)
        if int(lengths.max(initial=0)) > LONGEST_RECORD:
            self._too_long(int(lines[int(np.argmax(lengths))]))
        blank = lengths == 1
        ragged = ~blank & (fields != fields_expected)
        for position in np.flatnonzero(ragged):
            text = bytes(data[starts[position] : ends[position] + 1]).decode().rstrip("\r\n")
            self._ragged.writerow((int(lines[position]), text))
        good = ~(blank | ragged)
        keep &= np.repeat(good, ends + 1 - starts)
        self.ragged_records += int(ragged.sum())
        self.records += int(good.sum())
        self._copy.write(_numbered(data[keep], lengths[good], lines[good], self._delimiter))


def _numbered(data: Bytes, lengths: Positions, lines: Positions, delimiter: int) -> bytes:
    """`data`, records of `lengths`, each with its line number as a first field."""
    width = _DIGITS + 1
    prefix = np.full((len(lines), width), delimiter, dtype=np.uint8)
    for place in range(_DIGITS):
        prefix[:, place] = lines // 10 ** (_DIGITS - 1 - place) % 10 + ord("0")
    written = np.empty(len(data) + prefix.size, dtype=np.uint8)
    offsets = np.cumsum(lengths + width) - lengths - width
    places = (offsets[:, None] + np.arange(width)).ravel()
    is_data = np.ones(len(written), dtype=bool)
    is_data[places] = False
    written[places] = prefix.ravel()
    written[is_data] = data
    return written.tobytes()


def _first_line_end(data: bytes) -> int | None:
    """Length of the first physical line with its end; None if the end is not there yet."""
    for position in sorted(found for found in (data.find(b"\n"), data.find(b"\r")) if found >= 0):
        if data[position] == LF:
            return position + 1
        if position + 1 < len(data):
            return position + (2 if data[position + 1] == LF else 1)
        return None
    return None


def _matches(text: str, pattern: str) -> bool:
    """RE2, so that no declared expression can run forever."""
    with duck.closed() as connection:
        row = connection.execute("select regexp_matches(?, ?)", [text, pattern]).fetchone()
    return row is not None and bool(row[0])
