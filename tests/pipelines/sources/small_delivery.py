"""One small delivery, written as every kind there is by programs that know nothing of the readers. Belongs here: that."""

# ruff: noqa: DTZ001 - a workbook knows no zone
from __future__ import annotations

import csv
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

Row = Mapping[str, object]

LINES: tuple[Row, ...] = (
    {
        "Beleg": "0007",
        "Pos": 1,
        "Datum": date(2025, 1, 31),
        "Kunde": "007",
        "WG": "Größe",
        "Menge": Decimal("2.500"),
        "Brutto": Decimal("1234.56"),
        "Abzug": Decimal("-0.10"),
        "Einsatz": None,
        "Aktion": True,
    },
    {
        "Beleg": "R-2",
        "Pos": 2,
        "Datum": date(2025, 12, 1),
        "Kunde": "1001",
        "WG": 'a "quoted"; text,\nof two lines',
        "Menge": Decimal("-3.000"),
        "Brutto": Decimal("-9876543.21"),
        "Abzug": Decimal("0.30"),
        "Einsatz": Decimal("1500.00"),
        "Aktion": False,
    },
    {
        "Beleg": "R-3",
        "Pos": 10,
        "Datum": date(2025, 12, 24),
        "Kunde": "1,5",
        "WG": "true",
        "Menge": None,
        "Brutto": Decimal("0.07"),
        "Abzug": Decimal("0.00"),
        "Einsatz": Decimal("0.05"),
        "Aktion": None,
    },
)
VISITS: tuple[Row, ...] = (
    {
        "Nr": "v1",
        "Konto": "a",
        "Art": "visit",
        "Wann": datetime(2025, 7, 1, 14, 30),
        "Erfasst": datetime(2025, 7, 2, 8, 5, 59),
    },
    {
        "Nr": "v2",
        "Konto": "b",
        "Art": "call",
        "Wann": datetime(2025, 12, 2),
        "Erfasst": datetime(2025, 12, 2, 23, 59, 59),
    },
)
"""A midnight is a moment like any other."""

NUMBERS = {
    "Menge": pa.decimal128(12, 3),
    "Brutto": pa.decimal128(18, 2),
    "Abzug": pa.decimal128(18, 2),
    "Einsatz": pa.decimal128(18, 2),
}


def plain(value: object) -> object:
    """A value as JSON and CSV write it."""
    match value:
        case Decimal():
            return float(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value


def as_csv(rows: Sequence[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(
        [
            str(plain(v)).lower() if isinstance(v, bool) else str(v) if isinstance(v, Decimal) else plain(v)
            for v in row.values()
        ]
        for row in rows
    )
    return text.getvalue().encode()


def as_parquet(rows: Sequence[Row]) -> bytes:
    buffer = io.BytesIO()
    columns = {name: pa.array([row[name] for row in rows], NUMBERS.get(name)) for name in rows[0]}
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def as_jsonl(rows: Sequence[Row]) -> bytes:
    """With a blank line, keys in another order and missing ones, as programs write it."""
    lines = [
        json.dumps({k: plain(v) for k, v in row.items() if n or v is not None}, ensure_ascii=n % 2 == 0)
        for n, row in enumerate(rows)
    ]
    return "\n\n".join(lines).encode()


def as_excel(rows: Sequence[Row], first_row: int = 0, first_column: int = 0, sheet: str = "Daten") -> bytes:
    """A workbook whose table begins anywhere, with other sheets around it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        day, moment = (book.add_format({"num_format": form}) for form in ("dd.mm.yyyy", "dd.mm.yyyy hh:mm"))
        book.add_worksheet("Hinweise").write_string(0, 0, "not this one")
        page = book.add_worksheet(sheet)
        page.write_row(first_row, first_column, list(rows[0]))
        for line, row in enumerate(rows, start=first_row + 1):
            for place, value in enumerate(row.values(), start=first_column):
                match value:
                    case bool():
                        page.write_boolean(line, place, value)
                    case datetime():
                        page.write_datetime(line, place, value, moment)
                    case date():
                        page.write_datetime(line, place, value, day)
                    case Decimal() | int() | float():
                        page.write_number(line, place, float(value))
                    case str():
                        page.write_string(line, place, value)
    return buffer.getvalue()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


WRITERS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {
    "csv": as_csv,
    "parquet": as_parquet,
    "jsonl": as_jsonl,
    "excel": as_excel,
}


def statements(table: str, rows: Sequence[Row], types: Mapping[str, str]) -> list[str]:
    """SQL that makes and fills a table; text, numbers and days as literals of the SQL standard."""

    def said(value: object) -> str:
        if value is None or isinstance(value, (bool, int, Decimal)):
            return "null" if value is None else str(value).lower()
        return "'" + str(value).replace("'", "''") + "'"

    shape = ", ".join(f'"{name}" {types.get(name, "text")}' for name in rows[0])
    values = [f'insert into "{table}" values ({", ".join(map(said, row.values()))})' for row in rows]
    return [f'create table "{table}" ({shape})', *values]


TYPES = {
    "Pos": "integer",
    "Datum": "date",
    "Menge": "numeric(12,3)",
    "Brutto": "numeric(18,2)",
    "Abzug": "numeric",
    "Einsatz": "numeric(18,2)",
    "Aktion": "boolean",
    "Wann": "timestamp",
    "Erfasst": "timestamp",
}


def fill_sqlite(path: Path, table: str, rows: Sequence[Row]) -> None:
    """SQLite has no days, truths or decimal numbers: texts, 0 and 1, binary numbers."""
    with sqlite3.connect(path) as database:
        for statement in statements(table, rows, TYPES):
            database.execute(statement)
    database.close()
