"""The controllers' page and workbooks, as an asset after the published version, which has them before anybody reads it; drawn anew where
release or configuration have changed since. Belongs here: that. Not here: what is in them (pipelines.showing.controlling)."""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

import dagster as dg

from orchestration import groups
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import CONTROLLING, MONTHS, ONE_RUN, PUBLISHED, WAREHOUSE_POOL, asset_step
from orchestration.dagster.failures import in_plain_words


def controlling_asset() -> dg.AssetsDefinition:
    """reports/controlling.html and reports/controlling.<language>.xlsx of the current version."""

    @dg.asset(
        key=CONTROLLING,
        group_name=groups.PUBLISHING,
        owners=groups.owners(groups.PUBLISHING),
        description="reports/controlling.html and a workbook per language: sources, set aside, ledger, checks, restatements, method.",
        deps=[PUBLISHED],
        kinds={"html", "excel"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def controlling_page(run: RunResource) -> dg.MaterializeResult[None]:
        from pipelines.showing import pages

        home = run.home
        with in_plain_words(), asset_step(home, CONTROLLING):
            pages.refresh(home, pages.CONTROLLING, run.workspace)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(home.controlling_page))})

    return controlling_page
