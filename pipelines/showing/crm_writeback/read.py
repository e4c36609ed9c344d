"""What a published version writes back, and what of it changed since the last time. Belongs here: its queries. Not here: files (write).

Values are compared as they are written: in words. So another language, or a text the company worded anew, is a change, because what the
CRM shows is another one then. The as-of date is no value: a row that stays the same is not written every month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.errors import KundenwertError, Problem
from pipelines.publishing import reading
from pipelines.quoting import identifier, literal
from pipelines.showing.crm_writeback.systems import System, systems
from pipelines.showing.version import Table, Tables, Version
from pipelines.vocabulary import Voice, code_groups

NOTHING: Final = "–"
"""Written where there is nothing: importers leave the old value where a cell is empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One account: its values as written now (None of one that is gone), and those written last; None where it was never written."""

    account_id: str
    now: tuple[str | None, ...]
    before: tuple[str | None, ...] | None


@dataclass(frozen=True, slots=True)
class Writeback:
    """What is to be written: `rows` of `accounts` accounts there are, `gone` ones that were written before and are no accounts of any
    customer any more. `foreign_ids` do not look like ids of the CRM. `state` is to be kept once the files are there."""

    version: str
    as_of_date: date
    known_on: date
    number: int
    accounts: int
    foreign_ids: int
    rows: tuple[Row, ...]
    gone: tuple[Row, ...]
    state: pa.Table


@dataclass(frozen=True, slots=True)
class _Published:
    as_of_date: date
    account_ids: str | None
    zone: str | None
    service_zone: str | None
    zone_status: str | None
    customer_status: str
    recommended_action_en: str | None
    recommended_action_de: str | None
    next_best_product_group: str | None


TABLES: Final[Tables] = {"crm_writeback": Table.of(_Published)}
"""What is read of a version."""


def read_writeback(version: Path, last: Path, system: System, voice: Voice, *, everything: bool = False) -> Writeback:
    """What is written back of a published version as of its latest date, in a language; `last` is the file of what was written last.

    Of `everything` also rows that are the same as the last time. The last time is read from the file only: nothing is changed here.

    Raises KundenwertError CRM_NO_ACCOUNTS; VerifyError as Version.opened does.
    """
    with Version.opened(version, TABLES, [last] if last.is_file() else []) as opened:
        day = opened.as_of_dates[-1]
        number = _prepare(opened, last, voice, day)
        names = tuple(systems().values)
        said = _rows(opened, names, "where $everything or is_new or is_changed", {"everything": everything})
        gone = _rows(opened, names, "where is_gone")
        state = opened.connection.execute(
            f"select account_id, {', '.join(names)}, {number} as number from said order by account_id"
        ).to_arrow_table()
        if not state.num_rows:
            what = "no customer and no lead has a CRM account: there is nothing to write back to"
            remedy = "map `accounts` of the CRM, then kundenwert run"
            raise KundenwertError(Problem("CRM_NO_ACCOUNTS", what, "sources.yml: tables.accounts", remedy))
        ids = state.column("account_id").to_pylist()
        looks = re.compile(system.id)
        return Writeback(
            version=opened.name,
            as_of_date=day,
            known_on=opened.manifest.known_at.date(),
            number=number,
            accounts=len(ids),
            foreign_ids=sum(looks.fullmatch(each) is None for each in ids),
            rows=said,
            gone=gone,
            state=state,
        )


def _prepare(version: Version, last: Path, voice: Voice, day: date) -> int:
    """Make the relations `said` (what the CRM should show), `before` (what was written last), `compared`; the number of this time."""
    connection = version.connection
    connection.execute("create temp table words (code_group varchar, code varchar, said varchar)")
    groups = {value.group for value in systems().values.values() if value.group is not None}
    words = [(name, code, voice.label(name, code)) for name in sorted(groups) for code in code_groups()[name].codes]
    connection.executemany("insert into words values ($1, $2, $3)", words)
    connection.execute("create temp table said as " + _said(voice.language), {"as_of": day, "nothing": NOTHING})
    connection.execute(f"create temp view before as {_before(version, last)}")
    names = list(systems().values)
    is_changed = " or ".join(f"said.{name} is distinct from before.{name}" for name in names)
    connection.execute(
        f"""
        create temp view compared as
        select
            coalesce(said.account_id, before.account_id) as account_id,
            {", ".join(f"said.{name} as {name}, before.{name} as before_{name}" for name in names)},
            before.account_id is null as is_new,
            said.account_id is null as is_gone,
            said.account_id is not null and ({is_changed}) as is_changed
        from said
        full join before on said.account_id = before.account_id
        """
    )
    ((number,),) = connection.execute("select coalesce(max(number), 0) + 1 from before").fetchall()
    return int(number)


def _said(language: str) -> str:
    """One row per account, every value in words. An id holds no comma: the mart joins them by one."""
    columns, joins = [], []
    for name, value in systems().values.items():
        source = f"accounts.{identifier(value.column_in(language))}"
        if value.group is not None:
            joins.append(
                f"left join words as {name}_words on {name}_words.code_group = {literal(value.group)} and {name}_words.code = {source}"
            )
            # A code of a later release is written as it is.
            source = f"coalesce({name}_words.said, replace({source}, '_', ' '))"
        columns.append(f"coalesce({source}, $nothing) as {name}")
    return f"""
        with accounts as (
            select unnest(string_split(account_ids, ', ')) as account_id, * from crm_writeback
            where as_of_date = $as_of and account_ids is not null
        )
        select accounts.account_id, {", ".join(columns)}
        from accounts
        {" ".join(joins)}
    """


def _before(version: Version, last: Path) -> str:
    """What was written last; no row if nothing was. A value another release did not write is unknown, so it is written now."""
    columns = {"account_id": "varchar", **dict.fromkeys(systems().values, "varchar"), "number": "integer"}
    if not last.is_file():
        nulls = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
        return f"select {nulls} where false"
    relation = f"read_parquet({literal(last)})"
    later = {name: kind for name, kind in columns.items() if name in systems().values}
    try:
        return reading.rows_of(version.connection, relation, (last.parent.name, last.stem), later=later)
    except reading.UNREADABLE as error:
        what = f"what was written last cannot be read: {reading.first_line(error)}"
        remedy = "remove the file; the next write-back writes every account"
        raise KundenwertError(Problem("CRM_LAST_UNREADABLE", what, str(last), remedy)) from None


def _rows(version: Version, names: Sequence[str], where: str, given: dict[str, Any] | None = None) -> tuple[Row, ...]:
    columns = ", ".join([*names, *(f"before_{name}" for name in names)])
    found = version.connection.execute(
        f"select account_id, is_new, {columns} from compared {where} order by account_id", given
    )
    return tuple(_row(row, len(names)) for row in _fetched(found))


def _row(row: tuple[Any, ...], values: int) -> Row:
    account_id, is_new, *both = row
    return Row(str(account_id), tuple(both[:values]), None if is_new else tuple(both[values:]))


def _fetched(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(10_000):
        yield from rows
