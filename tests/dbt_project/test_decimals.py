"""No product and no sum of a model loses a decimal on Spark: a last digit that differs is a wrong number that nobody would see."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.conftest import Run
from tests.dbt_project.decimals import Columns, Decimal, Lost, declared, lost
from tests.end_to_end.demo import demo_published


@pytest.fixture(scope="module")
def relations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Columns]:
    """Every relation of a warehouse with the types of its columns."""
    found: dict[str, dict[str, Decimal | None]] = {}
    with duckdb.connect(str(demo_published(tmp_path_factory).home / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns"
        )
        for schema, table, column, kind in rows.fetchall():
            found.setdefault(f"{schema}.{table}", {})[column] = declared(kind)
    return dict(found)


def test_no_model_loses_a_decimal_on_spark(spark: Run, relations: dict[str, Columns]) -> None:
    assert len(spark.models) > 200
    found = [
        f"{node.path}: {each.has} decimals, {each.keeps} stay: {each.text[:300]}"
        for node in spark.models
        for each in lost(node.compiled, relations)
    ]
    assert not found, "cast the operands to what they need, so that the result has at most 38 digits:\n" + "\n".join(
        found
    )


A: dict[str, Columns] = {"a.b": {"wide": Decimal.of(38, 10), "money": Decimal.of(18, 2), "share": Decimal.of(18, 6)}}


@pytest.mark.parametrize(
    ("expression", "digits"),
    [
        # As it was: an end of an interval.
        ("wide + cast(1.96 as decimal(3, 2)) * wide", (12, 8)),
        ("cast(wide as decimal(24, 10)) + cast(1.96 as decimal(3, 2)) * cast(wide as decimal(24, 10))", None),
        ("money * share", None),
        ("cast(money as decimal(38, 2)) * share", (8, 6)),
        # What is cast to more decimals than it has loses none of them.
        ("cast(money as decimal(38, 8)) * money", None),
        ("wide + wide", (10, 9)),
        # Whole units of the smallest decimal have none.
        ("cast(wide * 10000000000 as decimal(38, 0))", None),
        ("case when money > 0 then wide else money end - wide", (10, 9)),
    ],
)
def test_what_is_lost_is_seen(expression: str, digits: tuple[int, int] | None) -> None:
    inside = f"with c as (select * from a.b) select sum(d) as s from (select {expression} as d from c) as e"
    found = list(lost(inside, A))
    assert [(each.has, each.keeps) for each in found][:1] == ([] if digits is None else [digits])
    assert all(isinstance(each, Lost) for each in found)
