"""What reads well and may still be wrong, and what was passed over: findings about a landed table beside its rejected rows.

Belongs here: signs of a wrong encoding, of another decimal sign, of days without a time, of a wrong year; rounded numbers; rows that
are no data. Not here: rejecting rows (grammar.py, typed.py), judging whole batches (data_quality).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import duckdb

from pipelines.contracts import Column, Contract
from pipelines.errors import Problem
from pipelines.landing.findings import Finding
from pipelines.landing.grammar import SUSPECT
from pipelines.landing.typed import ROUNDED, TypedPass, source_columns
from pipelines.quoting import identifier, literal
from pipelines.sources import PreparedFile

_CENT = Decimal("0.01")
_EXAMPLE = 40
_FEW_MIDNIGHTS = 2
_MIDNIGHT_SHARE = 10
"""Per cent of moments at 00:00 from which on it looks as if the time were not known."""
_FINE_SCALE = 3
"""Columns with so many decimal places hold rates and shares; only there 1.085 may be three decimals."""


def passed_over(table: str, files: Iterable[PreparedFile]) -> Iterator[Finding]:
    """One note per file and kind of row that is no data; lines above the header say nothing."""
    for file in files:
        for each in file.skipped:
            where = ", ".join(f"{file.name}:{line}" for line in each.lines) + (
                ", ..." if each.rows > len(each.lines) else ""
            )
            one = each.rows == 1
            noun, are, were = ("row", "is", "was") if one else ("rows", "are", "were")
            if each.reason == "repeated header":
                what = f"{table}: {each.rows} {noun} with the header again {are} no data; passed over and counted"
                yield Finding("info", Problem("REPEATED_HEADER", what, where, "nothing to do"), each.rows)
            elif each.reason != "above the header":
                what = f"{table}: {each.rows} {noun} that `{each.reason}` matches {were} passed over as no data, and counted"
                remedy = f"nothing to do if intended; else correct `{each.reason}` of the file's format"
                yield Finding("info", Problem("ROWS_SKIPPED", what, where, remedy), each.rows)


def suspects(
    connection: duckdb.DuckDBPyConnection, work: TypedPass, encoding: str | None, format_name: str | None
) -> tuple[Finding, ...]:
    """Findings about the accepted rows of the view `marked`. `encoding` and `format_name` are those the file's format
    declares, where there is one."""
    found: list[Finding] = []
    if work.delivered.facts.has_suspect_signs:
        found += _wrong_encoding(connection, work.contract, encoding, format_name)
    if work.grammar.round:
        found += _rounded(connection, work.contract)
    found += _spelled_alike(connection, work.contract)
    found += _without_a_time(connection, work, format_name)
    found += _years_away(connection, work.contract)
    found += _other_decimal_sign(connection, work, format_name)
    return tuple(found)


def _wrong_encoding(
    connection: duckdb.DuckDBPyConnection, contract: Contract, encoding: str | None, format_name: str | None
) -> Iterator[Finding]:
    texts = [
        column
        for column in contract.columns
        if column.type == "string" and not column.allowed_values and not column.code_list
    ]
    money = _weight(contract)
    if not texts:
        return
    parts = []
    for column in texts:
        # Persons are keyed hashes in `marked`; as delivered they are counted, and never shown.
        source = "records" if column.personal else "marked"
        reasons = "_kw_reasons" if column.personal else "reasons"
        name = identifier(column.load_name)
        weight = "null::decimal(18,2)" if column.personal or money is None else f"sum({money})"
        example = "null" if column.personal else f"min({name})"
        place = "null" if column.personal else "min_by(file_name || ':' || line_number, line_number)"
        parts.append(
            f"select {literal(column.load_name)}, count(*), {weight}, {example}, {place} from {source} "
            f"where {reasons} is null and regexp_matches({name}, {literal(SUSPECT)})"
        )
    for name, rows, amount, example, place in connection.execute(" union all ".join(parts)).fetchall():
        if not rows:
            continue
        shown = f", e.g. {str(example)[:_EXAMPLE]!r}" if example is not None else ""
        noun = "text holds" if rows == 1 else "texts hold"
        what = f"{contract.name}.{name}: {rows} {noun} what a wrong encoding leaves{shown}; the rows are kept"
        yield Finding(
            "warning",
            Problem("MOJIBAKE_SUSPECT", what, str(place or ""), _encoding_remedy(example, encoding, format_name)),
            int(rows),
            None if amount is None else Decimal(amount).quantize(_CENT),
        )


def _encoding_remedy(example: str | None, encoding: str | None, format_name: str | None) -> str:
    """What to declare where another encoding makes sense of the example."""
    text = example or ""
    for declared, other in ((encoding, "utf-8"), ("iso-8859-1", "windows-1252")):
        if encoding is None or declared is None or (other == "windows-1252" and encoding.lower() not in _LATIN):
            continue
        try:
            meant = text.encode(declared).decode(other)
        except (UnicodeError, LookupError):
            continue
        if meant != text:
            return f"as {other} it says {meant[:_EXAMPLE]!r}: declare `encoding: {other}` of formats.{format_name}"
    return "the exporting system wrote it so: correct it there (it read UTF-8 as something else, or lost letters), deliver again"


_LATIN = ("iso-8859-1", "latin-1", "latin1", "iso8859-1")


def _rounded(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Finding]:
    rows = connection.execute(
        f"select name, count(*), min_by(file_name || ':' || line_number, line_number) from (select file_name, line_number, "
        f"unnest(string_split({ROUNDED}, ',')) as name from marked where reasons is null and {ROUNDED} <> '') "
        "group by name order by name"
    ).fetchall()
    for name, count, place in rows:
        column = contract.column(str(name))
        noun = "number was" if count == 1 else "numbers were"
        what = (
            f"{contract.name}.{name}: {count} {noun} rounded to {column.scale} decimal places, as the format declares"
        )
        yield Finding("info", Problem("NUM_ROUNDED", what, str(place or ""), "nothing to do if intended"), int(count))


def _spelled_alike(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Finding]:
    """Keys of master data, and product groups, that differ in nothing but their letters: they are kept apart."""
    keys = contract.primary_key if contract.business_date is None and len(contract.primary_key) == 1 else ()
    for column in contract.columns:
        if column.type != "string" or column.personal or (column.name not in _GROUPS and column.load_name not in keys):
            continue
        name = identifier(column.load_name)
        row = connection.execute(
            f"select count(*), min(spellings), sum(rows)::bigint, min_by(place, spellings) from (select "
            f"list_sort(list(text)) as spellings, sum(rows) as rows, min_by(place, text) as place from "
            f"(select {name} as text, count(*) as rows, min_by(file_name || ':' || line_number, line_number) as place "
            f"from marked where reasons is null and {name} is not null group by {name}) group by lower(text) having count(*) > 1)"
        ).fetchone()
        if row is None or not row[0]:
            continue
        shown = " and ".join(repr(str(text)[:_EXAMPLE]) for text in list(row[1])[:2])
        what = f"{contract.name}.{column.name}: {row[0]} of its values are spelled in several ways, e.g. {shown}; they count apart"
        remedy = "if they are one, correct them in the source system, or name them under the mapping's `values`"
        yield Finding("warning", Problem("SPELLED_ALIKE", what, str(row[3] or ""), remedy), int(row[2]))


_GROUPS = ("product_group",)


def _without_a_time(
    connection: duckdb.DuckDBPyConnection, work: TypedPass, format_name: str | None
) -> Iterator[Finding]:
    """Moments at 00:00 of a source that is said to give times."""
    contract = work.contract
    for column in contract.columns:
        if column.time_of is None or not work.grammar.has_time or column.name in work.mapping.columns:
            continue
        at = identifier(contract.column(column.time_of).load_name)
        known = identifier(column.load_name)
        local = f"({at} at time zone 'UTC') at time zone {literal(work.around.time_zone)}"
        # Every zone's midnight is a quarter of an hour of UTC; asking the zone costs far more than asking that.
        is_midnight = (
            f"case when epoch_us({at}) % 900000000 = 0 then {local} = date_trunc('day', {local}) else false end"
        )
        row = connection.execute(
            "select count(*), count(*) filter (is_midnight), min_by(file_name || ':' || line_number, line_number) filter "
            f"(is_midnight) from (select file_name, line_number, {is_midnight} and coalesce({known}, true) as is_midnight "
            "from marked where reasons is null)"
        ).fetchone()
        if row is None or row[1] < _FEW_MIDNIGHTS or row[1] * 100 < row[0] * _MIDNIGHT_SHARE:
            continue
        what = (
            f"{contract.name}.{column.time_of}: {row[1]} of {row[0]} begin at 00:00, as days without a time do; as it "
            "stands, entries of one kind by one person for one customer on such a day count once"
        )
        place = "of the file's format" if format_name is None else f"of formats.{format_name}"
        remedy = f"if the source gives days without a time, declare `has_time: false` {place}"
        yield Finding("warning", Problem("TIME_MISSING", what, str(row[2] or ""), remedy), int(row[1]))


def _years_away(connection: duckdb.DuckDBPyConnection, contract: Contract) -> Iterator[Finding]:
    """Few rows with years between them and all others: 2205, written with two digits, is read as 2005."""
    if contract.name not in _MONTH_BY_MONTH or contract.business_date is None:
        return
    spans = _spans(connection, contract)
    rows = sum(span.rows for span in spans)
    away = [span for span in spans if span.rows * _FEW_OF_ALL <= rows]
    if not away:
        return
    day = identifier(contract.business_date)
    held = " or ".join(
        f"{day}::date between {literal(str(span.first))}::date and {literal(str(span.last))}::date" for span in away
    )
    place = connection.execute(
        f"select min_by(file_name || ':' || line_number, line_number) from marked where reasons is null and ({held})"
    ).fetchone()
    count, most = sum(span.rows for span in away), spans[0]
    what = (
        f"{contract.name}.{contract.business_date}: {count} {'row lies' if count == 1 else 'rows lie'} more than {_MONTHS_APART} months "
        f"away from all others ({most.first} to {most.last}), e.g. {away[-1].first}; as it stands, each counts where it is dated"
    )
    remedy = "compare the year with the source, correct it there and deliver again; nothing to do if they are that old"
    amount = None if _weight(contract) is None else sum((span.amount for span in away), Decimal(0)).quantize(_CENT)
    yield Finding("warning", Problem("DATE_YEARS_AWAY", what, str(place[0] if place else ""), remedy), count, amount)


class _Span(NamedTuple):
    """Rows with less than `_MONTHS_APART` months between one and the next: first and last day, their number and money."""

    first: date
    last: date
    rows: int
    amount: Decimal


def _spans(connection: duckdb.DuckDBPyConnection, contract: Contract) -> list[_Span]:
    """The spans of a table's dates, that with most rows first. Months are counted as numbers: a damaged file holds days that no calendar
    adds to, and they are looked at before they are rejected."""
    day, money = f"{identifier(str(contract.business_date))}::date", _weight(contract) or "0"
    found = connection.execute(
        f"""with months as (
            select
                year({day}) * 12 + month({day}) as month, min({day}) as first, max({day}) as last, count(*) as rows, sum({money}) as amount
            from marked where reasons is null and {day} is not null group by 1
        ), parted as (
            select *, month - lag(month) over (order by month) > {_MONTHS_APART} as begins from months
        ), numbered as (
            select *, count(*) filter (begins) over (order by month) as span from parted
        )
        select min(first), max(last), sum(rows)::bigint, sum(amount)::decimal(38, 6) from numbered group by span order by 3 desc, 1"""
    ).fetchall()
    return [_Span(*row) for row in found]


_MONTH_BY_MONTH = ("invoice_lines", "orders", "direct_costs", "activities")
"""Tables of what happens all the time. Master data, ratings and open items are old one by one."""
_MONTHS_APART = 24
_FEW_OF_ALL = 10
"""At most one row in so many lies away; more of them are an older business."""


def _other_decimal_sign(
    connection: duckdb.DuckDBPyConnection, work: TypedPass, format_name: str | None
) -> Iterator[Finding]:
    """Rates and shares that are all written like 1.085 where the point is declared to part thousands."""
    sign = work.grammar.thousands
    if sign not in (".", ","):
        return
    places = source_columns(work)
    fine = [
        column
        for column in work.contract.columns
        if column.is_number and column.scale >= _FINE_SCALE and places[column.name] is not None
    ]
    # What a word of the mapping makes is no text of the file.
    fine = [column for column in fine if work.delivered.columns.get(str(places[column.name])) == "VARCHAR"]
    if not fine:
        return
    whole = [
        f"bool_and({name} = trunc({name}) and ({name} = 0 or abs({name}) >= 1000)) and count({name}) > 0"
        for name in (identifier(column.load_name) for column in fine)
    ]
    row = connection.execute(f"select {', '.join(whole)} from marked where reasons is null").fetchone()
    for column in _flagged(fine, row or ()):
        theirs = identifier(str(places[column.name]))
        shape = literal(rf"-?[1-9][0-9]{{0,2}}[{sign}][0-9]{{3}}")
        said = connection.execute(
            f"select count(*), count(*) filter (regexp_full_match(trim({theirs}), {shape})), min(trim({theirs})) filter "
            f"(regexp_full_match(trim({theirs}), {shape})) from ({work.delivered.sql}) where trim({theirs}) not in ('', '0')"
        ).fetchone()
        if said is None or not said[0] or said[0] != said[1]:
            continue
        other = "." if sign == "." else ","
        meant = str(said[2]).replace(sign, "")
        what = (
            f"{work.contract.name}.{column.name}: all {said[1]} values are written like {said[2]}: read as {meant}, and a "
            f"thousand times too large if the sign is a decimal one"
        )
        where = ", ".join(work.delivered.names)
        remedy = (
            f'compare one with the source; where {said[2]} is not {meant}, give the file a format with `decimal: "{other}"` '
            f"and without `thousands` (now {'formats.' + format_name if format_name else 'as declared'})"
        )
        yield Finding("warning", Problem("LOCALE_SUSPECT", what, where, remedy), int(said[1]))


def _flagged(columns: Sequence[Column], flags: Sequence[object]) -> Iterator[Column]:
    return (column for column, flag in zip(columns, flags, strict=False) if flag)


def _weight(contract: Contract) -> str | None:
    money = [column for column in contract.money_columns if column.required]
    return identifier(money[0].load_name) if money else None
