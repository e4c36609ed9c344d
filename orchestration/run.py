"""One run of the main job, in this process: `kundenwert run`.

Belongs here: the lock, the months, the summary. Not here: running a job (orchestration.dagster.execution), printing
(commands), what the assets do.
"""

from __future__ import annotations

import shutil
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration import unchanged
from orchestration.assets.housekeeping import keep_house
from orchestration.dbt.manifest import PROJECT_DIR
from orchestration.periods import Period
from pipelines import lock, steps
from pipelines.errors import Problem, SourceError, VerifyError
from pipelines.home import Home
from pipelines.publishing import layout, lost
from pipelines.showing.zone_table import ZoneRow, zone_table

if TYPE_CHECKING:
    from pipelines.landing.control import TableLeftOut
    from pipelines.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What is published after a run. `zones` are as of `as_of`, the latest month asked for; money in `currency`.

    `is_new` is False where nothing had changed since the version was published: then nothing new was. `is_asked`: it answers a question
    about the past and lies beside the versions; `version` is the current one then, which stays. `page` is what people look at.
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
    open_months: tuple[date, ...] = ()
    is_asked: bool = False
    page: Path | None = None
    left_out: tuple[TableLeftOut, ...] = ()
    """What was delivered and does not count, by table."""
    no_longer_shown: tuple[date, ...] = ()
    """Months that the version before, or one rolled back from, shows and this one does not."""
    again: int | None = None
    """The version that was rolled back from and whose tables these are once more."""
    waived: tuple[Problem, ...] = ()
    """What is published in spite of a fault; the remedy says who took responsibility, why and until when."""


def run_portfolio(
    workspace: Workspace,
    period: Period | None = None,
    known_at: datetime | None = None,
    listener: steps.Listener | None = None,
    dbt_project_dir: Path | None = None,
    *,
    rebuild: bool = False,
    allow_open_month: bool = False,
    publish: bool = False,
    waits: timedelta = lock.AT_ONCE,
) -> RunSummary:
    """Land, check, compute, gate and publish; `period` None means the month that follows from the deliveries.

    Which months are shown: `shown.shown_month_ends`. A date or a state of knowledge that is named and earlier than the current version's is
    a question about the past: its answer is published beside the versions, which stay as they are, unless `publish` makes it the current
    version. A month that is not over is refused unless `allow_open_month`. What follows from nothing new is not computed again, and where
    that is everything, nothing new is published; `rebuild`: everything is computed again all the same. Tells `listener` every step. Raises
    LockedError if another run works in this home, at once or when it has waited so long (`waits`), GateRedError if nothing may be
    published, else KundenwertError with every problem; the published version is then what it was. Ctrl-C ends as KeyboardInterrupt, when
    everything has stopped.
    """
    home = workspace.home
    with lock.held(home, waits), steps.listening(listener) if listener is not None else nullcontext():
        home.prepare()
        project = dbt_project_dir or PROJECT_DIR
        asks = Question(known_at, allow_open_month, publish)
        if period is not None and known_at is not None:
            asks.refuse_open(workspace, period)
        if not publish and asks.is_about_the_past(home, period):
            return _answered_beside(workspace, period, asks, project)
        begun_with = unchanged.inputs(workspace, project)
        if rebuild:
            _forget_what_was_computed(home)
        elif (published := _published_already(workspace, period, known_at, begun_with)) is not None:
            summary = _summary(workspace, published, is_new=False)
            keep_house(workspace)
            return summary
        before = layout.pointed_number(home)
        why = (*(["rebuild"] if rebuild else []), *(["asked"] if publish else []))
        shown, withdrawn = lost.last_shown(home), lost.rolled_back_from(home)
        period = period or _default_month(workspace, known_at)
        _execute(workspace, period, asks, why, project)
        summary = _summary(workspace, period, is_new=layout.pointed_number(home) != before)
        summary = replace(
            summary,
            no_longer_shown=tuple(sorted(shown - set(summary.as_of_dates))),
            again=_again(home, summary.version, withdrawn),
        )
        unchanged.keep(workspace, summary.version, begun_with)
        return summary


@dataclass(frozen=True, slots=True)
class Question:
    """What a run is asked for beside its months."""

    known_at: datetime | None
    allow_open_month: bool
    publish: bool

    def refuse_open(self, workspace: Workspace, period: Period) -> None:
        """Raise RefusedError if a month is not over at the time named and may not be open."""
        from pipelines.landing import as_of

        if self.known_at is not None:
            known_at = self.known_at.astimezone(UTC).replace(tzinfo=None)
            as_of.open_months(workspace, period.month_ends, known_at, allow_open_month=self.allow_open_month)

    def is_about_the_past(self, home: Home, period: Period | None) -> bool:
        """Whether a date or a state of knowledge is named that is earlier than the current version's."""
        number = layout.pointed_number(home)
        current = next((each for each in layout.versions(home) if each.number == number and each.is_readable), None)
        if current is None or current.known_at is None:
            return False
        is_earlier_date = period is not None and period.is_as_of and period.last < max(current.as_of_dates)
        return is_earlier_date or (self.known_at is not None and self.known_at < current.known_at)

    def configuration(self, period: Period, why: tuple[str, ...]) -> dict[str, dict[str, Any]]:
        """Run configuration by asset."""
        control: dict[str, Any] = {"known_at": self.known_at.isoformat()} if self.known_at is not None else {}
        control |= {"allow_open_month": True} if self.allow_open_month else {}
        control |= {"only_these_months": True} if period.is_exact else {}
        said = {"control": control, "published_version": {"why": list(why)} if why else {}}
        return {name: values for name, values in said.items() if values}


def _answered_beside(workspace: Workspace, period: Period | None, asks: Question, dbt_project_dir: Path) -> RunSummary:
    """Compute in a home of its own, from the same deliveries, and keep the answer beside the versions."""
    from pipelines.landing.scratch import scratch_home
    from pipelines.publishing import asked

    home = workspace.home
    with scratch_home(home, "asked", lands=True) as scratch:
        aside = replace(workspace, home=scratch)
        period = period or _default_month(aside, asks.known_at)
        _execute(aside, period, asks, ("asked",), dbt_project_dir)
        summary = _summary(aside, period, is_new=True)
        answer = asked.keep(home, scratch, summary.as_of, summary.known_at)
    return replace(summary, version=layout.pointed_number(home) or 0, path=answer.path, page=answer.page, is_asked=True)


def _published_already(
    workspace: Workspace, period: Period | None, known_at: datetime | None, begins_with: str | None
) -> Period | None:
    """As `unchanged.published_period`, as a step."""
    with steps.step("start: has anything changed?", workspace.home.logs):
        return unchanged.published_period(workspace, period, known_at, begins_with)


def _again(home: Home, version: int, withdrawn: dict[int, dict[str, str]]) -> int | None:
    """The newest of the versions rolled back from that has the very tables of this one."""
    tables = lost.tables_of(home, version)
    return max((number for number, theirs in withdrawn.items() if theirs == tables), default=None)


def _plain(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _forget_what_was_computed(home: Home) -> None:
    """Remove what could be left as it is; all of it can be computed again from what was landed."""
    home.warehouse.unlink(missing_ok=True)
    shutil.rmtree(home.checks, ignore_errors=True)
    home.prepare()


def _default_month(workspace: Workspace, known_at: datetime | None) -> Period:
    """The month that follows from the deliveries, including what is delivered now.

    A partitioned run needs its month before it starts, and the month follows from the invoice lines (or, of a company without any, from
    all it delivers): they are landed first. The asset finds the same bytes landed already.
    """
    from pipelines.landing import as_of
    from pipelines.landing.land import land_table

    outcomes = [land_table(workspace, table) for table in as_of.dating_tables(workspace)]
    try:
        day = as_of.default_as_of(workspace, _plain(known_at))
    except SourceError as error:
        found = [finding for outcome in outcomes for finding in outcome.problems]
        refused = [finding.problem for finding in found if finding.severity == "critical"]
        raise SourceError(*refused, *error.problems) from None
    return Period(day, day)


def _execute(workspace: Workspace, period: Period, asks: Question, why: tuple[str, ...], dbt_project_dir: Path) -> None:
    """Run the job to its end. Raises one error for everything that failed."""
    home = workspace.home
    with steps.step("start: definitions", home.logs):
        # Imported here: Dagster and dbt take seconds, and a locked home or a wrong date is told before.
        from orchestration.dagster import execution
        from orchestration.dagster.partitions import partition_tags
        from orchestration.definitions import JOB, Overrides, build_definitions

        definitions = build_definitions(overrides=Overrides(workspace.config_dir, home.root, dbt_project_dir))
    execution.execute(home, definitions, JOB, partition_tags(period), asks.configuration(period, why))


def _summary(workspace: Workspace, period: Period, *, is_new: bool) -> RunSummary:
    from data_quality import gate
    from pipelines import checks, publishing
    from pipelines.landing.control import left_out

    home = workspace.home
    number = publishing.current_version(home)
    version = next(each for each in publishing.versions(home) if each.number == number)
    directory = home.published / version.name
    decision = gate.decide(checks.read(home.checks / checks.FILE_NAME))
    weightiest = sorted(
        decision.warnings, key=lambda result: (-abs(result.amount or Decimal(0)), result.severity == "info")
    )
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
        warnings=gate.plain_words(gate.GateDecision(True, tuple(weightiest), ())),
        waived=gate.waived_words(decision),
        open_months=version.open_months,
        page=home.portfolio_page,
        left_out=left_out(workspace),
    )
