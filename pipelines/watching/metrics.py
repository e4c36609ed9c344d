"""The state as a text file that Prometheus' node_exporter collects. Belongs here: names and format of the metrics, replacing the file.

Points in time are Unix seconds: an age would stand still between two runs, and `time() - ...` does not. What is unknown is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipelines import durable
from pipelines.home import Home
from pipelines.watching.state import State

PREFIX: Final = "kundenwert_"


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge: its values by table, or one value under no table."""

    name: str
    help: str
    values: tuple[tuple[str | None, int | None], ...]

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it; nothing where nothing is known."""
        known = [(table, value) for table, value in self.values if value is not None]
        if known:
            yield f"# HELP {PREFIX}{self.name} {self.help}"
            yield f"# TYPE {PREFIX}{self.name} gauge"
        for table, value in known:
            yield f"{PREFIX}{self.name}{'' if table is None else _label(table)} {value}"


def text(state: State) -> str:
    """The whole file. The same state gives the same text."""
    return "".join(f"{line}\n" for metric in _metrics(state) for line in metric.lines())


def write(home: Home, state: State) -> None:
    """Replace the file: who reads it sees the old or the new one. Everybody who gets there may read it. Raises OSError."""
    durable.make_directory(home.metrics.parent)
    os.chmod(home.metrics.parent, 0o755)  # noqa: PTH101, S103 - counts and names of tables, nothing else
    with durable.aside(home.metrics) as path:
        path.write_text(text(state), encoding="utf-8", newline="")
        path.chmod(0o644)


def _metrics(state: State) -> Iterable[Metric]:
    version, last, sources = state.version, state.last_run, state.sources
    gate = None if last is None or last.gate is None else int(last.gate == "green")
    yield _one("written_timestamp_seconds", "When this file was written.", _seconds(state.seen_at))
    yield _one("version_number", "The published version.", None if version is None else int(version.name[1:]))
    published = None if version is None else _seconds(version.published_at)
    yield _one("version_published_timestamp_seconds", "When it was published.", published)
    yield _one("last_run_exit_code", "How the last run ended; 0 is well.", None if last is None else last.exit_code)
    yield _one("last_run_seconds", "How long the last run took.", None if last is None else last.seconds)
    yield _one(
        "last_run_timestamp_seconds", "When the last run ended.", None if last is None else _seconds(last.ended_at)
    )
    succeeded = None if last is None else _seconds(last.succeeded_at)
    yield _one("last_success_timestamp_seconds", "When a run last ended well.", succeeded)
    yield _one("gate_green", "What the gate said last: 1 green, 0 red.", gate)
    yield _one("disk_free_bytes", "Free for the home.", state.disk.free_bytes)
    yield _one("disk_needed_bytes", "What the next run should find free.", state.disk.needed_bytes)
    yield _one("home_bytes", "What the home takes.", state.disk.used_bytes)
    yield Metric(
        "source_delivered_timestamp_seconds",
        "When a source was delivered last.",
        tuple((each.table, _seconds(each.delivered_at)) for each in sources),
    )
    yield Metric(
        "source_max_age_days", "The agreed age of a source.", tuple((each.table, each.max_age_days) for each in sources)
    )
    yield Metric(
        "source_stale",
        "1 if a source was older than agreed when this was written.",
        tuple((each.table, None if each.is_stale is None else int(each.is_stale)) for each in sources),
    )
    delivered = tuple((each.table, each.rows_quarantined) for each in sources if each.delivered_at is not None)
    yield Metric("quarantined_rows", "Rows of the batches that count that are in quarantine.", delivered)


def _one(name: str, meaning: str, value: int | None) -> Metric:
    return Metric(name, meaning, ((None, value),))


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _label(table: str) -> str:
    """A label's text is written as JSON writes one."""
    return "{table=" + json.dumps(table) + "}"
