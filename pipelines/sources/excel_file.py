"""Workbooks: one sheet -> records of text, each with the number of its row.

Belongs here: where the data stands in the sheet, what Excel's cells are as text in the declared grammar, and what a workbook may not
be. Not here: what a column means.

calamine reads the cells. It says nothing of two things, so the sheet's XML is looked through first: a cell with an error comes as an
empty one, and one cell far away from all others as a table of that size.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from xml.etree import ElementTree

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from pipelines import duck
from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import CellArea, ExcelFormat, column_number
from pipelines.sources.cells import UNCLEAR_NUMBER, unclear, writer
from pipelines.sources.csv_file import FOOTER_RECORDS
from pipelines.sources.prepared import PreparedFile, Skipped, SkipReason
from pipelines.sources.text import BLANKS, private
from pipelines.sources.zip_file import blocks, opened

_CHUNK: Final = 5_000
_LARGEST: Final = 2 << 30
"""Bytes of XML in one workbook; a sheet that is full to Excel's last row has less."""
_MOST_CELLS: Final = 50_000_000
"""A full sheet of 47 columns; beyond it, memory would be what ends the program."""
_OLD: Final = b"\xd0\xcf\x11\xe0"
_PROTECTED: Final = "EncryptedPackage".encode("utf-16-le")
_ERROR: Final = re.compile(rb"""\bt=["']e["']""")
_FAR: Final = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Z]{2,3})([0-9]{1,7})["'][^>]*(?<!/)>""")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["']([0-9]{1,7})["']""")
_LONGEST_TAG: Final = 4096
_EXAMPLE_LINES: Final = 3


def prepare_excel(source: Path, name: str, declared: ExcelFormat, target: Path) -> PreparedFile:
    """Describe the delivered workbook `source` (called `name`); its rows are written to `target`, a Parquet file.

    Raises SourceError FILE_EMPTY, FILE_FORMAT, FILE_PROTECTED, ZIP_CORRUPT, SIZE_LIMIT, SHEET_UNKNOWN, HEADER_MISMATCH,
    SCHEMA_DUP_COLUMN, NUM_UNCLEAR; the message names sheet and cell.
    """
    if source.stat().st_size == 0:
        what = "the file holds 0 bytes; nothing of it was loaded"
        raise SourceError(Problem("FILE_EMPTY", what, name, "deliver the file again"))
    refuse_other_kinds(source, name)
    with opened(source, name) as archive:
        sheet_name, part = _sheet(archive, name, declared)
        errors = looked_through(archive, name, sheet_name, part)
    place = f"{name}: {sheet_name}"
    return _Rows(name, place, declared, errors).written(sheet_of(source, place, sheet_name), target)


def refuse_other_kinds(source: Path, name: str) -> None:
    """Raise SourceError FILE_FORMAT, FILE_PROTECTED for what is no workbook that can be opened."""
    with source.open("rb") as file:
        head = file.read(4)
        if head == b"PK\x03\x04":
            return
        if head == _OLD and _PROTECTED in file.read(1 << 20):
            what = "the workbook is protected by a password to open it; nothing of it was loaded"
            raise SourceError(Problem("FILE_PROTECTED", what, name, "save it without a password and deliver it again"))
    what = "the file is an old workbook (.xls)" if head == _OLD else "the file is no workbook"
    remedy = "save it as .xlsx" if head == _OLD else "correct `format`, or deliver an .xlsx workbook"
    raise SourceError(Problem("FILE_FORMAT", f"{what}; nothing of it was loaded", name, remedy))


# --- what calamine does not say --------------------------------------------------------------------------------------


def _sheet(archive: zipfile.ZipFile, name: str, declared: ExcelFormat) -> tuple[str, str]:
    """(the declared sheet's name, its part of the archive)."""
    parts = parts_of(archive, name)
    visible = {title: part for title, (part, is_visible) in parts.items() if is_visible}
    if declared.sheet is None and len(visible) == 1:
        return next(iter(visible.items()))
    if declared.sheet is None or declared.sheet not in parts:
        asked = (
            "it is not said which sheet is meant" if declared.sheet is None else f"there is no sheet '{declared.sheet}'"
        )
        what = f"{asked}; the workbook has: {', '.join(parts) or 'none'}"
        raise SourceError(Problem("SHEET_UNKNOWN", what, name, "write the sheet's name as `sheet` into the format"))
    return declared.sheet, parts[declared.sheet][0]


def parts_of(archive: zipfile.ZipFile, name: str) -> Mapping[str, tuple[str, bool]]:
    """Sheet -> (its part of the archive, whether it is visible), in the workbook's order."""
    try:
        related = _xml(archive, name, "xl/_rels/workbook.xml.rels")
        targets = {
            each.get("Id"): each.get("Target", "") for each in related if each.get("Type", "").endswith("/worksheet")
        }
        found = {}
        for sheet in _xml(archive, name, "xl/workbook.xml").iter():
            if not sheet.tag.endswith("}sheet"):
                continue
            key = next((value for attribute, value in sheet.attrib.items() if attribute.endswith("}id")), None)
            if key in targets:
                part = posixpath.normpath(posixpath.join("xl", targets[key])).removeprefix("/")
                found[sheet.get("name", "")] = (part, sheet.get("state", "visible") == "visible")
    except (KeyError, ElementTree.ParseError) as error:
        what = f"the file is no workbook that is read here: {error}"
        raise SourceError(Problem("FILE_FORMAT", what, name, "save it as .xlsx")) from error
    return found


def _xml(archive: zipfile.ZipFile, name: str, part: str) -> ElementTree.Element:
    with archive.open(part) as file:
        return ElementTree.fromstring(b"".join(blocks(file, name, 64 << 20)))  # noqa: S314 - expat refuses what explodes


def looked_through(archive: zipfile.ZipFile, name: str, title: str, part: str) -> Mapping[tuple[int, int], str]:
    """Cells of the sheet that hold an error, (row, column) -> its text. Reads every part of the workbook once, so that what is
    damaged or explodes is known before calamine reads it."""
    has_errors = False
    last_row, last_column = 1, 26
    for info in archive.infolist():
        if not info.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(info) as file:
            tail = b""
            for block in blocks(file, name, _LARGEST):
                if info.filename == part:
                    text = tail + block
                    has_errors = has_errors or _ERROR.search(text) is not None
                    rows = _ROW.findall(text)
                    last_row = max(last_row, *map(int, rows[-1:]), 1)
                    last_column = max([last_column, *(column_number(each[1].decode()) for each in _FAR.finditer(text))])
                    tail = text[-_LONGEST_TAG:]
    if last_row * last_column > _MOST_CELLS:
        what = f"the sheet '{title}' reaches to row {last_row} and column {last_column}, by a cell far away from all others"
        raise SourceError(
            Problem("SIZE_LIMIT", what, name, "delete the rows and columns beyond the data, and save it anew")
        )
    if not has_errors:
        return {}
    with archive.open(part) as file:
        return dict(_errors(file, name))


def _errors(file: IO[bytes], name: str) -> Iterator[tuple[tuple[int, int], str]]:
    row = column = 0
    try:
        for event, element in ElementTree.iterparse(file, ("start", "end")):  # noqa: S314 - as above
            kind = element.tag.rpartition("}")[2]
            if kind == "row" and event == "start":
                row, column = int(element.get("r") or row + 1), 0
            elif kind == "row":
                element.clear()
            elif kind == "c" and event == "end":
                letters = (element.get("r") or "").rstrip("0123456789")
                column = column_number(letters) if letters else column + 1
                if element.get("t") == "e":
                    yield (
                        (row, column),
                        next((each.text for each in element if each.tag.endswith("}v")), None) or "#N/A",
                    )
    except (ElementTree.ParseError, ValueError) as error:
        raise _unreadable(name, str(error)) from error


# --- rows ------------------------------------------------------------------------------------------------------------


def sheet_of(source: Path, place: str, title: str) -> CalamineSheet:
    """The cells of a sheet. Raises SourceError FILE_FORMAT."""
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(source.read_bytes())).get_sheet_by_name(title)
    except CalamineError as error:
        raise _unreadable(place, str(error)) from error
    except BaseException as error:
        # What calamine did not expect comes as an exception of its own that is none of Python's.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(place, "its sheet is damaged") from None


def _unreadable(place: str, why: str) -> SourceError:
    what = f"the workbook cannot be read: {why}; nothing of it was loaded"
    return SourceError(
        Problem("FILE_FORMAT", what, place, "open it in Excel, save it anew as .xlsx and deliver it again")
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """One sheet on its way into the working copy."""

    name: str
    place: str
    declared: ExcelFormat
    errors: Mapping[tuple[int, int], str]

    def written(self, sheet: CalamineSheet, target: Path) -> PreparedFile:
        area = self.declared.area
        header = self._header(sheet, area)
        moments = self._moments(sheet, area, len(header))
        schema = pa.schema([("line", pa.int64()), *((f"c{place}", pa.string()) for place in range(len(header)))])
        records = 0
        skipped: dict[SkipReason, list[int]] = {}
        footer: list[tuple[str, ...]] = []
        with private(target) as file, pq.ParquetWriter(file, schema) as copy, duck.closed() as connection:
            rows = self._without_footer(connection, self._texts(sheet, area, len(header), moments), footer, skipped)
            while chunk := list(itertools.islice(rows, _CHUNK)):
                chunk = self._data(connection, chunk, header, skipped)
                records += len(chunk)
                columns = zip(*chunk, strict=True) if chunk else ([] for _ in schema)
                arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
                copy.write_batch(pa.record_batch(arrays, schema=schema))
        return PreparedFile(
            name=self.name,
            kind="copy",
            path=target,
            columns=header,
            types=("VARCHAR",) * len(header),
            records=records,
            skipped=tuple(
                Skipped(reason, len(lines), tuple(lines[:_EXAMPLE_LINES])) for reason, lines in skipped.items()
            ),
            footer=tuple(footer),
        )

    def _data(
        self,
        connection: duckdb.DuckDBPyConnection,
        rows: list[list[object]],
        header: Sequence[str],
        skipped: dict[SkipReason, list[int]],
    ) -> list[list[object]]:
        """The rows that are neither the header again nor declared to be no data."""
        texts = [[str(cell or "").strip(BLANKS) for cell in row[1:]] for row in rows]
        found: list[SkipReason | None] = ["repeated header" if text == list(header) else None for text in texts]
        if self.declared.skip_rows_matching is not None:
            for place, is_it in enumerate(_match(connection, map(";".join, texts), self.declared.skip_rows_matching)):
                if is_it and found[place] is None:
                    found[place] = "skip_rows_matching"
        for row, reason in zip(rows, found, strict=True):
            if reason is not None:
                skipped.setdefault(reason, []).append(int(str(row[0])))
        return [row for row, reason in zip(rows, found, strict=True) if reason is None]

    def _header(self, sheet: CalamineSheet, area: CellArea) -> tuple[str, ...]:
        where = f"{self.place}!{area.first_row}"
        _, cells = next(rows_of(sheet, area), (0, []))
        write = writer(self.declared)
        names = [(write(cell) or "").strip(BLANKS).replace("\n", " ") for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            what = f"the header row {area.first_row} is blank"
            raise SourceError(Problem("HEADER_MISMATCH", what, where, "correct `header_row`, `range` or `sheet`"))
        seen: dict[str, str] = {}
        for column in filter(None, names):
            if column.lower() in seen:
                what = f"the columns '{seen[column.lower()]}' and '{column}' have the same name"
                raise SourceError(Problem("SCHEMA_DUP_COLUMN", what, where, "give every column its own name"))
            seen[column.lower()] = column
        return tuple(names)

    def _moments(self, sheet: CalamineSheet, area: CellArea, width: int) -> Sequence[bool]:
        """Which columns hold a time of day in any cell: their midnights are moments, too."""
        found = [False] * width
        for _, cells in rows_of(sheet, area):
            for place, cell in enumerate(cells[:width]):
                if isinstance(cell, datetime):
                    found[place] = True
        return found

    def _texts(
        self, sheet: CalamineSheet, area: CellArea, width: int, moments: Sequence[bool]
    ) -> Iterator[list[object]]:
        """Line number and texts of every row below the header that is not blank."""
        writers = [writer(self.declared, is_moment=is_moment) for is_moment in moments]
        is_unclear = None if self.declared.is_sign_said else re.compile(UNCLEAR_NUMBER)
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), text in self.errors.items():
            by_row.setdefault(row, {})[column - area.first_column] = text
        for line, cells in itertools.islice(rows_of(sheet, area), 1, None):
            shown = [write(cell) for write, cell in zip(writers, cells, strict=False)]
            shown += [None] * (width - len(shown))
            if line in by_row:
                for place, text in by_row[line].items():
                    if 0 <= place < width:
                        shown[place] = text
            if is_unclear is not None:
                for place, cell in enumerate(cells[:width]):
                    if isinstance(cell, str) and is_unclear.fullmatch(cell.strip(BLANKS)):
                        raise unclear(cell, f"{self.place}!{letters_of(area.first_column + place)}{line}")
            if any(text is not None for text in shown):
                yield [line, *shown]

    def _without_footer(
        self,
        connection: duckdb.DuckDBPyConnection,
        rows: Iterator[list[object]],
        footer: list[tuple[str, ...]],
        skipped: dict[SkipReason, list[int]],
    ) -> Iterator[list[object]]:
        """The rows before the declared footer, which is put aside."""
        pattern = self.declared.skip_footer_matching
        if pattern is None:
            yield from rows
            return
        last: list[list[object]] = []
        for row in rows:
            last.append(row)
            if len(last) > FOOTER_RECORDS:
                yield last.pop(0)
        matches = _match(connection, (str(row[1] or "").strip(BLANKS) for row in last), pattern)
        cut = len(last) - next((n for n, is_it in enumerate(reversed(matches)) if not is_it), len(last))
        yield from last[:cut]
        for row in last[cut:]:
            footer.append(tuple(str(cell or "") for cell in row[1:]))
            skipped.setdefault("skip_footer_matching", []).append(int(str(row[0])))


def _match(connection: duckdb.DuckDBPyConnection, texts: Iterable[str], pattern: str) -> list[bool]:
    """Which texts match. RE2, so that no declared expression can run forever."""
    rows = connection.execute("select regexp_matches(unnest(?::varchar[]), ?)", [list(texts), pattern]).fetchall()
    return [bool(row[0]) for row in rows]


def rows_of(sheet: CalamineSheet, area: CellArea) -> Iterator[tuple[int, list[object]]]:
    """Number and cells of every row of the area."""
    start = sheet.start
    if start is None:
        return
    offset = start[1] + 1 - area.first_column
    padding: list[object] = [""] * max(0, offset)
    cut = max(0, -offset)
    width = None if area.last_column is None else area.last_column - area.first_column + 1
    rows = enumerate(sheet.iter_rows(), start=1)
    for line, cells in itertools.islice(rows, area.first_row - 1, area.last_row):
        yield line, [*padding, *cells[cut:]][:width]


def letters_of(column: int) -> str:
    """What a sheet calls its column with that number: 1 is A, 27 AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
