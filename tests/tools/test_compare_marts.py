"""Two builds are compared row for row: what differs is shown, the order of rows is not looked at."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tools.compare_marts import EQUAL, compare, export

RELEASED = (
    "select * from (values (1, 'a', 0.10::decimal(9, 2)), (2, null, 0.20::decimal(9, 2))) as t (id, name, amount)"
)


def written(folder: Path, name: str, sql: str) -> Path:
    path = folder / f"{name}.parquet"
    duckdb.connect().execute(f"copy ({sql}) to '{path}' (format parquet)")
    return path


@pytest.mark.parametrize(
    ("lane", "how"),
    [
        (f"{RELEASED} order by id desc", EQUAL),
        (f"{RELEASED} where id = 1", "only released: id=2, name=None, amount=0.20"),
        (f"{RELEASED} union all {RELEASED} where id = 1", "only lane: id=1, name=a, amount=0.10"),
        (RELEASED.replace("0.10", "0.11"), "only released: id=1, name=a, amount=0.10"),
        (RELEASED.replace("null", "''"), "only released: id=2, name=None, amount=0.20"),
        (
            f"select id, name, amount::double as amount from ({RELEASED})",
            "columns: [('amount', 'DECIMAL(9,2)')] became",
        ),
        (f"select id, name from ({RELEASED})", "columns: [('amount', 'DECIMAL(9,2)')] became []"),
    ],
)
def test_the_first_difference_is_shown(tmp_path: Path, lane: str, how: str) -> None:
    found = compare(written(tmp_path, "released", RELEASED), written(tmp_path, "lane", lane))
    assert found == how if how == EQUAL else found.startswith(how)


def test_minus_zero_is_not_zero(tmp_path: Path) -> None:
    released = written(tmp_path, "released", "select 0.0::double as x")
    assert compare(released, written(tmp_path, "lane", "select -0.0::double as x")) != EQUAL


def test_what_a_lane_did_not_build_is_not_equal(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts; create table marts.mart_a as select 1 as x")
    export(warehouse, ["marts.mart_a", "marts.mart_b"], tmp_path / "marts")
    a, b = (tmp_path / "marts" / f"mart_{name}.parquet" for name in "ab")
    assert compare(a, a) == EQUAL
    assert compare(a, b) == "not built"
