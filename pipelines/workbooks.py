"""The one door to a workbook that is written (xlsx). Belongs here: how it is made and kept; not here: what stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines import durable

_PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
"""A text stays a text: never a number, a formula or an address."""


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
