"""How long a run may take, and saying so when it took longer. Belongs here: the tag of the limit, and what an interruption means by it.

Not here: how many minutes (config/sources.yml, `automation`), ending the run: the daemon's monitoring does, as Ctrl-C would.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import dagster as dg

from orchestration.dagster import failures
from pipelines.errors import KundenwertError, Problem

MAX_RUNTIME: Final = "dagster/max_runtime"
"""Dagster's tag of a run: so many seconds, then the daemon ends it."""


def limit_tags(limit: timedelta) -> dict[str, str]:
    """The tags of a run that may take so long."""
    return {MAX_RUNTIME: str(int(limit.total_seconds()))}


@contextmanager
def in_time(dagster: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Where the block is interrupted after the run's time was over, raise KundenwertError RUN_TOO_LONG instead: nobody pressed Ctrl-C."""
    try:
        yield
    except BaseException as error:
        is_interruption = isinstance(error, KeyboardInterrupt) or type(error).__name__ == failures.INTERRUPTED
        if is_interruption and (late := too_long(dagster, run_id)) is not None:
            raise late from None
        raise


def too_long(dagster: dg.DagsterInstance, run_id: str) -> KundenwertError | None:
    """RUN_TOO_LONG if the run has a limit, began longer ago and was told to end; else None, so after a Ctrl-C, too."""
    record = dagster.get_run_record_by_id(run_id)
    limit = record.dagster_run.tags.get(MAX_RUNTIME) if record is not None else None
    if record is None or limit is None or record.start_time is None or time.time() - record.start_time <= float(limit):
        return None
    if not dagster.all_logs(run_id, of_type=dg.DagsterEventType.RUN_CANCELING):
        return None
    what = f"the run took longer than the {limit} seconds it may, and was ended; what is published is complete"
    remedy = "logs/steps.jsonl shows what took so long; automation.max_minutes of config/sources.yml allows more"
    return KundenwertError(Problem("RUN_TOO_LONG", what, f"run {run_id[:8]}", remedy))
