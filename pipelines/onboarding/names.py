"""The catalogue of names other systems use (names.yml). Belongs here: reading it, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).with_suffix(".yml")
LANGUAGES: Final = frozenset(("de", "en"))
"""Names people and their spreadsheets use, whatever the system."""
_ENOUGH: Final = 3.0
"""Names that only one system has, to tell a delivery by: a few may be anybody's."""
_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


EVERYWHERE: Final = frozenset(
    (
        "amount",
        "code",
        "date",
        "datum",
        "id",
        "item",
        "konto",
        "name",
        "no",
        "number",
        "nummer",
        "party",
        "rate",
        "ref",
        "stage",
        "start",
        "state",
        "total",
    )
)
"""Names that any table of a database may have: by themselves they tell nothing."""


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a column or a table, and the first of the systems that call it so."""

    system: str
    name: str
    rank: int
    """0: the usual name in its system; the higher, the less usual."""
    ranks: Mapping[str, int]
    """The rank in every system that calls it so."""


def plain(name: str) -> str:
    """What of a name counts: letters and digits, without case and accents."""
    text = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9%]", "", bare)


def system_name(system: str) -> str:
    """The system as people call it."""
    return str(_document()["systems"][system]["name"])


def example(system: str) -> str | None:
    """Where a mapping of the system is shipped."""
    return f"examples/systems/{system}" if _document()["systems"][system].get("example") else None


def tables() -> tuple[str, ...]:
    """Our tables that have names elsewhere, and `invoice_headers`."""
    return tuple(_document()["tables"])


def columns(table: str) -> tuple[str, ...]:
    """The columns of a table that have names elsewhere; in brackets those ours are computed from."""
    return tuple(_document()["tables"][table]["columns"])


def core(table: str) -> tuple[str, ...]:
    """Without one of these columns there is no such table."""
    return tuple(_document()["tables"][table]["core"])


@cache
def of_column(table: str, column: str) -> Mapping[str, KnownName]:
    """Plain name -> who calls the column so."""
    return _known(_document()["tables"][table]["columns"][column])


@cache
def of_files(table: str) -> Mapping[str, KnownName]:
    """Plain name of a file or table -> who calls it so."""
    return _known(_document()["tables"][table]["files"])


@cache
def of_value(column: str) -> Mapping[str, str]:
    """Plain delivered value -> our value, for a column with allowed values."""
    said = _document()["values"].get(column, {})
    return {plain(str(theirs)): ours for ours, all_theirs in said.items() for theirs in all_theirs}


def languages_of(names: Iterator[str]) -> str:
    """`de` or `en`, whichever more of the names belong to; en where neither does."""
    count = {"de": 0, "en": 0}
    by_plain: dict[str, set[str]] = {}
    for table in tables():
        for column in columns(table):
            for known, who in of_column(table, column).items():
                by_plain.setdefault(known, set()).update(who.ranks)
    for name in names:
        systems = by_plain.get(plain(name), set())
        for language in count:
            count[language] += language in systems
    return "de" if count["de"] > count["en"] else "en"


def system_of(headers: Iterable[str]) -> str | None:
    """The system most of these names are of: names that many systems have say little. None where no one stands out."""
    votes: dict[str, float] = {}
    for header in {plain(header) for header in headers}:
        who = _systems_by_name().get(header, frozenset())
        for system in who - LANGUAGES:
            votes[system] = votes.get(system, 0.0) + 1 / len(who)
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    others = ranked[1][1] if len(ranked) > 1 else 0.0
    return ranked[0][0] if ranked and ranked[0][1] >= _ENOUGH and ranked[0][1] >= 1.5 * others else None


@cache
def _systems_by_name() -> Mapping[str, frozenset[str]]:
    """Plain name -> all who call any column so."""
    found: dict[str, set[str]] = {}
    for table in tables():
        for column in columns(table):
            for known, who in of_column(table, column).items():
                found.setdefault(known, set()).update(who.ranks)
    return {known: frozenset(who) for known, who in found.items()}


def _known(by_system: Mapping[str, list[Any]]) -> Mapping[str, KnownName]:
    found: dict[str, KnownName] = {}
    for system, names in by_system.items():
        for rank, name in enumerate(names):
            known = plain(str(name))
            before = found.get(known)
            if before is None:
                found[known] = KnownName(system, str(name), rank, {system: rank})
            else:
                ranks = {**before.ranks, **({} if system in before.ranks else {system: rank})}
                found[known] = replace(before, ranks=ranks)
    return found


@cache
def _document() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))
