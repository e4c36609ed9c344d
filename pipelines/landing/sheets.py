"""Rows in quarantine as a sheet to be corrected, and a corrected sheet as rows: xlsx and csv.

Belongs here: which rows are shown, how a sheet looks, what in one is refused. Not here: keeping corrections and reading files with them
(corrections.py), landing (land.py). A sheet with delivered values holds whatever the source holds, also about persons: it is written for
its owner only, and only on request.

One sheet per declared file. Its first columns say which row it is and why it was set aside; those of the delivered file follow, every
cell a text. `kw_action`: `correct` takes the row as it stands in the sheet, `drop` leaves it out, empty leaves it as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import duckdb
import python_calamine

from pipelines import duck, durable, workbooks
from pipelines.errors import KundenwertError, Problem, UsageError
from pipelines.landing import corrections, ledger
from pipelines.landing.ledger import LedgerEntry, LedgerFile
from pipelines.landing.write import batch_file
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import CellWords, CsvFormat, Format
from pipelines.settings.workspace import Workspace
from pipelines.sources import LINE, PreparedFile, prepare, ragged_sql, relation_sql
from pipelines.sources.cells import decimal_text, written_as
from pipelines.workshop import workshop

OWN: Final = ("kw_file", "kw_line", "kw_sha256", "kw_tables", "kw_reasons", "kw_action", "kw_raw_text")
ACTIONS: Final = ("correct", "drop")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' ]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One row in quarantine: where it stands, why, and its delivered fields as text (none where they were not asked for)."""

    file: LedgerFile
    line: int
    tables: tuple[str, ...]
    reasons: tuple[str, ...]
    raw_text: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one declared file; `columns` are the delivered ones."""

    source: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows by declared file, and how many have no place in a file (a SQL mapping did not hand it on)."""

    path: Path
    rows: Mapping[str, int]
    without_place: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a sheet brought: rows taken and dropped, rows that are as delivered, and the events to be landed once more."""

    corrected: int
    dropped: int
    unchanged: int
    events: tuple[LedgerEntry, ...]


def quarantined(
    workspace: Workspace, tables: Iterable[str] = (), *, with_values: bool = False
) -> tuple[tuple[Sheet, ...], int]:
    """The rows in quarantine of the batches that count, by declared file, and the number of rows without a place in one.

    `with_values` reads the delivered fields from the kept originals. Exact duplicates are left out: one of them was taken. Raises
    KundenwertError LANDING_UNREADABLE if this user may not read what was landed.
    """
    wanted = frozenset(tables)
    entries = [
        batch.entry
        for batch in ledger.batches(ledger.read(workspace.home))
        # A cell of a rating sheet is corrected where it was filled in, and the sheet returned once more.
        if (batch.is_active and batch.entry.rows_quarantined and not batch.entry.part)
        and (not wanted or batch.entry.table in wanted)
    ]
    try:
        with workshop(workspace.home.temporary, "sheets") as work, duck.memory(workspace.home.temporary) as connection:
            return _sheets(workspace, connection, work, entries, with_values)
    except (PermissionError, duckdb.IOException) as error:
        what = "what was landed cannot be read by this user"
        remedy = "let somebody who may read landing/ do it; raw values are for nobody else"
        raise KundenwertError(Problem("LANDING_UNREADABLE", what, "landing/", remedy)) from error


def _sheets(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    work: Path,
    entries: Sequence[LedgerEntry],
    with_values: bool,
) -> tuple[tuple[Sheet, ...], int]:
    places: dict[tuple[str, str, int], list[tuple[str, str]]] = {}
    files: dict[tuple[str, str], LedgerFile] = {}
    lost = 0
    for entry in entries:
        path = batch_file(workspace.home.quarantine, entry.table, entry.batch_id)
        by_name = {file.name: file for file in entry.files}
        for name, line, reasons in connection.execute(
            f"select file_name, line_number, quarantine_reasons from read_parquet({literal(path)}) "
            "where quarantine_reason <> 'DUP_EXACT' order by all"
        ).fetchall():
            if name not in by_name or line is None:
                lost += 1
                continue
            file = by_name[name]
            files[file.source, file.sha256] = file
            places.setdefault((file.source, file.sha256, int(line)), []).append((entry.table, str(reasons)))
    sheets = []
    for source in sorted({source for source, _ in files}):
        columns: dict[str, None] = {}
        rows: list[Row] = []
        for (_, sha256), file in sorted((key, file) for key, file in files.items() if key[0] == source):
            lines = sorted(line for named, sha, line in places if (named, sha) == (source, sha256))
            values: Mapping[int, Mapping[str, str]] = {}
            texts: Mapping[int, str] = {}
            if with_values:
                read = _prepared(workspace, connection, file, work)
                columns.update(dict.fromkeys(name for name in read.columns if name))
                values, texts = _values(connection, read, lines), _ragged(connection, read, lines)
            for line in lines:
                why = places[source, sha256, line]
                tables, reasons = (tuple(dict.fromkeys(each)) for each in zip(*why, strict=True))
                rows.append(Row(file, line, tables, reasons, texts.get(line, ""), values.get(line, {})))
        sheets.append(Sheet(source, tuple(columns), tuple(rows)))
    return tuple(sheets), lost


def _prepared(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, file: LedgerFile, work: Path
) -> PreparedFile:
    original = workspace.home.originals / file.sha256
    return prepare(
        original, file.name, workspace.sources.format_of(file.source), work / f"{file.sha256}.csv", connection
    )


def _values(
    connection: duckdb.DuckDBPyConnection, file: PreparedFile, lines: Sequence[int]
) -> dict[int, dict[str, str]]:
    names = [name for name in file.columns if name]
    shown = ", ".join(f"coalesce({identifier(name)}::varchar, '')" for name in names)
    rows = connection.execute(
        f"select {LINE}, {shown} from ({relation_sql([file])}) where {LINE} in ({', '.join(map(str, lines)) or 'null'})"
    ).fetchall()
    return {int(row[0]): dict(zip(names, map(str, row[1:]), strict=True)) for row in rows}


def _ragged(connection: duckdb.DuckDBPyConnection, file: PreparedFile, lines: Sequence[int]) -> dict[int, str]:
    ragged = ragged_sql([file])
    if ragged is None:
        return {}
    rows = connection.execute(
        f"select {LINE}, raw_text from ({ragged}) where {LINE} in ({', '.join(map(str, lines)) or 'null'})"
    ).fetchall()
    return {int(line): str(text) for line, text in rows}


# --- writing --------------------------------------------------------------------------------------------------------


def export(workspace: Workspace, path: Path, tables: Iterable[str] = (), *, with_values: bool = False) -> Exported:
    """Write the rows in quarantine to `path` (.xlsx, or .csv for one declared file), 0600.

    Raises KundenwertError NOTHING_QUARANTINED, CORRECTION_INVALID (a kind of file that is not written), LANDING_UNREADABLE.
    """
    sheets, lost = quarantined(workspace, tables, with_values=with_values)
    if not sheets:
        what = "no row is in quarantine" + (f" that has a place in a file; {lost} rows have none" if lost else "")
        remedy = "hand file_name and line_number on in the SQL of the mapping" if lost else "nothing is to be corrected"
        raise KundenwertError(Problem("NOTHING_QUARANTINED", what, "quarantine", remedy))
    if path.suffix.lower() == ".csv" and len(sheets) == 1:
        durable.write_text(path, _csv(sheets[0]))
    elif path.suffix.lower() == ".xlsx":
        _write_xlsx(path, sheets)
    else:
        sources = ", ".join(sheet.source for sheet in sheets)
        what = f"'{path.name}' cannot hold the rows of {sources}"
        raise UsageError(Problem("CORRECTION_INVALID", what, str(path), "name a .xlsx, or one --table and a .csv"))
    return Exported(path, {sheet.source: len(sheet.rows) for sheet in sheets}, lost)


def _cells(sheet: Sheet) -> list[list[str]]:
    cells = [[*OWN, *sheet.columns]]
    for row in sheet.rows:
        own = [
            row.file.name,
            str(row.line),
            row.file.sha256,
            ", ".join(row.tables),
            "; ".join(row.reasons),
            "correct",
            row.raw_text,
        ]
        cells.append([*own, *(row.values.get(name, "") for name in sheet.columns)])
    return cells


def _csv(sheet: Sheet) -> str:
    """With a mark of its encoding, for spreadsheets. A text that a spreadsheet would compute gets an apostrophe, taken off again."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for cells in _cells(sheet):
        writer.writerow([_guarded(cell) for cell in cells])
    return "\ufeff" + text.getvalue()


def _guarded(cell: str) -> str:
    is_formula = cell.startswith((*workbooks.COMPUTED, "'")) and _NUMBER.fullmatch(cell) is None
    return f"'{cell}" if is_formula else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _guarded(cell[1:]) == cell else cell


def _write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    with workbooks.writing(path) as book:
        # Of the format text, so that what a person types stays what was typed: 007 and 1,50.
        as_text, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        for number, sheet in enumerate(sheets, 1):
            made = book.add_worksheet(
                re.sub(r"[\[\]:*?/\\]", "_", sheet.source)[:28] + (f"_{number}" if len(sheets) > 1 else "")
            )
            cells = _cells(sheet)
            made.set_column(0, len(cells[0]) - 1, 16, as_text)
            made.freeze_panes(1, 0)
            for at, row in enumerate(cells):
                for place, cell in enumerate(row):
                    made.write_string(at, place, cell, as_text if at else head)


# --- reading --------------------------------------------------------------------------------------------------------


def take(workspace: Workspace, path: Path, by: str, why: str) -> Corrected:
    """Keep the corrections of a sheet; the events they are about must be landed once more (`land.land_corrected`).

    Nothing is kept if anything in the sheet is refused. Raises KundenwertError CORRECTION_INVALID, CORRECTION_OUTDATED with every row.
    """
    shown, _ = quarantined(workspace, with_values=True)
    known = {(row.file.sha256, row.line): (sheet, row) for sheet in shown for row in sheet.rows}
    problems: list[Problem] = []
    found: dict[str, list[dict[str, object]]] = {}
    columns: dict[str, tuple[str, ...]] = {}
    counts = {"correct": 0, "drop": 0, "unchanged": 0}
    for name, table in _tables(path):
        for number, cells in enumerate(table[1:], 2):
            row = dict(zip(table[0], cells, strict=False))
            place = f"{path.name}, {name} row {number}"
            action, line = str(row.get("kw_action") or ""), str(row.get("kw_line") or "")
            if not any(cells) or action == "":
                continue
            key = (str(row.get("kw_sha256") or ""), int(line) if line.isdigit() else -1)
            if action not in ACTIONS:
                what = f"kw_action is '{action}'"
                problems.append(Problem("CORRECTION_INVALID", what, place, "write correct or drop, or leave it empty"))
            elif key not in known:
                what = f"{row.get('kw_file') or 'the file'}, line {line or '?'}: no such row is in quarantine"
                remedy = "export anew; the file may have been delivered again meanwhile"
                problems.append(Problem("CORRECTION_OUTDATED", what, place, remedy))
            else:
                sheet, delivered = known[key]
                missing = [column for column in sheet.columns if column not in row]
                if missing:
                    what = f"the columns {', '.join(missing)} are missing"
                    problems.append(
                        Problem("CORRECTION_INVALID", what, place, "export with --raw and keep all columns")
                    )
                    continue
                declared = workspace.sources.format_of(sheet.source)
                values = {column: _text(row[column], declared) for column in sheet.columns}
                if action == "correct" and values == dict(delivered.values):
                    counts["unchanged"] += 1
                    continue
                counts[action] += 1
                columns[key[0]] = sheet.columns
                own = {
                    corrections.PLACE: key[1],
                    corrections.ACTION: action,
                    corrections.BY: by,
                    corrections.WHY: why,
                }
                found.setdefault(key[0], []).append(own | values)
    if problems:
        raise UsageError(*problems)
    for sha256, rows in sorted(found.items()):
        corrections.keep(workspace.home, sha256, columns[sha256], rows)
    events = tuple(
        batch.entry
        for batch in ledger.batches(ledger.read(workspace.home))
        if batch.is_active and any(file.sha256 in found for file in batch.entry.files)
    )
    return Corrected(counts["correct"], counts["drop"], counts["unchanged"], events)


def _tables(path: Path) -> list[tuple[str, list[list[object]]]]:
    """(name, rows) of every sheet; the first row are the names."""
    refused = Problem(
        "CORRECTION_INVALID", "this is no sheet of corrections", str(path), "export one: kundenwert quarantine export"
    )
    if not path.is_file():
        raise UsageError(refused)
    tables: list[tuple[str, list[list[object]]]] = []
    if path.suffix.lower() == ".xlsx":
        try:
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            tables = [
                (name, [[*row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)])
                for name in book.sheet_names
            ]
        except python_calamine.CalamineError as error:
            raise UsageError(refused) from error
    else:
        try:
            lines = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";")
            tables = [("sheet", [[_unguarded(cell) for cell in line] for line in lines])]
        except (UnicodeDecodeError, csv.Error) as error:
            raise UsageError(refused) from error
    if not any(rows and {"kw_sha256", "kw_line", "kw_action"} <= set(map(str, rows[0])) for _, rows in tables):
        raise UsageError(refused)
    return [(name, rows) for name, rows in tables if rows and "kw_sha256" in rows[0]]


def _text(cell: object, declared: Format) -> str:
    """A cell as the delivered file would write it: a number or date that a spreadsheet made of it, in the file's own format."""
    words = (
        declared.as_text if isinstance(declared, CellWords) else declared if isinstance(declared, CsvFormat) else None
    )
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        plain = decimal_text(cell)
        return plain.replace(".", words.decimal) if words is not None else plain
    if isinstance(cell, datetime):
        return cell.isoformat() if words is None else written_as(words.timestamp_format, "%Y-%m-%dT%H:%M:%S")(cell)
    if isinstance(cell, date):
        return (
            cell.isoformat()
            if words is None
            else written_as(words.date_format, "%Y-%m-%d")(datetime.combine(cell, time()))
        )
    return "" if cell is None else str(cell)
