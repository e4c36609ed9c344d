"""Which mart joins which dimension on which columns, and the picture of it, from keys and codes alone.

Belongs here: finding the joins, drawing them (Mermaid, which GitHub shows). Not here: reading the marts or writing a file
(mart_dictionary). A mart named `dim_*` is a dimension. A mart joins it where it has all columns of the dimension's key; a
column of the dimension's codes joins it under any name (vocabulary), a day of a mart's key joins a dimension of days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pipelines.vocabulary.codes import codes_of

if TYPE_CHECKING:
    from tools.mart_dictionary import Mart

_NOT_DRAWN: Final = "as_of_date = date_day"


class Relation(NamedTuple):
    """One way to join a mart and a dimension; `on` holds `column`, or `column = column of the dimension` where they differ."""

    mart: Mart
    dimension: Mart
    on: tuple[str, ...]


def relations(marts: Sequence[Mart]) -> tuple[Relation, ...]:
    """Every join of a mart with a dimension, in the order of both."""
    dimensions = [mart for mart in marts if _is_dimension(mart)]
    return tuple(
        Relation(mart, dimension, on)
        for mart in marts
        for dimension in dimensions
        if mart.name != dimension.name
        for on in _joins(mart, dimension)
    )


def _is_dimension(mart: Mart) -> bool:
    return mart.name.startswith("dim_")


def _joins(mart: Mart, dimension: Mart) -> Iterator[tuple[str, ...]]:
    key = dimension.config.meta.unique_key
    named = {column.name for column in mart.columns}
    if len(key) == 1 and (columns := _of_same_kind(mart, dimension, key[0])):
        yield from ((_equal(column, key[0]),) for column in columns)
    elif named.issuperset(key):
        yield tuple(key)


def _of_same_kind(mart: Mart, dimension: Mart, key: str) -> list[str]:
    """Columns that hold what a key of one column is: its codes, or days."""
    if group := codes_of(dimension.name, key):
        return [each.name for each in mart.columns if (codes_of(mart.name, each.name) or ("",))[0] == group[0]]
    types = {column.name: column.data_type for column in mart.columns}
    is_day = {column.name: column.data_type for column in dimension.columns}[key] == "date"
    return [each for each in mart.config.meta.unique_key if is_day and types[each] == "date"]


def _equal(column: str, key: str) -> str:
    return column if column == key else f"{column} = {key}"


def picture(marts: Iterable[Mart], found: Sequence[Relation]) -> Iterator[str]:
    """The lines of the picture: dimensions, and one box per set of columns that join, with the marts that have them."""
    facts = [mart for mart in marts if not _is_dimension(mart)]
    boxes: dict[tuple[str, ...], list[Mart]] = {}
    for mart in facts:
        boxes.setdefault(_joining(mart, found), []).append(mart)
    yield from ("```mermaid", "erDiagram", "    direction LR")
    for name, dimension in {relation.dimension.name: relation.dimension for relation in found}.items():
        yield from _dimension(dimension)
        yield from _lines(name, [relation for relation in found if relation.mart.name == name])
    for number, (columns, alike) in enumerate(sorted(boxes.items()), start=1):
        yield from _box(f"marts_{number}", columns, alike)
        names = {mart.name for mart in alike}
        yield from _lines(f"marts_{number}", [relation for relation in found if relation.mart.name in names])
    yield "```"


def _joining(mart: Mart, found: Iterable[Relation]) -> tuple[str, ...]:
    """The mart's columns that join dimensions other than those of codes."""
    ways = [
        relation.on for relation in found if relation.mart.name == mart.name and not _is_of_codes(relation.dimension)
    ]
    return tuple(sorted({column.partition(" = ")[0] for way in ways for column in way}))


def _is_of_codes(dimension: Mart) -> bool:
    return codes_of(dimension.name, dimension.config.meta.unique_key[0]) is not None


def _dimension(dimension: Mart) -> Iterator[str]:
    types = {column.name: column.data_type for column in dimension.columns}
    yield f"    {dimension.name} {{"
    yield from (f"        {types[column]} {column} PK" for column in dimension.config.meta.unique_key)
    yield "    }"


def _box(name: str, columns: Sequence[str], marts: Iterable[Mart]) -> Iterator[str]:
    """A mart per line, with what its key has beside the columns that join."""
    yield f'    {name}["{", ".join(columns) or "nothing joins"}"] {{'
    for mart in marts:
        further = ", ".join(column for column in mart.config.meta.unique_key if column not in columns)
        yield f"        mart {mart.name}" + (f' "{further}"' if further else "")
    yield "    }"


def _lines(box: str, found: Iterable[Relation]) -> Iterator[str]:
    """One line per dimension: the ways in which any of the marts joins it."""
    by_dimension: dict[str, list[str]] = {}
    for relation in found:
        way = ", ".join(relation.on)
        ways = by_dimension.setdefault(relation.dimension.name, [])
        if way != _NOT_DRAWN and way not in ways:
            ways.append(way)
    yield from (f'    {name} ||--o{{ {box} : "{" / ".join(ways)}"' for name, ways in by_dimension.items() if ways)
