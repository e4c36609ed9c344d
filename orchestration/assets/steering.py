"""What steers a run, as assets: the method as tables, the as-of dates and which batches count, the warehouse's views.

Belongs here: turning what was asked for (partitions, run configuration) into as-of dates. Not here: writing tables.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration import groups
from orchestration.assets import check_files
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import CONTROL, MONTHS, ONE_RUN, SETTINGS, WAREHOUSE_POOL, asset_step, step_log
from orchestration.dagster.failures import in_plain_words
from orchestration.dagster.partitions import requested_period
from orchestration.periods import Period, parse_known_at
from orchestration.shown import shown_month_ends


class ControlConfig(dg.Config):
    """Run configuration of the asset `control`, shown in the launchpad."""

    known_at: str | None = None
    """State of knowledge (ISO 8601; without an offset the company's time): rows that became known later do not count. Default: everything
    delivered."""
    allow_open_month: bool = False
    """Compute a month that is not over, and call it open."""
    only_these_months: bool = False
    """Show the months of the run and no other. Default: one month shows those before it too (history.shown_months)."""


def steering_assets(raw_keys: Iterable[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """`settings` and `control`; the latter after all raw tables, because the data decide the default as-of date."""

    @dg.asset(
        key=SETTINGS,
        group_name=groups.METHOD,
        owners=groups.owners(groups.METHOD),
        description="The company's method (config/portfolio.yml) as tables: scorecards, zones, rates, parameters.",
        kinds={"parquet"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def settings(run: RunResource) -> dg.MaterializeResult[None]:
        from pipelines.settings import tables

        with in_plain_words(), asset_step(run.home, SETTINGS):
            tables.write(run.workspace.portfolio, run.home)
        return dg.MaterializeResult()

    @dg.asset(
        key=CONTROL,
        group_name=groups.METHOD,
        owners=groups.owners(groups.METHOD),
        description="As-of dates of this run, the batches that count, and the views dbt reads.",
        deps=[*raw_keys, SETTINGS],
        kinds={"parquet", "duckdb"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def control(
        context: dg.AssetExecutionContext, config: ControlConfig, run: RunResource
    ) -> dg.MaterializeResult[None]:
        with in_plain_words(), asset_step(run.home, CONTROL):
            return _control(run, config, requested_period(context.run.tags))

    return [settings, control]


def _control(run: RunResource, config: ControlConfig, period: Period | None) -> dg.MaterializeResult[None]:
    from pipelines import publishing
    from pipelines.landing import as_of, control, retention, warehouse

    home, workspace = run.home, run.workspace
    zone = ZoneInfo(workspace.sources.time_zone)
    known = parse_known_at(config.known_at, zone=zone).replace(tzinfo=None) if config.known_at else None
    # Only a run of this asset alone has no month: the models' partitions give one to every other run.
    if period is None:
        day = as_of.default_as_of(workspace, known)
        period = Period(day, day)
    known_at = known or as_of.default_known_at(workspace, period.last)
    open_months = as_of.open_months(workspace, period.month_ends, known_at, allow_open_month=config.allow_open_month)
    month_ends = shown_month_ends(
        workspace, replace(period, is_exact=period.is_exact or config.only_these_months), known_at
    )
    check_files.forget_after_landing(home)
    control.write_control(workspace, tuple(control.AsOf(day, known_at, day in open_months) for day in month_ends))
    publishing.remember(home)
    retention.take_persons_out(home, run.workspace.contracts)
    warehouse.attach(home, run.workspace.contracts)
    return dg.MaterializeResult(
        metadata={
            "step_log": step_log(home),
            "requested": [str(day) for day in period.month_ends],
            "as_of_dates": [str(day) for day in month_ends],
            "open_months": [str(day) for day in open_months],
            "known_at": known_at.replace(tzinfo=UTC).isoformat(),
        }
    )
