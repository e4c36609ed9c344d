"""Cases of statements.json beside what the models say. Belongs here: reading cases, leaves, the report; not here: a rule.

A section is answered by the module of its name below sections/: `answer(room, asked) -> dict` in the shape of the case's `expected`.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from tests.conftest import SHARED
from tests.golden.compare import Missing, leaves
from tests.statements.room import Room

SHIPPED: Final = SHARED / "statements" / "statements.json"


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case."""

    section: str
    name: str
    asked: Mapping[str, Any]
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A leaf of `expected` beside the answer."""

    case: Case
    path: str
    expected: object
    actual: object

    @property
    def is_equal(self) -> bool:
        """To the last digit: both sides are compared as they are written."""
        return self.expected == self.actual

    @property
    def is_missing(self) -> bool:
        """Nothing answers this leaf."""
        return isinstance(self.actual, Missing)


def cases(file: Path) -> list[Case]:
    """All cases of a file of that shape."""
    read = json.loads(file.read_text(encoding="utf-8"))
    return [
        Case(section, case["case"], case["input"], case["expected"])
        for section, content in read.items()
        for case in content["cases"]
    ]


def is_answered(section: str) -> bool:
    """Whether a module answers the section."""
    return find_spec(f"tests.statements.sections.{section}") is not None


def answered(room: Room, case: Case) -> list[Answered]:
    """Every leaf of the case's `expected`, and every leaf of the answer that nobody expected."""
    answer: object = {}
    if is_answered(case.section):
        answer = import_module(f"tests.statements.sections.{case.section}").answer(room, case.asked)
    expected = dict(_leaves(case.expected))
    actual = dict(_leaves(answer))
    extra = sorted(set(actual) - set(expected))
    return [Answered(case, path, value, actual.get(path, Missing())) for path, value in expected.items()] + [
        Answered(case, path, Missing(), actual[path]) for path in extra
    ]


def report(found: Sequence[Answered]) -> Iterator[str]:
    """Per section cases, leaves, missing, different; then every leaf that is not equal."""
    sections = list(dict.fromkeys(one.case.section for one in found))
    yield f"{'statements':<34}{'cases':>8}{'leaves':>8}{'missing':>9}{'different':>11}"
    for section in (*sections, None):
        inside = [one for one in found if section in (None, one.case.section)]
        missing = sum(one.is_missing for one in inside)
        different = sum(not one.is_equal for one in inside) - missing
        count = len({(one.case.section, one.case.name) for one in inside})
        yield f"{section or 'total compared':<34}{count:>8}{len(inside):>8}{missing:>9}{different:>11}"
    for one in found:
        if not one.is_equal:
            yield f"  {one.case.section} / {one.case.name} / {one.path}: expected {one.expected!r}, answered {one.actual!r}"


def _leaves(tree: object) -> Iterator[tuple[str, object]]:
    yield from leaves(written(tree), "")


def written(value: object) -> object:
    """A value as statements.json writes it: decimals and dates as text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): written(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [written(item) for item in value]
    return value
