"""The page people look at, as an asset after the published version. A new version has its page before anybody reads it; here it is drawn
anew where release or configuration have changed since. Belongs here: that. Not here: what is on it (pipelines.showing.portfolio)."""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

import dagster as dg

from orchestration import groups
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import MONTHS, ONE_RUN, PAGE, PUBLISHED, WAREHOUSE_POOL, asset_step
from orchestration.dagster.failures import in_plain_words


def page_asset() -> dg.AssetsDefinition:
    """reports/portfolio.html of the current version."""

    @dg.asset(
        key=PAGE,
        group_name=groups.PUBLISHING,
        owners=groups.owners(groups.PUBLISHING),
        description="reports/portfolio.html: matrix, whale curve, effort against value, reconciliation; German and English.",
        deps=[PUBLISHED],
        kinds={"html"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def portfolio_page(run: RunResource) -> dg.MaterializeResult[None]:
        from pipelines.showing import pages

        home = run.home
        with in_plain_words(), asset_step(home, PAGE):
            pages.refresh(home, pages.PORTFOLIO, run.workspace)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(home.portfolio_page))})

    return portfolio_page
