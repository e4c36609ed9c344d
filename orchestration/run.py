"""One run of the main job, in this process: `kundenwert run`.

Belongs here: the lock, the months, the summary. Not here: running a job (orchestration.dagster.execution), printing
(commands), what the assets do.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import unchanged
from orchestration.dbt.manifest import PROJECT_DIR
from orchestration.periods import Period, check_known_at
from pipelines import lock, steps
from pipelines.errors import Problem, SourceError, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout
from pipelines.showing.zone_table import ZoneRow, zone_table

if TYPE_CHECKING:
    from pipelines.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What is published after a run. `zones` are as of `as_of`, the latest month asked for; money in `currency`.

    `is_new` is False where nothing had changed since the version was published: then nothing new was.
    """

    version: int
    is_new: bool
    path: Path
    as_of: date
    as_of_dates: tuple[date, ...]
    known_at: datetime
    currency: str
    zones: tuple[ZoneRow, ...]
    warnings: tuple[Problem, ...]


def run_portfolio(
    workspace: Workspace,
    period: Period | None = None,
    known_at: datetime | None = None,
    listener: steps.Listener | None = None,
    dbt_project_dir: Path | None = None,
    *,
    rebuild: bool = False,
) -> RunSummary:
    """Land, check, compute, gate and publish; `period` None means the last month complete in the data.

    Which months are shown: `shown.shown_month_ends`. What follows from nothing new is not computed again, and where that is everything,
    nothing new is published; `rebuild`: everything is computed again all the same. Tells `listener` every step. Raises LockedError at
    once if another run works in this home, GateRedError if nothing may be published, else KundenwertError with every problem; the
    published version is then what it was. Ctrl-C ends as KeyboardInterrupt, when everything has stopped.
    """
    home = workspace.home
    with lock.held(home), steps.listening(listener) if listener is not None else nullcontext():
        home.prepare()
        project = dbt_project_dir or PROJECT_DIR
        if period is not None and known_at is not None:
            check_known_at(known_at, period.month_ends)
        begun_with = unchanged.inputs(workspace, project)
        if rebuild:
            _forget_what_was_computed(home)
        elif (published := _published_already(workspace, period, known_at, begun_with)) is not None:
            return _summary(workspace, published, is_new=False)
        before = layout.pointed_number(home)
        if period is None:
            period = _complete_month(workspace)
            if known_at is not None:
                check_known_at(known_at, period.month_ends)
        _execute(workspace, period, known_at, project)
        summary = _summary(workspace, period, is_new=layout.pointed_number(home) != before)
        unchanged.keep(workspace, summary.version, begun_with)
        return summary


def _published_already(
    workspace: Workspace, period: Period | None, known_at: datetime | None, begins_with: str | None
) -> Period | None:
    """The months asked for, if the current version is what this run would publish."""
    from pipelines.landing.control import default_as_of

    with steps.step("start: has anything changed?", workspace.home.logs):
        if not unchanged.is_published(workspace, period, known_at, begins_with):
            return None
    day = default_as_of(workspace.home)
    return period or Period(day, day)


def _forget_what_was_computed(home: Home) -> None:
    """Remove what could be left as it is; all of it can be computed again from what was landed."""
    home.warehouse.unlink(missing_ok=True)
    shutil.rmtree(home.checks, ignore_errors=True)
    home.prepare()


def _complete_month(workspace: Workspace) -> Period:
    """The last month complete in the data, including what is delivered now.

    A partitioned run needs its month before it starts, and the month follows from the invoice lines: they are landed
    first. The asset finds the same bytes landed already.
    """
    from pipelines.landing.control import default_as_of
    from pipelines.landing.land import land_table

    outcome = land_table(workspace, "invoice_lines")
    try:
        day = default_as_of(workspace.home)
    except SourceError as error:
        refused = [finding.problem for finding in outcome.problems if finding.severity == "critical"]
        raise SourceError(*refused, *error.problems) from None
    return Period(day, day)


def _execute(workspace: Workspace, period: Period, known_at: datetime | None, dbt_project_dir: Path) -> None:
    """Run the job to its end. Raises one error for everything that failed."""
    home = workspace.home
    with steps.step("start: definitions", home.logs):
        # Imported here: Dagster and dbt take seconds, and a locked home or a wrong date is told before.
        from orchestration.dagster import execution
        from orchestration.dagster.partitions import partition_tags
        from orchestration.definitions import JOB, Overrides, build_definitions

        definitions = build_definitions(overrides=Overrides(workspace.config_dir, home.root, dbt_project_dir))
    asked = {"known_at": known_at.isoformat()} if known_at is not None else {}
    config = {"control": asked | ({"only_these_months": True} if period.is_exact else {})}
    execution.execute(home, definitions, JOB, partition_tags(period), config if config["control"] else {})


def _summary(workspace: Workspace, period: Period, *, is_new: bool) -> RunSummary:
    from data_quality import gate
    from pipelines import checks, publishing

    home = workspace.home
    number = publishing.current_version(home)
    version = next(each for each in publishing.versions(home) if each.number == number)
    directory = home.published / version.name
    results = checks.read(home.checks / checks.FILE_NAME)
    if version.known_at is None:
        raise VerifyError(
            Problem("MANIFEST_INVALID", "the manifest just written cannot be read", version.name, "run again")
        )
    return RunSummary(
        version=version.number,
        is_new=is_new,
        path=directory,
        as_of=period.last,
        as_of_dates=version.as_of_dates,
        known_at=version.known_at,
        currency=workspace.portfolio.currency.reporting,
        zones=zone_table(directory, period.last),
        warnings=gate.plain_words(gate.GateDecision(True, gate.decide(results).warnings, ())),
    )
