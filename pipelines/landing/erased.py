"""Who was erased, so that a later delivery does not bring them back: METHOD 1.17.

Belongs here: the list of marks, what it does to a table on its way in, removing kept originals that name somebody of it. Not here:
finding and erasing what is there already (pipelines.persons).

A mark is a hash of the keyed pseudonym: without the key and the person's id nobody can tell whose it is, and it meets nothing in any
table. Of a row that is about an erased person nothing is left; where a person is only named in a row about something else, the name
goes: it becomes NULL, or, where the contract asks for somebody, `erased`, which all erased persons share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipelines import durable
from pipelines.contracts import Column, Contract
from pipelines.errors import KundenwertError, Problem
from pipelines.home import Home
from pipelines.quoting import literal, literals

NOBODY: Final = "erased"
"""What stands in a required column for every erased person."""

_SALT: Final = "kundenwert erased "


@dataclass(frozen=True, slots=True)
class Erased:
    """`marks` of persons, and the SHA-256 of delivered files whose copies must not be kept because they name one of them."""

    marks: frozenset[str] = frozenset()
    originals: frozenset[str] = frozenset()


def read(home: Home) -> Erased:
    """The list; empty where nobody was erased. Raises KundenwertError LANDING_CORRUPT."""
    if not home.erased.is_file():
        return Erased()
    try:
        content = json.loads(home.erased.read_text(encoding="ascii"))
        return Erased(frozenset(content["marks"]), frozenset(content["originals"]))
    except (ValueError, KeyError, TypeError) as error:
        where = str(home.erased.relative_to(home.root))
        what = "the list of erased persons cannot be read; without it a delivery would bring them back"
        raise KundenwertError(Problem("LANDING_CORRUPT", what, where, "restore landing/ from a backup")) from error


def add(home: Home, *, marks: Iterable[str] = (), originals: Iterable[str] = ()) -> None:
    """Put marks and files on the list. The caller holds the home's lock, or the ledger's."""
    now = read(home)
    content = {"marks": sorted(now.marks.union(marks)), "originals": sorted(now.originals.union(originals))}
    durable.write_text(home.erased, json.dumps(content, indent=1) + "\n")


def mark(pseudonym: str) -> str:
    """The mark of a person's keyed pseudonym."""
    return hashlib.sha256((_SALT + pseudonym).encode("ascii")).hexdigest()


def is_erased_sql(pseudonym: str, marks: Iterable[str]) -> str:
    """Whether the pseudonym (an expression) has one of `marks`."""
    return f"sha256({literal(_SALT)} || {pseudonym}) in ({literals(sorted(marks))})"


def is_about(contract: Contract, column: Column) -> bool:
    """Whether a row of the contract is about the person in this column: then it goes with the person."""
    return column.personal and contract.primary_key == (column.load_name,)


def remove_originals(home: Home) -> None:
    """Remove the kept copies of files that name an erased person: whoever landed a table has copied them anew."""
    for sha256 in read(home).originals:
        (home.originals / sha256).unlink(missing_ok=True)
