"""Everything a person can be told: the rule it stands on, what it needs to know, when it may be said (statements.yml).

Belongs here: reading the catalogue, which entry a text has. Not here: the texts (catalogues), who says them (pipelines.showing,
orchestration.commands), whether what was said is true: tests ask the conditions of statements.yml of published rows, and those of
tests/statements/conditions.py of numbers computed apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from pipelines.vocabulary.codes import code_groups

FILE: Final = Path(__file__).with_suffix(".yml")
ENDINGS: Final = (".limit", ".meaning", ".short")
"""Endings of keys that say the same as the key before them: with limits, in more words, in fewer."""

_STRICT: Final = ConfigDict(frozen=True, strict=True, extra="forbid")


class Statement(BaseModel):
    """What a text or a group of codes states, and when it may be said."""

    model_config = _STRICT

    rule: str = Field(pattern=r"^\d(\.\d+)?$")
    about: Literal["customer", "portfolio", "version"]
    inputs: tuple[str, ...]
    when: str = Field(min_length=1)
    unknown: str | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The published tables the inputs stand in."""
        return tuple(dict.fromkeys(each.partition(".")[0] for each in self.inputs))

    def columns(self, table: str) -> tuple[str, ...]:
        """The inputs that stand in a table."""
        return tuple(column for each in self.inputs for name, _, column in [each.partition(".")] if name == table)


class Statements(BaseModel):
    """The whole catalogue."""

    model_config = _STRICT

    words: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...]
    codes: Mapping[str, Statement]
    statements: Mapping[str, Statement]

    def words_keys(self) -> frozenset[str]:
        """The keys that are words only."""
        return frozenset(f"{begin}.{name}" for begin, names in self.words.items() for name in names)

    def entry(self, key: str) -> Statement | None:
        """What a text states: its own entry, else that of its group of codes; None for words and names."""
        plain = plain_key(key)
        own = self.statements.get(plain)
        return own if own is not None else self.codes.get(plain.partition(".")[0])

    def is_catalogued(self, key: str) -> bool:
        """True if the key is a statement, a code of a group that is here, a name, or a word."""
        plain = plain_key(key)
        group, _, code = plain.partition(".")
        known = code_groups().get(group)
        is_code = known is not None and code in known.codes and (group in self.codes or group in self.names)
        return plain in self.statements or is_code or plain in self.words_keys()


def plain_key(key: str) -> str:
    """The key without the ending that tells how it is said."""
    for ending in ENDINGS:
        key = key.removesuffix(ending)
    for ending in ENDINGS:
        key = key.removesuffix(ending)
    return key


@cache
def statements() -> Statements:
    """The catalogue, as it is shipped."""
    return Statements.model_validate(_tuples(yaml.safe_load(FILE.read_text(encoding="utf-8"))))


def _tuples(value: object) -> object:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return value
