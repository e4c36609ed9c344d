"""Names and texts as safe parts of an SQL statement. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Iterable


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
