"""What happens when a run ends, however it ends: it is recorded, the metrics are replaced, who is to be told is told.

Belongs here: that, and that none of it can fail a run. Not here: the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipelines.errors import ConfigError, ExitCode, KundenwertError, LockedError, Problem
from pipelines.home import Home
from pipelines.settings.sources import SourceMap, read_sources
from pipelines.settings.workspace import SOURCES_FILE
from pipelines.watching import alerts, findings, metrics, record, state
from pipelines.watching.findings import Finding


@dataclass(slots=True)
class Watched:
    """The run under way. Who finds that it is none to be recorded (an answer about the past), or failed without an error, says so."""

    is_recorded: bool = True
    failed_with: BaseException | None = None


@contextmanager
def watched(config_dir: Path, home: Home, warn: Callable[[Problem], None]) -> Iterator[Watched]:
    """Watch the block as one run; `warn` hears what could not be told or written. What the block raises goes on.

    A run that was refused, because another works or its options are wrong, is none.
    """
    started_at, run = datetime.now(UTC), Watched()
    try:
        yield run
    except LockedError:
        raise
    except BaseException as error:
        if not (isinstance(error, KundenwertError) and error.exit_code == ExitCode.USAGE):
            run_ended(config_dir, home, started_at, error, warn)
        raise
    if run.is_recorded:
        run_ended(config_dir, home, started_at, run.failed_with, warn)


def run_ended(
    config_dir: Path, home: Home, started_at: datetime, error: BaseException | None, warn: Callable[[Problem], None]
) -> None:
    """Record a run that ends now, with `error` or well, and tell who is to be told. Never raises because of it."""
    try:
        record.write(home, started_at, error)
        problems = told(config_dir, home)[1]
    except OSError as failed:
        problems = (unwritten(failed),)
    for problem in problems:
        warn(problem)


def told(config_dir: Path, home: Home, others: Iterable[Finding] = ()) -> tuple[int, tuple[Problem, ...]]:
    """Look, replace the metrics, send what is due, with what `others` found: how many messages, whom they did not reach. Raises OSError."""
    sources = readable_sources(config_dir)
    seen = state.look(home, sources)
    metrics.write(home, seen)
    audience = alerts.audience(home, sources)
    if audience.alerts is None:
        return 0, ()
    return alerts.send_due(home, audience, config_dir, (*findings.of_state(seen, sources), *others))


def readable_sources(config_dir: Path) -> SourceMap | None:
    """What sources.yml says; None where it is wrong."""
    try:
        return read_sources(config_dir / SOURCES_FILE)
    except ConfigError:
        return None


def unwritten(failed: OSError) -> Problem:
    """Watching could not write."""
    what = f"how the run ended could not be written: {failed.strerror or type(failed).__name__}"
    return Problem("WATCH_UNWRITTEN", what, "watch/, metrics/", "kundenwert doctor says what is wrong with the home")
