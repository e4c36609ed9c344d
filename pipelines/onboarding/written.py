"""How a delimited file is written: its encoding, delimiter, header row, totals behind the last record.

Belongs here: guessing that from the bytes at the beginning and end of a file. Not here: what its columns hold (look), what is
declared of it in the end (write).
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DELIMITERS: Final = ";,\t|"
_HEAD: Final = 1 << 20
_RECORDS: Final = 300
_WHOLE: Final = 256 << 20
_TOTAL: Final = re.compile(r"(summe|gesamt|total|sum|zwischensumme|subtotal|grand total|endsumme)\b.*", re.IGNORECASE)
_MAGIC: Final = {
    b"PK\x03\x04": "zip",
    b"\xd0\xcf\x11\xe0": "xls",
    b"PAR1": "parquet",
    b"\x1f\x8b": "gzip",
    b"SQLite format 3": "sqlite",
}


@dataclass(frozen=True, slots=True)
class Written:
    """How a text file is written. `doubts` are sentences for the reader of the configuration."""

    encoding: str
    delimiter: str
    header_row: int
    header: tuple[str, ...]
    footer: str | None
    is_ascii: bool = False
    """Its bytes are the same text in every usual encoding."""
    doubts: tuple[str, ...] = ()


def kind_of(path: Path) -> str:
    """csv, parquet, excel, zip, jsonl, xls, gzip, sqlite or empty, by the first bytes and, of text, by the name."""
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        return "empty"
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return "excel" if kind == "zip" and path.suffix.lower() in (".xlsx", ".xlsm") else kind
    return "jsonl" if path.suffix.lower() in (".jsonl", ".ndjson") or head.lstrip().startswith(b"{") else "csv"


def written(path: Path) -> Written | None:
    """How the text file at `path` is written; None if no table is seen in it."""
    encoding, codec, is_ascii, doubts = _encoding(path)
    with path.open("rb") as file:
        head = file.read(_HEAD)
    text = codecs.getincrementaldecoder(codec)("replace").decode(head).removeprefix("\ufeff")
    lines = text.splitlines()
    if len(head) == _HEAD:
        lines = lines[:-1]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0]) <= 6:
        found: tuple[str, int, tuple[str, ...]] | None = _header(lines[1:], lines[0][4:5] or ",")
        found = None if found is None else (found[0], found[1] + 1, found[2])
    else:
        found = max(
            (each for sign in DELIMITERS if (each := _header(lines, sign)) is not None),
            key=lambda each: (_agreeing(lines, each[0], len(each[2]), each[1]) * min(len(each[2]), 8), len(each[2])),
            default=None,
        )
    if found is None:
        return None
    delimiter, row, header = found
    return Written(
        encoding, delimiter, row, header, _footer(path, codec, delimiter, len(header)), is_ascii, tuple(doubts)
    )


def _encoding(path: Path) -> tuple[str, str, bool, list[str]]:
    """(name as declared, Python's name, whether it is ASCII, doubts)."""
    with path.open("rb") as file:
        data = file.read(_WHOLE)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "utf-16", False, []
    cut = data if len(data) < _WHOLE else data[: data.rfind(b"\n") + 1]
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return (
            "windows-1252",
            "cp1252",
            False,
            [f"line {line} is no UTF-8 text, so the encoding is taken for windows-1252: look at umlauts in names"],
        )
    return "utf-8", "utf-8", data.isascii(), []


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(lines[:_RECORDS], delimiter=delimiter))


def _header(lines: list[str], delimiter: str) -> tuple[str, int, tuple[str, ...]] | None:
    """(delimiter, header row, header): the first record that is as wide as most and holds nothing but names."""
    try:
        records = _records(lines, delimiter)
    except csv.Error:
        return None
    widths = Counter(len(record) for record in records if any(cell.strip() for cell in record))
    if not widths:
        return None
    width = max(widths, key=lambda each: (widths[each] * (each > 1), each))
    if width < 2:
        return None
    for number, record in enumerate(records, 1):
        cells = [cell.strip() for cell in record]
        named = [cell for cell in cells if cell]
        if len(cells) == width and len(named) * 2 > width and not any(_is_value(cell) for cell in named):
            return delimiter, number, tuple(cells)
    return None


def _is_value(cell: str) -> bool:
    """Whether a cell is a number or a date, which no header is."""
    return re.fullmatch(r"[-+]?[0-9][0-9.,:/\- TZ]*", cell) is not None


def _agreeing(lines: list[str], delimiter: str, width: int, header_row: int) -> float:
    """The share of the records below the header that are as wide as it."""
    records = [record for record in _records(lines, delimiter)[header_row:] if any(cell.strip() for cell in record)]
    return sum(len(record) == width for record in records) / len(records) if records else 0.5


def _footer(path: Path, codec: str, delimiter: str, width: int) -> str | None:
    """A pattern of the first field of the records at the end, where they are totals."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        tail = file.read()
    if codec == "utf-16":
        return None
    lines = [line for line in tail.decode(codec, "replace").splitlines() if line.strip(f"{delimiter} \t")]
    if not lines:
        return None
    first = next(csv.reader([lines[-1]], delimiter=delimiter), [""])[0].strip()
    match = _TOTAL.fullmatch(first)
    return f"(?i)^{match[1].lower()}" if match and width > 1 else None
