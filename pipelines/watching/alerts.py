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

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines import durable
from pipelines.errors import Problem
from pipelines.home import Home
from pipelines.settings.alerts import Alerts
from pipelines.settings.sources import SourceMap
from pipelines.vocabulary import Voice
from pipelines.watching import targets
from pipelines.watching.findings import Finding
from pipelines.watching.targets import Message, Target

ALERTED: Final = frozenset(
    ("DISK_LOW", "GATE_RED", "LOCK_ORPHANED", "RUN_DEAD", "RUN_FAILED", "RUN_WAITS", "SOURCE_STALE", "VERSION_OLD")
)
"""What is worth a message to somebody elsewhere; the rest is for who asks `kundenwert doctor`."""


class Audience(BaseModel):
    """Who is to be told, and of which company; `alerts` None: nobody."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    company: str
    alerts: Alerts | None


def audience(home: Home, sources: SourceMap | None) -> Audience:
    """Who is to be told by the configuration; where that cannot be read, by the one that could be read last: it has to be told, too.

    Raises OSError. No secret is remembered: of those the configuration has names of variables only.
    """
    path = home.watch / "audience.json"
    if sources is not None:
        said = Audience(company=sources.company, alerts=sources.alerts)
        durable.write_text(path, said.model_dump_json() + "\n")
        return said
    try:
        return Audience.model_validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return Audience(company="", alerts=None)


def send_due(
    home: Home, audience: Audience, config_dir: Path, findings: Iterable[Finding]
) -> tuple[int, tuple[Problem, ...]]:
    """Send what no target was told yet; the number of messages sent, and a problem per target that could not be told.

    What is over is forgotten, so that it is told again when it comes back. Waits for another process that is sending. Raises OSError if
    what was sent cannot be remembered.
    """
    with _alone(home):
        return _send_due(home, audience, config_dir, findings)


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
    home: Home, audience: Audience, config_dir: Path, findings: Iterable[Finding]
) -> tuple[int, tuple[Problem, ...]]:
    alerts, company = audience.alerts or Alerts(), audience.company
    due = {finding.matter: finding for finding in findings if finding.code in ALERTED}
    told = {matter: names for matter, names in _told(home).items() if matter in due}
    voice = Voice(alerts.language)
    sent, failed = 0, []
    for target in targets.of(alerts, config_dir):
        new = [finding for matter, finding in due.items() if target.name not in told.get(matter, ())]
        problem = target.send([_message(each.problem(voice), company, voice) for each in new]) if new else None
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
    trial = _message(Problem("TRIAL", voice.say("alert.trial"), "", voice.say("alert.trial_next")), company, voice)
    for target in targets.of(alerts, config_dir):
        yield target, target.send([trial])


def _message(problem: Problem, company: str, voice: Voice) -> Message:
    lines = [f"{problem.code}: {problem.what}"]
    for label, said in (("doctor.where", problem.where), ("doctor.next", problem.remedy)):
        lines += [f"  {voice.say(label)}: {said}"] if said else []
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Message(problem.code, problem.what, problem.where, problem.remedy, company, now, "\n".join(lines))


def _path(home: Home) -> Path:
    return home.watch / "alerts.json"


def _told(home: Home) -> Mapping[str, tuple[str, ...]]:
    """Matter -> names of the targets that were told. What cannot be read was not told: twice is better than never."""
    try:
        said = json.loads(_path(home).read_text(encoding="utf-8"))
        return {str(matter): tuple(map(str, names)) for matter, names in said.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
