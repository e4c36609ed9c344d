"""Returned rating sheets: what people filled in -> records of text, one per row, with its number in the worksheet.

Belongs here: where in such a workbook what stands (the marks in its hidden first column, which the writer takes from here), and which
rows are filled. Not here: writing one (pipelines.showing.rating_sheets), what a level may be (the contract), what becomes of a cell.

Headings may be renamed, rows sorted, deleted or copied, columns moved or deleted: marks and keys say what is what. A row in which nothing
is filled in says nothing. Levels, and stages of demand, stand side by side; each filled cell becomes a row of the table (`unpivot`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.errors import Problem, SourceError
from pipelines.settings.sources import CellArea, CellWords, RatingSheetFormat, Unpivot
from pipelines.sources.cells import UNCLEAR_NUMBER, writer
from pipelines.sources.excel_file import letters_of, looked_through, parts_of, refuse_other_kinds, rows_of, sheet_of
from pipelines.sources.prepared import PreparedFile
from pipelines.sources.text import BLANKS, private
from pipelines.sources.zip_file import opened

MARK: Final = "kundenwert:"
ROWS_MARK: Final = f"{MARK}rows"
"""In the first column of the row with the headings; below it stand the account ids."""
WRITTEN_MARK: Final = f"{MARK}written"
"""In the first column of the row that says until when the version knew that the sheet was written from."""
GIVEN_COLUMN: Final = 2
"""Where, beside its mark, stands what is said once for all rows (who, when, written), counted from 0."""

RATER, DAY, SHARE = "rater_id", "valid_from", "achievable_share"
LEVEL: Final = "level:"
"""Before the id of a criterion, the key of the column with its levels."""
STAGES: Final = ("need", "demand", "effective_demand")

_UNCLEAR: Final = re.compile(UNCLEAR_NUMBER)
_WORDS: Final = CellWords()
"""What is handed on is written so: a decimal point, ISO days."""
_WHOLE_SHEET: Final = CellArea(1, None, 1, None)
_MARKED_ROWS: Final = 100
_TAKEN: Final[Mapping[str, tuple[str, ...]]] = {
    "ratings": (RATER, DAY),
    "potential_estimates": ("product_group", "currency_code", SHARE, DAY),
}
"""Keys of what a row says beside its levels or amounts."""


def table_mark(table: str) -> str:
    """In the first column of the row with the keys: which table the worksheet fills."""
    return f"{MARK}{table}"


def prepare_rating_sheet(source: Path, name: str, declared: RatingSheetFormat, target: Path) -> PreparedFile:
    """Describe the returned workbook `source` (called `name`); what it holds of `declared.table` is written to `target`, a Parquet file.

    A workbook whose worksheet of that table was deleted has no row of it. Raises SourceError FILE_EMPTY, FILE_FORMAT, FILE_PROTECTED,
    ZIP_CORRUPT, SIZE_LIMIT, RATING_SHEET_ALTERED.
    """
    if source.stat().st_size == 0:
        what = "the file holds 0 bytes; nothing of it was loaded"
        raise SourceError(Problem("FILE_EMPTY", what, name, "return the sheet again"))
    refuse_other_kinds(source, name)
    is_ours = False
    with opened(source, name) as archive:
        for title, (part, _) in parts_of(archive, name).items():
            errors = looked_through(archive, name, title, part)
            rows = list(rows_of(sheet_of(source, f"{name}: {title}", title), _WHOLE_SHEET))
            marks = _marks(rows)
            if table_mark(declared.table) in marks:
                return _Filled(name, f"{name}: {title}", declared, marks, errors).written(rows, target)
            is_ours = is_ours or ROWS_MARK in marks
    if not is_ours:
        raise _altered(name, "the workbook has none of the hidden marks of a rating sheet")
    return _Filled(name, name, declared, {}, {}).written([], target)


Rows = Sequence[tuple[int, list[object]]]


def _marks(rows: Rows) -> dict[str, tuple[int, list[object]]]:
    """Mark -> number and cells of its row."""
    found: dict[str, tuple[int, list[object]]] = {}
    for line, cells in rows[:_MARKED_ROWS]:
        if cells and isinstance(cells[0], str) and cells[0].startswith(MARK):
            found.setdefault(cells[0].strip(), (line, cells))
    return found


def _altered(where: str, what: str) -> SourceError:
    remedy = (
        "write the sheet anew (kundenwert sheet ratings), copy what was filled in, and keep its hidden rows and column"
    )
    return SourceError(Problem("RATING_SHEET_ALTERED", f"{what}; nothing of it was loaded", where, remedy))


@dataclass(frozen=True, slots=True)
class _Filled:
    """One worksheet on its way into the working copy."""

    name: str
    place: str
    declared: RatingSheetFormat
    marks: Mapping[str, tuple[int, list[object]]]
    errors: Mapping[tuple[int, int], str]

    def written(self, rows: Rows, target: Path) -> PreparedFile:
        table = self.declared.table
        keys = self._keys() if self.marks else {}
        values = [key for key in keys if key.startswith(LEVEL) or key in STAGES] or [f"{LEVEL}none"]
        columns = ("account_id", *_TAKEN[table], "recorded_at", *values)
        if table == "ratings":
            columns = (*columns, "rated_by")
        records = list(self._records(rows, keys, values, columns)) if self.marks else []
        schema = pa.schema([("line", pa.int64()), *((f"c{place}", pa.string()) for place in range(len(columns)))])
        by_column = list(zip(*records, strict=True)) if records else [() for _ in schema]
        arrays = [pa.array(list(cells), field.type) for cells, field in zip(by_column, schema, strict=True)]
        with private(target) as file:
            pq.write_table(pa.Table.from_arrays(arrays, schema=schema), file)
        side_by_side = {value: value.removeprefix(LEVEL) for value in values}
        is_rating = table == "ratings"
        return PreparedFile(
            name=self.name,
            kind="copy",
            path=target,
            columns=columns,
            types=("VARCHAR",) * len(columns),
            records=len(records),
            unpivot=Unpivot(
                columns=side_by_side,
                name="criterion_id" if is_rating else "demand_stage",
                value="level" if is_rating else "annual_demand",
            ),
        )

    def _keys(self) -> dict[str, int]:
        """Key -> the place of its column, counted from 0."""
        if ROWS_MARK not in self.marks:
            raise _altered(self.place, "the hidden mark of the row with the headings is gone")
        _, cells = self.marks[table_mark(self.declared.table)]
        keys: dict[str, int] = {}
        for place, cell in enumerate(cells[1:], 1):
            key = str(cell or "").strip(BLANKS)
            if key in keys:
                raise _altered(f"{self.place}!{letters_of(place + 1)}", f"the column '{key}' stands there twice")
            if key:
                keys[key] = place
        if not any(key.startswith(LEVEL) or key in STAGES for key in keys):
            raise _altered(self.place, "not one column to be filled in is left")
        return keys

    def _records(
        self, rows: Rows, keys: Mapping[str, int], values: Sequence[str], columns: Sequence[str]
    ) -> Iterator[list[object]]:
        begin, _ = self.marks[ROWS_MARK]
        once = {key: self._given(f"{MARK}{key}") for key in (RATER, DAY)}
        written = _moment(self._given(WRITTEN_MARK))
        write, write_moment = writer(_WORDS), writer(_WORDS, is_moment=True)
        for line, cells in rows:
            if line <= begin:
                continue
            said = {key: self._cell(line, place, cells) for key, place in keys.items()}
            if all(write(said[key]) is None for key in values):
                continue
            said = {**said, **{key: cell for key, cell in once.items() if write(said.get(key)) is None}}
            entered = [at for at in (_moment(said.get(DAY)), written) if at is not None]
            said |= {"account_id": self._cell(line, 0, cells), "rated_by": "staff"}
            # A cell cannot have been filled in before the sheet was written, whatever day it holds from.
            said["recorded_at"] = max(entered, default=None)
            said |= {key: _amount(said.get(key)) for key in (*values, SHARE)}
            texts = {key: write_moment(cell) if key == "recorded_at" else write(cell) for key, cell in said.items()}
            yield [line, *(texts.get(column) for column in columns)]

    def _given(self, mark: str) -> object:
        if mark not in self.marks:
            return None
        line, cells = self.marks[mark]
        return self._cell(line, GIVEN_COLUMN, cells)

    def _cell(self, line: int, place: int, cells: Sequence[object]) -> object:
        if (line, place + 1) in self.errors:
            return self.errors[line, place + 1]
        cell = cells[place] if place < len(cells) else None
        if not isinstance(cell, str):
            # calamine says of a day in a cell that it is a moment at midnight.
            return cell.date() if isinstance(cell, datetime) and cell.time() == time() else cell
        return cell.strip(BLANKS) or None


def _amount(cell: object) -> object:
    """A text that is one number or a thousand times that is taken for none: 1.500 goes to quarantine, as it stands there."""
    return f"{cell} (text)" if isinstance(cell, str) and _UNCLEAR.fullmatch(cell) else cell


def _moment(cell: object) -> datetime | None:
    """The moment a day begins, or the moment itself; None for what is neither."""
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())
    try:
        return datetime.combine(date.fromisoformat(str(cell)), time())
    except ValueError:
        return None
