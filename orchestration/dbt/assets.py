"""dbt's models as Dagster's assets: the decorator, the selection of a run, events as results.

Belongs here: everything of dagster_dbt, above all what is private of it (the two imports from below its root, with
tripwires in tests/orchestration/dbt/test_inside.py). Not here: names and groups (translator), partitions and pools
(orchestration.assets.models).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.dbt.inside import DbtEvent
from orchestration.dbt.translator import Translator

DbtResult = (
    dg.Output[Any] | dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckResult | dg.AssetCheckEvaluation
)


class Models:
    """The models of one manifest.json, their tests as asset checks."""

    def __init__(self, manifest_path: Path) -> None:
        """Reads the manifest."""
        self._manifest: Mapping[str, Any] = json.loads(manifest_path.read_text(encoding="utf-8"))
        self._translator = Translator()

    def assets(
        self,
        *,
        name: str,
        partitions_def: dg.PartitionsDefinition[str],
        backfill_policy: dg.BackfillPolicy,
        pool: str,
    ) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
        """Decorator: the decorated function makes all models."""
        return dbt_assets(
            manifest=self._manifest,
            dagster_dbt_translator=self._translator,
            name=name,
            partitions_def=partitions_def,
            backfill_policy=backfill_policy,
            pool=pool,
        )

    def selection(self, context: dg.AssetExecutionContext) -> Sequence[str]:
        """dbt's arguments for what was selected in Dagster; everything, if nothing was left out."""
        selection, indirect = get_subset_selection_for_context(
            context=context,
            manifest=self._manifest,
            select="fqn:*",
            exclude="",
            selector="",
            dagster_dbt_translator=self._translator,
            current_dbt_indirect_selection_env=None,
        )
        return [*selection, *(["--indirect-selection", indirect] if indirect else [])]

    def results(self, event: DbtEvent, context: dg.AssetExecutionContext, target: Path) -> Iterator[DbtResult]:
        """A finished model or test, in Dagster's words. `target`: where dbt leaves its files."""
        message = DbtCoreCliEventMessage(raw_event=dict(event.content), event_history_metadata={})
        yield from message.to_default_asset_events(
            manifest=self._manifest, dagster_dbt_translator=self._translator, context=context, target_path=target
        )
