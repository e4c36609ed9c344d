"""Words that findings share: many names in a line, what a mapping may say instead of a column. Belongs here: only these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
