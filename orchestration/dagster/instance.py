"""Dagster's instance below the home: its settings file and opening it. Belongs here: only that."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import dagster as dg
import sqlalchemy as sa

from pipelines import durable
from pipelines.errors import ConfigError, Problem
from pipelines.home import Home

TEMPLATE = Path(__file__).parents[2] / "dagster.yaml"
"""The settings `dagster dev` itself finds in the repository's root; the home's instance adds where its history lies."""

STORAGE: Final = "KUNDENWERT_DAGSTER_STORAGE"
"""`postgresql://user:password@host/database`: where the history lies instead. Read by Dagster from the environment; written nowhere."""

_IN_THE_HOME: Final = """
# Added by orchestration/dagster/instance.py: the history lies beside this file.
storage:
  custom:
    module: orchestration.dagster.run_history
    class: RunHistory
    config:
      base_dir:
        env: DAGSTER_HOME
"""

_IN_POSTGRESQL: Final = f"""
# Added by orchestration/dagster/instance.py: the history lies in the database which this variable names.
storage:
  postgres:
    postgres_url:
      env: {STORAGE}
"""

_LAUNCHER: Final = """
# The daemon's monitoring asks it whether a run's process still lives, wherever the history lies.
run_launcher:
  module: orchestration.dagster.launcher
  class: WatchingLauncher
  config:
    base_dir:
      env: DAGSTER_HOME
"""

_PATIENCE_MS: Final = 60_000
"""So long one statement of the history may take in PostgreSQL."""


def prepare(home: Home) -> None:
    """Write `<home>/dagster/dagster.yaml` and point DAGSTER_HOME there, telemetry off. Raises ConfigError CONFIG_ENVIRONMENT."""
    history = _IN_POSTGRESQL if is_in_postgresql() else _IN_THE_HOME
    home.dagster.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = home.dagster / "dagster.yaml"
    text = TEMPLATE.read_text(encoding="utf-8") + history + _LAUNCHER
    if not settings.is_file() or settings.read_text(encoding="utf-8") != text:
        durable.write_text(settings, text)
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DO_NOT_TRACK"] = "1"


def is_in_postgresql() -> bool:
    """Whether the environment names a database for the history.

    Raises ConfigError CONFIG_ENVIRONMENT, without the value, which holds a password, for what is no address of one.
    """
    address = os.environ.get(STORAGE)
    if not address:
        return False
    try:
        is_address = sa.make_url(address).drivername in ("postgresql", "postgresql+psycopg2")
    except (sa.exc.ArgumentError, ValueError):
        is_address = False
    if not is_address:
        remedy = (
            "write it like postgresql://user:password@host:5432/database, with %-signs for special ones in the password"
        )
        raise ConfigError(Problem("CONFIG_ENVIRONMENT", "this is no address of a PostgreSQL database", STORAGE, remedy))
    return True


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
        if is_in_postgresql():
            # One connection that is kept, where Dagster would open one for each of some two thousand events.
            instance.optimize_for_webserver(statement_timeout=_PATIENCE_MS, pool_recycle=-1, max_overflow=20)
        yield instance
