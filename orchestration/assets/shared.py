"""Names and keys that several asset modules use. Belongs here: only those."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

import dagster as dg

from orchestration.dagster import processes
from orchestration.periods import FIRST_MONTH, MONTH_KEY
from pipelines import steps
from pipelines.contracts import Contract
from pipelines.home import Home

WAREHOUSE_POOL = "warehouse"
"""The pool of everything that works in a home; dagster.yaml limits it to one run."""

MONTHS = dg.MonthlyPartitionsDefinition(start_date=FIRST_MONTH, fmt=MONTH_KEY, timezone="UTC", end_offset=1)
"""A month is a partition as soon as it has begun; its as-of date is its last day. Before that it is computed by name only.

Every asset has these partitions, also those that know no month: only then is a range of months one run wherever it is
started. With unpartitioned assets in the graph Dagster splits a backfill into several runs, and the one that makes
`control` does not know the months.
"""

ONE_RUN = dg.BackfillPolicy.single_run()

SETTINGS = dg.AssetKey(["settings"])
CONTROL = dg.AssetKey(["control"])
BATCH_QUALITY = dg.AssetKey(["batch_quality"])
GATE = dg.AssetKey(["gate"])
PUBLISHED = dg.AssetKey(["published_version"])
PAGE = dg.AssetKey(["portfolio_page"])
CONTROLLING = dg.AssetKey(["controlling_page"])


def raw_key(contract: Contract) -> dg.AssetKey:
    """The key of a raw table: raw/<domain>/<table>."""
    return dg.AssetKey(["raw", contract.domain, contract.name])


def asset_step(home: Home, key: dg.AssetKey) -> AbstractContextManager[None]:
    """The step `asset <key>` around an asset's work; the command line shows these."""
    return steps.step(f"asset {key.to_user_string()}", home.logs)


STEP_LOG_TAG = "kundenwert/step_log"


def run_tags(home: Home) -> dict[str, str]:
    """What a run says of itself in the list of runs: its process, by which others find out whether it lives, and where its steps stand."""
    return {processes.TAG: processes.this_process(), STEP_LOG_TAG: f"{home.logs / steps.LOG}, pid {os.getpid()}"}


def step_log(home: Home) -> str:
    """Where the steps of this run stand, from the home on: the lines of this process."""
    return f"{home.logs.relative_to(home.root)}/steps.jsonl, lines with pid {os.getpid()}"
