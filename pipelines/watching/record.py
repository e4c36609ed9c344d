"""How the last run ended, kept for who looks later. Belongs here: that record; not here: the steps of a run (pipelines.steps)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines import durable
from pipelines.errors import ExitCode, KundenwertError
from pipelines.home import Home

_STRICT = ConfigDict(frozen=True, extra="forbid")


class Failure(BaseModel):
    """Why a run failed: the code of a problem and its place. What it says stays out: it may quote a row."""

    model_config = _STRICT

    code: str
    where: str


class LastRun(BaseModel):
    """The run that ended last, in UTC. `gate`: what the gate said last, None if it never decided; `succeeded_at`: when one ended well."""

    model_config = _STRICT

    schema_version: Literal[1] = 1
    started_at: datetime
    ended_at: datetime
    exit_code: int
    failures: tuple[Failure, ...] = ()
    gate: Literal["green", "red"] | None = None
    succeeded_at: datetime | None = None

    @property
    def seconds(self) -> int:
        """How long it took, in whole seconds."""
        return int((self.ended_at - self.started_at).total_seconds())

    @property
    def is_well(self) -> bool:
        """Whether it ended with 0."""
        return self.exit_code == ExitCode.OK

    @property
    def is_failure(self) -> bool:
        """Whether somebody has to act: who pressed Ctrl-C knows it."""
        return self.exit_code not in (ExitCode.OK, ExitCode.INTERRUPTED)


def path(home: Home) -> Path:
    """Where the record lies."""
    return home.watch / "last_run.json"


def read(home: Home) -> LastRun | None:
    """How the last run ended; None where nothing, or nothing readable, was kept."""
    try:
        return LastRun.model_validate_json(path(home).read_bytes())
    except (OSError, ValidationError):
        return None


def write(home: Home, started_at: datetime, error: BaseException | None) -> LastRun:
    """Keep how a run ended that ends now: with `error`, or well. Raises OSError."""
    before = read(home)
    now = datetime.now(UTC)
    code = _exit_code(error)
    ended = LastRun(
        started_at=started_at,
        ended_at=now,
        exit_code=code,
        failures=_failures(error),
        gate=_gate(code, before),
        succeeded_at=now if code == ExitCode.OK else before.succeeded_at if before else None,
    )
    durable.write_text(path(home), ended.model_dump_json(indent=1) + "\n")
    return ended


def _gate(code: int, before: LastRun | None) -> Literal["green", "red"] | None:
    """A run that ends well passed the gate, or found that what passed it is still right; one that failed elsewhere did not ask it."""
    if code == ExitCode.OK:
        return "green"
    return "red" if code == ExitCode.GATE_RED else before.gate if before else None


def _exit_code(error: BaseException | None) -> int:
    if error is None:
        return ExitCode.OK
    if isinstance(error, KundenwertError):
        return int(error.exit_code)
    return ExitCode.INTERRUPTED if isinstance(error, KeyboardInterrupt) else ExitCode.FAILED


def _failures(error: BaseException | None) -> tuple[Failure, ...]:
    if error is None:
        return ()
    if isinstance(error, KundenwertError):
        return tuple(Failure(code=each.code, where=each.where) for each in error.problems)
    return (Failure(code="INTERRUPTED" if isinstance(error, KeyboardInterrupt) else "UNEXPECTED", where=""),)
