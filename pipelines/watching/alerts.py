"""Telling what is wrong to those who are not looking: each matter once, to each target, until it is over.

Belongs here: what is due, what was sent. Not here: what is wrong (findings), how a target is reached (targets). A message that cannot be
sent never stops a run: it is tried again when the next run ends, or by `kundenwert alerts`.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines import durable
from pipelines.errors import Problem
from pipelines.home import Home
from pipelines.settings.alerts import Alerts
from pipelines.vocabulary import Voice
from pipelines.watching import targets
from pipelines.watching.findings import Finding
from pipelines.watching.targets import Message, Target

ALERTED: Final = frozenset(
    ("DISK_LOW", "GATE_RED", "LOCK_ORPHANED", "RUN_DEAD", "RUN_FAILED", "RUN_WAITS", "SOURCE_STALE", "VERSION_OLD")
)
"""What is worth a message to somebody elsewhere; the rest is for who asks `kundenwert doctor`."""


def send_due(
    home: Home, alerts: Alerts, config_dir: Path, company: str, findings: Iterable[Finding]
) -> tuple[int, tuple[Problem, ...]]:
    """Send what no target was told yet; the number of messages sent, and a problem per target that could not be told.

    What is over is forgotten, so that it is told again when it comes back. Waits for another process that is sending. Raises OSError if
    what was sent cannot be remembered.
    """
    with _alone(home):
        return _send_due(home, alerts, config_dir, company, findings)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """One process at a time sends for a home; not under the home's lock, which a run may hold for an hour."""
    durable.make_directory(home.watch)
    descriptor = os.open(home.watch / "alerts.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _send_due(
    home: Home, alerts: Alerts, config_dir: Path, company: str, findings: Iterable[Finding]
) -> tuple[int, tuple[Problem, ...]]:
    due = {finding.matter: finding for finding in findings if finding.code in ALERTED}
    told = {matter: names for matter, names in _told(home).items() if matter in due}
    voice = Voice(alerts.language)
    sent, failed = 0, []
    for target in targets.of(alerts, config_dir):
        new = [finding for matter, finding in due.items() if target.name not in told.get(matter, ())]
        problem = target.send([_message(each, company, voice) for each in new]) if new else None
        if problem is not None:
            failed.append(problem)
            continue
        for finding in new:
            told[finding.matter] = (*told.get(finding.matter, ()), target.name)
        sent += len(new)
    durable.write_text(_path(home), json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return sent, tuple(failed)


def send_trial(alerts: Alerts, config_dir: Path, company: str) -> Iterator[tuple[Target, Problem | None]]:
    """Send a trial message to every target: the target, and why it could not be told."""
    voice = Voice(alerts.language)
    trial = Message("TRIAL", voice.say("alert.trial"), "", voice.say("alert.trial_next"), company, _now())
    for target in targets.of(alerts, config_dir):
        yield target, target.send([trial])


def _message(finding: Finding, company: str, voice: Voice) -> Message:
    problem = finding.problem(voice)
    return Message(problem.code, problem.what, problem.where, problem.remedy, company, _now())


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _path(home: Home) -> Path:
    return home.watch / "alerts.json"


def _told(home: Home) -> Mapping[str, tuple[str, ...]]:
    """Matter -> names of the targets that were told. What cannot be read was not told: twice is better than never."""
    try:
        said = json.loads(_path(home).read_text(encoding="utf-8"))
        return {str(matter): tuple(map(str, names)) for matter, names in said.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
