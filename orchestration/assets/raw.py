"""Deliveries -> raw tables: one asset per contract, made by one factory.

Belongs here: only that. Not here: how a table is landed (pipelines.landing).
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Mapping
from datetime import UTC, datetime

import dagster as dg

from orchestration import groups
from orchestration.assets import asset_checks, check_files
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import MONTHS, ONE_RUN, WAREHOUSE_POOL, asset_step, raw_key
from orchestration.dagster.failures import in_plain_words
from pipelines import checks
from pipelines.contracts import Column, Contract
from pipelines.contracts.load import DIRECTORY


def raw_assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The raw tables as assets: key raw/<domain>/<table>, in one group, described by their contract."""
    return [_raw_asset(contract) for contract in contracts.values()]


def _raw_asset(contract: Contract) -> dg.AssetsDefinition:
    key = raw_key(contract)

    @dg.asset(
        key=key,
        group_name=groups.DELIVERIES,
        owners=groups.owners(groups.DELIVERIES),
        tags={"kundenwert/layer": "raw", "kundenwert/domain": contract.domain},
        check_specs=[asset_checks.landing_spec(key), asset_checks.freshness_spec(key)],
        description=contract.description,
        kinds={"parquet"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
        metadata={
            "dagster/column_schema": dg.TableSchema([_column(column) for column in contract.columns]),
            "dagster/table_name": f"warehouse.raw.{contract.name}",
            **groups.references(DIRECTORY / f"{contract.name}.yml"),
        },
    )
    def landed(run: RunResource) -> dg.MaterializeResult:  # type: ignore[type-arg]  # Dagster reads the plain class
        from data_quality.landing_results import landing_results
        from pipelines.landing.land import land_table
        from pipelines.watching.state import aged

        with in_plain_words(), asset_step(run.home, key):
            outcome = land_table(run.workspace, contract.name)
            results = landing_results((outcome,))
            checks.write(results, check_files.landing(run.home, contract.name))
            source = aged(contract.name, outcome.delivered_at, run.workspace.sources, datetime.now(UTC))
        return dg.MaterializeResult(
            metadata={
                "status": outcome.status,
                "rows_in": outcome.rows_in,
                "dagster/row_count": outcome.rows_standing,
                "rows_accepted": outcome.rows_accepted,
                "rows_quarantined": outcome.rows_quarantined,
                "rows_filtered": outcome.rows_filtered,
                "rows_skipped": outcome.rows_skipped,
                "rows_lost_in_mapping": outcome.rows_lost_in_mapping,
                "findings": [f"{finding.severity}: {finding.problem}" for finding in outcome.problems],
            },
            check_results=[
                asset_checks.verdict(key, asset_checks.LANDING, results),
                asset_checks.freshness(key, source),
            ],
        )

    return landed


def _column(column: Column) -> dg.TableColumn:
    return dg.TableColumn(column.load_name, column.sql_type, column.description)
