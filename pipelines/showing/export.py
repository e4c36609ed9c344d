"""A published table for a spreadsheet: a CSV in the reader's language, or a workbook. Belongs here: how values are written there.

Not here: what the tables are (dbt_project), the pages and sheets people act on (the other rooms of showing).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Literal

import duckdb

from pipelines import duck, durable, workbooks
from pipelines.publishing import manifest as manifests
from pipelines.publishing import reading, serving
from pipelines.publishing.tables import Audience
from pipelines.quoting import constant, identifier, literal
from pipelines.showing.choice import unknown
from pipelines.vocabulary import Voice
from pipelines.vocabulary.columns import label_of

Form = Literal["csv", "xlsx"]
Headings = Literal["names", "labels"]
"""What stands over a column: its name, by which programs know it, or what people call it in the reader's language."""
WORKBOOK_ROWS: Final = 100_000
"""More rows no workbook gets: people filter them by hand, and each is written by itself."""
_AUDIENCE: Final[Audience] = "bi"
_BATCH: Final = 10_000
_MARK: Final = "\ufeff"
"""Spreadsheets take a file without it for one of another century."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The file and how many rows it has."""

    path: Path
    rows: int


def export(
    version: Path,
    table: str,
    as_of: date | None,
    form: Form,
    voice: Voice,
    target: Path,
    headings: Headings = "names",
) -> Exported:
    """Write the rows of a table for BI (one without people) to `target` (0600), of one as-of date (None: of all), in the order of its key.

    In a CSV numbers and dates are written as the language does, in a workbook they are numbers and dates. A text is never a formula.
    A column of an earlier release that has no label any more keeps its name.
    Raises KundenwertError EXPORT_UNKNOWN, EXPORT_ROWS; VerifyError where the version is none, or not a whole one.
    """
    told = manifests.read(version)
    tables = {Path(each.path).stem: each for each in told.tables_of(_AUDIENCE)}
    if table not in tables:
        what = f"{version.name} publishes no {table} for BI; it has {', '.join(sorted(tables))}"
        raise unknown("EXPORT_UNKNOWN", what, "TABLE", "name one of these")
    with duck.memory() as connection:
        rows = reading.published_rows(connection, reading.table_file(version, table))
        if as_of is not None and serving.is_dated(tables[table].key):
            rows = f"select * from ({rows}) where as_of_date = {constant(as_of)}"
        ordered = f"select * from ({rows}) order by {', '.join(map(identifier, tables[table].key))}"
        ((count,),) = connection.execute(f"select count(*) from ({rows})").fetchall()
        labels = _labels(connection, table, ordered, voice) if headings == "labels" else {}
        if form == "csv":
            _write_csv(connection, ordered, voice, labels, target)
        elif count > WORKBOOK_ROWS:
            what = f"{table} has {count} rows; a workbook gets {WORKBOOK_ROWS} at most"
            raise unknown("EXPORT_ROWS", what, "--format", "choose one as-of date, or --format csv")
        else:
            meaning = serving.meanings(version / serving.path_of(_AUDIENCE)).get(table)
            _write_xlsx(connection, ordered, (table, told.published_at), labels, meaning, target)
    return Exported(target, int(count))


def _labels(connection: duckdb.DuckDBPyConnection, table: str, query: str, voice: Voice) -> dict[str, str]:
    names = [str(name) for name, *_ in connection.execute(f"describe {query}").fetchall()]
    return {name: label_of(table, name, voice) or name for name in names}


def _write_csv(
    connection: duckdb.DuckDBPyConnection, query: str, voice: Voice, labels: Mapping[str, str], target: Path
) -> None:
    comma = voice.number(1, 1)[1:2]
    columns = connection.execute(f"describe {query}").fetchall()
    written = [
        f"{_written(identifier(str(name)), str(kind), comma, voice)}"
        f" as {identifier((_MARK if place == 0 else '') + labels.get(str(name), str(name)))}"
        for place, (name, kind, *_) in enumerate(columns)
    ]
    between = ";" if comma == "," else ","
    form = f"format csv, header true, delimiter {literal(between)}, quote {literal(chr(34))}, null {literal('')}"
    with durable.aside(target) as aside:
        connection.execute(f"copy (select {', '.join(written)} from ({query})) to {literal(aside)} ({form})")
        aside.chmod(0o600)


def _written(column: str, kind: str, comma: str, voice: Voice) -> str:
    """SQL of a value as the language writes it in a spreadsheet: a comma, a day first; a text that would be computed is guarded."""
    if kind.startswith("DECIMAL") or kind in ("DOUBLE", "FLOAT"):
        return f"replace(cast({column} as varchar), '.', {literal(comma)})"
    if kind == "DATE" and comma == ",":
        return f"strftime({column}, '%d.%m.%Y')"
    if kind == "VARCHAR":
        computed = " or ".join(f"starts_with({column}, {literal(begin)})" for begin in workbooks.COMPUTED)
        return f"case when {computed} then concat(chr(39), {column}) else {column} end"
    return column


def _write_xlsx(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    named: tuple[str, datetime],
    labels: Mapping[str, str],
    meaning: serving.Meaning | None,
    target: Path,
) -> None:
    table, published_at = named
    found = connection.execute(query)
    heads = [str(column[0]) for column in found.description or ()]
    with workbooks.writing(target, title=table, created=published_at.astimezone(UTC).replace(tzinfo=None)) as book:
        sheet = book.add_worksheet(table[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, [labels.get(head, head) for head in heads], bold)
        last = 0
        for last, row in enumerate(_rows(found), start=1):
            for place, value in enumerate(row):
                _write(sheet, (last, place), value, {datetime: moment, date: day})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
        sheet.set_column(0, len(heads) - 1, 18)
        if meaning is not None:
            _write_meaning(book, meaning, labels, bold)


def _rows(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := found.fetchmany(_BATCH):
        yield from batch


def _write(sheet: Any, cell: tuple[int, int], value: Any, formats: dict[type, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(*cell, value)
    elif isinstance(value, bool):
        sheet.write_boolean(*cell, value)
    elif isinstance(value, date):
        sheet.write_datetime(*cell, value, formats[type(value)])
    else:
        sheet.write_number(*cell, value)


def _write_meaning(book: Any, meaning: serving.Meaning, labels: Mapping[str, str], bold: Any) -> None:
    """A second sheet: what the table and each of its columns mean, English and German; beside a label the name it stands for."""
    sheet = book.add_worksheet("columns")
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 110, wrapped)
    for place, (name, text) in enumerate((("", meaning.told), *meaning.columns)):
        sheet.write_string(place, 0, f"{labels[name]} ({name})" if name in labels else name, bold)
        sheet.write_string(place, 1, text, wrapped)
