"""The product's modules as syntax trees, for tests that let a thing be done in one place only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[1]
PACKAGES: Final = ("pipelines", "data_quality", "orchestration", "tools")


def product_modules() -> Iterator[tuple[str, ast.Module]]:
    """(path from the repository, tree) of every module that is not a test."""
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            yield path.relative_to(REPOSITORY).as_posix(), ast.parse(path.read_text(encoding="utf-8"))
