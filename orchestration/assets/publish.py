"""Publishing, as an asset after the gate and nothing else. Belongs here: what is published to whom, read from dbt's
manifest. Not here: how a version is made (pipelines.publishing), whether it may be (the gate)."""

# No `from __future__ import annotations` here: Dagster reads the annotations of asset functions as objects.

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import cast

import dagster as dg
from pydantic import Field

from orchestration import groups
from orchestration.assets import check_files
from orchestration.assets.resource import RunResource
from orchestration.assets.shared import GATE, MONTHS, ONE_RUN, PUBLISHED, WAREHOUSE_POOL, asset_step, step_log
from orchestration.dagster.failures import in_plain_words
from orchestration.dbt import marts
from orchestration.dbt.manifest import MANIFEST
from pipelines import checks
from pipelines.contracts import Contract
from pipelines.home import Home
from pipelines.publishing import AUDIENCES, Audience, PublishedTable
from pipelines.vocabulary.columns import both_labels


class PublishConfig(dg.Config):
    """Run configuration of the asset `published_version`."""

    why: list[str] = Field(default_factory=list)
    """What the run knows of the reason: `asked`, `rebuild`."""


def publish_asset() -> dg.AssetsDefinition:
    """The next published version."""

    @dg.asset(
        key=PUBLISHED,
        group_name=groups.PUBLISHING,
        owners=groups.owners(groups.PUBLISHING),
        description="The next version for BI tools: Parquet and DuckDB files per audience, manifest, pointer CURRENT.",
        deps=[GATE],
        kinds={"parquet", "duckdb"},
        partitions_def=MONTHS,
        backfill_policy=ONE_RUN,
        pool=WAREHOUSE_POOL,
    )
    def published_version(config: PublishConfig, run: RunResource) -> dg.MaterializeResult[None]:
        from pipelines import publishing
        from pipelines.landing import secret
        from pipelines.showing import pages

        home = run.home
        with in_plain_words(), asset_step(home, PUBLISHED):
            key_id = secret.key_id(secret.pseudonym_key(home))
            facts = publishing.read_facts(home, project_version(), key_id, tuple(config.why))
            tables = all_tables(home, run.workspace.contracts)
            draw = partial(pages.put_into, workspace=run.workspace)
            version = publishing.publish(home, tables, facts, readers=run.workspace.sources.readers, draw=draw)
        return dg.MaterializeResult(
            metadata={
                "version": version.number,
                "path": dg.MetadataValue.path(str(version.path)),
                "is_new": version.is_new,
                "step_log": step_log(home),
                "files": len(version.manifest.files),
                "unchanged_files": version.linked_files,
            }
        )

    return published_version


def project_version() -> str:
    """The release of this project."""
    return metadata.version("kundenwert")


def all_tables(home: Home, contracts: Mapping[str, Contract]) -> tuple[PublishedTable, ...]:
    """Everything a version holds: the marts, the check results, what landing set aside."""
    return (*published_tables(home), *_set_aside(home, tuple(contracts.values())))


def published_tables(home: Home) -> tuple[PublishedTable, ...]:
    """The marts of the manifest in the home, and the check results for controlling."""
    return (*published_marts(home.dbt_target / MANIFEST), _check_results(check_files.all_results(home)))


def published_marts(manifest_path: Path) -> tuple[PublishedTable, ...]:
    """Every mart, with the audience and key it declares. A wrong one is refused by the export, with the mart's name."""
    return tuple(
        PublishedTable(
            mart.name,
            cast(Audience, mart.audience or AUDIENCES[0]),
            mart.relation,
            mart.key,
            mart.description,
            tuple((name, _captioned(mart.name, name, text)) for name, text in mart.columns),
        )
        for mart in marts.declared(manifest_path)
    )


def _captioned(mart: str, column: str, text: str) -> str:
    """What a column means, below what it is called in English and German."""
    return "\n\n".join(part for part in (" · ".join(both_labels(mart, column)), text) if part)


def _set_aside(home: Home, contracts: Sequence[Contract]) -> tuple[PublishedTable, PublishedTable]:
    from pipelines import duck
    from pipelines.publishing import quarantined

    with duck.reading(home.warehouse, home.temporary) as warehouse:
        return (
            quarantined.write(warehouse, contracts, check_files.quarantined_rows(home)),
            quarantined.write_unreadable(warehouse, contracts, check_files.unreadable_values(home)),
        )


def _check_results(path: Path) -> PublishedTable:
    return PublishedTable("check_results", "controlling", path, checks.KEY)
