"""How dbt's models appear in Dagster: keys, groups, what the raw tables are called. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

SHORT = {"intermediate": "int", "marts": "mart"}
"""Layers in the names of groups: Dagster's graph cuts names of more than 17 signs."""


class Translator(DagsterDbtTranslator):
    """Keys are [layer, model], groups are the model's folder (`staging_erp`, `mart_value`)."""

    def __init__(self) -> None:
        """Several sources are one asset: all control tables, all settings tables."""
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[layer, model]; of a source the asset that makes it, as its YAML declares (config.meta.dagster.asset_key)."""
        if dbt_resource_props["resource_type"] != "source":
            return dg.AssetKey([layer(dbt_resource_props), str(dbt_resource_props["name"])])
        declared = (dbt_resource_props.get("meta") or {}).get("dagster", {}).get("asset_key")
        if declared is None:
            name = f"{dbt_resource_props['source_name']}.{dbt_resource_props['name']}"
            raise dg.DagsterInvalidDefinitionError(
                f"the dbt source {name} does not say which asset makes it: declare config.meta.dagster.asset_key"
            )
        return dg.AssetKey(declared)

    def get_asset_check_spec(
        self, asset_spec: dg.AssetSpec, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetCheckSpec | None:
        """The check of a dbt test. None blocks on its own: the gate decides, and a blocked gate could not say why."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec._replace(blocking=False) if spec is not None else None

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder below models/, its levels joined by `_`."""
        if dbt_resource_props["resource_type"] == "source":
            return None
        folders = [SHORT.get(folder, folder) for folder in _folders(dbt_resource_props)]
        return "_".join(folders) or layer(dbt_resource_props)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The model's own description; its SQL is in the repository."""
        return str(dbt_resource_props.get("description") or "")


def layer(dbt_resource_props: Mapping[str, Any]) -> str:
    """staging, intermediate or marts; the kind of resource for what lies outside models/ (`seed`)."""
    folders = _folders(dbt_resource_props)
    return folders[0] if folders else str(dbt_resource_props["resource_type"])


def _folders(dbt_resource_props: Mapping[str, Any]) -> list[str]:
    """The folders between the project and the file, from the fully qualified name."""
    return [str(part) for part in dbt_resource_props["fqn"][1:-1]]
