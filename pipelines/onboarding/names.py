"""The catalogue of names other systems use (names.yml). Belongs here: reading it, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FILE: Final = Path(__file__).with_suffix(".yml")
_LETTERS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of a column or a table, and the system that calls it so."""

    system: str
    name: str
    rank: int
    """0: the usual name in its system; the higher, the less usual."""


def plain(name: str) -> str:
    """What of a name counts: letters and digits, without case and accents."""
    text = unicodedata.normalize("NFC", name).casefold().translate(_LETTERS)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9%]", "", bare)


def system_name(system: str) -> str:
    """The system as people call it."""
    return str(_document()["systems"][system]["name"])


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
                by_plain.setdefault(known, set()).add(who.system)
    for name in names:
        systems = by_plain.get(plain(name), set())
        for language in count:
            count[language] += language in systems
    return "de" if count["de"] > count["en"] else "en"


def _known(by_system: Mapping[str, list[Any]]) -> Mapping[str, KnownName]:
    found: dict[str, KnownName] = {}
    for system, names in by_system.items():
        for rank, name in enumerate(names):
            found.setdefault(plain(str(name)), KnownName(system, str(name), rank))
    return found


@cache
def _document() -> Any:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))
