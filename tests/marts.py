"""The published tables as readers are told of them. Belongs here: reading the marts' pages; not here: what writes them (tools)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from tests.conftest import REPOSITORY


@cache
def published_columns() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Columns and types per mart, as the pages below docs/marts tell readers."""
    pages = sorted((REPOSITORY / "docs" / "marts").glob("*.md"))
    sections = [each for page in pages for each in page.read_text(encoding="utf-8").split("\n## ")[1:]]
    split = (section.partition("\n") for section in sections)
    return {name: tuple(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", body, re.MULTILINE)) for name, _, body in split}
