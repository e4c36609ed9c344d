"""The coded errors people see. Belongs here: codes' shape, exit codes, the nearest name as a remedy. Not here: when to raise."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line; documented in `kundenwert --help` and docs/operations.md."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    SOURCE = 4
    GATE_RED = 5
    LOCKED = 6
    VERIFY_FAILED = 7
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding a person can act on.

    `code` is stable (docs/error_codes.md lists them), `where` names file:line or table.column, `remedy` is the next step.
    """

    code: str
    what: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        parts = [f"{self.code}: {self.what}"]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.remedy:
            parts.append(f"next: {self.remedy}")
        return "\n  ".join(parts)


def did_you_mean(name: object, known: Iterable[str], otherwise: str | None = None) -> str:
    """`did you mean 'x'?` for the nearest known name, else `otherwise`, by default the list of what is known."""
    names = sorted(known)
    near = difflib.get_close_matches(str(name).lower(), names, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else otherwise or f"use one of: {', '.join(names)}"


class KundenwertError(Exception):
    """Base of all expected failures: carries every problem found at once, never a traceback for the reader.

    `exit_code` is what the command line ends with.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UsageError(KundenwertError):
    """What was asked for on the command line makes no sense, or is not there."""

    exit_code = ExitCode.USAGE


class ConfigError(KundenwertError):
    """The configuration is wrong; raised before any data is touched."""

    exit_code = ExitCode.CONFIG


class SourceError(KundenwertError):
    """A delivery cannot be read as declared; nothing of it was landed."""

    exit_code = ExitCode.SOURCE


class GateRedError(KundenwertError):
    """A blocking check failed; nothing was published, the former version stays."""

    exit_code = ExitCode.GATE_RED


class LockedError(KundenwertError):
    """Another run holds this home."""

    exit_code = ExitCode.LOCKED


class VerifyError(KundenwertError):
    """A published version differs from its manifest."""

    exit_code = ExitCode.VERIFY_FAILED
