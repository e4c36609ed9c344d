"""What a node follows from, as one word: where it is what it was, nothing is built again.

Belongs here: everything a result depends on. Not here: contents (pipelines.contents), building (runner). A wrong skip is a wrong
number: whatever can change a result stands in the recipe.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import duckdb

from orchestration.dbt.plan import Node
from pipelines import contents, duck
from pipelines.contents import Relation, State

_SCHEME: Final = "1"
"""Raised when a recipe or a content is taken differently; then everything is built again."""


def recipe(node: Node, states: Mapping[Relation, State]) -> str | None:
    """Query, promised columns, file of a seed, engine and its settings, the contents of all that is read.

    None if the content of something it reads is not known: then it is always run.
    """
    read = [(each.schema, each.name, states[each].content if each in states else None) for each in node.reads]
    if any(content is None for *_, content in read):
        return None
    settings = sorted((name, str(value)) for name, value in duck.SETTINGS.items())
    verdict = [node.verdict.counted, node.verdict.warn_if, node.verdict.error_if] if node.verdict else None
    return contents.digest(
        [_SCHEME, duckdb.__version__, settings, node.is_view, node.sql, node.columns, node.checksum, verdict, read]
    )
