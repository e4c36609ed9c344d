"""A mapping's SQL: the delivered files as views, the query run once, and what of the driving file does not come out of it.

Belongs here: views, running, refusing, counting. Not here: the query's tree (driving.py), how cells are read (cells.py), what becomes
of the rows (typed.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import duckdb

from pipelines.contracts import Column, Contract
from pipelines.errors import Problem, SourceError
from pipelines.landing import driving
from pipelines.landing.cells import FileCells, cleaned, label, typed_cells
from pipelines.landing.driving import KEPT, Driven, driving_view
from pipelines.landing.grammar import ISO, Grammar, Surroundings, UnsuitableTypeError, reading
from pipelines.landing.records import PLACES, Delivered, Words, described
from pipelines.landing.typed import raw_sql, refuse_parameters, sql_failed
from pipelines.landing.weights import NOTHING_LEFT, Weight
from pipelines.landing.words import typed_missing
from pipelines.quoting import identifier, literal
from pipelines.settings import sql_text
from pipelines.settings.sources import TableMapping
from pipelines.sources import FILE, LINE, NAME

UNREADABLE: Final = "unreadable"
"""Table of the records with a cell that `typed` cannot read, as `records` has them."""


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One of the files a query reads: its records as a relation, how their cells are read, and the texts every record gets."""

    relation: str
    columns: Mapping[str, str]
    cells: FileCells
    constants: Mapping[str, str]
    names: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Queried:
    """`delivered` are the rows of the query, `rows` their number, `unreadable` the records set aside before it; `lost` did not come out
    of a join, `filtered` did not fulfil its WHERE, `empty` of these because a value is missing. None: nobody can tell."""

    delivered: Delivered
    words: Words
    rows: int
    unreadable: int
    lost: Weight | None
    filtered: Weight
    empty: Weight


@dataclass(slots=True)
class QueryRun:
    """One query over its files."""

    connection: duckdb.DuckDBPyConnection
    contract: Contract
    mapping: TableMapping
    files: Mapping[str, SqlFile]
    place: str
    around: Surroundings
    _driven: Driven | None = field(default=None)

    def run(self) -> Queried:
        """Run it. Raises SourceError SQL_MAPPING_FAILED, TYPED_MISSING, SCHEMA_TYPE."""
        sql = self.mapping.sql or ""
        refuse_parameters(self.connection, sql, f"{self.place}.sql")
        self.make_views()
        columns = self._staged(sql)
        grammars = self._grammars(sql, columns)
        names = tuple(name for file in self.files.values() for name in file.names)
        delivered = self._delivered(columns, names)
        unreadable = self._set_aside()
        rows = _number(self.connection, "select count(*) from staged")
        lost, filtered, empty = self._left_out(grammars)
        return Queried(delivered, Words(grammars=grammars), rows, unreadable, lost, filtered, empty)

    def looked_at(self) -> tuple[Delivered, Words]:
        """What the query would give, bound and not run. Raises as `run`."""
        sql = self.mapping.sql or ""
        self.make_views()
        self.refuse_ambiguous_casts(sql)
        try:
            columns = described(self.connection, f"select * from (\n{sql}\n) as mapped")
        except duckdb.Error as error:
            raise sql_failed(error, f"{self.place}.sql") from error
        names = tuple(name for file in self.files.values() for name in file.names)
        nothing = ", ".join(f"null::{kind} as {identifier(column)}" for column, kind in columns.items())
        self.connection.execute(f"create or replace temp table staged as select {nothing} where false")
        return self._delivered(columns, names), Words(grammars=self._grammars(sql, columns))

    def make_views(self) -> None:
        """The files under their names: typed where `typed` says so and the query asks, without the records that cannot be read."""
        used = self._used()
        for name, file in self.files.items():
            taken = {column.lower() for column in file.columns}
            typed = [column for column in file.columns if file.cells.type_of(column) != "text"]
            typed = [column for column in typed if used is None or column.lower() in used]
            steps = typed_cells(file.cells, typed, file.columns)
            relation, faults = file.relation, steps.faults
            for items in steps.layers:
                relation = f"select *, {', '.join(items)} from (\n{relation}\n)"
            shown = [
                f"{steps.values.get(column, identifier(column))} as {identifier(column)}" for column in file.columns
            ]
            shown += [f"{literal(text)} as {identifier(constant)}" for constant, text in file.constants.items()]
            shown += [f"{own} as {alias}" for alias, own in PLACES.items() if alias not in taken]
            readable = " and ".join(f"{fault} is null" for fault in faults.values()) or "true"
            every = f"select {', '.join([*shown, NAME, LINE, FILE])} from (\n{relation}\n) where {readable}"
            self._view(driving_view(name), every)
            self._view(name, f"select * exclude ({NAME}, {LINE}, {FILE}) from {identifier(driving_view(name))}")
            if faults:
                reasons = ", ".join(f"{fault} || {literal(':' + label(column))}" for column, fault in faults.items())
                raw = raw_sql(Delivered("", file.columns, file.names, self.place, "; "))
                self._unreadable.append(
                    f"select {NAME} as file_name, {LINE} as line_number, {FILE}, concat_ws(', ', {reasons}) as _kw_reasons, "
                    f"{raw} as _kw_raw, {literal(name)} as source, {', '.join(self._shown_anyway(steps.values, file))} "
                    f"from (\n{relation}\n) where not ({readable})"
                )

    _unreadable: list[str] = field(default_factory=list)

    def _shown_anyway(self, values: Mapping[str, str], file: SqlFile) -> Iterator[str]:
        """The amounts of a record that is set aside, where the query shows a typed column as such: they are its weight."""
        node = sql_text.statement(self.mapping.sql or "")["node"]
        for column in self.contract.money_columns:
            item = next(iter(driving.output(node, self._source(column)) or ()), None)
            refs = sql_text.columns_in(item) if item is not None and item.get("class") == "COLUMN_REF" else ()
            hit = next((c for c in values if refs and c.lower() == refs[0][-1].lower()), None)
            value = f"try_cast({values[hit]} as {column.sql_type})" if hit is not None else f"null::{column.sql_type}"
            yield f"{value} as {identifier(column.load_name)}"

    def _view(self, name: str, sql: str) -> None:
        self.connection.execute(f"create or replace temp view {identifier(name)} as {sql}")

    def _used(self) -> frozenset[str] | None:
        """The columns the query names, in lower case; None: it may take any."""
        tree = sql_text.statement(self.mapping.sql or "")
        if any(node.get("class") == "STAR" for node in sql_text.nodes(tree)):
            return None
        joined = {str(name).lower() for node in sql_text.nodes(tree) for name in node.get("using_columns", ())}
        return frozenset({parts[-1].lower() for parts in sql_text.columns_in(tree)} | joined)

    def _staged(self, sql: str) -> dict[str, str]:
        """Run the query into the table `staged`; column -> DuckDB type."""
        self.refuse_ambiguous_casts(sql)
        every = {
            name: frozenset(c.lower() for c in (*file.columns, *file.constants)) for name, file in self.files.items()
        }
        keys = [self._source(column) for column in self.contract.columns if column.key]
        amounts = [self._source(column) for column in self.contract.money_columns]
        self._driven = driving.drive(sql, every, amounts, keys)
        if self._driven is not None and self._driven.sql is not None:
            try:
                return self._stage(self._driven.sql)
            except duckdb.Error as error:
                _pass_on(error)
                self._driven = None
        try:
            return self._stage(sql)
        except duckdb.Error as error:
            _pass_on(error)
            raise sql_failed(error, f"{self.place}.sql") from error

    def _stage(self, sql: str) -> dict[str, str]:
        self.connection.execute(f"create or replace temp table staged as select * from (\n{sql}\n) as mapped")
        return described(self.connection, "select * from staged")

    def refuse_ambiguous_casts(self, sql: str) -> None:
        """Raise SourceError TYPED_MISSING where the query casts a text with decimal comma to a number as it is."""
        tree = sql_text.statement(sql)
        for parts in sql_text.casts_to_number(tree):
            for name in self._files_named(tree, parts):
                raise SourceError(typed_missing(parts[-1], name, f"{self.place}.sql"))

    def _files_named(self, tree: object, parts: tuple[str, ...]) -> Iterator[str]:
        """The files of which a column named in the query may be such a text."""
        tables: dict[str, set[str]] = {}
        for node in sql_text.nodes(tree):
            if node.get("type") == "BASE_TABLE":
                tables.setdefault(driving.called(node), set()).add(str(node["table_name"]).lower())
        meant = tables.get(parts[-2].lower(), set()) if len(parts) > 1 else set(self.files)
        meant = meant if meant & self.files.keys() else set(self.files)
        for name in sorted(meant & self.files.keys()):
            file = self.files[name]
            column = next((column for column in file.columns if column.lower() == parts[-1].lower()), None)
            if column is not None and file.cells.is_ambiguous(column, file.columns[column]):
                yield name

    def _grammars(self, sql: str, columns: Mapping[str, str]) -> dict[str, Grammar]:
        """How the texts the query gives for numbers are written: as in the file, where it shows a delivered column as such, else with a
        decimal point. Raises SourceError TYPED_MISSING where that could be either."""
        by_lower = {name.lower(): kind for name, kind in columns.items()}
        commas = {name: file for name, file in self.files.items() if file.cells.is_decimal_comma}
        found: dict[str, Grammar] = {}
        tree = sql_text.statement(sql)
        for column in self.contract.columns if commas else ():
            source = self._source(column)
            if (
                not column.is_number
                or column.name in self.mapping.constants
                or by_lower.get(source.lower()) != "VARCHAR"
            ):
                continue
            items = driving.output(tree["node"], source)
            refs = [parts for item in items or () for parts in sql_text.columns_in(item)]
            is_bare = items is not None and len(items) == 1 and items[0].get("class") == "COLUMN_REF"
            named = {name for parts in refs for name in self._files_named(tree, parts)}
            is_direct = is_bare and len(named) == 1 and self._is_of_a_file(tree, refs[0], next(iter(named)))
            if is_direct:
                found[column.name] = self.files[next(iter(named))].cells.grammar
            elif named or (items is None and any(_has_text(file) for file in commas.values())):
                if column.scale:
                    raise SourceError(self._unclear(source, refs, min(named or commas)))
                # Whole numbers without any sign in them mean the same either way.
                found[column.name] = Grammar(decimal=",")
        return found

    def _unclear(self, source: str, refs: Sequence[tuple[str, ...]], file: str) -> Problem:
        if len(refs) == 1:
            return typed_missing(refs[0][-1], file, f"{self.place}.sql")
        what = (
            f"what the query gives as '{source}' is text, and the file '{file}' has texts with decimal comma: it would be read with a "
            f"decimal point (13.500 as 13.5); the table was not loaded, what it had stays"
        )
        remedy = f"name the columns it is made of under files.{file}: typed: {{...: number}}"
        return Problem("TYPED_MISSING", what, f"{self.place}.sql", remedy)

    def _is_of_a_file(self, tree: Mapping[str, object], parts: tuple[str, ...], name: str) -> bool:
        """Whether a column of the result can only be the file's own: the query has no query within it, and nobody else such a column."""
        inner = sum(1 for node in sql_text.nodes(tree) if node.get("type") in ("SELECT_NODE", "SET_OPERATION_NODE"))
        others = (
            file
            for other, file in self.files.items()
            if other != name and parts[-1].lower() in map(str.lower, file.columns)
        )
        return inner == 1 and (len(parts) > 1 or not any(True for _ in others))

    def _source(self, column: Column) -> str:
        named = self.mapping.columns.get(column.name)
        return named if isinstance(named, str) else column.name

    def _delivered(self, columns: Mapping[str, str], names: tuple[str, ...]) -> Delivered:
        """The rows of the query as records, with their places as far as they are known."""
        is_placed = self._driven is not None and self._driven.sql is not None
        own = [column for column in columns if column.lower() in PLACES]
        taken = {column.lower() for column in own}
        name = "file_name::varchar" if "file_name" in taken else "null::varchar"
        line = "try_cast(line_number as bigint)" if "line_number" in taken else "null::bigint"
        if is_placed:
            name = f"coalesce({name}, {NAME})" if "file_name" in taken else NAME
            line = f"coalesce({line}, {LINE})" if "line_number" in taken else LINE
        only = f"coalesce({name}, {literal(names[0])})" if len(names) == 1 else name
        hidden = [*own, *([NAME, LINE, FILE] if is_placed else [])]
        exclude = f" exclude ({', '.join(map(identifier, hidden))})" if hidden else ""
        relation = f"select *{exclude}, {only} as {NAME}, {line} as {LINE}, 0 as {FILE}, rowid as _kw_row from staged"
        return Delivered(relation, described(self.connection, relation), names, self.place, "; ")

    def _set_aside(self) -> int:
        """Make the table `unreadable`; how many records are in it."""
        if not self._unreadable:
            return 0
        every = "\nunion all\n".join(self._unreadable)
        self.connection.execute(f"create temp table {UNREADABLE} as {every}")
        return _number(self.connection, f"select count(*) from {UNREADABLE}")

    def _left_out(self, grammars: Mapping[str, Grammar]) -> tuple[Weight | None, Weight, Weight]:
        """What of the driving files is in no row of the result: (lost in a join, filtered, of these by a missing value)."""
        driven = self._driven
        if driven is None:
            return None, NOTHING_LEFT, NOTHING_LEFT
        files = sorted({branch.file for branch in driven.branches})
        records = sum(self.files[name].records for name in files)
        if self._unreadable:
            sources = ", ".join(literal(name) for name in files)
            records -= _number(self.connection, f"select count(*) from {UNREADABLE} where source in ({sources})")
        if driven.sql is not None:
            out = f"select distinct {FILE}, {LINE} from staged where {LINE} is not null"
            if _number(self.connection, f"select count(*) from ({out})") == records:
                return NOTHING_LEFT, NOTHING_LEFT, NOTHING_LEFT
        else:
            out = f"select {FILE}, {LINE} from seen where is_kept"
        try:
            return self._weighed(driven, out, grammars)
        except duckdb.Error as error:
            _pass_on(error)
            return None, NOTHING_LEFT, NOTHING_LEFT

    def _weighed(self, driven: Driven, out: str, grammars: Mapping[str, Grammar]) -> tuple[Weight, Weight, Weight]:
        money = self.contract.money_columns
        shown_columns = {name.lower() for name in described(self.connection, "select * from staged")}
        numbers = range(len(money))
        any_m = ", ".join(f"any_value(m{n}) as m{n}" for n in numbers)
        seen = "\nunion all by name\n".join(f"({branch.seen})" for branch in driven.branches)
        self.connection.execute(
            f"create or replace temp table seen as select {FILE}, {LINE}, bool_or({KEPT} is true) as is_kept, "
            f"bool_or({KEPT} is null) as is_empty{', ' if any_m else ''}{any_m} from ({seen}) where {LINE} is not null "
            f"group by {FILE}, {LINE}"
        )
        alone = "\nunion all by name\n".join(f"({branch.alone})" for branch in driven.branches)
        amounts = "".join(f", coalesce(s.m{n}::varchar, a.m{n}::varchar) as m{n}" for n in numbers)
        self.connection.execute(
            f"create or replace temp table left_out as "
            f"select case when s.{LINE} is null or s.is_kept then 'lost' when s.is_empty then 'empty' else 'filtered' end "
            f"as state{amounts} "
            f"from (select * from ({alone}) qualify row_number() over (partition by {FILE}, {LINE}) = 1) as a "
            f"left join seen as s on a.{FILE} = s.{FILE} and a.{LINE} = s.{LINE} "
            f"where not exists (select 1 from ({out}) as o where o.{FILE} = a.{FILE} and o.{LINE} = a.{LINE})"
        )
        knows = [all(branch.knows[n] for branch in driven.branches) for n in numbers]
        values = [_amount(column, f"m{n}", grammars, self.around) for n, column in enumerate(money)]
        result = {}
        for state in ("lost", "filtered", "empty"):
            # An amount that cannot be read makes the sum unknown, not smaller.
            sums = (
                f"case when count(m{n}) = count({value}) then coalesce(sum({value}), 0) end"
                for n, value in enumerate(values)
            )
            shown = ", ".join(["count(*)", *sums])
            row = self.connection.execute(f"select {shown} from left_out where state = ?", [state]).fetchone() or (0,)
            amounts_of = {
                column.load_name: _cents(row[n + 1] if knows[n] or state != "lost" else None)
                for n, column in enumerate(money)
                if self._source(column).lower() in shown_columns
            }
            result[state] = Weight(int(row[0]), amounts_of) if row[0] else NOTHING_LEFT
        return result["lost"], result["filtered"] + result["empty"], result["empty"]


def _amount(column: Column, text: str, grammars: Mapping[str, Grammar], around: Surroundings) -> str:
    """The amount in a text, or in a number as text."""
    grammar = grammars.get(column.name, ISO)
    bare = cleaned(text, "VARCHAR", grammar, around.facts)
    try:
        value = reading(column, "VARCHAR", f"({bare})", text, grammar=grammar, around=around).value
    except UnsuitableTypeError:
        return f"null::{column.sql_type}"
    return value


def _cents(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _has_text(file: SqlFile) -> bool:
    return any(file.cells.is_ambiguous(column, kind) for column, kind in file.columns.items())


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return 0 if row is None else int(row[0])


def _pass_on(error: duckdb.Error) -> None:
    """What no rewriting of a query helps."""
    if isinstance(error, (duckdb.OutOfMemoryException, duckdb.InterruptException)):
        raise error
