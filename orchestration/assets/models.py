"""All dbt models as one asset function: one pass per run, whatever was selected.

Belongs here: partitions and pool, handing results to Dagster. Not here: building and translating results
(orchestration.dbt), what failed results mean (the gate).
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Iterator
from pathlib import Path

import dagster as dg

from orchestration.assets.resource import RunResource
from orchestration.assets.shared import MONTHS, ONE_RUN, WAREHOUSE_POOL
from orchestration.dagster.failures import in_plain_words
from orchestration.dbt import column_lineage, runner
from orchestration.dbt.assets import DbtResult, Models


def dbt_models(manifest_path: Path) -> dg.AssetsDefinition:
    """The models of the manifest, their tests as asset checks, by month; a range of months is one run."""
    shown = Models(manifest_path)

    @shown.assets(name="dbt_models", partitions_def=MONTHS, backfill_policy=ONE_RUN, pool=WAREHOUSE_POOL)
    def models(context: dg.AssetExecutionContext, run: RunResource) -> Iterator[DbtResult]:
        with in_plain_words():
            sources = column_lineage.read(run.home, manifest_path)
            spark = run.workspace.sources.computes_elsewhere
            for result in runner.build(run.home, shown.selected(context), run.dbt_project, spark):
                yield from shown.results(result, context, sources)

    return models
