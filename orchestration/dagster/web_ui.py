"""Dagster's web UI for one home, on this machine only. Belongs here: starting it, nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path

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


def arguments(home: Home, port: int) -> list[str]:
    """The command line of `dagster dev`."""
    workspace = home.dagster / "workspace.yaml"
    return [
        *(sys.executable, "-m", "dagster", "dev"),
        *("--workspace", str(workspace), "--host", HOST, "--port", str(port)),
    ]


def serve(config_dir: Path, home: Home, port: int) -> int:
    """Become `dagster dev` for this home; does not return."""
    with instance.opened(home.prepare()) as dagster:
        close_dead_runs(dagster, home)
    durable.write_text(home.dagster / "workspace.yaml", WORKSPACE)
    os.environ["KUNDENWERT_CONFIG"] = str(config_dir)
    os.environ["KUNDENWERT_HOME"] = str(home.root)
    sys.stderr.write(f"Dagster's web UI: http://{HOST}:{port} (Ctrl-C ends it)\n")
    command = arguments(home, port)
    # Not in the repository: `dagster dev` warns of a dagster.yaml in the directory it starts in, if it uses another.
    os.chdir(home.dagster)
    os.execv(command[0], command)  # noqa: S606 - this program's own interpreter, no shell
