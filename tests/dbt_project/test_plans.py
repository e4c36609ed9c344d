"""Every model grows with its data: no join compares two inputs row by row that both grow with the company.

Beside them the statement in which that was seen first: a company of 20,000 customers did not finish.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import plan
from pipelines import duck
from tests.dbt_project.conftest import PROJECT
from tests.dbt_project.plans import left_only_conditions, line_of, pairwise_joins
from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company

FORMER = """
with parents as (select range as id, range % 5 as method from range(2000)), ratings as (select range as id, range as level from range(2000))
select parents.id, ratings.level from parents left join ratings on parents.id = ratings.id and parents.method = 3
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


def models(company: Company) -> dict[Path, str]:
    """Model file below the project -> its statement as it ran."""
    nodes = plan.read(company.home / "dbt" / "manifest.json").nodes.values()
    found = {Path(node.file): node.sql for node in nodes if node.kind == "model"}
    assert len(found) > 150
    return found


def test_no_model_compares_two_growing_inputs_row_by_row(demo: Company) -> None:
    slow = []
    with duckdb.connect(str(demo.home / "warehouse.duckdb"), read_only=True) as connection:
        connection.execute(f"set disabled_optimizers = '{duck.SETTINGS['disabled_optimizers']}'")
        for path, sql in models(demo).items():
            source = (PROJECT / path).read_text(encoding="utf-8")
            for join in pairwise_joins(connection, sql):
                where = f"{path}:{line_of(join.where, source)}"
                slow.append(f"{where}: {join.operator} of {join.left} x {join.right} rows on {join.where}")
    assert not slow, "give both sides a key (equality):\n" + "\n".join(slow)


def test_no_left_join_has_a_condition_on_its_left_side_alone(demo: Company) -> None:
    found = [
        f"{path}:{line_of(condition, (PROJECT / path).read_text(encoding='utf-8'))}: {condition}"
        for path, sql in models(demo).items()
        for condition in left_only_conditions(sql)
    ]
    assert not found, "put the condition into the key (case when ... then key end) or filter before:\n" + "\n".join(
        found
    )


def test_the_join_that_did_not_end_is_found() -> None:
    with duckdb.connect() as connection:
        (join,) = pairwise_joins(connection, FORMER)
    assert (join.left, join.right) == (2000, 2000) or join.operator == "BLOCKWISE_NL_JOIN"
    assert list(left_only_conditions(FORMER)) == ["parents.method = 3"]
    assert line_of("parents.method = 3", FORMER) == 3
