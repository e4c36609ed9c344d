"""Which months a run is for: the date nobody named, and whether a named one may be computed.

Belongs here: from the ledger to what the rule reads, and from its answer to a date or a refusal. Not here: the rule itself
(sql/as_of_dates.sql), writing it down (control.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from pipelines import duck
from pipelines.errors import ExitCode, Problem, SourceError
from pipelines.landing import ledger
from pipelines.landing.write import batch_file
from pipelines.quoting import literals
from pipelines.settings.workspace import Workspace

_RULE: Final = Path(__file__).parent / "sql" / "as_of_dates.sql"
_MOMENT: Final = pa.timestamp("us")
_TABLE: Final = "invoice_lines"

KNOWN: Final = pa.schema([("known_at", _MOMENT), ("time_zone", pa.string()), ("allow_open_month", pa.bool_())])
ASKED: Final = pa.schema([("as_of_date", pa.date32())])
DELIVERIES: Final = pa.schema(
    [
        ("batch_id", pa.string()),
        ("declared_on", pa.date32()),
        ("path_date", pa.date32()),
        ("loaded_at", _MOMENT),
        ("superseded_at", _MOMENT),
    ]
)
"""What the rule reads, beside `postings` (batch_id, posting_date)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rule says to one date asked for (None: to no date). `refused` is its word, None where the date holds."""

    asked: date | None
    delivery_day: date | None
    refused: str | None
    as_of_date: date | None
    is_open_month: bool | None


class RefusedError(SourceError):
    """A month that was asked for is not computed."""

    exit_code = ExitCode.USAGE


def answers(connection: duckdb.DuckDBPyConnection) -> tuple[Answer, ...]:
    """What the rule says; the connection has the relations it reads."""
    rows = connection.execute(_RULE.read_text(encoding="utf-8")).fetchall()
    return tuple(Answer(asked, day, refused, as_of, is_open) for asked, day, refused, as_of, is_open in rows)


def dating_tables(workspace: Workspace) -> tuple[str, ...]:
    """The tables whose deliveries date the portfolio: the invoice lines; of a company that maps none every table it has."""
    return (_TABLE,) if _TABLE in workspace.sources.tables else tuple(sorted(workspace.sources.tables))


def default_as_of(workspace: Workspace, known_at: datetime | None = None) -> date:
    """The as-of date of a run that names none, as known at `known_at` (UTC without zone; None: with everything delivered).

    Raises SourceError NO_INVOICE_LINES where none was ever accepted, else NO_POSTING where none is known by then.
    """
    (answer,) = _asked(workspace, (None,), known_at or _everything(workspace), allow_open_month=False)
    if answer.as_of_date is None:
        raise SourceError(_no_posting(workspace, answer.delivery_day))
    return answer.as_of_date


def open_months(
    workspace: Workspace, month_ends: Sequence[date], known_at: datetime, *, allow_open_month: bool
) -> tuple[date, ...]:
    """Those of the months asked for that are not over at `known_at` (UTC without zone).

    Raises RefusedError OPEN_MONTH or AS_OF_NOT_MONTH_END, unless an open month is allowed by name.
    """
    found = _asked(workspace, month_ends, known_at, allow_open_month=allow_open_month)
    problems = [_refusal(answer, known_at, workspace) for answer in found if answer.refused is not None]
    if problems:
        raise RefusedError(*problems)
    return tuple(answer.as_of_date for answer in found if answer.as_of_date is not None and answer.is_open_month)


def default_known_at(workspace: Workspace, latest_as_of: date) -> datetime:
    """The latest delivery the ledger knows; on the very day of `latest_as_of` that day's end, when all of it is known."""
    everything, end = _everything(workspace), end_of(workspace, latest_as_of)
    return end if everything < end and workspace.sources.day(everything) == latest_as_of else everything


def end_of(workspace: Workspace, day: date) -> datetime:
    """The last second of a day of the company, in UTC without zone."""
    return workspace.sources.utc(datetime.combine(day, time(23, 59, 59)))


def _everything(workspace: Workspace) -> datetime:
    """When all that was delivered was known; without any delivery the beginning of time."""
    return max((entry.delivered_at for entry in ledger.read(workspace.home)), default=datetime(1900, 1, 1))  # noqa: DTZ001


def _asked(
    workspace: Workspace, dates: Sequence[date | None], known_at: datetime, *, allow_open_month: bool
) -> tuple[Answer, ...]:
    tables = dating_tables(workspace)
    batches = [batch for batch in ledger.batches(ledger.read(workspace.home)) if batch.entry.table in tables]
    is_posted = tables == (_TABLE,)
    files = sorted({batch_file(workspace.home.raw, _TABLE, batch.entry.batch_id) for batch in batches if is_posted})
    known = {"known_at": known_at, "time_zone": workspace.sources.time_zone, "allow_open_month": allow_open_month}
    deliveries = [
        {
            "batch_id": batch.entry.batch_id,
            "declared_on": batch.entry.declared_on,
            "path_date": batch.entry.day,
            "loaded_at": batch.entry.delivered_at,
            "superseded_at": batch.superseded_at,
        }
        for batch in batches
    ]
    with duck.memory(workspace.home.temporary) as connection:
        connection.register("known", pa.Table.from_pylist([known], schema=KNOWN))
        connection.register("asked", pa.Table.from_pylist([{"as_of_date": day} for day in dates], schema=ASKED))
        connection.register("deliveries", pa.Table.from_pylist(deliveries, schema=DELIVERIES))
        rows = "from (select null::varchar as batch_id, null::date as posting_date) where false"
        if files:
            rows = f"from read_parquet([{literals(files)}], hive_partitioning=false)"
        elif not is_posted:
            # Where nothing is posted, the data reach up to their delivery.
            rows = "from (select batch_id, coalesce(declared_on, path_date, loaded_at::date) as posting_date from deliveries)"
        connection.execute(f"create temp table postings as select distinct batch_id, posting_date {rows}")
        return answers(connection)


def _no_posting(workspace: Workspace, delivery_day: date | None) -> Problem:
    tables = dating_tables(workspace)
    accepted = any(entry.table in tables and entry.rows_accepted for entry in ledger.read(workspace.home))
    if not accepted and tables != (_TABLE,):
        what = f"no row of {', '.join(tables)} was ever accepted, so there is no date to compute"
        return Problem("NO_POSTING", what, ", ".join(tables), "look at the findings about these tables above")
    if not accepted:
        what = "no invoice line was ever accepted, so there is no date to compute"
        return Problem("NO_INVOICE_LINES", what, _TABLE, "look at the findings about invoice_lines above")
    what = (
        "no delivery of invoice lines was known by then, so there is no date to compute"
        if delivery_day is None
        else f"no invoice line is posted up to {delivery_day}, the day of the newest delivery, so there is no date to compute"
    )
    return Problem(
        "NO_POSTING", what, _TABLE, "deliver invoice lines up to that day, or name a month end: --as-of DATE"
    )


def _refusal(answer: Answer, known_at: datetime, workspace: Workspace) -> Problem:
    day = answer.asked
    if answer.refused == "no_month_end":
        what = f"{day} is not the last day of its month; a portfolio is always as of a month end"
        return Problem("AS_OF_NOT_MONTH_END", what, "--as-of", "name the last day of the month")
    what = (
        f"the month of {day} is not over: what is known is as of {workspace.sources.day(known_at)} "
        f"({workspace.sources.time_zone})"
    )
    return Problem(
        "OPEN_MONTH", what, "--as-of", "wait for its last day, or compute it as an open month: --allow-open-month"
    )
