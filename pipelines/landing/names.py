"""Names and codes as people compare them: case, spaces around and the way umlauts are written set aside.

Belongs here: finding a declared name among delivered ones. Not here: what is delivered (sources), the mapping (settings).
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping


def alike(name: str) -> str:
    """What two spellings of one name share."""
    return unicodedata.normalize("NFC", name).strip(" \t\u00a0").casefold()


def found(name: str, delivered: Iterable[str]) -> str | None:
    """The delivered column `name` means: it, or the one that differs in spelling only; None if there is none."""
    names = tuple(delivered)
    if name in names:
        return name
    spellings = [each for each in names if alike(each) == alike(name)]
    return spellings[0] if len(spellings) == 1 else None


def namesakes(name: str, delivered: Iterable[str]) -> tuple[str, ...]:
    """The delivered columns that share the header `name`: the readers tell them apart as "Text (column 5)"."""
    before, sign = alike(name), " (column "
    return tuple(each for each in delivered if sign in each and alike(each.rpartition(sign)[0]) == before)


def distinct_codes(codes: Iterable[str]) -> Mapping[str, str]:
    """Spelling shared by two -> the code, for those codes no other one is like: only they may be written otherwise."""
    texts = tuple(codes)
    times = Counter(_folded(text) for text in texts)
    return {_folded(text): text for text in texts if times[_folded(text)] == 1}


def _folded(text: str) -> str:
    """As DuckDB folds the delivered text (grammar.folded)."""
    return unicodedata.normalize("NFC", text).strip(" \t\u00a0").lower()
