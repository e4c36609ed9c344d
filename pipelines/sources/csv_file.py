"""Delimited text -> records DuckDB can read, each with its line number.

Belongs here: quotes, line ends, the header row and the footer as declared; nothing is sniffed and nothing is repaired.
Not here: what a column means, any type. Most files hold one record per line and are read as they are (plain.py); of any
other a UTF-8 working copy is written in which every record carries its number.

Line numbers come from one vectorised pass over blocks of bytes (bounded memory, no loop over rows): DuckDB itself
numbers no records, and skips blank lines silently.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
import numpy.typing as npt

from pipelines import duck
from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import CsvFormat
from pipelines.sources.plain import plain_file
from pipelines.sources.prepared import PreparedFile, Skipped, SkipReason
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
    is_sep_line,
    private,
    utf8_blocks,
)

Flags = npt.NDArray[np.bool_]

BLOCK = 4 << 20
FOOTER_RECORDS = 16
"""So many records at the end of a file may be a declared footer."""

_DIGITS = 12
_SPACE = 32
_EXAMPLE_LINES = 3


def prepare_csv(source: Path, name: str, declared: CsvFormat, target: Path) -> PreparedFile:
    """Describe the delivered file `source` (called `name`); where DuckDB cannot read it as it is, write the working copy
    `target`.

    Raises SourceError with FILE_EMPTY, FILE_FORMAT, ENCODING, HEADER_MISMATCH, QUOTE_UNBALANCED or SIZE_LIMIT; the message
    names file and line.
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
        quote=declared.quote_sign or "",
        ragged=pass_.ragged_records,
        facts=pass_.seen.facts,
        skipped=pass_.skipped,
        footer=tuple(pass_.footer),
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
    stray: Positions | None = None
    """Quote signs that end nothing and begin nothing where that makes the rest uncertain (None: looked at elsewhere)."""


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
        self._delimiter = ascii_sign(declared.delimiter, name)
        sign = declared.quote_sign
        self._quote = None if sign is None else ascii_sign(sign, name)
        self._header_line = ""
        self._skipped: dict[SkipReason, tuple[int, tuple[int, ...]]] = {}
        self.footer: list[tuple[str, ...]] = []
        self.seen = Seen(self._delimiter)
        self._keep = FOOTER_RECORDS if declared.skip_footer_matching is not None else 0

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What was no data so far."""
        return tuple(Skipped(reason, rows, lines) for reason, (rows, lines) in self._skipped.items())

    def _skip(self, reason: SkipReason, lines: Sequence[int]) -> None:
        rows, first = self._skipped.get(reason, (0, ()))
        if lines:
            self._skipped[reason] = (rows + len(lines), (*first, *lines)[:_EXAMPLE_LINES])

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
            self._skip_footer(block, len(ends))
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
        inside = stray = None
        record_end = line_end
        is_quote = data == self._quote if self._quote is not None else np.zeros(0, dtype=bool)
        if is_quote.any():
            if self._declared.stray_quotes:
                inside, stray = self._enclosed(data, np.flatnonzero(is_quote))
            else:
                inside = (np.cumsum(is_quote, dtype=np.int64) & 1).astype(bool)
            record_end = line_end & ~inside
        return _Block(data, inside, np.flatnonzero(line_end), np.flatnonzero(record_end), stray)

    def _enclosed(self, data: Bytes, quotes: Positions) -> tuple[Flags, Positions]:
        """(per byte: inside quotes; stray quote signs that are not text) where only a field that begins with a quote sign
        is quoted. An even run of quote signs changes nothing, an odd one opens where a field begins and closes where one ends; what
        does neither is text outside of quotes, and an error inside. Spaces between a field's edge and its quote sign are
        nothing, as DuckDB has it."""
        limits = np.array([self._delimiter, LF, CR], dtype=np.uint8)
        is_first = np.diff(quotes, prepend=-2) > 1
        first, last = quotes[is_first], quotes[np.append(is_first[1:], True)]
        is_odd = ((last - first + 1) & 1).astype(bool)
        solid = np.flatnonzero(data != _SPACE) if self._delimiter != _SPACE else np.arange(len(data))
        place = np.searchsorted(solid, first)
        begins = (place == 0) | np.isin(data[solid[np.maximum(place - 1, 0)]], limits)
        place = np.searchsorted(solid, last)
        finishes = (place == len(solid) - 1) | np.isin(data[solid[np.minimum(place + 1, len(solid) - 1)]], limits)
        opens, closes, toggles = is_odd & begins & ~finishes, is_odd & ~begins & finishes, is_odd & begins & finishes
        sets = opens | closes
        number = np.arange(len(first))
        last_set = np.maximum.accumulate(np.where(sets, number, -1))
        turns = np.cumsum(toggles, dtype=np.int64)
        is_set = last_set >= 0
        since = turns - np.where(is_set, turns[np.maximum(last_set, 0)], 0)
        state = (np.where(is_set, opens[np.maximum(last_set, 0)], False).astype(np.int64) + since) & 1
        before = np.concatenate(([0], state[:-1]))
        wrong_inside = (before == 1) & is_odd & ~finishes
        wrong_outside = (before == 0) & ~is_odd & begins & ~finishes
        change = np.zeros(len(data), dtype=np.int64)
        change[np.where(state > before, first, last)] = state - before
        return np.cumsum(change).astype(bool), first[wrong_inside | wrong_outside]

    def _check_quotes(self, block: _Block, used: int, *, final: bool) -> None:
        """Every opening quote follows a delimiter or line end, every closing one precedes such; else nothing is
        certain."""
        if block.inside is None:
            return
        data, inside = block.data[:used], block.inside[:used]
        if block.stray is not None:
            starts = [int(each) for each in block.stray[block.stray < used][:1]]
            if not starts and final and used and inside[-1]:
                starts = [int(np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0) > 0)[-1])]
            self._refuse_quotes(block, starts)
            return
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
        self._refuse_quotes(block, starts)

    def _refuse_quotes(self, block: _Block, starts: Sequence[int]) -> None:
        if starts:
            line = self._line + int(np.searchsorted(block.line_ends, min(starts)))
            raise SourceError(
                Problem(
                    "QUOTE_UNBALANCED",
                    f"a quote sign {self._declared.quote} does not enclose a whole field; from here on the fields "
                    f"are uncertain, "
                    "so nothing of the file was loaded",
                    f"{self._name}:{line}",
                    "export the file with every quote sign inside a field doubled, or declare of its format: "
                    '`stray_quotes: true` where such a sign is text (3/4" pipe), `quote: none` where nothing is quoted and '
                    "every line is a record, or the `quote` sign it really uses",
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
            self._skip("above the header", [self._line])
            self._line += 1
        cut = _first_line_end(self._left)
        if self._line == 1 and cut is not None and is_sep_line(self._left[:cut].decode(), self._name, self._declared):
            self._left = self._left[cut:]
            self._skip("above the header", [self._line])
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
        self._header_line = self._left[:used].decode().rstrip("\r\n")
        self.header = header_names(self._header_line, self._name, self._declared)
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

    def _skip_footer(self, block: _Block, kept: int) -> None:
        """Count and keep the records behind the first `kept` ones (blank lines are nothing)."""
        starts = np.concatenate(([0], block.record_ends + 1)).astype(np.int64)
        for position in range(kept, len(block.record_ends)):
            start, end = int(starts[position]), int(block.record_ends[position])
            text = block.data[start:end].tobytes().decode().strip("\r\n")
            if text:
                self._skip("skip_footer_matching", [self._line + int(np.searchsorted(block.line_ends, start))])
                self.footer.append(tuple(fields(text, self._declared)))

    def _no_data(self, data: Bytes, starts: Positions, lines: Positions, is_record: Flags) -> Flags:
        """Which records are no data: a header row again, or what `skip_rows_matching` matches."""
        none = np.zeros(len(starts), dtype=bool)
        pattern = self._declared.skip_rows_matching
        may_repeat = len(self.header or ()) > 1 and self._header_line.encode() in data.tobytes()
        if len(starts) == 0 or (pattern is None and not may_repeat):
            return none
        import pyarrow as pa  # noqa: PLC0415 - costs time that most files need not spend
        import pyarrow.compute as pc  # noqa: PLC0415

        offsets = np.append(starts, len(data)).astype(np.int64)
        texts = pa.LargeStringArray.from_buffers(len(starts), pa.py_buffer(offsets), pa.py_buffer(data.tobytes()))
        records = pc.ascii_rtrim(texts, characters="\r\n")
        found: dict[SkipReason, Flags] = {}
        if may_repeat:
            found["repeated header"] = np.asarray(pc.equal(records, self._header_line))
        if pattern is not None:
            # RE2, so that no declared expression can run forever.
            found["skip_rows_matching"] = np.asarray(pc.match_substring_regex(records, pattern=pattern))
        for reason, flags in found.items():
            self._skip(reason, [int(line) for line in lines[flags & is_record & ~none]])
            none |= flags & is_record
        return none

    def _write(self, block: _Block, ends: Positions, used: int, fields_expected: int) -> None:
        data = block.data[:used]
        outside = np.ones(used, dtype=bool) if block.inside is None else ~block.inside[:used]
        starts = np.concatenate(([0], ends[:-1] + 1)).astype(np.int64)
        delimiters = np.flatnonzero((data == self._delimiter) & outside)
        quotes = np.flatnonzero(data == self._quote) if self._quote is not None else delimiters[:0]
        self.seen.note(data, np.concatenate((delimiters, ends)), quotes)
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
        is_skipped = self._no_data(data, starts, lines, ~blank)
        ragged = ~blank & ~is_skipped & (fields != fields_expected)
        for position in np.flatnonzero(ragged):
            text = bytes(data[starts[position] : ends[position] + 1]).decode().rstrip("\r\n")
            self._ragged.writerow((int(lines[position]), text))
        good = ~(blank | ragged | is_skipped)
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
