"""How dbt's models appear in Dagster: keys, groups, what the raw tables are called. Belongs here: only that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration import groups

DOCUMENTATION: Final = "reports/dbt.html"
"""dbt's documentation site in the home, written by `make site`."""


class Translator(DagsterDbtTranslator):
    """Keys are [layer, model]; groups and owners are those of the model's folder (orchestration.groups)."""

    def __init__(self, project_dir: Path) -> None:
        """Several sources are one asset: all control tables, all settings tables. `project_dir`: where models and YAML lie."""
        self._project_dir = project_dir
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
        """The check of a dbt test, of one over several models at the model it decides on. None blocks on its own: the gate decides, and a
        blocked gate could not say why."""
        test = manifest["nodes"][unique_id]
        description = str((test.get("meta") or {}).get("what") or test.get("description") or "") or None
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        if spec is not None:
            return spec._replace(blocking=False, description=description)
        if is_of_one(test) or self.get_asset_key(manifest["nodes"][decides_on(manifest, test)]) != asset_spec.key:
            return None
        return dg.AssetCheckSpec(test["name"], asset=asset_spec.key, description=description)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The group of the folder below models/."""
        if dbt_resource_props["resource_type"] == "source":
            return None
        return groups.of_folder(*_folders(dbt_resource_props))

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str] | None:
        """Who answers for its group, unless the model names somebody (meta.dagster.owners)."""
        return super().get_owners(dbt_resource_props) or groups.owners(self.get_group_name(dbt_resource_props) or "")

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """dbt's own, the layer, and of a mart its audience."""
        audience = (dbt_resource_props.get("meta") or {}).get("audience")
        ours = {"kundenwert/layer": layer(dbt_resource_props)} | ({"kundenwert/audience": audience} if audience else {})
        return {**super().get_tags(dbt_resource_props), **ours}

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Columns and table as dagster_dbt tells them, the model's files, and of a mart its place in dbt's documentation."""
        found = dict(super().get_metadata(dbt_resource_props))
        if layer(dbt_resource_props) == "marts":
            found["documentation"] = f"{DOCUMENTATION}#!/model/{dbt_resource_props['unique_id']} (written by make site)"
        if dbt_resource_props["resource_type"] != "source":
            found |= groups.references(*self._files(dbt_resource_props))
        return found

    def _files(self, node: Mapping[str, Any]) -> list[Path]:
        files = (node["original_file_path"], str(node.get("patch_path") or "").rpartition("://")[2])
        return [self._project_dir / file for file in files if file]


def is_of_one(test: Mapping[str, Any]) -> bool:
    """Whether dagster_dbt knows which model a test stands on."""
    return bool(test.get("attached_node")) or len(set(test["depends_on"]["nodes"])) == 1


def decides_on(manifest: Mapping[str, Any], test: Mapping[str, Any]) -> str:
    """The model a test over several models stands on: the last it reads, marts before others; in this project the one it is about."""
    read = [str(each) for each in test["depends_on"]["nodes"] if each in manifest["nodes"]]
    named = str((test.get("meta") or {}).get("decides") or "").partition(".")[0]
    about = [each for each in read if each.rpartition(".")[2] == named]
    return str((about or [each for each in read if layer(manifest["nodes"][each]) == "marts"] or read)[-1])


def layer(dbt_resource_props: Mapping[str, Any]) -> str:
    """staging, intermediate or marts; the kind of resource for what lies outside models/ (`seed`)."""
    folders = _folders(dbt_resource_props)
    return folders[0] if folders else str(dbt_resource_props["resource_type"])


def _folders(dbt_resource_props: Mapping[str, Any]) -> list[str]:
    """The folders between the project and the file, from the fully qualified name."""
    return [str(part) for part in dbt_resource_props["fqn"][1:-1]]
