"""The records of a table's files with what its mapping makes of them: for landing them and for looking at them before (dry_run.py).

Belongs here: putting files, cells, words and queries together. Not here: what each of them does (cells.py, words.py, by_sql.py), the
pass over the records (typed.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from pathlib import Path
from types import MappingProxyType
from typing import Final

import duckdb

from pipelines.contracts import Contract
from pipelines.errors import Problem, SourceError
from pipelines.landing.by_sql import QueryRun, SqlFile
from pipelines.landing.cells import FileCells, cells_of, cleaned
from pipelines.landing.corrections import corrected_ragged_sql, corrected_relation_sql, dropped_sql
from pipelines.landing.grammar import ISO, Grammar, Surroundings
from pipelines.landing.records import ROW, Delivered, InOrder, Words, described
from pipelines.landing.words import LookupTable, Mapped, lookup_table, missing, words_of
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import CsvFormat, Lookup, SourceMap, Unpivot
from pipelines.sources import ANYTHING, FILE, LINE, PreparedFile, in_order_sql, places_sql, relation_sql

NOTHING_CORRECTED: Final[Mapping[str, Path]] = MappingProxyType({})

Prepared = Mapping[str, Sequence[PreparedFile]]
"""The delivered files of a table, by their name in sources.yml."""


@dataclass(frozen=True, slots=True)
class FromFiles:
    """`delivered` records with the `words` of their mapping and how their text is written; `records` is their number, without those
    that have a wrong number of fields and without the `dropped` ones, of which somebody decided in a correction."""

    delivered: Delivered
    words: Words
    grammar: Grammar
    records: int
    dropped: int = 0


def from_files(
    connection: duckdb.DuckDBPyConnection,
    sources: SourceMap,
    contract: Contract,
    prepared: Prepared,
    place: str,
    corrected: Mapping[str, Path] = NOTHING_CORRECTED,
) -> FromFiles:
    """The records of a table that is mapped without SQL; `corrected` are the corrections of its files.

    Raises SourceError SCHEMA_MISSING_COLUMN, SCHEMA_TYPE, MAPPING_EXPR, SCHEMA_DUP_COLUMN, TYPED_MISSING.
    """
    mapping = sources.tables[contract.name]
    name = mapping.from_file or ""
    files = prepared[name]
    declared = sources.format_of(name)
    cells = cells_of(sources, name, files)
    relation = corrected_relation_sql(files, corrected)
    columns = described(connection, relation)
    constants = sources.files[name].constants
    _refuse_taken(constants, columns, name)
    added = "".join(f", {literal(text)} as {identifier(constant)}" for constant, text in constants.items())
    sql = f"select *, {LINE} as {ROW}{added} from (\n{relation}\n)"
    records = sum(file.records - file.ragged for file in files)
    dropped = _counted(connection, dropped_sql(files, corrected))
    if corrected:
        ragged = _counted(connection, corrected_ragged_sql(files, corrected))
        records = sum(file.records for file in files) - ragged - dropped
    unpivot = mapping.unpivot or next((file.unpivot for file in files if file.unpivot is not None), None)
    if unpivot is not None:
        sql = _unpivoted(sql, unpivot, columns, cells, f"{', '.join(f.name for f in files)} ({place}.unpivot)")
        row = connection.execute(f"select count(*) from ({sql})").fetchone()
        records = 0 if row is None else int(row[0])
        kinds = {cells.type_of(column) for column in unpivot.columns}
        cells = replace(cells, typed={**cells.typed, unpivot.value: kinds.pop() if len(kinds) == 1 else "text"})
    delivered = Delivered(
        sql,
        described(connection, sql) if unpivot else {**columns, **dict.fromkeys(constants, "VARCHAR")},
        tuple(file.name for file in files),
        place,
        declared.delimiter if isinstance(declared, CsvFormat) else "; ",
        facts=ANYTHING if corrected else reduce(or_, (file.facts for file in files)),
        added=frozenset(constants),
    )
    lookups = {
        words.lookup: _looked_up(connection, sources, prepared, words.lookup)
        for words in mapping.made.values()
        if words.lookup is not None
    }
    words = words_of(connection, Mapped(contract, mapping, delivered, cells, lookups))
    # What drops records or puts them into another order would shift the positions.
    if not words.needs_places and unpivot is None and not corrected:
        delivered = replace(delivered, in_order=_in_order(files, added))
    return FromFiles(delivered, words, cells.grammar, records, dropped)


def _counted(connection: duckdb.DuckDBPyConnection, sql: str | None) -> int:
    row = None if sql is None else connection.execute(f"select count(*) from ({sql})").fetchone()
    return 0 if row is None else int(row[0])


def query_run(
    connection: duckdb.DuckDBPyConnection,
    sources: SourceMap,
    contract: Contract,
    prepared: Prepared,
    place: str,
    around: Surroundings,
    corrected: Mapping[str, Path] = NOTHING_CORRECTED,
) -> QueryRun:
    """The query of a table that is mapped by SQL, over its files, of which `corrected` are the corrections."""
    files = {}
    for name, delivered in prepared.items():
        relation = corrected_relation_sql(delivered, corrected)
        columns = described(connection, relation)
        _refuse_taken(sources.files[name].constants, columns, name)
        # Positions go on from file to file, so that a place is one record whichever name the query reads it by.
        first = sum(len(each) for before, each in prepared.items() if before < name)
        files[name] = SqlFile(
            f"select * replace ({FILE} + {first} as {FILE}) from (\n{relation}\n)",
            columns,
            cells_of(sources, name, delivered),
            sources.files[name].constants,
            tuple(file.name for file in delivered),
            sum(file.records - file.ragged for file in delivered),
        )
    return QueryRun(connection, contract, sources.tables[contract.name], files, place, around)


def words_of_a_query(connection: duckdb.DuckDBPyConnection, run: QueryRun, delivered: Delivered, own: Words) -> Words:
    """`own` (the words a query itself asks for) and the `where` over its rows."""
    if run.mapping.where is None:
        return own
    commas = [file.cells for file in run.files.values() if file.cells.is_decimal_comma]
    cells = FileCells(commas[0].name if commas else "", {}, ISO, run.around, is_decimal_comma=bool(commas))
    words = words_of(connection, Mapped(run.contract, run.mapping, delivered, cells, {}))
    return replace(words, grammars=own.grammars)


def _refuse_taken(constants: Mapping[str, str], columns: Mapping[str, str], name: str) -> None:
    taken = {column.lower() for column in columns}
    for constant in constants:
        if constant.lower() in taken:
            what = f"the constant '{constant}' of the file '{name}' is called like a delivered column"
            raise SourceError(Problem("SCHEMA_DUP_COLUMN", what, f"files.{name}.constants", "call it otherwise"))


def _unpivoted(sql: str, unpivot: Unpivot, columns: Mapping[str, str], cells: FileCells, place: str) -> str:
    """The records of `sql`, one for each filled cell of the columns that stand side by side."""
    by_lower = {column.lower(): column for column in columns}
    absent = [column for column in unpivot.columns if column.lower() not in by_lower]
    if absent:
        raise SourceError(*(missing(column, columns, place) for column in absent))
    wide = {by_lower[column.lower()]: text for column, text in unpivot.columns.items()}
    pairs = ", ".join(
        f"{{'n': {literal(text)}, 'v': {identifier(column)}, 'p': {position}}}"
        for position, (column, text) in enumerate(wide.items())
    )
    hidden = ", ".join(map(identifier, (*wide, ROW)))
    kind = next(iter(columns[column] for column in wide))
    return (
        f"select * exclude ({hidden}, _kw_cell), _kw_cell.n as {identifier(unpivot.name)}, _kw_cell.v as "
        f"{identifier(unpivot.value)}, {LINE} * {len(wide)} + _kw_cell.p as {ROW} "
        f"from (select *, unnest([{pairs}]) as _kw_cell from ({sql})) "
        f"where ({cleaned('_kw_cell.v', kind, cells.grammar, cells.around.facts)}) is not null"
    )


def _looked_up(
    connection: duckdb.DuckDBPyConnection, sources: SourceMap, prepared: Prepared, lookup: Lookup
) -> LookupTable:
    files = prepared[lookup.file]
    relation = relation_sql(files)
    names = ", ".join(file.name for file in files)
    return lookup_table(lookup, relation, described(connection, relation), cells_of(sources, lookup.file, files), names)


def _in_order(files: Sequence[PreparedFile], added: str) -> InOrder | None:
    sql = in_order_sql(files)
    if sql is None:
        return None
    places = places_sql(files, "r.rowid")
    return InOrder(f"select *{added} from (\n{sql}\n)" if added else sql, {**places, ROW: places[LINE]})
