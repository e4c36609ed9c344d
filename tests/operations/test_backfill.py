"""Twenty-four months asked for in the web UI are one run, and one version."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.dagster.partitions import RANGE_END, RANGE_START
from tests.end_to_end.demo import ten_customers_published
from tests.operations.service import RUNS, serving, waited

pytestmark = pytest.mark.endless

MONTHS = [f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13)][9:33]
BACKFILL = """mutation($backfill: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $backfill) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
ASSETS = "{ assetNodes { assetKey { path } } }"


def test_a_backfill_of_twenty_four_months_is_one_run_of_all_of_them(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    company = ten_customers_published(tmp_path_factory, tmp_path)
    before = company.current
    assert (len(MONTHS), MONTHS[0], MONTHS[-1]) == (24, "2024-10", "2026-09")
    with serving(company) as service:
        assets = [{"path": node["assetKey"]["path"]} for node in service.ask(ASSETS)["assetNodes"]]
        launched = service.ask(BACKFILL, backfill={"partitionNames": MONTHS, "assetSelection": assets})
        assert launched["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", launched

        def ended() -> list[dict[str, str]]:
            runs = service.ask(RUNS)["runsOrError"]["results"]
            tagged = [{tag["key"]: tag["value"] for tag in run["tags"]} | {"status": run["status"]} for run in runs]
            ours = [run for run in tagged if "dagster/backfill" in run]
            return ours if ours and all(run["status"] in ("SUCCESS", "FAILURE") for run in ours) else []

        runs = waited(ended, service.log)
    assert [(run[RANGE_START], run[RANGE_END], run["status"]) for run in runs] == [(MONTHS[0], MONTHS[-1], "SUCCESS")]
    assert company.current != before, "one version with the months asked for"
