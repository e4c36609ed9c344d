"""Expected failures on their way through Dagster and back: coded problems, never a traceback for the reader.

Belongs here: KundenwertError <-> dagster.Failure. Not here: deciding what is a failure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import dagster as dg

from pipelines import machine
from pipelines.errors import (
    ConfigError,
    ExitCode,
    GateRedError,
    KundenwertError,
    LockedError,
    Problem,
    SourceError,
    VerifyError,
)

PROBLEMS = "problems"
EXIT_CODE = "exit_code"
INTERRUPTED = "DagsterExecutionInterruptedError"
_MOST_TELLING_FIRST = (LockedError, ConfigError, SourceError, GateRedError, VerifyError, KundenwertError)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn a KundenwertError of the block, and what the machine refused, into a Failure whose description is the message for people."""
    try:
        yield
    except KundenwertError as error:
        raise as_failure(error) from None
    except Exception as error:
        problem = machine.problem_of(error)
        if problem is None:
            raise
        raise as_failure(KundenwertError(problem)) from error


def as_failure(error: KundenwertError) -> dg.Failure:
    """The error as Dagster shows and keeps it; `from_failures` reads it back."""
    return dg.Failure(
        description=str(error),
        metadata={
            PROBLEMS: dg.MetadataValue.json([asdict(problem) for problem in error.problems]),
            EXIT_CODE: dg.MetadataValue.int(int(error.exit_code)),
        },
        allow_retries=False,
    )


def from_failures(events: Iterable[dg.DagsterEvent]) -> KundenwertError | None:
    """One error with the problems of every failed step; None if no step failed.

    A step that failed unexpectedly becomes the problem UNEXPECTED with the first line of its message.
    """
    problems: list[Problem] = []
    codes: set[ExitCode] = set()
    for event in events:
        if not event.is_step_failure:
            continue
        data = event.step_failure_data
        metadata = data.user_failure_data.metadata if data.user_failure_data else {}
        if PROBLEMS in metadata and EXIT_CODE in metadata:
            problems += [Problem(**each) for each in json.loads(json.dumps(metadata[PROBLEMS].value))]
            codes.add(ExitCode(int(str(metadata[EXIT_CODE].value))))
        else:
            problems.append(_unexpected(event.step_key or "", data.error_display_string))
            codes.add(ExitCode.FAILED)
    if not problems:
        return None
    kind = next((kind for kind in _MOST_TELLING_FIRST if kind.exit_code in codes), None)
    error = (kind or KundenwertError)(*dict.fromkeys(problems))
    if kind is None:
        error.exit_code = max(codes)
    return error


def details(events: Iterable[dg.DagsterEvent]) -> list[str]:
    """The whole message of every failed step, stacks included."""
    return [event.step_failure_data.error_display_string for event in events if event.is_step_failure]


def is_interrupted(events: Iterable[dg.DagsterEvent]) -> bool:
    """True if a step ended because of Ctrl-C."""
    failed = (event.step_failure_data for event in events if event.is_step_failure)
    return any(data.error is not None and data.error.cls_name == INTERRUPTED for data in failed)


def _unexpected(step: str, display: str) -> Problem:
    lines = [
        line.strip() for line in display.splitlines() if line.strip() and not line.startswith((" ", "Stack Trace"))
    ]
    # The cause is what went wrong; Dagster's own sentence around it says only where.
    cause = next((line for line in reversed(lines) if "Error" in line.split(":")[0] and "dagster" not in line), "")
    what = cause or (lines[0] if lines else "a step ended without a message")
    remedy = "the whole message is in logs/last_error.txt of the home; please report it with the command you gave"
    return Problem("UNEXPECTED", what, step, remedy)
