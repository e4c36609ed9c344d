"""Dagster's launcher of runs, with eyes: the daemon's monitoring asks it whether the process of a run still lives.

Belongs here: only that. Not here: which run is dead (dead_runs), how often it is asked (dagster.yaml, run_monitoring).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._serdes import ConfigurableClassData
from typing_extensions import override

from orchestration.dagster import dead_runs, processes
from pipelines.home import Home


class WatchingLauncher(DefaultRunLauncher):
    """Named in dagster.yaml of a home. Without it nothing tells Dagster that a process was killed: its run stays STARTED for ever."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """`base_dir` is DAGSTER_HOME, which lies in the home."""
        super().__init__(inst_data)
        self._home = Home.at(Path(base_dir).parent)

    @classmethod
    @override
    def config_type(cls) -> Any:
        """One setting, `base_dir`."""
        return {"base_dir": dg.StringSource}

    @classmethod
    @override
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> WatchingLauncher:
        """Made from the settings file."""
        return cls(inst_data=inst_data, **config_value)

    @property
    @override
    def supports_check_run_worker_health(self) -> bool:
        """Yes: that is what it is for."""
        return True

    @override
    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """FAILED with the reason, if the run's process died."""
        record = self._instance.get_run_record_by_id(run.run_id)
        why = None if record is None else dead_runs.why_dead(record, self._home)
        return CheckRunHealthResult(WorkerStatus.RUNNING if why is None else WorkerStatus.FAILED, why)

    @override
    def get_run_worker_debug_info(self, run: dg.DagsterRun, include_container_logs: bool | None = True) -> str | None:
        """Why the run is dead: Dagster puts it into the message of the failure."""
        return self.check_run_worker_health(run).msg

    @override
    def terminate(self, run_id: str) -> bool:
        """As Dagster's; a run that no server started gets a Ctrl-C."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or dead_runs.STARTED_BY not in run.tags:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        self._instance.report_run_canceling(run)
        return processes.interrupt(run.tags.get(processes.TAG))
