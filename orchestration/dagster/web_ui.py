"""Dagster's web UI and daemon for one home, on this machine only. Belongs here: starting them, nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from orchestration.dagster import instance
from orchestration.dagster.dead_runs import close_dead_runs
from pipelines import durable
from pipelines.home import Home

HOST = "127.0.0.1"
"""Never another: the web server has no authentication."""


WORKSPACE = """\
load_from:
  - python_module:
      module_name: orchestration.definitions
      location_name: kundenwert
"""


Part = Literal["web", "daemon"]
"""What can be started on its own: the pages, or what starts the runs."""


def arguments(home: Home, port: int, part: Part | None = None) -> list[str]:
    """The command line of `dagster dev`, or of that part of it alone."""
    workspace = ("--workspace", str(home.dagster / "workspace.yaml"))
    page = ("--host", HOST, "--port", str(port))
    match part:
        case "web":
            return [sys.executable, "-m", "dagster_webserver", *workspace, *page]
        case "daemon":
            return [sys.executable, "-m", "dagster._daemon", "run", *workspace]
    return [sys.executable, "-m", "dagster", "dev", *workspace, *page]


def serve(config_dir: Path, home: Home, port: int, part: Part | None = None) -> int:
    """Become `dagster dev`, or that part of it, for this home; does not return."""
    with instance.opened(home.prepare()) as dagster:
        close_dead_runs(dagster, home)
    durable.write_text(home.dagster / "workspace.yaml", WORKSPACE)
    os.environ["KUNDENWERT_CONFIG"] = str(config_dir)
    os.environ["KUNDENWERT_HOME"] = str(home.root)
    where = "Dagster's daemon" if part == "daemon" else f"Dagster's web UI: http://{HOST}:{port}"
    sys.stderr.write(f"{where} (Ctrl-C ends it)\n")
    command = arguments(home, port, part)
    # Not in the repository: `dagster dev` warns of a dagster.yaml in the directory it starts in, if it uses another.
    os.chdir(home.dagster)
    os.execv(command[0], command)  # noqa: S606 - this program's own interpreter, no shell
