"""dbt's models as Dagster's assets: the decorator, the selection of a run, what became of nodes in Dagster's words.

Belongs here: everything of dagster_dbt. Not here: names and groups (translator), partitions and pools
(orchestration.assets.models).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.dbt.column_lineage import Sources
from orchestration.dbt.runner import Result
from orchestration.dbt.translator import Translator

Metadata = dict[str, str | int | float | dg.TableColumnLineage]
DbtResult = dg.MaterializeResult[None] | dg.AssetObservation | dg.AssetCheckResult


class Models:
    """The models of one manifest.json, their tests as asset checks."""

    def __init__(self, manifest_path: Path) -> None:
        """Reads the manifest."""
        self._manifest: Mapping[str, Any] = json.loads(manifest_path.read_text(encoding="utf-8"))
        self._translator = Translator(manifest_path.parents[1])

        made = [each for each in self._manifest["nodes"].values() if each["resource_type"] in ("model", "seed")]
        self._made = {
            (each["schema"], each.get("identifier") or each["alias"]): self._translator.get_asset_key(each)
            for each in (*made, *self._manifest["sources"].values())
        }
        """Schema and table -> the asset that makes it."""

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

    def selected(self, context: dg.AssetExecutionContext) -> frozenset[str] | None:
        """The unique ids of what was selected in Dagster; None: everything."""
        if not context.is_subset:
            return None
        keys, checks = context.selected_asset_keys, {key.name for key in context.selected_asset_check_keys}
        known = {key.name for key in context.assets_def.check_keys}
        return frozenset(
            unique_id
            for unique_id, node in self._manifest["nodes"].items()
            if (
                node["name"] in checks
                if node["resource_type"] == "test"
                else self._translator.get_asset_key(node) in keys
            )
            # A test over several models is no check of one: it runs when all it reads was selected.
            or (node["resource_type"] == "test" and node["name"] not in known and self._are_selected(node, keys))
        )

    def _are_selected(self, test: Mapping[str, Any], keys: AbstractSet[dg.AssetKey]) -> bool:
        nodes = self._manifest["nodes"]
        read = [nodes[each] for each in test["depends_on"]["nodes"] if each in nodes]
        return bool(read) and all(self._translator.get_asset_key(node) in keys for node in read)

    def results(
        self, result: Result, context: dg.AssetExecutionContext, sources: Sources = MappingProxyType({})
    ) -> Iterator[DbtResult]:
        """What became of a node, in Dagster's words; nothing of a model that failed or was not run: the gate says why. `sources`: where
        columns come from, if that is known."""
        node = result.node
        if node.kind == "test":
            yield from self._test(result, context)
        elif result.is_good:
            metadata: Metadata = {"unique_id": node.unique_id, "status": result.status, "seconds": result.seconds}
            if result.rows is not None:
                metadata["dagster/row_count"] = result.rows
            if columns := sources.get(f"{node.relation.schema}.{node.relation.name}"):
                metadata["dagster/column_lineage"] = self._lineage(columns)
            version = dg.DataVersion(result.content) if result.content else None
            key = self._translator.get_asset_key(self._manifest["nodes"][node.unique_id])
            yield dg.MaterializeResult(asset_key=key, metadata=metadata, data_version=version)

    def _lineage(self, columns: Mapping[str, list[list[str]]]) -> dg.TableColumnLineage:
        return dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(self._made[schema, table], name)
                    for schema, table, name in made_of
                    if (schema, table) in self._made
                ]
                for column, made_of in columns.items()
            }
        )

    def _test(self, result: Result, context: dg.AssetExecutionContext) -> Iterator[DbtResult]:
        if result.status == "skipped":
            return
        node = result.node
        metadata: Metadata = {"unique_id": node.unique_id, "status": result.status, "failures": result.failures or 0}
        severity = dg.AssetCheckSeverity.ERROR if result.status in ("fail", "error") else dg.AssetCheckSeverity.WARN
        checks = [key for key in context.selected_asset_check_keys if key.name == node.name]
        for key in checks:
            yield dg.AssetCheckResult(
                passed=result.status == "pass",
                asset_key=key.asset_key,
                check_name=key.name,
                severity=severity,
                metadata=metadata,
            )
        if not checks:
            for each in node.after:
                key = self._translator.get_asset_key(self._manifest["nodes"][each])
                yield dg.AssetObservation(asset_key=key, metadata=metadata)
