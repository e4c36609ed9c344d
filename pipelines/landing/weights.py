"""What a mapping leaves out, and what it finds on its way: rows and money.

Belongs here: counting over the steps of a mapping. Not here: the account of a batch (account.py), what a query leaves out (by_sql.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import duckdb

from pipelines.landing.records import LookedUp, kept_sql, steps
from pipelines.landing.typed import TypedPass, column_sql, source_columns
from pipelines.quoting import identifier, literal

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Weight:
    """Rows, and by money column (load name) the sum of those amounts that can be read, in delivered currencies; None: not known."""

    rows: int = 0
    amounts: Mapping[str, Decimal | None] = field(default_factory=dict)

    def __add__(self, other: Weight) -> Weight:
        """Both together."""
        both: dict[str, Decimal | None] = {}
        for name in dict.fromkeys((*self.amounts, *other.amounts)):
            mine, theirs = self.amount(name), other.amount(name)
            both[name] = None if mine is None or theirs is None else mine + theirs
        return Weight(self.rows + other.rows, both)

    def amount(self, column: str | None) -> Decimal | None:
        """The sum of one money column; 0.00 of one that no row has."""
        return None if column is None else self.amounts.get(column, Decimal("0.00"))


NOTHING_LEFT: Final = Weight()


@dataclass(frozen=True, slots=True)
class Looked:
    """How often a lookup found nothing, and how often several different values."""

    lookup: LookedUp
    missing: Weight
    ambiguous: Weight


@dataclass(frozen=True, slots=True)
class Weighed:
    """What `where` leaves out, of that what it leaves out because a value is missing, what lookups did not find."""

    filtered: Weight
    empty: Weight
    lookups: tuple[Looked, ...] = ()


def weigh(connection: duckdb.DuckDBPyConnection, work: TypedPass) -> Weighed:
    """Look at the records once more, only for what a mapping leaves out and does not find."""
    words, contract = work.words, work.contract
    places = source_columns(work)
    money = contract.money_columns
    texts, values = [], []
    for position, column in enumerate(contract.columns):
        if column in money:
            text, read = column_sql(work, column, position, places[column.name])
            texts += text
            values.append(f"{read.value} as v{position}")
    sums = [f"v{position}" for position, column in enumerate(contract.columns) if column in money]
    made, last = steps(work.delivered, words)
    judged = "true" if words.condition is None else f"({words.condition})"
    dropped = f"{judged} is not true" + ("" if words.unread is None else f" and {words.unread} is null")
    states = [f"({dropped}) as is_dropped", f"{judged} is null as is_empty"]
    states += [f"{lookup.state} as {lookup.state}" for lookup in words.lookups]
    wanted = ["is_dropped", "is_dropped and is_empty"]
    for lookup in words.lookups:
        wanted += [f"not is_dropped and {lookup.state} = {literal(state)}" for state in ("missing", "ambiguous")]
    shown = [
        f"{what} filter (where {which})"
        for which in wanted
        for what in ("count(*)", *(f"sum({value})" for value in sums))
    ]
    row = connection.execute(
        f"with {', '.join(made)}, weighed as (select {', '.join([*states, *texts])} from {last}), "
        f"parsed as (select {', '.join(['*', *values])} from weighed) select {', '.join(shown)} from parsed"
    ).fetchone()
    if row is None:
        raise RuntimeError("an aggregate without a row")
    width = 1 + len(money)
    found = [
        Weight(
            int(row[start]),
            {c.load_name: Decimal(row[start + 1 + n] or 0).quantize(_CENT) for n, c in enumerate(money)},
        )
        for start in range(0, len(row), width)
    ]
    lookups = tuple(
        Looked(lookup, found[2 + 2 * number], found[3 + 2 * number]) for number, lookup in enumerate(words.lookups)
    )
    return Weighed(found[0], found[1], lookups)


def differing(connection: duckdb.DuckDBPyConnection, work: TypedPass) -> dict[str, int]:
    """Of records that are one row (`distinct`): contract column -> how many rows have several values to choose from."""
    places = source_columns(work)
    keys = [column.name for column in work.contract.columns if column.key]
    others = {name: place for name, place in places.items() if place is not None and name not in keys}
    if not others or not keys:
        return {}
    made, last = steps(work.delivered, work.words)
    every = kept_sql(work.words, last).partition(" qualify ")[0]
    shown = [
        f"(min({identifier(place)}::varchar) is distinct from max({identifier(place)}::varchar))::integer as d{number}"
        for number, place in enumerate(others.values())
    ]
    sums = ", ".join(f"sum(d{number})" for number in range(len(others)))
    row = connection.execute(
        f"with {', '.join(made)} select {sums} from (select {', '.join(shown)} from ({every}) group by "
        f"{', '.join(work.words.keys)})"
    ).fetchone()
    return {name: int(count) for name, count in zip(others, row or (), strict=True) if count}
