"""The example's configuration is made from its settings files; the example itself is the shared one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from pipelines.settings.portfolio import Portfolio, read_portfolio
from tests.conftest import SHARED
from tests.golden.settings import CONFIG, EXAMPLE, configure, portfolio
from tests.oracle.variant import write


def test_the_committed_portfolio_is_the_one_made_from_the_settings_files() -> None:
    committed = (CONFIG / "portfolio.yml").read_text(encoding="utf-8")
    assert committed == portfolio(EXAMPLE), "make it anew: python -m tests.golden.settings"


def test_the_copy_of_the_example_is_the_example() -> None:
    """The project carries its own copy; it must not drift from the shared one where that is there."""
    shared = SHARED / "golden"
    if not shared.is_dir():
        pytest.skip("needs shared")
    names = {path.name for path in shared.iterdir()} - {"README.md"}
    assert {path.name for path in EXAMPLE.iterdir()} == names
    for name in sorted(names):
        assert (EXAMPLE / name).read_bytes() == (shared / name).read_bytes(), name


def test_other_settings_files_make_another_valid_portfolio(tmp_path: Path) -> None:
    folder = write(tmp_path / "variant", seed=2)
    made = read_portfolio(configure(folder, tmp_path / "config") / "portfolio.yml")
    assert made.method_version != read_portfolio(CONFIG / "portfolio.yml").method_version
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert made.zones.hysteresis_band == config["hysteresis_band"]
    assert made.small_customers.standard_visits == config["small_customer"]["standard_visits"]
    assert _weights(made) == {
        (row["scorecard"], row["axis"], row["criterion_id"]): int(row["weight_points"])
        for row in _rows(folder, "scorecard_criteria.csv")
    }
    for row in _rows(folder, "service_levels.csv"):
        assert made.service_levels[row["zone"]].visits_per_year == int(row["planned_visits_per_year"])  # type: ignore[index]


def _weights(made: Portfolio) -> dict[tuple[str, str, str], int]:
    return {
        (scorecard, axis, criterion): points
        for scorecard, axis, weights in made.scorecards.axes()
        for criterion, points in weights.items()
        if axis != "contribution"
    }


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
