"""Delivered records as a relation, and the steps that lead from it to what a mapping reads.

Belongs here: the shape of both, and their SQL. Not here: which steps a mapping asks for (words.py, by_sql.py), what becomes of the
values (typed.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from pipelines.landing.grammar import Grammar
from pipelines.sources import ANYTHING, FILE, LINE, NAME, TextFacts

ROW: Final = "_kw_row"
OWN_COLUMNS: Final = frozenset({NAME, LINE, FILE, ROW})
PLACES: Final = {"file_name": NAME, "line_number": LINE}
"""Under these names a mapping may ask for a record's place, where the delivery has no columns called so."""


@dataclass(frozen=True, slots=True)
class InOrder:
    """Records in the order of their files: `sql` yields them without NAME, LINE, FILE and ROW; `places` are these four
    as expressions of a record's position `r.rowid` (from 0)."""

    sql: str
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The records of a batch as a relation: `sql` yields `columns` (name -> DuckDB type), NAME, LINE, FILE and ROW.

    `names` are the files, for messages; `place` is where the mapping stands; `in_order` is another way to the same
    records, where there is one. `added` are columns no file holds (constants of a file).
    """

    sql: str
    columns: Mapping[str, str]
    names: tuple[str, ...]
    place: str
    raw_separator: str
    facts: TextFacts = ANYTHING
    in_order: InOrder | None = None
    added: frozenset[str] = frozenset()

    @property
    def raw_columns(self) -> tuple[str, ...]:
        """The columns a record was delivered with."""
        return tuple(name for name in self.columns if name not in self.added)

    @property
    def place_aliases(self) -> list[str]:
        """The record's place under the names a mapping uses."""
        taken = {name.lower() for name in self.columns}
        return [f"{column} as {alias}" for alias, column in PLACES.items() if alias not in taken]


@dataclass(frozen=True, slots=True)
class Layer:
    """One step: columns added to the records of the step before (`b`), and the tables joined to them for that; `at` is where in the mapping
    it stands."""

    items: tuple[str, ...]
    joins: tuple[str, ...] = ()
    at: str = ""

    def sql(self, before: str) -> str:
        """A SELECT over the step called `before`."""
        return f"select b.*, {', '.join(self.items)} from {before} as b {' '.join(self.joins)}"


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A column found in another file: `state` is the column that says `missing` or `ambiguous`."""

    name: str
    file: str
    state: str


@dataclass(frozen=True, slots=True)
class Words:
    """What the words of a mapping add to its delivered records. Everything is in terms of the last layer's columns.

    `kinds` are the types of the columns they make, `sources` says which of them a contract column is read from, `faults` (by contract
    column) name a reason why that could not be made, `grammars` (by contract column) how its text is written if not as in the file.
    `condition` is `where`; `unread` gives a reason with its column where the condition cannot be judged. Of records that agree in
    `keys` only the last one counts.
    """

    layers: tuple[Layer, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    grammars: Mapping[str, Grammar] = field(default_factory=dict)
    condition: str | None = None
    unread: str | None = None
    keys: tuple[str, ...] = ()
    lookups: tuple[LookedUp, ...] = ()
    needs_places: bool = False


NO_WORDS: Final = Words()


def steps(delivered: Delivered, words: Words) -> tuple[list[str], str]:
    """(the steps as CTEs `name as (...)`, the last one's name): the delivered records, with all that the words make."""
    if delivered.in_order is None:
        source, aliases = delivered.sql, delivered.place_aliases
    else:
        source, aliases = delivered.in_order.sql, []
    made = [f"source as ({source})", f"delivered as (select {', '.join(['*', *aliases])} from source)"]
    last = "delivered"
    for number, layer in enumerate(words.layers):
        made.append(f"layer{number} as ({layer.sql(last)})")
        last = f"layer{number}"
    return made, last


def kept_sql(words: Words, last: str) -> str:
    """A SELECT over the records of the step `last` that `where` and `distinct` leave."""
    sql = f"select * from {last}"
    if words.condition is not None:
        judged = (
            f"({words.condition})" if words.unread is None else f"({words.condition}) or {words.unread} is not null"
        )
        sql += f" where {judged}"
    if words.keys:
        sql += f" qualify row_number() over (partition by {', '.join(words.keys)} order by {FILE} desc, {ROW} desc) = 1"
    return sql


def described(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, str]:
    """Column -> DuckDB type of a SELECT, without the readers' own columns."""
    rows: Sequence[tuple[object, ...]] = connection.execute(f"describe {sql}").fetchall()
    return {str(row[0]): str(row[1]) for row in rows if row[0] not in OWN_COLUMNS}
