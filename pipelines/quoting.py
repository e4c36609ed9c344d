"""Names and values as safe parts of an SQL statement. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal


def identifier(name: str) -> str:
    """`name` as a quoted SQL identifier, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: object) -> str:
    """`text` as an SQL string literal, whatever it holds (NUL is written as chr(0), which no literal may hold)."""
    quoted = "'" + str(text).replace("'", "''") + "'"
    return quoted if "\0" not in quoted else "(" + quoted.replace("\0", "' || chr(0) || '") + ")"


def literals(texts: Iterable[object]) -> str:
    """`texts` as a comma-separated list of literals."""
    return ", ".join(literal(text) for text in texts)


def constant(value: Decimal | int | date | datetime) -> str:
    """A number, a date or a time (without zone) as an SQL literal of its own type; numbers keep their decimals."""
    if isinstance(value, datetime):
        return f"timestamp {literal(value.isoformat(sep=' '))}"
    if isinstance(value, date):
        return f"date {literal(value.isoformat())}"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
