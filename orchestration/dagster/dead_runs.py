"""Runs whose process is gone: found, and marked as failed, so that what waits behind them goes on.

Belongs here: which run is dead, and closing it. Not here: who asks (a run of the command line and the web UI before they begin, the
daemon's monitoring by the launcher), what a process is (processes).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import dagster as dg
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.dagster import processes
from pipelines import lock
from pipelines.home import Home

STARTED_BY: Final = "kundenwert/started_by"
"""Tag of runs that no launcher of Dagster's started: those of the command line, and those inside a run of the job `unattended`."""

COMMAND_LINE: Final = "command line"
BY_ITSELF: Final = "unattended"

GRACE: Final = timedelta(minutes=2)
"""So long a run may take to say which process works on it."""

UNFINISHED: Final = (
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
)


def close_dead_runs(dagster: dg.DagsterInstance, home: Home) -> tuple[str, ...]:
    """Mark every run of this history whose process is gone as failed; their ids. What waits in the queue stays there."""
    closed = []
    for record in dagster.get_run_records(dg.RunsFilter(statuses=list(UNFINISHED))):
        if (why := why_dead(record, home)) is not None:
            dagster.report_run_failed(record.dagster_run, why)
            closed.append(record.dagster_run.run_id)
    return tuple(closed)


def why_dead(record: dg.RunRecord, home: Home) -> str | None:
    """Why the run of this record is dead, for people; None if it lives or may live.

    Proof is the process the run names. A run that names none, or one of another machine or container, is dead when it has had its time
    and nobody holds the home's lock: the kernel drops a lock with its holder.
    """
    word = record.dagster_run.tags.get(processes.TAG)
    alive = processes.lives(word)
    if alive is False:
        return _said(
            f"The process of this run ({processes.pid_of(word)}) died: it was killed, or the machine restarted."
        )
    if alive is None and _server_is_gone(record.dagster_run):
        return _said("The process that should have begun this run died before it did.")
    is_nobodys = alive is None and _has_had_its_time(record) and (lock.is_held_here(home) or lock.is_free(home))
    if is_nobodys:
        return _said("No process works on this run any more: nobody holds the lock of its home.")
    return None


def _said(what: str) -> str:
    return f"{what} What is published is complete; the next run puts right what this one left behind."


def _server_is_gone(run: dg.DagsterRun) -> bool:
    """Whether a run that has not begun was handed to a server of this machine that no longer answers."""
    if run.status not in (dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING):
        return False
    path = next(_socket(run), None)
    if path is None:
        return False
    with socket.socket(socket.AF_UNIX) as asked:
        try:
            asked.connect(path)
        except (ConnectionRefusedError, FileNotFoundError):
            return True
        except OSError:
            return False
    return False


def _socket(run: dg.DagsterRun) -> Iterator[str]:
    try:
        yield str(json.loads(run.tags[GRPC_INFO_TAG])["socket"])
    except (KeyError, ValueError, TypeError):
        return


def _has_had_its_time(record: dg.RunRecord) -> bool:
    if record.dagster_run.status is dg.DagsterRunStatus.NOT_STARTED and STARTED_BY not in record.dagster_run.tags:
        return False  # Of Dagster's own until it is launched; its monitoring knows how long that may take.
    told = record.update_timestamp
    told = told.replace(tzinfo=UTC) if told.tzinfo is None else told
    return datetime.now(UTC) - told > GRACE
