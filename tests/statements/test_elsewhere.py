"""The worked cases on Sail: the Spark text of single rules, without Java. On a real Spark: tests/spark/test_rules.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SAIL
from tests.statements.elsewhere import Question, listened
from tools import lanes

pytestmark = [pytest.mark.slow, pytest.mark.needs("sail", "shared")]

REFUSED = {"claims / input not delivered"}
"""A remainder over no rows is one by zero for Sail, as a division is: the second of its faults (tools.sail), where its remedies do not
reach."""


def test_every_question_of_the_cases_has_duckdbs_rows(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    everything = listened(tmp_path_factory)
    asking = everything.asking(tmp_path / "tables")
    before = list(asking.schemas())
    asked: dict[str, list[str]] = {}
    about: dict[str, tuple[Question, str]] = {}
    for question in everything.room.questions:
        written = asking.ask(question)
        before += written.statements
        for relation, select in written.selects.items():
            name = f"q{len(asked):04}"
            asked[name], before = [*before, select], []
            about[name] = (question, relation)
    answers, refused = lanes.sail_answers(SAIL / "bin" / "python", asked, tmp_path)
    assert {f"{about[name][0].case.section} / {about[name][0].case.name}" for name in refused} == REFUSED, refused
    wrong = [
        line
        for name, rows in answers.items()
        for line in about[name][0].differences(about[name][1], [tuple(row.values()) for row in rows.to_pylist()])
    ]
    assert not wrong, f"{len(wrong)} rows:\n" + "\n".join(wrong[:20])
    assert len(answers) > 500
