"""What landing has to say about a table, for the gate and for people. Belongs here: its shape and its wording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipelines.errors import Problem

Severity = Literal["critical", "warning", "info"]
"""critical turns the gate red, warning is published visibly, info is for the record."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem with its weight: rows affected and the sum of the table's first money column over them, where
    known."""

    severity: Severity
    problem: Problem
    rows: int | None = None
    amount: Decimal | None = None


def some(names: Sequence[str], most: int = 3) -> str:
    """The first of many names for a line of text, and how many there are."""
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])}, ... ({len(names)} in all)"


REMEDIES = {
    "NULL_REQUIRED": (
        "fill the field in the source system; what is the same in every row is a line under `constants`, line "
        "numbers are made by `number_within`, a totals row is left out by `where` or `skip_footer_matching`"
    ),
    "NUM_FORMAT": (
        "correct the number, or declare how numbers are written: the format's `decimal`, `thousands`, "
        "`trailing_minus`, `strip`; a repeated header is left out by `skip_rows_matching`"
    ),
    "NUM_SCALE": (
        "correct the number, or say `round: true`: more decimal places than the column holds are not rounded "
        "away silently"
    ),
    "NUM_OVERFLOW": "correct the number; it is larger than the column holds",
    "NUM_NOT_FINITE": "correct the number, or declare the text as a null token",
    "NUM_RANGE": "correct the value; the data dictionary names its limits",
    "DATE_FORMAT": (
        "correct the date, or declare the format's `date` or `timestamp` pattern; a repeated header is left "
        "out by `skip_rows_matching`"
    ),
    "DATE_INVALID": "correct the date; the calendar has no such day",
    "DATE_RANGE": "correct the date; the data dictionary names its limits",
    "VALUE_NOT_ALLOWED": "correct the value, translate it under the mapping's `values`, or compute it with `expr`",
    "CURRENCY_UNKNOWN": (
        "correct the currency, or translate it under the mapping's `values`; ISO 4217 codes such as EUR are read"
    ),
    "CONTROL_CHAR": "remove the control character in the source system",
    "TYPE": "correct the value, or declare the format's true and false tokens",
    "FIELD_COUNT": (
        "export the record with as many fields as the header has (quote texts that hold the delimiter; where "
        "quote signs are part of the text, say `quote: none`)"
    ),
    "DUP_EXACT": (
        "nothing to do if intended: one of the identical rows was kept; lines without a number of their own "
        "get one by `number_within`"
    ),
    "DUP_CONFLICT": (
        "decide in the source system which of the rows with this key is right; none of them was loaded. Lines "
        "without a number of their own get one by `number_within`, rows that differ in columns that are not "
        "mapped are made one by `distinct: true`"
    ),
}
"""Row-level reason code -> next step."""


_FILLED_BY = {
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
