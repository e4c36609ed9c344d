"""Text as export programs write it. Belongs here: delimiters, quotes, numbers and days; not here: any system's columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, Literal

Row = Sequence[object]
QUOTED: Final = ('"', ",", ";", "\n")


def names(*texts: str) -> list[str]:
    """The names of columns, from texts with blanks between them."""
    return " ".join(texts).split()


def delimited(
    rows: Iterable[Row],
    delimiter: str,
    *,
    newline: str = "\r\n",
    quoted: Literal["needed", "text", "all", "none"] = "needed",
) -> str:
    """Rows as text; None is an empty field. `text`: texts are quoted and numbers are not."""
    return "".join(delimiter.join(_field(cell, delimiter, quoted) for cell in row) + newline for row in rows)


def _field(cell: object, delimiter: str, quoted: str) -> str:
    if cell is None:
        return ""
    text = str(cell)
    is_needed = delimiter in text or '"' in text or "\n" in text
    wants = {"all": True, "text": isinstance(cell, str), "needed": is_needed, "none": False}[quoted]
    # Of CSV, not of SQL: a quote within a field is doubled.
    return '"' + '""'.join(text.split('"')) + '"' if wants else text


def german(amount: Decimal, places: int = 2) -> str:
    """1234.5 -> 1.234,50; a minus stands behind it, as SAP writes it."""
    text = f"{abs(amount):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{text}-" if amount < 0 else text


def comma(amount: Decimal, places: int = 2) -> str:
    """1234.5 -> 1234,50."""
    return f"{amount:.{places}f}".replace(".", ",")


def german_day(day: date | None, nothing: str = "") -> str:
    """31.12.2025."""
    return nothing if day is None else f"{day:%d.%m.%Y}"
