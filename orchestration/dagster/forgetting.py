"""Deleting a run from Dagster's history, wherever that lies, with everything that names it. Belongs here: only that.

Not here: which runs go (orchestration.assets.housekeeping).
"""

from __future__ import annotations

import dagster as dg
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage


def forget(dagster: dg.DagsterInstance, run_id: str) -> None:
    """As Dagster deletes a run, whose results of checks it leaves behind: some three hundred rows each, for ever; here they go, too."""
    dagster.delete_run(run_id)
    log = dagster.event_log_storage
    if isinstance(log, SqlEventLogStorage):
        with log.index_transaction() as index:
            index.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id))
