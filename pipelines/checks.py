"""One outcome type for every check of a run, and its Parquet file.

Belongs here: what a check result says, how results are kept, and when they are green. Not here: the checks themselves
(pipelines.landing, data_quality, dbt_project), nor the wording of a red gate (data_quality.gate).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field

from pipelines import durable

Severity = Literal["critical", "warning", "info"]
"""critical blocks publication when failed, warning is published visibly, info is for the record."""

Area = Literal["landing", "quarantine", "weight", "before", "plausible", "batch", "dbt", "reconciliation", "fx", "gate"]
"""Who found it out; a stable part of every check id."""


class CheckResult(BaseModel):
    """The outcome of one check: numbers and names only, never a cell value of a person.

    `check_id` is stable and starts with the area (`batch.invoice_lines.key_unique`), `subject` is a table or model,
    `where` narrows it down (file:line, table.column, period), `observed` and `limit` are printed numbers,
    `rows` and `amount` (reporting or delivered currency, as `what` says) measure how much is affected.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    check_id: str = Field(min_length=1)
    area: Area
    subject: str = Field(min_length=1)
    severity: Severity
    passed: bool
    what: str
    where: str = ""
    remedy: str = ""
    observed: str | None = None
    limit: str | None = None
    rows: int | None = Field(default=None, ge=0)
    amount: Decimal | None = Field(default=None, max_digits=18, decimal_places=2)
    batch_id: str | None = None
    """The newest batch it is about: what a waiver of one batch names."""
    month: str | None = None
    """The month it is about, YYYY-MM, where it is about one."""
    code: str | None = None
    """The code of its message where that is not its area's: what a waiver names."""
    waived_by: str | None = None
    """Who took responsibility for publishing with this fault (config/waivers.yml); None: nobody."""
    waived_why: str | None = None
    waived_until: date | None = None

    @property
    def is_waived(self) -> bool:
        """Whether somebody took responsibility for it. The fault is there all the same."""
        return self.waived_by is not None

    @property
    def blocks(self) -> bool:
        """True if this result alone turns the gate red."""
        return not self.passed and self.severity == "critical" and not self.is_waived


COLUMNS: Final = {
    "result_number": pa.int32(),
    "check_id": pa.string(),
    "area": pa.string(),
    "subject": pa.string(),
    "severity": pa.string(),
    "is_passed": pa.bool_(),
    "finding": pa.string(),
    "place": pa.string(),
    "remedy": pa.string(),
    "observed_value": pa.string(),
    "limit_value": pa.string(),
    "affected_rows": pa.int64(),
    "affected_amount": pa.decimal128(18, 2),
    "batch_id": pa.string(),
    "month": pa.string(),
    "code": pa.string(),
    "waived_by": pa.string(),
    "waived_why": pa.string(),
    "waived_until": pa.date32(),
}
"""The file's columns. They are named for SQL, where `where`, `limit` and `rows` are reserved words."""

KEY: Final = ("result_number",)
"""Total order of the file: 1..n over the results ordered by everything they say."""

FILE_NAME: Final = "check_results.parquet"
"""The file's name in a directory of check results."""


def is_green(results: Iterable[CheckResult]) -> bool:
    """True if no critical check failed."""
    return not any(result.blocks for result in results)


def in_order(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results without exact repetitions, in the one order that depends on nothing but what they say."""
    return tuple(sorted(set(results), key=_position))


def write(results: Iterable[CheckResult], path: Path) -> None:
    """Replace `path` (Parquet, 0600) by the results in total order. The same results give the same bytes."""
    ordered = in_order(results)
    table = pa.table(
        {
            "result_number": range(1, len(ordered) + 1),
            "check_id": [result.check_id for result in ordered],
            "area": [result.area for result in ordered],
            "subject": [result.subject for result in ordered],
            "severity": [result.severity for result in ordered],
            "is_passed": [result.passed for result in ordered],
            "finding": [result.what for result in ordered],
            "place": [result.where for result in ordered],
            "remedy": [result.remedy for result in ordered],
            "observed_value": [result.observed for result in ordered],
            "limit_value": [result.limit for result in ordered],
            "affected_rows": [result.rows for result in ordered],
            "affected_amount": [result.amount for result in ordered],
            "batch_id": [result.batch_id for result in ordered],
            "month": [result.month for result in ordered],
            "code": [result.code for result in ordered],
            "waived_by": [result.waived_by for result in ordered],
            "waived_why": [result.waived_why for result in ordered],
            "waived_until": [result.waived_until for result in ordered],
        },
        schema=pa.schema(list(COLUMNS.items())),
    )
    durable.write_table(path, table)


def read(path: Path) -> tuple[CheckResult, ...]:
    """The results in `path`, in file order. Raises FileNotFoundError if there is none."""
    if not path.is_file():
        raise FileNotFoundError(path)
    return tuple(
        CheckResult(
            check_id=row["check_id"],
            area=row["area"],
            subject=row["subject"],
            severity=row["severity"],
            passed=row["is_passed"],
            what=row["finding"],
            where=row["place"],
            remedy=row["remedy"],
            observed=row["observed_value"],
            limit=row["limit_value"],
            rows=row["affected_rows"],
            amount=row["affected_amount"],
            batch_id=row["batch_id"],
            month=row["month"],
            code=row["code"],
            waived_by=row["waived_by"],
            waived_why=row["waived_why"],
            waived_until=row["waived_until"],
        )
        for row in pq.read_table(path, schema=pa.schema(list(COLUMNS.items()))).to_pylist()
    )


def _position(result: CheckResult) -> tuple[str, ...]:
    """A total order: failed and severe first, then by every other field; None sorts before every text."""
    severity = {"critical": "0", "warning": "1", "info": "2"}[result.severity]
    optional = (
        *(result.observed, result.limit, result.rows, result.amount, result.batch_id, result.month, result.code),
        *(result.waived_by, result.waived_why, result.waived_until),
    )
    return (
        "1" if result.passed else "0",
        severity,
        result.check_id,
        result.subject,
        result.where,
        result.area,
        result.what,
        result.remedy,
        *("" if value is None else f"={value}" for value in optional),
    )
