"""The worked cases on an engine that takes the Spark text: every question a case asks is asked there, and the same rows must come out.

Belongs here: remembering questions, writing them in Spark's dialect, comparing rows. Not here: an engine (tools.sail, tools.spark_cluster),
what a case says (sections/).

A case's answer follows from the rows its questions gave; so a case whose rows are the same has the same answer, to the last digit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from orchestration.dbt.on_spark import TYPES
from tests.dbt_project.conftest import read
from tests.generated.compiled import Project, compiled_once
from tests.once import once
from tests.statements.compare import SHIPPED, Case, answered, cases
from tests.statements.room import Given, Room
from tools.spark_text import compile_into

Text = tuple[str | None, ...]
"""A row, every cell as text."""

NAME: Final = re.compile(r"\b[a-z]+\.[a-z]\w+")
"""How a compiled text names a relation; an alias with a column looks alike."""

WIDE: Final[Mapping[str, str]] = {"hugeint": "decimal(38, 0)"}
"""What DuckDB makes of a sum of whole numbers; nothing that is landed has it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a case asked, and what DuckDB answered."""

    case: Case
    given: Mapping[str, Sequence[Text]]
    between: frozenset[str]
    """The models computed for it."""

    answers: Mapping[str, Sequence[Text]]
    """Relation -> its rows, sorted."""

    def differences(self, relation: str, found: Sequence[Text]) -> Iterator[str]:
        """What an engine answered otherwise."""
        expected, actual = self.answers[relation], sorted(found, key=_place)
        where = f"{self.case.section} / {self.case.name} / {relation}"
        if len(expected) != len(actual):
            yield f"{where}: {len(expected)} rows expected, {len(actual)} found"
            return
        for one, other in zip(expected, actual, strict=True):
            if one != other:
                yield f"{where}: expected {one}, found {other}"


class Remembering(Room):
    """A room that keeps what it was asked."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.questions: list[Question] = []
        self.columns = {relation: self._typed(relation) for relation in self._relations()}
        """Relation -> column -> Spark's type."""

        self.at_first = {relation: self._texts(relation) for relation in self.columns}
        """What an empty room has in it: seeds, and the company of which nobody says anything."""

        self._case: Case | None = None
        self._filled: dict[tuple[str, str], Sequence[Text]] = {}
        self._given: dict[str, Sequence[Text]] = {}
        self._answers: dict[str, Sequence[Text]] = {}

    def listen(self, case: Case) -> None:
        """Let the case ask everything it asks."""
        self._case = case
        answered(self, case)

    def ask(self, given: Given, *wanted: str) -> dict[str, list[dict[str, Any]]]:
        """As in every room."""
        assert self._case is not None
        self._given, self._answers = {}, {}
        rows = super().ask(given, *wanted)
        between = frozenset(self._between(set(given), wanted))
        self.questions.append(Question(self._case, self._given, between, self._answers))
        return rows

    def _fill(self, relation: str, rows: Sequence[Mapping[str, Any]]) -> None:
        super()._fill(relation, rows)
        # Most of what is given is the method of the worked example, over and over.
        content = (relation, repr(rows))
        if content not in self._filled:
            self._filled[content] = self._texts(relation)
        self._given[relation] = self._filled[content]

    def _rows(self, relation: str) -> list[dict[str, Any]]:
        self._answers[relation] = self._texts(relation)
        return super()._rows(relation)

    def _texts(self, relation: str) -> list[Text]:
        found = self.connection.execute(f"select cast(columns(*) as varchar) from {relation}").fetchall()
        return sorted(found, key=_place)

    def _relations(self) -> list[str]:
        listed = "select table_schema || '.' || table_name from information_schema.tables order by all"
        return [name for (name,) in self.connection.execute(listed).fetchall()]

    def _typed(self, relation: str) -> dict[str, str]:
        described = self.connection.execute(f"describe {relation}").fetchall()
        return {name: {**TYPES, **WIDE}.get(kind, kind.lower()) for name, kind, *_ in described}


@dataclass(frozen=True, slots=True)
class Listened:
    """All questions of all cases, and what is needed to ask them elsewhere."""

    room: Remembering
    texts: Mapping[str, str]
    """Model -> its query in Spark's dialect."""

    def asking(self, folder: Path, prefix: str = "") -> Asking:
        """Who asks them."""
        return Asking(self.room, self.texts, folder, prefix)


def listened(tmp_path_factory: pytest.TempPathFactory) -> Listened:
    """Every case has asked."""
    room = Remembering(compiled_once(tmp_path_factory))
    for case in cases(SHIPPED):
        room.listen(case)
    models = read(once(tmp_path_factory, "dbt_spark", compile_into)).models
    return Listened(room, {f"{model.schema}.{model.name}": model.compiled for model in models})


def _place(row: Text) -> tuple[tuple[bool, str], ...]:
    return tuple((cell is None, cell or "") for cell in row)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in Spark's dialect."""

    statements: tuple[str, ...]
    """What makes the relations it needs and no question before it needed."""

    selects: Mapping[str, str]
    """Relation -> what gives its rows as text."""


class Asking:
    """Writes questions in Spark's dialect. `texts`: model -> its query there; what is computed lies below `folder`.

    A relation is named after what it is made of, so that what two questions have in common is made once, and none sees another's rows.
    """

    def __init__(self, room: Remembering, texts: Mapping[str, str], folder: Path, prefix: str = "") -> None:
        self._room = room
        self._texts = texts
        self._folder = folder
        self._prefix = prefix
        """Of its schemas: whoever else asks the same engine at the same time has another."""

        self._made: set[str] = set()

    def schemas(self) -> Iterator[str]:
        """The statements that come before all questions."""
        for schema in sorted({relation.partition(".")[0] for relation in self._room.columns}):
            yield f"create schema if not exists {self._prefix}{schema}"

    def ask(self, question: Question) -> Asked:
        """The next one."""
        statements: list[str] = []
        names: dict[str, str] = {}

        def named(relation: str) -> str:
            if relation not in names:
                names[relation] = made(relation, query(relation))
            return names[relation]

        def read(found: re.Match[str]) -> str:
            return named(found[0]) if found[0] in self._room.columns else found[0]

        def query(relation: str) -> str:
            if relation in question.between:
                return NAME.sub(read, self._texts[relation])
            rows = question.given.get(relation, self._room.at_first[relation])
            return _holding(self._room.columns[relation], rows)

        def made(relation: str, text: str) -> str:
            name = f"{self._prefix}{relation}__{hashlib.sha256(text.encode()).hexdigest()[:16]}"
            if name not in self._made:
                self._made.add(name)
                # A view in a view in a view is planned wherever it is read: a minute for one question.
                is_table = relation in question.between and not relation.startswith("staging.")
                place = f" using parquet location {_quoted(str(self._folder / name))}"
                statements.append(
                    f"create {'table' if is_table else 'view'} {name}{place if is_table else ''} as\n{text}"
                )
            return name

        selects = {relation: _texts_of(named(relation), self._room.columns[relation]) for relation in question.answers}
        return Asked(tuple(statements), selects)


def _holding(columns: Mapping[str, str], rows: Sequence[Text]) -> str:
    """A query of these rows: typed as in the files, from texts."""
    if not rows:
        cells = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
        return f"select {cells} from (select 1 as nothing) as none where false"
    cells = ", ".join(f"cast(c{place} as {kind}) as {name}" for place, (name, kind) in enumerate(columns.items()))
    lines = ", ".join(
        "(" + ", ".join("cast(null as string)" if cell is None else _quoted(cell) for cell in row) + ")" for row in rows
    )
    return f"select {cells} from values {lines} as given({', '.join(f'c{place}' for place in range(len(columns)))})"


def _texts_of(name: str, columns: Mapping[str, str]) -> str:
    return f"select {', '.join(f'cast({column} as string) as {column}' for column in columns)} from {name}"


def _quoted(text: str) -> str:
    """A literal in Spark's dialect, in which two quotes are not one."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
