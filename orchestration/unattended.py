"""What runs without anybody: the job that does what `kundenwert run` does, its clock and its eyes.

Belongs here: the job, the schedule, the sensor. Not here: what a run does (run), whether a delivery is new (deliveries), which of them is
switched on (config/sources.yml, `automation`).

The job has no month: which month a delivery is for shows only when it has been read. It runs the job `portfolio` in its own process, for
the month that follows from what lies there, as a run of the command line does; nothing new publishes nothing new.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of its functions as objects.

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.assets import asset_checks
from orchestration.assets.shared import raw_key, run_tags, step_log
from orchestration.dagster import instance
from orchestration.dagster.failures import in_plain_words
from orchestration.dagster.time_limit import in_time, limit_tags
from pipelines.errors import KundenwertError
from pipelines.home import LAST_ERROR, Home
from pipelines.settings.automation import SOURCES_FILE, Automation

if TYPE_CHECKING:
    from pipelines.settings.workspace import Workspace

JOB = "unattended"
SCHEDULE, SENSOR = "daily", "deliveries"
DAILY = "0 5 * * *"
SECONDS_BETWEEN_LOOKS = 60


def unattended_job(config_dir: Path, home: Home, dbt_project_dir: Path, automation: Automation) -> dg.JobDefinition:
    """The job; every run of it is one `kundenwert run`."""

    @dg.op(
        out=dg.Out(dg.Nothing), description="Land, check, compute, gate, publish, for the month of what lies there now."
    )
    def whole_run(context: dg.OpExecutionContext) -> None:
        from orchestration.run import run_portfolio
        from pipelines.settings.workspace import open_workspace
        from pipelines.watching.ended import watched

        context.instance.add_run_tags(context.run_id, run_tags(home))
        context.log.info(f"steps: {step_log(home)}; should it fail, the whole message: {home.logs / LAST_ERROR}")
        # Who holds the lock watches: the run inside does not.
        watch = watched(config_dir, home, lambda problem: context.log.warning(str(problem)))
        timed = in_time(context.instance, context.run_id)
        with in_plain_words(), instance.lent(home, context.instance), watch, timed:
            workspace = open_workspace(config_dir, home)
            waits = workspace.sources.automation.waits
            done = run_portfolio(workspace, dbt_project_dir=dbt_project_dir, waits=waits)
            if not done.is_new:
                report_ages(context.instance, workspace)
        context.add_output_metadata(
            {
                "version": done.version,
                "is_new": done.is_new,
                "as_of": str(done.as_of),
                "path": dg.MetadataValue.path(str(done.path)),
            }
        )

    @dg.job(
        name=JOB,
        executor_def=dg.in_process_executor,
        tags=limit_tags(automation.limit),
        description="What `kundenwert run` does, for the clock and for new deliveries: the month follows from what lies there.",
    )
    def job() -> None:
        whole_run()

    return job


def report_ages(dagster: dg.DagsterInstance, workspace: "Workspace") -> None:
    """Where nothing new was computed no raw table said how old its delivery is meanwhile."""
    from pipelines.landing import ledger
    from pipelines.watching import state

    known = ledger.read(workspace.home)
    for source in state.of_sources(known, workspace.sources, datetime.now(UTC)):
        checked = asset_checks.freshness(raw_key(workspace.contracts[source.table]), source)
        dagster.report_runless_asset_event(asset_checks.reported(checked))


def daily_schedule(job: dg.JobDefinition, automation: Automation) -> dg.ScheduleDefinition:
    """By the clock. The job has no partitions, so missed mornings are caught up by one run."""
    is_on = automation.schedule is not None
    return dg.ScheduleDefinition(
        name=SCHEDULE,
        job=job,
        cron_schedule=automation.schedule or DAILY,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED,
        description=f"By the clock (UTC), for the month of what lies there then. Switched on by `automation.schedule` of {SOURCES_FILE}.",
    )


def delivery_sensor(job: dg.JobDefinition, config_dir: Path, home: Home, automation: Automation) -> dg.SensorDefinition:
    """By the deliveries: one run per set of bytes, when it is complete and has come to rest."""

    @dg.sensor(
        name=SENSOR,
        job=job,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=dg.DefaultSensorStatus.RUNNING if automation.sensor else dg.DefaultSensorStatus.STOPPED,
        description=(
            "Every minute: are all full deliveries there, still since the last look, and other bytes than before? Then one run. "
            f"Databases are not looked at. Switched on by `automation.sensor` of {SOURCES_FILE}."
        ),
    )
    def looks(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        from orchestration import deliveries
        from pipelines.settings.workspace import open_workspace

        before = deliveries.Cursor.read(context.cursor)
        try:
            found = deliveries.look(open_workspace(config_dir, home).sources, before)
        except KundenwertError as error:
            return dg.SensorResult(skip_reason=str(error))
        cursor = found.cursor.written()
        if found.new is None:
            return dg.SensorResult(skip_reason=found.why, cursor=cursor)
        return dg.SensorResult(run_requests=[dg.RunRequest(run_key=found.new)], cursor=cursor)

    return looks
