"""Words that findings share: many names in a line, what a mapping may say instead of a column, which column may be meant.

Belongs here: only these."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Final


def some(names: Sequence[str], most: int = 3) -> str:
    """The first of many names for a line of text, and how many there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])}, ... ({len(names)} in all)"


_FILLED_BY: Final[Mapping[str, str]] = {
    "line_no": "or number the lines of a document: `line_no: {number_within: [invoice_id]}`",
    "item_no": "or number the items of a document: `item_no: {number_within: [invoice_id]}`",
    "currency_code": "or say it for all rows: `constants: {currency_code: EUR}`",
    "company_id": 'or say it for all rows: `constants: {company_id: "1"}`',
    "doc_type": "or say it for all rows: `constants: {doc_type: invoice}`; by another column: `doc_type: {expr: ...}`",
    "relationship_type": "or say it for all rows: `constants: {relationship_type: customer}`",
}


def filled_by(column: str) -> str:
    """What a mapping may say where no delivered column is one of the contract's."""
    return _FILLED_BY.get(
        column, "or compute it: `expr`; take it from another file: `lookup`; say it for all rows: `constants`"
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """What may be meant by a name that no column of a file has: the file's header in another encoding, a name like it."""
    columns = tuple(known)
    misread = next((column for column in columns if _as_utf8(column).lower() == name.lower()), None)
    if misread is not None:
        return f"'{misread}' is '{name}' read in a wrong encoding: declare `encoding: utf-8` for the file's format"
    by_lower = {column.lower(): column for column in columns}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean '{by_lower[near[0]]}'?" if near else f"the file has: {', '.join(columns)}"


def _as_utf8(text: str) -> str:
    """What the text says if UTF-8 was read as a Western code page; "" if it was not."""
    for encoding in ("windows-1252", "iso-8859-1"):
        with contextlib.suppress(UnicodeError):
            meant = text.encode(encoding).decode("utf-8")
            return meant if meant != text else ""
    return ""
