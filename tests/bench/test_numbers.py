"""The benchmark compares like with like: same bytes from a seed, same numbers from script and product, and a difference is seen."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from bench import equal, generate, reference
from bench.frames_pandas import main as pandas_job
from bench.jobs import CONFIG, MONTH, Room, deliver_day, deliver_first
from bench.sizes import ALL, sizes
from tests.bench.companies import company
from tests.end_to_end.kundenwert import Company, digests


def changed(folder: Path, statement: str) -> None:
    """The results of a folder's customers after one column was changed."""
    path = folder / "customers.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"create table customers as select * replace ({statement}) from '{path}'")
        connection.execute(f"copy customers to '{path}'")


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        generate.generate(ALL["2k"], tmp_path / name, seed)
    first, second, other = (digests(tmp_path / name, "*.csv") for name in "abc")
    assert first == second
    assert len(first) == 17
    assert first.keys() == other.keys()
    assert first != other


def test_the_second_delivery_corrects_credits_and_rates_anew(tmp_path: Path) -> None:
    generate.generate(ALL["20k"], tmp_path)
    lines, day = (generate.delivered(tmp_path, "invoice_lines", each) for each in (generate.FIRST, generate.DAY))
    with duckdb.connect() as connection:
        row = connection.execute(f"""
            select
                count(*) / (select count(*) from '{lines}'),
                count(*) filter ((invoice_id, line_no) in (select (invoice_id, line_no) from '{lines}')),
                count(*) filter (doc_type = 'credit_note' and posting_date < date '2025-12-01')
            from '{day}' as new
        """).fetchone()
        (ratings,) = connection.execute(
            f"select count(*) from '{generate.delivered(tmp_path, 'ratings', generate.DAY)}'"
        ).fetchone() or (0,)
    assert row is not None
    share, corrected, credited = row
    assert share == pytest.approx(0.001, rel=0.5)
    assert min(corrected, credited, ratings) > 0


def test_product_script_and_pandas_say_the_same(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    made, _ = company(tmp_path_factory, "2k")
    script, product = tmp_path / "script", tmp_path / "product"
    reference.compute(made.data, script)
    equal.publish(made.marts, product)
    assert equal.differences(script, product) == []
    pandas_job(made.data, tmp_path / "pandas")
    assert equal.differences(script, tmp_path / "pandas") == []


def test_the_company_asks_for_what_the_script_computes(tmp_path_factory: pytest.TempPathFactory) -> None:
    room, _ = company(tmp_path_factory, "2k")
    asked = {
        "the zone of a month before": "is_hysteresis_hold",
        "who never bought": "zone = 'never_bought'",
        "ratings of the last days that would decide": "contains(zone_status_reasons, 'ratings_unconfirmed')",
        "demand that is not effective": "demand_basis = 'demand'",
    }
    counts = ", ".join(f"count(*) filter ({condition})" for condition in asked.values())
    with duckdb.connect() as connection:
        found = connection.execute(f"select {counts} from '{room.marts}/mart_portfolio.parquet'").fetchone() or ()
    assert [what for what, count in zip(asked, found, strict=True) if not count] == []


@pytest.mark.slow
def test_product_and_script_say_the_same_after_a_day(tmp_path: Path) -> None:
    room = Room(generate.ensure(ALL["2k"], tmp_path / "data"), tmp_path)
    deliver_first(room)
    Company(CONFIG, room.home).fork_and_succeed("run", *MONTH, **room.variables)
    deliver_day(room)
    Company(CONFIG, room.home).fork_and_succeed("run", *MONTH, **room.variables)
    before, script, product = (tmp_path / name for name in ("before", "script", "product"))
    reference.compute(room.data, before)
    reference.compute(room.data, script, with_day=True)
    equal.publish(room.marts, product)
    assert equal.differences(script, product) == []
    assert equal.differences(before, product) != [], "the day changes something"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("net_revenue + 0.01 as net_revenue", "net_revenue"),
        ("revenue_yoy + 0.00001 as revenue_yoy", "revenue_yoy"),
        ("case when zone = 'maintain' then 'withdrawal' else zone end as zone", "maintain and withdrawal"),
        ("case when whale_rank = 1 then null else achievable_gap end as achievable_gap", "achievable_gap"),
        ("case when whale_rank = 1 then 'X' else parent_id end as parent_id", "only in found"),
    ],
)
def test_a_difference_is_shown_with_its_row(statement: str, told: str, tmp_path: Path) -> None:
    generate.generate(ALL["2k"], tmp_path / "data")
    for name in ("expected", "found"):
        reference.compute(tmp_path / "data", tmp_path / name)
    assert equal.differences(tmp_path / "expected", tmp_path / "found") == []
    changed(tmp_path / "found", statement)
    lines = equal.differences(tmp_path / "expected", tmp_path / "found")
    assert any(told in line for line in lines), lines


def test_sizes_are_read_and_unknown_ones_named() -> None:
    assert [size.name for size in sizes("1m, 100k,1m")] == ["100k", "1m"]
    with pytest.raises(ValueError, match="3m"):
        sizes("3m")
