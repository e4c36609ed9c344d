"""What people read over a mart's column, once: in a BI tool, a workbook, a list of columns (columns.yml).

Belongs here: reading columns.yml, the label of a column in a language. Not here: what the column means (_columns.md of the marts), what the
codes in it are called (codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from pipelines.vocabulary.voice import Voice

FILE: Final = Path(__file__).with_suffix(".yml")
_LANGUAGES: Final = ("en", "de")
LONGEST: Final = 40
"""Characters: what a field list or the head of a table shows without cutting it."""
_Short = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class Words(BaseModel):
    """A label in the languages of the documentation."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    en: _Short
    de: _Short

    def said_by(self, voice: Voice) -> str:
        """The label; English where the voice speaks neither language."""
        return self.de if voice.language == "de" else self.en


@cache
def column_labels() -> Mapping[str, Words | str]:
    """`column` or `mart.column` -> its words, or the key under which the catalogues have them."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return MappingProxyType(TypeAdapter(dict[str, Words | str]).validate_python(content))


def label_of(table: str, column: str, voice: Voice) -> str | None:
    """What a column of a table is called; None for one that is no mart's. What names the table goes first."""
    labels = column_labels()
    found = labels.get(f"{table}.{column}", labels.get(column))
    return found.said_by(voice) if isinstance(found, Words) else found and voice.say(found)


def both_labels(table: str, column: str) -> tuple[str, ...]:
    """The labels in English and in German: two, one where both say the same, none for a column that is no mart's."""
    said = (label_of(table, column, Voice(language)) for language in _LANGUAGES)
    return tuple(dict.fromkeys(label for label in said if label))
