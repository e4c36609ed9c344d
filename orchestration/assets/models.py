"""All dbt models as one asset function: one dbt invocation per run, whatever was selected.

Belongs here: partitions, selection, handing dbt's events to Dagster. Not here: running dbt (runner), what failed
results mean (the gate).
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.assets.resource import RunResource
from orchestration.assets.shared import MONTHS, ONE_RUN, WAREHOUSE_POOL
from orchestration.dagster.failures import in_plain_words
from orchestration.dbt import runner
from orchestration.dbt.translator import Translator

DbtResult = (
    dg.Output[Any] | dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckResult | dg.AssetCheckEvaluation
)


def dbt_models(manifest_path: Path) -> dg.AssetsDefinition:
    """The models of the manifest, their tests as asset checks, by month; a range of months is one run."""
    manifest: Mapping[str, Any] = json.loads(manifest_path.read_text(encoding="utf-8"))
    translator = Translator()

    @dbt_assets(
        manifest=manifest,
        dagster_dbt_translator=translator,
        name="dbt_models",
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def models(context: dg.AssetExecutionContext, run: RunResource) -> Iterator[DbtResult]:
        selection, indirect = get_subset_selection_for_context(
            context=context,
            manifest=manifest,
            select="fqn:*",
            exclude="",
            selector="",
            dagster_dbt_translator=translator,
            current_dbt_indirect_selection_env=None,
        )
        arguments = [*selection, *(["--indirect-selection", indirect] if indirect else [])]
        with in_plain_words():
            for event in runner.build(run.home, arguments, run.dbt_project):
                message = DbtCoreCliEventMessage(raw_event=dict(event.content), event_history_metadata={})
                yield from message.to_default_asset_events(
                    manifest=manifest,
                    dagster_dbt_translator=translator,
                    context=context,
                    target_path=run.home.dbt_target,
                )

    return models
