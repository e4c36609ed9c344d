"""Check results on their way to the gate: one file per source of evidence, below the home's `checks/`.

Belongs here: where they lie and when they stop being true. Files, because a gate that runs again on its own (Dagster's
"re-execute from failure") must see what the run before it found. Not here: the checks (data_quality).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestration.dbt.runner import RESULTS
from pipelines import checks
from pipelines.checks import CheckResult
from pipelines.contracts import Contract
from pipelines.home import Home


def all_results(home: Home) -> Path:
    """The one table of the last run: what the gate decided on."""
    return home.checks / checks.FILE_NAME


def landing(home: Home, table: str) -> Path:
    """What landing one table said in the last run that tried."""
    return home.checks / "landing" / f"{table}.parquet"


def batches(home: Home) -> Path:
    """What Great Expectations said about the batches."""
    return home.checks / "batches.parquet"


def data_docs(home: Home) -> Path:
    """The folder of the page that shows them to people."""
    return home.checks / "data_docs"


def quarantined_rows(home: Home) -> Path:
    """The list of quarantined rows that is published to controlling."""
    return home.checks / "quarantined_rows.parquet"


def unreadable_values(home: Home) -> Path:
    """The list of values left empty that is published to controlling."""
    return home.checks / "unreadable_values.parquet"


def forget_after_landing(home: Home) -> None:
    """Remove results about batches and models: what was landed or asked for since may have changed them."""
    batches(home).unlink(missing_ok=True)
    shutil.rmtree(data_docs(home), ignore_errors=True)
    (home.dbt_target / RESULTS).unlink(missing_ok=True)


def read_landing(home: Home, contracts: Mapping[str, Contract]) -> Iterable[CheckResult]:
    """The landing results of all tables that there are contracts for."""
    for table in contracts:
        yield from _read(landing(home, table))


def read_batches(home: Home) -> Iterable[CheckResult]:
    """The batch results; none if the batches have not been checked since they changed."""
    return _read(batches(home))


def _read(path: Path) -> tuple[CheckResult, ...]:
    return checks.read(path) if path.is_file() else ()
