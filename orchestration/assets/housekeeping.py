"""What a home does not keep for ever: versions by the company's rule, the step log, Dagster's history of runs, leftovers of dead processes.

Belongs here: what of all that goes now, and removing it. Not here: the rule for versions (pipelines.publishing.retention). The originals
of deliveries, what was landed of them and the ledger are evidence: nothing here touches them.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines import disk, durable, steps
from pipelines.home import Home
from pipelines.publishing import asked, pages, retention
from pipelines.publishing.retention import Going, Rule
from pipelines.workshop import left_behind

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from pipelines.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """What went, or would go: versions, the step log begun anew, runs of Dagster's history, leftovers below tmp/; bytes on the disk."""

    versions: Going
    is_log_begun_anew: bool
    dagster_runs: int
    leftovers: tuple[str, ...]
    bytes: int


def keep_house(
    workspace: Workspace,
    dagster: DagsterInstance | None = None,
    *,
    is_dry_run: bool = False,
    now: datetime | None = None,
) -> Housekeeping:
    """Remove what does not stay by `retention` in config/sources.yml; `is_dry_run`: only tell. The caller holds the home's lock.

    Without `dagster` its history stays as it is.
    """
    home, keeps = workspace.home, workspace.sources.retention
    moment = now or datetime.now(UTC)
    rule = Rule(keeps.days, keeps.month_ends)
    log = home.logs / steps.FORMER
    is_long = steps.is_long(home.logs)
    log_bytes = disk.taken(log) if is_long else 0
    if is_long and not is_dry_run:
        # In the place of the one set aside before.
        durable.rename(home.logs / steps.LOG, log)
    with steps.step("prune", home.logs):
        left = left_behind(home.temporary)
        size = disk.taken(*left) + log_bytes
        if is_dry_run:
            versions = retention.going(home, rule, moment)
        else:
            versions = retention.prune(home, rule, moment)
            _remove(left)
            pages.clear_dead_links(home.reports / asked.FOLDER)
        since = moment - timedelta(days=keeps.run_history_days)
        runs, run_bytes = forget_runs(home, dagster, since, is_dry_run=is_dry_run) if dagster is not None else (0, 0)
    return Housekeeping(versions, is_long, runs, tuple(path.name for path in left), versions.bytes + size + run_bytes)


def forget_runs(home: Home, dagster: DagsterInstance, before: datetime, *, is_dry_run: bool = False) -> tuple[int, int]:
    """Delete finished runs that began before then from Dagster's history; how many, and the bytes of their files below home."""
    # Where there is an instance it is imported; a run that has nothing to do needs neither.
    from dagster import DagsterRunStatus, RunsFilter

    from orchestration.dagster.forgetting import forget

    ended = [DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]
    old = dagster.get_runs(RunsFilter(statuses=ended, created_before=before))
    files = [home.dagster / "history" / "runs" / f"{run.run_id}.db" for run in old]
    size = disk.taken(*files)
    for run in old if not is_dry_run else ():
        forget(dagster, run.run_id)
    return len(old), size


def _remove(paths: tuple[Path, ...]) -> None:
    for path in paths:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
