"""What may be exported: total keys, exact types, plain names. Everything wrong is said at once."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines import duck
from pipelines.errors import KundenwertError
from pipelines.home import Home
from pipelines.publishing import Audience, PublishedTable, current_version, export
from pipelines.publishing.release import publish
from tests.pipelines.publishing.samples import FACTS


@pytest.fixture
def warehouse(home: Home) -> Home:
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            "create table marts.twice as select * from (values (1, 'a'), (1, 'a'), (2, 'b')) as t (id, x)"
        )
        connection.execute("create table marts.nulls as select * from (values (1, 'a'), (null, 'b')) as t (id, x)")
        connection.execute("create table marts.doubles as select 1 as id, 0.1::double as score, 1::hugeint as total")
        connection.execute("create table marts.good as select 1 as id, 0.1::decimal(9, 4) as score")
    return home


@pytest.mark.parametrize(
    ("relation", "key", "code"),
    [
        ("marts.twice", ("id",), "EXPORT_KEY_NOT_UNIQUE"),
        ("marts.nulls", ("id",), "EXPORT_KEY_NULL"),
        ("marts.nulls", ("x", "id"), "EXPORT_KEY_NULL"),
        ("marts.doubles", ("id",), "EXPORT_TYPE"),
        ("marts.good", ("number",), "EXPORT_KEY_MISSING"),
        ("marts.good", (), "EXPORT_KEY_MISSING"),
        ("marts.absent", ("id",), "EXPORT_TABLE_MISSING"),
        ('marts."Good"', ("id",), "EXPORT_NAME"),
        ("marts.good; drop table marts.good", ("id",), "EXPORT_NAME"),
        ("a.b.c", ("id",), "EXPORT_NAME"),
        (Path("nowhere.parquet"), ("id",), "EXPORT_TABLE_MISSING"),
    ],
)
def test_what_cannot_be_published_is_refused(
    warehouse: Home, relation: str | Path, key: tuple[str, ...], code: str
) -> None:
    with pytest.raises(KundenwertError) as caught:
        publish(warehouse, (PublishedTable("probe", "bi", relation, key),), FACTS)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert current_version(warehouse) is None and list(warehouse.published.iterdir()) == []


def test_good_tables_pass_the_check(warehouse: Home) -> None:
    assert publish(warehouse, (PublishedTable("good", "bi", "marts.good", ("id",)),), FACTS).number == 1


def test_all_problems_come_at_once(warehouse: Home) -> None:
    tables = [PublishedTable(name, "bi", f"marts.{name}", ("id",)) for name in ("twice", "nulls", "doubles", "absent")]
    with duck.reading(warehouse.warehouse) as connection, pytest.raises(KundenwertError) as caught:
        export.check(connection, tables)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(("first", "second"), [("bi", "bi"), ("bi", "team")])
def test_a_table_belongs_to_one_audience(warehouse: Home, first: Audience, second: Audience) -> None:
    tables = [PublishedTable("good", audience, "marts.good", ("id",)) for audience in (first, second)]
    with (
        duck.reading(warehouse.warehouse) as connection,
        pytest.raises(KundenwertError, match="EXPORT_NAME"),
    ):
        export.check(connection, tables)


def test_an_unknown_audience_is_refused(warehouse: Home) -> None:
    table = PublishedTable("good", "public", "marts.good", ("id",))  # type: ignore[arg-type]
    with (
        duck.reading(warehouse.warehouse) as connection,
        pytest.raises(KundenwertError, match="EXPORT_AUDIENCE"),
    ):
        export.check(connection, [table])


def test_faults_of_a_key_are_counted_without_showing_values(warehouse: Home) -> None:
    table = PublishedTable("probe", "bi", "marts.twice", ("x",))
    with duck.reading(warehouse.warehouse) as connection, pytest.raises(KundenwertError) as caught:
        export.check(connection, [table])
    (problem,) = caught.value.problems
    assert "1 values of the key (x)" in problem.what and "'a'" not in str(problem)


def test_types_survive_exactly(warehouse: Home, tmp_path: Path) -> None:
    table = PublishedTable("mart_portfolio", "bi", "marts.mart_portfolio", ("as_of_date", "ultimate_parent_id"))
    target = tmp_path / "out.parquet"
    with duck.reading(warehouse.warehouse) as connection:
        assert export.export(connection, table, target) == 5_000
        types = connection.execute(f"select column_name, column_type from (describe from '{target}')").fetchall()
        expected = connection.execute("select column_name, column_type from (describe marts.mart_portfolio)").fetchall()
    assert types == expected
