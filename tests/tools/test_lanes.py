"""The lanes as data: each can be asked for, and names rules DuckDB has. That they are equal is `make lane-...`'s to say."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from tools import lanes

ROOT = Path(__file__).parents[2]


def test_every_group_is_a_target_and_no_lane_is_in_the_default_ci() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    groups = {lane.group for lane in lanes.ALL}
    for group in groups:
        assert f"\nlane-{group}: ## " in makefile, group
    assert "lane" not in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert len({lane.name for lane in lanes.ALL}) == len(lanes.ALL)


def test_rules_that_are_switched_off_are_rules_of_the_released_duckdb() -> None:
    known = {str(row[0]) for row in duckdb.sql("select name from duckdb_optimizers()").fetchall()}
    off = [rule for lane in lanes.ALL for rule in lane.optimizers_off]
    assert off
    assert set(off) <= known, "DuckDB renamed optimiser rules: adapt tools/lanes.py"
    assert len(off) == len(set(off)), "a rule stands in two groups"


def test_nothing_a_lane_installs_is_a_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for lane in lanes.ALL:
        assert not [each for each in lane.requirement.split() if f"\n{each} " in lock], lane.name


@pytest.mark.parametrize(
    ("status", "is_green"),
    [("pass", True), ("warn", True), ("fail", False), ("error", False), ("skipped", False), ("no-op", False)],
)
def test_a_lane_is_green_if_all_that_is_built_is_and_exposures_are_not_built(
    tmp_path: Path, status: str, is_green: bool
) -> None:
    statuses = {"model.k.a": "success", "exposure.k.b": "no-op", "test.k.c": status}
    results = {"results": [{"unique_id": node, "status": said} for node, said in statuses.items()]}
    (tmp_path / "run_results.json").write_text(json.dumps(results), encoding="utf-8")
    said, green = lanes._results(tmp_path / "run_results.json")
    assert (said, green) == (f"1 exposure no-op, 1 model success, 1 test {status}", is_green)


def test_an_unknown_group_is_refused_with_the_known_ones() -> None:
    assert lanes.main(["duckdb3"]) == 2
    assert lanes.main(["install"]) == 2


def test_the_table_tells_every_mart_of_every_lane_and_the_first_row_that_differs() -> None:
    found = {"one": {"a": "equal", "b": "only lane: x=1"}, "two": {"a": "not run", "b": "not run"}}
    heading, a, b, *differing = lanes.table(found)
    assert [heading.split(), a.split(), b.split()] == [
        ["mart", "one", "two"],
        ["a", "equal", "not", "run"],
        ["b", "differs", "not", "run"],
    ]
    assert differing == ["one, b: only lane: x=1"]
