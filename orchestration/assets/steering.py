"""What steers a run, as assets: the method as tables, the as-of dates and which batches count, the warehouse's views.

Belongs here: turning what was asked for (partitions, run configuration) into as-of dates. Not here: writing tables.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from orchestration.assets import check_files
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import CONTROL, MONTHS, ONE_RUN, SETTINGS, WAREHOUSE_POOL, asset_step
from orchestration.dagster.failures import in_plain_words
from orchestration.dagster.partitions import requested_period
from orchestration.periods import Period, parse_known_at
from pipelines.errors import SourceError
from pipelines.home import Home

GROUP = "steering"


class ControlConfig(dg.Config):
    """Run configuration of the asset `control`, shown in the launchpad."""

    known_at: str | None = None
    """State of knowledge (ISO 8601; without an offset the company's time): rows that became known later do not count. Default: everything
    delivered."""
    allow_open_month: bool = False
    """Compute a month that is not over, and call it open."""
    only_requested: bool = False
    """Leave out the months that were published before."""


def all_month_ends(requested: Iterable[date], published: Iterable[date], latest: date) -> tuple[date, ...]:
    """The months of the next version: those published stay, but never one after the `latest`: an invoice dated ahead had brought it."""
    asked = set(requested)
    return tuple(sorted(asked | {day for day in published if day <= max({latest, *asked})}))


def published_month_ends(home: Home) -> tuple[date, ...]:
    """The as-of dates of the version before."""
    from pipelines import publishing

    version = publishing.previous_version(home)
    return version.as_of_dates if version is not None else ()


def steering_assets(raw_keys: Iterable[dg.AssetKey]) -> list[dg.AssetsDefinition]:
    """`settings` and `control`; the latter after all raw tables, because the data decide the default as-of date."""

    @dg.asset(
        key=SETTINGS,
        group_name=GROUP,
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
        group_name=GROUP,
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
    from pipelines.landing import as_of, control, warehouse

    home, workspace = run.home, run.workspace
    zone = ZoneInfo(workspace.sources.time_zone)
    known = parse_known_at(config.known_at, zone=zone).replace(tzinfo=None) if config.known_at else None
    # Only a run of this asset alone has no month: the models' partitions give one to every other run.
    requested = period.month_ends if period is not None else (as_of.default_as_of(workspace, known),)
    month_ends = requested
    if not config.only_requested and (published := published_month_ends(home)):
        month_ends = all_month_ends(requested, published, _latest(run, known) or requested[-1])
    known_at = known or as_of.default_known_at(workspace, month_ends[-1])
    open_months = as_of.open_months(workspace, requested, known_at, allow_open_month=config.allow_open_month)
    check_files.forget_after_landing(home)
    control.write_control(workspace, tuple(control.AsOf(day, known_at, day in open_months) for day in month_ends))
    publishing.remember(home)
    warehouse.attach(home, run.workspace.contracts)
    return dg.MaterializeResult(
        metadata={
            "requested": [str(day) for day in requested],
            "as_of_dates": [str(day) for day in month_ends],
            "open_months": [str(day) for day in open_months],
            "known_at": known_at.replace(tzinfo=UTC).isoformat(),
        }
    )


def _latest(run: RunResource, known_at: datetime | None) -> date | None:
    """The last month that nobody need name; None where there is none."""
    from pipelines.landing import as_of

    try:
        return as_of.default_as_of(run.workspace, known_at)
    except SourceError:
        return None
