"""The codes a person or a table can show, in the order people read them. Belongs here: reading codes.yml; not here: their texts.

Texts stand in the catalogues: `<group>.<code>` is the label, `<group>.<code>.meaning` what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

FILE: Final = Path(__file__).with_name("codes.yml")


class CodeGroup(BaseModel):
    """One set of codes, and the published columns and contract columns that hold them: `column`, or `table.column` of one table."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    codes: tuple[str, ...]
    texts: str | None = None
    """The group whose texts these codes have; None: their own."""
    columns: tuple[str, ...] = ()
    partly: Mapping[str, tuple[str, ...]] = {}
    """Columns that hold some of the codes only."""

    def place(self, code: str | None) -> int:
        """Where a code stands in the order; unknown ones last."""
        return self.codes.index(code) if code in self.codes else len(self.codes)


@cache
def code_groups() -> Mapping[str, CodeGroup]:
    """Every group by its name."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return MappingProxyType({name: CodeGroup.model_validate(_tuples(group)) for name, group in read.items()})


def codes_of(table: str, column: str) -> tuple[str, tuple[str, ...]] | None:
    """(group, codes) that a column of a table may hold; None for a column that holds no codes. What names the table goes first."""
    for name in (f"{table}.{column}", column):
        for group, each in code_groups().items():
            if name in each.partly:
                return group, each.partly[name]
            if name in each.columns:
                return group, each.codes
    return None


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    return {name: _tuples(item) for name, item in value.items()} if isinstance(value, dict) else value
