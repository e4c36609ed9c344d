"""A differencing attack on what everybody may read: whoever holds all marts subtracts published sums from one another, across tables and
across as-of dates, to get at a group of fewer people than may be shown (METHOD 1.17).

Belongs here: the attacker. Not here: which groups are hidden (tests.oracle.suppression), the marts.

A figure of the company is the sum over its areas, each unknown. A published row tells one sum: that of an area named, that of all areas
not named (`(small areas)`), that of all. A month that is over has the same figure at every as-of date, so the sums of all dates are known
together. An area, or several, is found out if its sum is a linear combination of published ones: told by elimination, not by trying.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Final

import duckdb

LABELS: Final = ("owner_area", "area")
"""Columns that tell an area, in whatever mart."""
UNNAMED: Final = ("(small areas)", "(unassigned)")
KEPT_DAYS: Final = 24 * 31
"""So far apart two dates may lie: older visits are nobody's any more."""
MOST: Final = 12
"""So many small groups are put together; more would be more sets than a test should try."""

Group = frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A group whose figure follows from published ones, and how many people it has."""

    as_of_date: date
    group: Group
    people: int


def people(connection: duckdb.DuckDBPyConnection, dates: Collection[date]) -> dict[date, dict[str, int]]:
    """Who works in each area at each date: counted from the representatives themselves, not by the models under attack."""
    rows = connection.execute(
        """
        select dates.day, reps.team, count(distinct case
            when coalesce(reps.active_from <= dates.day, true) and coalesce(reps.active_to >= dates.day, true) then reps.rep_key
        end)
        from (select unnest($dates) as day) as dates
        cross join staging.stg_crm__sales_reps as reps
        where reps.team is not null and reps.known_to is null
        group by dates.day, reps.team
        """,
        {"dates": sorted(dates)},
    ).fetchall()
    found: dict[date, dict[str, int]] = {day: {} for day in dates}
    for day, team, count in rows:
        found[day][team] = count
    return found


def names(connection: duckdb.DuckDBPyConnection, marts: Mapping[str, str]) -> dict[date, set[str]]:
    """The areas any mart names, by as-of date; `marts` are relations by name."""
    found: dict[date, set[str]] = {}
    for relation in marts.values():
        columns = {name for (name, *_) in connection.execute(f"describe select * from {relation}").fetchall()}
        for column in sorted(columns & set(LABELS)):
            query = f"select distinct as_of_date, {column} from {relation} where {column} is not null"
            for day, label in connection.execute(query).fetchall():
                found.setdefault(day, set()).update({label} - set(UNNAMED))
    return found


def attack(
    named: Mapping[date, Collection[str]],
    sizes: Mapping[date, Mapping[str, int]],
    minimum: int,
    dominated: Mapping[date, Collection[str]] | None = None,
) -> list[Found]:
    """Groups of 1 to `minimum` - 1 people, or `dominated` by one of them, that follow from the sums published at all dates together.

    `named` are the areas shown by name, `sizes` the people of all areas. Not counted as found: the whole company, whose sum is no secret,
    and an area that was lawfully named before: who knew it then knows it still.
    """
    found = []
    for day in sorted(named):
        counted = sizes[day]
        near = {each for each in named if abs((each - day).days) <= KEPT_DAYS}
        known = _Known(sorted({area for each in near for area in sizes[each]}), _sums(near, named, sizes))
        one_s = set((dominated or {}).get(day, ()))
        before = {area for each in near if each < day for area in named[each] if sizes[each].get(area, 0) >= minimum}
        idle = frozenset(area for area, count in counted.items() if not count)
        small = sorted(a for a, n in counted.items() if n and (n < minimum or a in one_s) and a not in before)[:MOST]
        for group in _groups(small):
            count = sum(counted[area] for area in group)
            is_secret = count < minimum or group <= one_s
            is_company = group | idle == frozenset(counted)
            if is_secret and not is_company and (known.tells(group) or known.tells(group | idle)):
                found.append(Found(day, group, count))
    return found


def _sums(
    days: Iterable[date], named: Mapping[date, Collection[str]], sizes: Mapping[date, Mapping[str, int]]
) -> Iterator[Group]:
    for day in sorted(days):
        yield frozenset(sizes[day])
        yield frozenset(sizes[day]) - frozenset(named[day])
        for area in sorted(named[day]):
            yield frozenset((area,))


def _groups(areas: Sequence[str]) -> Iterator[Group]:
    for size in range(1, len(areas) + 1):
        for group in combinations(areas, size):
            yield frozenset(group)


class _Known:
    """The sums that follow from given ones."""

    def __init__(self, areas: Sequence[str], sums: Iterable[Group]) -> None:
        self._areas = areas
        self._rows: list[list[Fraction]] = []
        for each in sums:
            rest = self._reduced(each)
            if any(rest):
                self._rows.append(rest)

    def tells(self, group: Group) -> bool:
        """True if the group's sum is a combination of them."""
        return not any(self._reduced(group))

    def _reduced(self, group: Group) -> list[Fraction]:
        rest = [Fraction(area in group) for area in self._areas]
        for row in self._rows:
            pivot = next(place for place, value in enumerate(row) if value)
            factor = rest[pivot] / row[pivot]
            if factor:
                rest = [value - factor * other for value, other in zip(rest, row, strict=True)]
        return rest
