"""What runs by itself, and how long it may: the block `automation` of config/sources.yml.

Belongs here: the model, and reading that block alone. Not here: the schedule and the sensor themselves (orchestration.unattended).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from pipelines.errors import ConfigError
from pipelines.settings.validation import StrictModel, Violation
from pipelines.settings.yaml_file import read

SOURCES_FILE: Final = "sources.yml"

_CRON: Final = re.compile(r"[0-9*,/-]+( [0-9*,/-]+){4}")
_HIGHEST: Final = (59, 23, 31, 12, 7)
"""Minute, hour, day, month, day of the week."""


class Automation(StrictModel):
    """What is switched on when the daemon starts. It stands in the configuration, so it outlives the history of runs (dagster/)."""

    schedule: str | None = None
    """When a run begins by itself, as cron has it (minute, hour, day, month, day of the week), in UTC. Left out, nobody's clock starts a
    run until somebody switches the schedule on in the web UI."""
    sensor: bool = False
    """true: a run begins by itself when a delivery is complete and no longer changes; one per delivery."""
    max_minutes: int = Field(default=360, ge=1, le=100_000)
    """A run that takes longer is ended and called failed: by the daemon, so only while it (or the web UI) is running."""
    wait_minutes: int = Field(default=60, ge=0, le=100_000)
    """So long a run of the daemon or the web UI waits for another one that works in the home, before it fails as LOCKED."""

    @property
    def waits(self) -> timedelta:
        """`wait_minutes`."""
        return timedelta(minutes=self.wait_minutes)

    @property
    def limit(self) -> timedelta:
        """`max_minutes`."""
        return timedelta(minutes=self.max_minutes)

    def violations(self) -> Iterator[Violation]:
        """A schedule that is no cron line of numbers."""
        if self.schedule is not None and not _is_cron(self.schedule):
            what = f"'{self.schedule}' is no cron line"
            yield Violation("CONFIG_UNKNOWN_VALUE", what, 'write five fields, e.g. "0 5 * * *"', ("schedule",))


def _is_cron(text: str) -> bool:
    """Five fields of numbers within their bounds."""
    if not _CRON.fullmatch(text):
        return False
    fields = zip(text.split(" "), _HIGHEST, strict=True)
    return all(int(number) <= highest for field, highest in fields for number in re.findall("[0-9]+", field))


def automation_of(config_dir: Path) -> Automation:
    """The block alone; what the file does not say, or says wrongly, is as if nobody had said anything.

    For who must know it before anybody works: definitions are loaded without a company, too, and a faulty file is told by each run.
    """
    try:
        document = read(config_dir / SOURCES_FILE).value
        said = document.get("automation") if isinstance(document, dict) else None
        found = Automation.model_validate(said or {})
    except (ConfigError, ValidationError):
        return Automation()
    return Automation() if list(found.violations()) else found
