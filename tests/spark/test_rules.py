"""Single rules on a real Spark: every question of the worked cases has DuckDB's rows, and every macro says the same on edge values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.dbt_project.test_dialect import wrong_on_edge_values
from tests.spark.conftest import session
from tests.statements.elsewhere import Listened, Question, listened
from tools.spark_cluster import Cluster

pytestmark = [pytest.mark.endless, pytest.mark.needs("java", "spark", "shared")]

SESSIONS = 3


def test_every_macro_gives_the_same_on_edge_values(cluster: Cluster, tmp_path: Path) -> None:
    def ask(statements: Mapping[str, str], folder: Path) -> dict[str, list[tuple[Any, ...]]]:
        answers = {}
        with session(cluster) as cursor:
            for name, sql in statements.items():
                cursor.execute(sql)
                # Its client hands out days as text.
                days = [column[1] == "DATE_TYPE" for column in cursor.description]
                answers[name] = [
                    tuple(
                        date.fromisoformat(cell) if is_day and cell else cell
                        for is_day, cell in zip(days, row, strict=True)
                    )
                    for row in cursor.fetchall()
                ]
        return answers

    wrong = wrong_on_edge_values("spark_syntax", ask, tmp_path)
    assert not wrong, "\n".join(wrong)


def wrong_of(cluster: Cluster, everything: Listened, questions: Sequence[Question], tables: Path) -> list[str]:
    """Ask them one after the other; what is answered otherwise."""
    asking = everything.asking(tables, f"{tables.name}_")
    wrong: list[str] = []
    with session(cluster) as cursor:
        for statement in asking.schemas():
            cursor.execute(statement)
        for question in questions:
            written = asking.ask(question)
            for statement in written.statements:
                cursor.execute(statement)
            for relation, select in written.selects.items():
                cursor.execute(select)
                wrong += question.differences(relation, cursor.fetchall())
    return wrong


def test_every_question_of_the_cases_has_duckdbs_rows(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    everything = listened(tmp_path_factory)
    questions = everything.room.questions
    with ThreadPoolExecutor(SESSIONS) as pool:
        parts = [
            # Neighbours have much in common, which is made once per session.
            pool.submit(
                wrong_of,
                cluster,
                everything,
                questions[len(questions) * part // SESSIONS : len(questions) * (part + 1) // SESSIONS],
                tmp_path / f"part{part}",
            )
            for part in range(SESSIONS)
        ]
        wrong = [line for part in parts for line in part.result()]
    assert not wrong, f"{len(wrong)} rows:\n" + "\n".join(wrong[:20])
    assert len(questions) > 300
