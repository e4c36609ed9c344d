"""Dagster's definitions: the graph from deliveries to the published version, its jobs, schedule and sensor.

Belongs here: putting the parts together. `dagster dev` finds `definitions` here (pyproject.toml, [tool.dagster]).
Loading reads contracts, dbt's manifest and the configuration's block `automation`, if there is one: no delivery, no Great
Expectations.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from orchestration import unattended
from orchestration.assets.controlling import controlling_asset
from orchestration.assets.models import dbt_models
from orchestration.assets.page import page_asset
from orchestration.assets.publish import publish_asset
from orchestration.assets.quality import batch_quality_asset, gate_asset
from orchestration.assets.raw import raw_assets
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import BATCH_QUALITY, raw_key
from orchestration.assets.steering import steering_assets
from orchestration.dagster.time_limit import limit_tags
from orchestration.dbt.manifest import PROJECT_DIR, ensure_manifest
from pipelines.contracts import load_contracts
from pipelines.home import Home
from pipelines.settings.automation import automation_of

ROOT = Path(__file__).parents[1]
CONFIG_VARIABLE, DEFAULT_CONFIG = "KUNDENWERT_CONFIG", ROOT / "config"
HOME_VARIABLE, DEFAULT_HOME = "KUNDENWERT_HOME", ROOT / "var"
JOB = "portfolio"


@dataclass(frozen=True, slots=True)
class Overrides:
    """What differs from the environment's and the default places; for `kundenwert run` and for tests."""

    config_dir: Path | None = None
    home_dir: Path | None = None
    dbt_project_dir: Path | None = None


def build_definitions(*, overrides: Overrides = Overrides()) -> dg.Definitions:
    """The whole graph, its job `portfolio`, and what starts runs by itself (stopped, unless the
    configuration switches it on). Makes dbt's manifest if it is stale.

    Raises KundenwertError DBT_PARSE, ConfigError CONTRACT_INVALID.
    """
    config_dir = overrides.config_dir or Path(os.environ.get(CONFIG_VARIABLE) or DEFAULT_CONFIG)
    home_dir = overrides.home_dir or Path(os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
    dbt_project_dir = overrides.dbt_project_dir or PROJECT_DIR
    automation = automation_of(config_dir)
    # Partitions with a backfill policy are "beta" to Dagster's pinned release; it says so once per asset.
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    contracts = load_contracts()
    raw_keys = [raw_key(contract) for contract in contracts.values()]
    models = dbt_models(ensure_manifest(dbt_project_dir))
    marts = sorted(key for key in models.keys if key.path[0] == "marts")
    job = dg.define_asset_job(
        JOB,
        dg.AssetSelection.all(),
        description="Land, check, compute, gate, publish.",
        executor_def=dg.in_process_executor,
        tags=limit_tags(automation.limit),
    )
    by_itself = unattended.unattended_job(config_dir, Home.at(home_dir), dbt_project_dir, automation)
    return dg.Definitions(
        assets=[
            *dg.with_source_code_references(
                [
                    *raw_assets(contracts),
                    *steering_assets(raw_keys),
                    batch_quality_asset(raw_keys),
                    gate_asset([*marts, BATCH_QUALITY]),
                    publish_asset(),
                    page_asset(),
                    controlling_asset(),
                ]
            ),
            models,
        ],
        jobs=[job, by_itself],
        schedules=[unattended.daily_schedule(by_itself, automation)],
        sensors=[unattended.delivery_sensor(by_itself, config_dir, Home.at(home_dir), automation)],
        resources={
            "run": RunResource(
                config_dir=str(config_dir.resolve()),
                home_dir=str(home_dir.resolve()),
                dbt_project_dir=str(dbt_project_dir.resolve()),
            )
        },
        executor=dg.in_process_executor,
    )


@dg.definitions
def definitions() -> dg.Definitions:
    """What `dagster dev` loads."""
    return build_definitions()
