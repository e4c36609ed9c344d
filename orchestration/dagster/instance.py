"""Dagster's instance below the home: its settings file and opening it. Belongs here: only that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipelines import durable
from pipelines.home import Home

TEMPLATE = Path(__file__).parents[2] / "dagster.yaml"
"""The settings `dagster dev` itself finds in the repository's root; the home's instance adds where its history lies."""

_HISTORY = """
# Added by orchestration/dagster/instance.py: the history lies beside this file.
storage:
  custom:
    module: orchestration.dagster.run_history
    class: RunHistory
    config:
      base_dir:
        env: DAGSTER_HOME
# The daemon's monitoring asks it whether a run's process still lives, wherever the history lies.
run_launcher:
  module: orchestration.dagster.launcher
  class: WatchingLauncher
  config:
    base_dir:
      env: DAGSTER_HOME
"""


def prepare(home: Home) -> None:
    """Write `<home>/dagster/dagster.yaml` and point DAGSTER_HOME there, telemetry off."""
    home.dagster.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    text = TEMPLATE.read_text(encoding="utf-8") + _HISTORY
    if not settings.is_file() or settings.read_text(encoding="utf-8") != text:
        durable.write_text(settings, text)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"


_lent: dict[Path, dg.DagsterInstance] = {}


@contextmanager
def lent(home: Home, dagster: dg.DagsterInstance) -> Iterator[None]:
    """Let the block open the home's instance as the one this process has already: a run begun by the daemon knows its own."""
    _lent[home.dagster] = dagster
    try:
        yield
    finally:
        del _lent[home.dagster]


def is_lent(home: Home) -> bool:
    """True inside a block of `lent`."""
    return home.dagster in _lent


@contextmanager
def opened(home: Home) -> Iterator[dg.DagsterInstance]:
    """The instance of the home, prepared. It holds history for the web UI; losing it loses no data."""
    if (own := _lent.get(home.dagster)) is not None:
        yield own
        return
    prepare(home)
    with dg.DagsterInstance.from_config(str(home.dagster)) as instance:
        yield instance
