"""The words of a mapping without SQL - expr, number_within, join, lookup, where, distinct - as steps over the delivered records.

Belongs here: what each word means, and what is said where it cannot be done. Not here: how a cell is read (cells.py), the pass the
steps are part of (typed.py), SQL mappings (by_sql.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from pipelines.contracts import Contract
from pipelines.errors import Problem, SourceError
from pipelines.landing.cells import FileCells, cleaned, label, typed_cell
from pipelines.landing.grammar import Grammar
from pipelines.landing.records import (
    PLACES,
    ROW,
    Delivered,
    Layer,
    LookedUp,
    Words,
    described,
    steps,
)
from pipelines.landing.told import nearest
from pipelines.quoting import identifier, literal
from pipelines.settings import sql_text
from pipelines.settings.sources import ColumnWords, Lookup, TableMapping
from pipelines.sources import FILE

_HUNDRED_MILLION: Final = "100000000::decimal(9,0)"
_TO_WHOLE: Final = "((({0})::decimal(38,8)) * " + _HUNDRED_MILLION + ")::hugeint"
QUOTIENT_MACRO: Final = (
    f"create or replace temp macro {sql_text.QUOTIENT}(a, b) as case when b <> 0 then "
    f"({_TO_WHOLE.format('a')} * 1000000000000::hugeint // {_TO_WHOLE.format('b')})::decimal(38,0) "
    "* 0.000000000001::decimal(13,12) end"
)
"""Exact division with whole numbers: 12 decimal places, the rest cut off, so that rounding it rounds the true quotient."""

_FLOATS: Final = ("FLOAT", "DOUBLE")


@dataclass(frozen=True, slots=True)
class LookupTable:
    """Another file to look into, one row per key: `sql` yields key, value, fault and is_ambiguous; `grammar` is how a value is written
    that is text."""

    sql: str
    grammar: Grammar


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the words of a table are about."""

    contract: Contract
    mapping: TableMapping
    delivered: Delivered
    cells: FileCells
    lookups: Mapping[Lookup, LookupTable]


def words_of(connection: duckdb.DuckDBPyConnection, mapped: Mapped) -> Words:
    """The steps the mapping asks for, bound once to see that they can be done.

    Raises SourceError SCHEMA_MISSING_COLUMN, SCHEMA_TYPE, MAPPING_EXPR, TYPED_MISSING.
    """
    words = _Maker(mapped).words()
    texts = [words.condition or "", *(item for layer in words.layers for item in layer.items)]
    if any(sql_text.QUOTIENT in text for text in texts):
        connection.execute(QUOTIENT_MACRO)
    return replace(words, kinds=_kinds(connection, mapped, words)) if words.layers else words


def lookup_table(
    lookup: Lookup, relation: str, columns: Mapping[str, str], cells: FileCells, names: str
) -> LookupTable:
    """The file `relation` reads (its columns with their types) as what a lookup needs. Raises SourceError SCHEMA_MISSING_COLUMN,
    SCHEMA_TYPE."""
    key, value = (_found(name, columns, f"{names} (lookup in {lookup.file})") for name in (lookup.within, lookup.value))
    key_text = f"({cleaned(identifier(key), columns[key], cells.grammar, cells.around.facts)})::varchar"
    text = cleaned(identifier(value), columns[value], cells.grammar, cells.around.facts)
    read, fault = "text", "null::varchar"
    if cells.type_of(value) != "text":
        read, fault = typed_cell(cells, value, columns[value], "text", "value")
    return LookupTable(
        f"""select key, case when count(distinct value) = 1 then any_value(value) end as value,
    case when count(value) = 0 then any_value(fault) end as fault, count(distinct value) > 1 as is_ambiguous
from (select key, value, {fault} as fault from (select key, text, {read} as value from (
    select {key_text} as key, {text} as text from ({relation})))) where key is not null group by key""",
        cells.grammar,
    )


class _Maker:
    """The steps as they are made: first the cells that are computed with, then one step after the other."""

    def __init__(self, mapped: Mapped) -> None:
        self._mapped = mapped
        self._place = mapped.delivered.place
        self._texts: dict[str, str] = {}
        self._values: dict[str, tuple[str, str]] = {}
        self._helpers: dict[str, str] = {}
        self._made: list[Layer] = []
        self._faults: dict[str, str] = {}
        self._lookups: list[LookedUp] = []
        self._grammars: dict[str, Grammar] = {}
        self._needs_places = False
        self._cleaning: list[str] = []
        self._reading: list[str] = []
        self._judging: list[str] = []

    def words(self) -> Words:
        """All of them."""
        mapping = self._mapped.mapping
        for name, source in mapping.helpers.items():
            if name.lower() in (column.lower() for column in self._mapped.delivered.columns):
                what = f"the helper '{name}' is called like a delivered column"
                raise SourceError(
                    Problem("SCHEMA_DUP_COLUMN", what, f"{self._place}.helpers.{name}", "call it otherwise")
                )
            made = self._cell(source) if isinstance(source, str) else self._make(f"helpers.{name}", name, source)
            self._helpers[name.lower()] = made
        sources: dict[str, str] = {}
        # Line numbers last: they may be numbered within a column that is made.
        in_order = sorted(mapping.columns.items(), key=lambda item: _numbers(item[1]))
        for name, source in in_order:
            if isinstance(source, ColumnWords):
                sources[name] = self._make(f"columns.{name}", name, source, sources)
            elif source.lower() in self._helpers:
                sources[name] = self._helpers[source.lower()]
        faults = {name: self._faults[made] for name, made in sources.items() if made in self._faults}
        condition, unread = self._condition()
        keys = self._keys(sources) if mapping.distinct else ()
        layers = [Layer(tuple(items)) for items in (self._cleaning, self._reading, self._judging) if items]
        return Words(
            layers=(*layers, *self._made),
            sources=sources,
            faults=faults,
            grammars={name: self._grammars[made] for name, made in sources.items() if made in self._grammars},
            condition=condition,
            unread=unread,
            keys=keys,
            lookups=tuple(self._lookups),
            needs_places=self._needs_places or bool(keys) or condition is not None,
        )

    def _make(self, at: str, name: str, words: ColumnWords, made: Mapping[str, str] | None = None) -> str:
        """The name of the column that holds what is made."""
        number = len(self._made)
        own = f"_kw_m{number}"
        if words.expr is not None:
            self._compute(number, at, words.expr, words.round)
        elif words.join is not None:
            parts = [f"{self._text(part, at)}::varchar" for part in words.join]
            glue = f" || {literal(words.between)} || "
            self._made.append(Layer((f"{glue.join(parts)} as {own}",)))
        elif words.number_within is not None:
            within = [self._within(part, at, made or {}) for part in words.number_within]
            partition = ", ".join(within)
            self._needs_places = True
            numbered = f"row_number() over (partition by {partition} order by {FILE}, {ROW}) as {own}"
            self._made.append(Layer((numbered,)))
        elif words.lookup is not None:
            self._look_up(number, at, name, words.lookup)
        return own

    def _compute(self, number: int, at: str, text: str, places: int | None) -> None:
        own, tried, fault = f"_kw_m{number}", f"_kw_e{number}", f"_kw_g{number}"
        node = sql_text.expression(text)
        self._refuse_ambiguous(node, f"{self._place}.{at}.expr")
        names, faults = self._names(node, f"{self._place}.{at}.expr", is_strict=True)
        computed = sql_text.expression_text(sql_text.renamed(node, names))
        if places is not None:
            computed = f"round({computed}, {places})"
        # In a struct, so that what has no value is not taken for what cannot be computed.
        self._made.append(Layer((f"try({{'v': {computed}}}) as {tried}",), at=at))
        failed = f"case when {tried} is null then 'EXPR_FAILED' end"
        self._made.append(Layer((f"{tried}.v as {own}", f"coalesce({', '.join([*faults, failed])}) as {fault}")))
        self._faults[own] = fault

    def _look_up(self, number: int, at: str, name: str, lookup: Lookup) -> None:
        own, fault, state = f"_kw_m{number}", f"_kw_g{number}", f"_kw_l{number}"
        table = self._mapped.lookups[lookup]
        key, there = f"b.{self._text(lookup.key, at)}::varchar", f"k{number}"
        found = (
            f"case when {key} is null then null when {there}.key is null then 'missing' "
            f"when {there}.is_ambiguous then 'ambiguous' end"
        )
        self._made.append(
            Layer(
                (f"{there}.value as {own}", f"{there}.fault as {fault}", f"{found} as {state}"),
                (f"left join ({table.sql}) as {there} on {there}.key = {key}",),
            )
        )
        self._faults[own] = fault
        self._grammars[own] = table.grammar
        self._needs_places = True
        self._lookups.append(LookedUp(name, lookup.file, state))

    def _within(self, name: str, at: str, made: Mapping[str, str]) -> str:
        """What the name of a column of ours or of the delivery stands for, to number within it."""
        if name in made:
            return made[name]
        source = self._mapped.mapping.columns.get(name)
        return self._text(source if isinstance(source, str) else name, at)

    def _condition(self) -> tuple[str | None, str | None]:
        where = self._mapped.mapping.where
        if where is None:
            return None, None
        node = sql_text.condition(where)
        self._refuse_ambiguous(node, f"{self._place}.where")
        faults: dict[str, str] = {}
        names, _ = self._names(node, f"{self._place}.where", is_strict=False, faults=faults)
        text = sql_text.expression_text(sql_text.renamed(sql_text.null_safe(node), names))
        unread = [f"{fault} || {literal(':' + label(column))}" for column, fault in faults.items()]
        return text, f"coalesce({', '.join(unread)}, null)" if unread else None

    def _keys(self, sources: Mapping[str, str]) -> tuple[str, ...]:
        """What records must agree in to be the same row: the table's key, or all that is mapped where it has none."""
        contract, mapping = self._mapped.contract, self._mapped.mapping
        wanted = [column for column in contract.columns if column.key] or list(contract.columns)
        keys = []
        for column in wanted:
            source = mapping.columns.get(column.name, column.name)
            if column.name in sources:
                keys.append(sources[column.name])
            elif isinstance(source, str) and column.name not in mapping.constants and self._delivered(source):
                keys.append(self._text(source, "distinct"))
        return tuple(keys) or ("1",)

    def _names(
        self, node: sql_text.Node, place: str, *, is_strict: bool, faults: dict[str, str] | None = None
    ) -> tuple[dict[str, str], list[str]]:
        """(what each column of an expression is called here, the faults of those that have some)."""
        names: dict[str, str] = {}
        found: list[str] = []
        for parts in sql_text.columns_in(node):
            name = parts[-1].lower()
            own = name if len(parts) == 1 or parts[0].lower() in ("delivered", self._mapped.cells.name) else ""
            delivered = self._delivered(own)
            if own in self._helpers:
                names[name] = self._helpers[own]
                fault = self._faults.get(names[name], "")
                found += [fault] if fault else []
                if fault and faults is not None:
                    faults[own] = fault
            elif delivered is not None:
                names[name], fault = self._value(delivered)
                found += [fault] if fault else []
                if fault and faults is not None:
                    faults[delivered] = fault
            elif own in PLACES:
                self._needs_places = True
            elif is_strict:
                raise SourceError(self._missing(".".join(parts), place))
        return names, found

    def _refuse_ambiguous(self, node: sql_text.Node, place: str) -> None:
        for parts in sql_text.casts_to_number(node):
            delivered = self._delivered(parts[-1])
            if delivered is None or delivered in self._mapped.delivered.added:
                continue
            if self._mapped.cells.is_ambiguous(delivered, self._mapped.delivered.columns[delivered]):
                raise SourceError(typed_missing(delivered, self._mapped.cells.name, place))

    def _cell(self, column: str) -> str:
        delivered = self._delivered(column)
        if delivered is None:
            raise SourceError(self._missing(column, self._place))
        value, fault = self._value(delivered)
        if fault:
            self._faults[value] = fault
        return value

    def _text(self, column: str, at: str) -> str:
        """The cleaned text of a delivered column, or a helper."""
        if column.lower() in self._helpers:
            return self._helpers[column.lower()]
        delivered = self._delivered(column)
        if delivered is None:
            raise SourceError(self._missing(column, f"{self._place}.{at}"))
        if delivered not in self._texts:
            cells, kind = self._mapped.cells, self._mapped.delivered.columns[delivered]
            own = f"_kw_s{len(self._texts)}"
            self._cleaning.append(f"{cleaned(identifier(delivered), kind, cells.grammar, cells.around.facts)} as {own}")
            self._texts[delivered] = own
        return self._texts[delivered]

    def _value(self, delivered: str) -> tuple[str, str]:
        """(the column with its typed value, the one with its fault or "") of a delivered column."""
        text = self._text(delivered, "")
        cells, kind = self._mapped.cells, self._mapped.delivered.columns[delivered]
        if cells.type_of(delivered) == "text":
            return text, ""
        if delivered not in self._values:
            value, fault = text.replace("_s", "_t"), text.replace("_s", "_f")
            read, judged = typed_cell(cells, delivered, kind, text, value)
            self._reading.append(f"{read} as {value}")
            self._judging.append(f"{judged} as {fault}")
            self._values[delivered] = (value, fault)
        return self._values[delivered]

    def _delivered(self, name: str) -> str | None:
        columns = self._mapped.delivered.columns
        if name in columns:
            return name
        return next((column for column in columns if column.lower() == name.lower()), None)

    def _missing(self, name: str, place: str) -> Problem:
        known = [*self._mapped.delivered.columns, *self._mapped.mapping.helpers]
        return missing(name, known, f"{', '.join(self._mapped.delivered.names)} ({place})")


def missing(name: str, known: Iterable[str], place: str) -> Problem:
    """A mapping computes with a column that is not there."""
    what = f"the column '{name}' is not delivered; the table was not loaded, what it had stays"
    return Problem("SCHEMA_MISSING_COLUMN", what, place, nearest(name, known))


def typed_missing(column: str, file: str, place: str) -> Problem:
    """A text with decimal comma would be read with a decimal point: 13.500 as 13.5."""
    what = (
        f"'{column}' of the file '{file}' is text with decimal comma and would be read as a number with decimal point (13.500 as "
        f"13.5); the table was not loaded, what it had stays"
    )
    return Problem("TYPED_MISSING", what, place, f"write under files.{file}: typed: {{{column}: number}}")


def _numbers(source: str | ColumnWords) -> bool:
    return isinstance(source, ColumnWords) and source.number_within is not None


def _found(name: str, columns: Mapping[str, str], place: str) -> str:
    for column in columns:
        if column.lower() == name.lower():
            return column
    raise SourceError(missing(name, columns, place))


def _kinds(connection: duckdb.DuckDBPyConnection, mapped: Mapped, words: Words) -> dict[str, str]:
    """The types of all columns the steps make. Raises SourceError MAPPING_EXPR for one that cannot be bound, or gives floats."""
    # A query of its own: places are there whichever way the records come.
    delivered = replace(mapped.delivered, in_order=None)
    try:
        kinds = _described(connection, delivered, words)
    except duckdb.Error as error:
        if isinstance(error, (duckdb.OutOfMemoryException, duckdb.InterruptException)):
            raise
        raise _blamed(connection, mapped, delivered, words, error) from error
    for name, made in words.sources.items():
        if kinds.get(made) in _FLOATS:
            place = f"{mapped.delivered.place}.columns.{name}"
            what = (
                f"the expression gives a binary floating-point number ({kinds[made]}), which does not hold money exactly; the table "
                f"was not loaded, what it had stays"
            )
            remedy = "compute with columns under `typed` and decimal numbers like 1.19 (+ - * / are exact), without sqrt, pow, 1e3"
            raise SourceError(Problem("MAPPING_EXPR", what, place, remedy))
    return kinds


def _described(connection: duckdb.DuckDBPyConnection, delivered: Delivered, words: Words) -> dict[str, str]:
    made, last = steps(delivered, words)
    return described(connection, f"with {', '.join(made)} select * from {last}")


def _blamed(
    connection: duckdb.DuckDBPyConnection, mapped: Mapped, delivered: Delivered, words: Words, error: duckdb.Error
) -> SourceError:
    """What DuckDB said, at the first step it says it of."""
    place = mapped.delivered.place
    for number in range(1, len(words.layers) + 1):
        try:
            _described(connection, delivered, replace(words, layers=words.layers[:number]))
        except duckdb.Error as first:
            error = first
            at = words.layers[number - 1].at
            place = f"{place}.{at}" if at else place
            break
    said = " ".join(str(error).split("\n\n")[0].split())[:300]
    expressions = [words.expr for words in mapped.mapping.made.values() if words.expr is not None]
    named = {parts[-1].lower() for text in expressions for parts in sql_text.columns_in(sql_text.expression(text))}
    texts = [column for column in mapped.delivered.columns if column.lower() in named]
    untyped = [column for column in texts if mapped.cells.type_of(column) == "text"]
    hint = f"name what is computed with under files.{mapped.cells.name}: typed: {{{', '.join(f'{c}: number' for c in untyped)}}}"
    remedy = hint if untyped else "correct the expression"
    what = f"DuckDB refused the expression: {said}; the table was not loaded, what it had stays"
    return SourceError(Problem("MAPPING_EXPR", what, place, remedy))
