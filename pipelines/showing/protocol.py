"""Writes the protocol of a dry run as one HTML page that opens anywhere and reaches for nothing.

Belongs here: putting protocol and template (bi/check) together. Not here: what is said (pipelines.landing.dry_run, the gate).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipelines import durable
from pipelines.errors import Problem
from pipelines.landing.dry_run import Protocol
from pipelines.landing.told import some
from pipelines.showing import offline
from pipelines.vocabulary import Voice

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "bi" / "check"


def write_protocol(protocol: Protocol, red: Sequence[Problem], warnings: Sequence[Problem], target: Path) -> Path:
    """Write the page to `target` (0600, atomically) and return it. The same protocol gives the same bytes: no clock is read."""
    environment = offline.environment(TEMPLATES)
    voice = Voice("en")
    environment.filters["number"] = voice.number
    environment.filters["money"] = lambda value: voice.number(value, 2)
    environment.filters["day"] = voice.day
    environment.filters["some"] = some
    page = environment.get_template("check.html.j2").render(protocol=protocol, red=red, warnings=warnings)
    durable.write_text(target, page)
    return target
