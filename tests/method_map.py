"""The table at the end of docs/method.md: concept -> mart.column -> the demo row that shows it.

Belongs here: reading that table. Not here: the marts' columns (tests/dbt_project/test_method_map.py compares), the demo's rows
(tests/end_to_end/test_demo.py does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.conftest import REPOSITORY

LINE = re.compile(r"\| (S\d) \| (.+?) \| `(\w+)\.(\w+)` \| (.+): (.*) \|")
DOCUMENT = REPOSITORY / "docs" / "method.md"


class Concept(NamedTuple):
    """One line of the table; `key` are the demo row's columns beside the as-of date, `value` is printed."""

    source: str
    name: str
    mart: str
    column: str
    key: dict[str, str]
    value: str


def concepts() -> Iterator[Concept]:
    """Every line of the table. Raises ValueError for one that does not read."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("| from | concept |")[2]
    for line in table.splitlines()[2:]:
        if not line.startswith("|"):
            break
        match = LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"docs/method.md: {line}")
        source, name, mart, column, key, value = match.groups()
        pairs = [part.partition(" = ") for part in key.split(", ")]
        yield Concept(source, name, mart, column, {part: text for part, _, text in pairs}, value)
