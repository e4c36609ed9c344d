"""Dagster's runs seen from outside: how one ended, which are unfinished and nobody works on. Belongs here: asking Dagster, nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from orchestration.dagster import dead_runs, failures, instance, time_limit
from pipelines.home import Home
from pipelines.watching.ended import watched

_DAEMON: Final = "QUEUED_RUN_COORDINATOR"
_HEARTBEAT_SECONDS: Final = 300
"""A daemon says every half minute that it lives."""


@contextmanager
def watched_run(context: dg.InitResourceContext, config_dir: Path, home: Home) -> Iterator[None]:
    """Watch the run the resource is set up for: recorded and told when its resources are given back, with what its steps failed of."""

    def warn(problem: object) -> None:
        if context.log is not None:
            context.log.warning(str(problem))

    with watched(config_dir, home, warn) as watch:
        yield
        watch.failed_with = _failed_with(context)


def _failed_with(context: dg.InitResourceContext) -> BaseException | None:
    """Why the run failed; None if it did not. Dagster gives back resources without saying so: its events do."""
    if context.instance is None or context.run is None:
        return None
    entries = context.instance.all_logs(context.run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    events = [each.dagster_event for each in entries if each.dagster_event is not None]
    late = time_limit.too_long(context.instance, context.run.run_id) if failures.is_interrupted(events) else None
    return late or failures.from_failures(events)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """The runs (short id, status) that wait or are dead, and whether the daemon that starts those that wait is alive."""

    runs: tuple[tuple[str, str], ...] = ()
    daemon_lives: bool = False
    is_readable: bool = True


def unfinished(home: Home) -> Unfinished:
    """What of Dagster's runs waits, or was begun and has no process any more (dead_runs).

    Nothing where there is no history, or where it may not be written: Dagster opens none.
    """
    if not (home.dagster / "dagster.yaml").is_file() or not os.access(home.dagster, os.W_OK):
        return Unfinished()
    queued = dg.DagsterRunStatus.QUEUED
    try:
        with instance.opened(home) as dagster:
            records = dagster.get_run_records(dg.RunsFilter(statuses=[queued, *dead_runs.UNFINISHED]))
            told = (each.dagster_run for each in records if _is_told(each, home))
            runs = tuple((run.run_id[:8], run.status.value) for run in told)
            beat = dagster.get_daemon_heartbeats().get(_DAEMON)
    except (OSError, SQLAlchemyError, dg.DagsterError):
        return Unfinished(is_readable=False)
    is_alive = beat is not None and time.time() - beat.timestamp < _HEARTBEAT_SECONDS
    return Unfinished(runs, is_alive)


def _is_told(record: dg.RunRecord, home: Home) -> bool:
    is_queued = record.dagster_run.status is dg.DagsterRunStatus.QUEUED
    return is_queued or dead_runs.why_dead(record, home) is not None
