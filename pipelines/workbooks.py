"""The one door to a workbook that is written (xlsx). Belongs here: how it is made and kept, which texts a spreadsheet would compute; not
here: what stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from pipelines import durable

_PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
"""A text stays a text: never a number, a formula or an address."""

COMPUTED: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would compute if somebody typed it, or opened it in a CSV file."""


def is_computed(text: str) -> bool:
    """True if a spreadsheet would compute the text."""
    return text.startswith(COMPUTED)


def guarded(text: str) -> str:
    """The text as a cell of a CSV file that no spreadsheet computes: an apostrophe before what it would."""
    return f"'{text}" if is_computed(text) else text


@contextmanager
def writing(target: Path, **properties: object) -> Iterator[Any]:
    """A workbook (xlsxwriter's) that stands at `target` when the block ends: atomically, mode 0600.

    `properties` are the document's; with `created` the same content gives the same bytes, else the clock is in it.
    """
    with durable.aside(target) as aside:
        aside.touch(mode=0o600)
        with xlsxwriter.Workbook(str(aside), _PLAIN) as book:
            if properties:
                book.set_properties(properties)
            yield book
