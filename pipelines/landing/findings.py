"""What landing has to say about a table, for the gate and for people. Belongs here: its shape and its wording."""

from __future__ import annotations

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


REMEDIES = {
    "NULL_REQUIRED": "fill the field in the source system, or map a constant",
    "NUM_FORMAT": "correct the number, or declare the format's decimal and thousands sign",
    "NUM_SCALE": "correct the number, or declare `round: true` of its format; decimal places are not rounded away silently",
    "NUM_OVERFLOW": "correct the number; it is larger than the column holds",
    "NUM_NOT_FINITE": "correct the number, or declare the text as a null token",
    "NUM_RANGE": "correct the value; the data dictionary names its limits",
    "DATE_FORMAT": "correct the date, or declare the format's date pattern",
    "DATE_INVALID": "correct the date; the calendar has no such day",
    "DATE_RANGE": "correct the date; the data dictionary names its limits",
    "VALUE_NOT_ALLOWED": "correct the value, or add it to the mapping's `values`",
    "CURRENCY_UNKNOWN": "correct the currency; ISO 4217 codes such as EUR are read",
    "MOJIBAKE_SUSPECT": "declare the file's real `encoding`, or correct the key in the exporting system; it meets nothing as it is",
    "CONTROL_CHAR": "remove the control character in the source system",
    "TYPE": "correct the value, or declare the format's true and false tokens",
    "CELL_ERROR": "correct the formula of the cell, or deliver its value",
    "JSON_LINE": "deliver one JSON object per line, each key once",
    "FIELD_COUNT": "export the record with as many fields as the header has (quote texts that hold the delimiter); where it is no "
    "data, declare `skip_rows_matching` of its format",
    "DUP_EXACT": "nothing to do if intended: one of the identical rows was kept",
    "EXPR_FAILED": "correct the values the expression computes with; one of them is too large or no value it can use",
    "DUP_CONFLICT": "decide in the source system which of the rows with this key is right; none of them was loaded",
}
"""Row-level reason code -> next step."""

MAPPING_REMEDIES = {
    "LOST_IN_MAPPING": "write LEFT JOIN where a partner may be missing (then the row is judged and kept), or deliver the partner records",
    "MAPPING_UNSEEN": "write the query as one SELECT with joins, or UNION ALL of such; or map with the words instead of SQL",
    "WHERE_EMPTY": "say in the condition what is to happen to them, e.g. `coalesce(Status, '') <> 'X'`, or fill the column",
    "LOOKUP_MISSING": "deliver the records that are missing there, or correct the key",
    "LOOKUP_AMBIGUOUS": "decide in the source system which of the records is right; none of their values was taken",
    "DISTINCT_DIFFERS": "deliver a file with one row per key if another of the values is right",
    "SAME_BYTES": "nothing to do if it was saved twice by mistake: it counts once; if not, tell what differs in the file",
}
"""Code of a finding about what a mapping leaves out or does not find -> next step."""
