"""Cells of a delivered file before a mapping computes with them: text without blanks, or what `typed` says, by the file's own format.

Belongs here: SQL expressions for the cells of one column. Not here: the grammar itself (grammar.py), what is made of the cells
(words.py, by_sql.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from pipelines.contracts import Column
from pipelines.errors import Problem, SourceError
from pipelines.landing.grammar import (
    Grammar,
    Reading,
    Surroundings,
    UnsuitableTypeError,
    grammar_for,
    one_of,
    reading,
    trimmed,
)
from pipelines.quoting import identifier, literal
from pipelines.settings.sources import CellType, CellWords, CsvFormat, SourceMap
from pipelines.sources import ANYTHING, PreparedFile, TextFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NUMBER: Final = "DECIMAL(28,8)"
"""Of a typed number: products of three of them are still exact."""

_TYPES: Final = {
    "text": ("string", "VARCHAR"),
    "number": ("decimal(28,8)", NUMBER),
    "date": ("date", "DATE"),
    "timestamp": ("timestamp", "TIMESTAMP"),
    "boolean": ("boolean", "BOOLEAN"),
}
_NARROW: Final = ("decimal(18,8)", "DECIMAL(18,8)")


@dataclass(frozen=True, slots=True)
class FileCells:
    """How the cells of the files called `name` are read: what `typed` says of their columns, in their format and zone."""

    name: str
    typed: Mapping[str, CellType]
    grammar: Grammar
    around: Surroundings
    is_decimal_comma: bool

    def type_of(self, column: str) -> CellType:
        """What `typed` says of a delivered column, whatever its case; text where it says nothing."""
        return next((kind for name, kind in self.typed.items() if name.lower() == column.lower()), "text")

    def is_ambiguous(self, column: str, kind: str) -> bool:
        """Whether the column is text whose numbers mean something else with a decimal point: 13.500."""
        return self.is_decimal_comma and kind == "VARCHAR" and self.type_of(column) == "text"


def cells_of(sources: SourceMap, name: str, files: Sequence[PreparedFile]) -> FileCells:
    """How the files called `name` in sources.yml are read."""
    declared = sources.format_of(name)
    return FileCells(
        name,
        sources.files[name].typed,
        grammar_for(declared),
        Surroundings(
            sources.zone_of_file(name),
            facts=reduce(or_, (file.facts for file in files)) if files else ANYTHING,
            company_zone=sources.time_zone,
        ),
        isinstance(declared, (CsvFormat, CellWords)) and declared.decimal == ",",
    )


def cleaned(delivered: str, kind: str, grammar: Grammar, facts: TextFacts) -> str:
    """A cell (an expression of DuckDB type `kind`) without blanks around it, NULL where it is a null token; what is no text as it is."""
    if kind != "VARCHAR":
        return delivered
    tokens = tuple(dict.fromkeys(("", *grammar.null)))
    bare = trimmed(delivered) if facts.has_blank_edges else delivered
    return f"nullif({bare}, '')" if tokens == ("",) else f"case when not {one_of(f'({bare})', tokens)} then {bare} end"


def typed_cell(cells: FileCells, column: str, kind: str, text: str, value: str) -> tuple[str, str]:
    """(value, fault) of a typed column as expressions; `text` names its cleaned cell, `value` the first of the two, which the second reads.
    The fault is a reason code, or NULL.

    A moment is local time of the file's zone. Raises SourceError SCHEMA_TYPE if the column's own type cannot be taken.
    """
    kind_of = cells.type_of(column)
    try:
        read = _read(cells, column, kind, text, value, *_TYPES[kind_of])
        # DuckDB reads wide decimals two hundred times slower than those of 18 digits, and few numbers need more.
        is_text = kind_of == "number" and kind == "VARCHAR"
        narrow = _read(cells, column, kind, text, value, *_NARROW) if is_text else None
    except UnsuitableTypeError as error:
        what = f"'{column}' is typed {kind_of}: {error}; the table was not loaded, what it had stays"
        place = f"files.{cells.name}.typed"
        raise SourceError(
            Problem("SCHEMA_TYPE", what, place, "correct `typed`, or leave the column out of it")
        ) from error
    if narrow is not None:
        return f"coalesce(({narrow.value})::{NUMBER}, {read.value})", read.reason
    if kind_of == "timestamp":
        zone = literal(cells.around.time_zone)
        return f"timezone({zone}, timezone('UTC', {read.value}))::timestamp", read.reason
    return read.value, read.reason


def _read(cells: FileCells, column: str, kind: str, text: str, value: str, logical: str, sql_type: str) -> Reading:
    wanted = Column(
        name=column, load_name=column, type=logical, sql_type=sql_type, required=False, key=False, personal=False,
        description="", description_de="",
    )  # fmt: skip
    return reading(wanted, kind, text, value, grammar=cells.grammar, around=cells.around)


@dataclass(frozen=True, slots=True)
class TypedCells:
    """Steps that read typed columns: `layers` are items to select beside *, `values` and `faults` (by delivered column) what they make."""

    layers: tuple[tuple[str, ...], ...]
    values: Mapping[str, str]
    faults: Mapping[str, str]


def typed_cells(cells: FileCells, columns: Sequence[str], kinds: Mapping[str, str]) -> TypedCells:
    """How `columns` (of DuckDB types `kinds`) are read all at once. Raises SourceError SCHEMA_TYPE."""
    layers: tuple[list[str], ...] = ([], [], [])
    values, faults = {}, {}
    for number, column in enumerate(columns):
        text, value, fault = (f"_kw_{sign}{number}" for sign in "stf")
        read, judged = typed_cell(cells, column, kinds[column], text, value)
        layers[0].append(f"{cleaned(identifier(column), kinds[column], cells.grammar, cells.around.facts)} as {text}")
        layers[1].append(f"{read} as {value}")
        layers[2].append(f"{judged} as {fault}")
        values[column], faults[column] = value, fault
    return TypedCells(tuple(tuple(layer) for layer in layers if layer), values, faults)


def label(column: str) -> str:
    """A delivered column's name as it stands beside a reason code, whose signs it must not hold."""
    return " ".join(column.replace(":", " ").replace(",", " ").split())
