"""Sail, a second engine without Java, computes every mart of two companies from the Spark text, equal to DuckDB's to the last digit.

Not here: the macros one by one (test_dialect), larger companies (`make lane-sail`). `make sail-tools` installs Sail.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.dbt import marts
from tests.conftest import SAIL
from tests.dbt_project.conftest import Run
from tests.end_to_end.demo import ten_customers_published
from tests.end_to_end.example import golden_published
from tests.end_to_end.kundenwert import Company
from tools import lanes, sail
from tools.compare_marts import EQUAL, compare, export
from tools.spark_text import Outcome


def ten(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return ten_customers_published(tmp_path_factory, tmp_path_factory.mktemp("ten") / "copy")


@pytest.mark.slow
@pytest.mark.needs("sail")
@pytest.mark.parametrize("made", [ten, golden_published], ids=["ten_customers", "golden"])
def test_every_mart_is_the_one_duckdb_computes(
    made: Callable[[pytest.TempPathFactory], Company],
    spark: Run,
    tmp_path_factory: pytest.TempPathFactory,
    tmp_path: Path,
) -> None:
    warehouse = made(tmp_path_factory).home / "warehouse.duckdb"
    manifest = spark.target / "manifest.json"
    outcome = lanes.sail_marts(SAIL / "bin" / "python", warehouse, manifest, tmp_path, tmp_path / "sail.log")
    assert outcome.is_green, "\n".join(outcome.lines())
    wanted = marts.declared(manifest)
    export(warehouse, [mart.relation for mart in wanted], tmp_path / "released")
    files = {mart.name: f"{mart.name}.parquet" for mart in wanted}
    found = {name: compare(tmp_path / "released" / file, tmp_path / "marts" / file) for name, file in files.items()}
    assert found
    assert not {name: how for name, how in found.items() if how != EQUAL}


class Healthy:
    """A cursor of a Sail that refuses nothing."""

    def execute(self, sql: str) -> None:
        """Take it."""

    def fetch_arrow_table(self) -> pa.Table:
        return pa.table({})


def test_a_fault_that_is_mended_makes_the_lane_red() -> None:
    mended = sail.Sail(Healthy()).live_with_its_faults()
    assert mended == tuple(fault.what for fault in sail.FAULTS)
    assert not Outcome(built=1, failed={}, not_built=(), mended=mended).is_green
    assert Outcome(built=1, failed={}, not_built=()).is_green
