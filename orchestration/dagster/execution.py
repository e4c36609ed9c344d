"""One run of a job in this process, from definitions to one coded error.

Belongs here: starting Dagster's job, reading how it ended. Not here: what is run (definitions), the lock and the summary (run).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import dagster as dg

from orchestration.dagster import failures, instance, processes, time_limit
from orchestration.dagster.dead_runs import BY_ITSELF, COMMAND_LINE, STARTED_BY, close_dead_runs
from pipelines import durable
from pipelines.errors import KundenwertError, Problem
from pipelines.home import LAST_ERROR, Home

_SILENT: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""People see the steps; Dagster's own lines, one per event, are in the web UI."""


def execute(
    home: Home,
    definitions: dg.Definitions,
    job: str,
    tags: Mapping[str, str],
    config: Mapping[str, Mapping[str, Any]],
    selected: dg.AssetSelection | None = None,
) -> None:
    """Run the job to its end; `config`: run configuration by asset; `selected`: only these of its assets.

    The caller holds the home's lock. Raises one KundenwertError for everything that failed (its whole text is in
    logs/last_error.txt), RUN_TOO_LONG if the daemon ended it for its time; KeyboardInterrupt after Ctrl-C.
    """
    resolved = definitions.resolve_job_def(job)
    ops = {name: {"config": dict(values)} for name, values in config.items()}
    started_by = BY_ITSELF if instance.is_lent(home) else COMMAND_LINE
    with instance.opened(home) as dagster:
        close_dead_runs(dagster, home)
        result = resolved.execute_in_process(
            instance=dagster,
            run_config={**_SILENT, **({"ops": ops} if ops else {})},
            tags={STARTED_BY: started_by, processes.TAG: processes.this_process(), **tags},
            raise_on_error=False,
            asset_selection=None if selected is None else sorted(selected.resolve(resolved.asset_layer.asset_graph)),
        )
        if result.success:
            return
        if details := failures.details(result.all_events):
            durable.write_text(home.logs / LAST_ERROR, "\n\n".join(details))
        run = dagster.get_run_by_id(result.run_id)
        if (run is not None and run.status.value.startswith("CANCEL")) or failures.is_interrupted(result.all_events):
            raise time_limit.too_long(dagster, result.run_id) or KeyboardInterrupt
        error = failures.from_failures(result.all_events)
    if error is None:
        what = "the run ended before its first step"
        error = KundenwertError(Problem("UNEXPECTED", what, "dagster", "kundenwert ui shows the run's events"))
    raise error
