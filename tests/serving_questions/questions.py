"""docs/questions.md as data. Belongs here: finding its questions and their SQL. Not here: asking them (test_questions.py)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tests.conftest import REPOSITORY

_QUESTION: Final = re.compile(
    r"^## (?P<number>\d+)\. (?P<english>[^\n]+\?)\n\n(?P<german>[^\n]+\?)\n\n```sql\n(?P<sql>.+?)```\n\n(?P<told>\S.+?)\n(?=\n## |\Z)",
    re.MULTILINE | re.DOTALL,
)


class Question(NamedTuple):
    """One question of an analyst; `told` says what a row of the answer is and what must not be summed."""

    number: int
    english: str
    german: str
    sql: str
    told: str

    def __str__(self) -> str:
        return f"{self.number:02}"


def text() -> str:
    """The document."""
    return (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8")


def questions() -> tuple[Question, ...]:
    """Every question that is written as all of them are, in their order."""
    return tuple(
        Question(int(found["number"]), found["english"], found["german"], found["sql"], found["told"])
        for found in _QUESTION.finditer(text())
    )
