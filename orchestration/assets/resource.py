"""What every asset of a run shares: the validated workspace, under the home's lock. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import PrivateAttr

from orchestration.assets.housekeeping import keep_house
from orchestration.assets.shared import run_tags
from orchestration.dagster.failures import in_plain_words
from orchestration.dagster.watching import watched_run
from orchestration.dbt import runner
from pipelines import lock
from pipelines.home import Home

if TYPE_CHECKING:
    from pipelines.settings.workspace import Workspace


class RunResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The workspace of one run.

    Dagster sets it up once per run, before the first asset: the home's lock is taken (unless `kundenwert run` holds it
    already) and the configuration is checked, so a run that cannot succeed fails before it has touched any data.
    """

    config_dir: str
    home_dir: str
    dbt_project_dir: str

    _workspace: Workspace = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[RunResource]:
        """Open the workspace for the length of a run. Raises Failure LOCKED or with the configuration's problems."""
        from pipelines.settings.automation import automation_of
        from pipelines.settings.workspace import open_workspace

        home = Home.at(self.home_dir)
        if context.instance is not None and context.run is not None:
            # Whoever finds this run unfinished later asks whether this process is still there.
            context.instance.add_run_tags(context.run.run_id, run_tags(home))
        with in_plain_words():
            # `kundenwert run` holds the lock and watches itself.
            is_ours = lock.is_held_here(home)
            watch = nullcontext() if is_ours else watched_run(context, Path(self.config_dir), home)
            taken = nullcontext() if is_ours else lock.held(home, automation_of(Path(self.config_dir)).waits)
            with watch, taken:
                self._workspace = open_workspace(Path(self.config_dir), home.prepare())
                try:
                    yield self
                finally:
                    runner.stop()
                # Not after Ctrl-C; after a red gate all the same.
                keep_house(self._workspace, context.instance)

    @property
    def workspace(self) -> Workspace:
        """The configuration and the home of this run."""
        return self._workspace

    @property
    def home(self) -> Home:
        """The home of this run."""
        return self._workspace.home

    @property
    def dbt_project(self) -> Path:
        """Where the dbt project lies."""
        return Path(self.dbt_project_dir)
