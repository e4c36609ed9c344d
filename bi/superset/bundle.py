"""One file to import: the assets, and where the published version lies, which no file of the project says.

Belongs here: databases from paths, packing what can be shown with them. Not here: importing (Superset does it).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from bi.superset.assets import Assets, Chart, Dashboard, parsed
from bi.superset.datasets import ASSETS, DATABASES, Dataset, file_of_database, fixed_uuid

ROOT: Final = "kundenwert"
_WHEN: Final = (2026, 1, 1, 0, 0, 0)  # the same assets give the same file
BY_API: Final = "assets"
"""The kind of file for /api/v1/assets/import/, which replaces whatever is there already."""
BY_PAGE: Final = "Dashboard"
"""The kind for the import button of Superset's page, which replaces dashboards and adds the rest where it is missing."""


def bundle(
    files: Mapping[str, Path], assets: Assets, known: Mapping[str, Dataset], out: Path, kind: str = BY_API
) -> tuple[str, ...]:
    """Write the import file `out`; the titles of the dashboards in it: those that need no other audience than those of `files`.

    `files` is audience -> serving.duckdb, as Superset's machine sees it. Raises OSError where `out` cannot be written.
    """
    audiences = {dataset.uuid: dataset.audience for dataset in known.values()}
    shown = [each for each in assets.dashboards.values() if _needs(each, assets, audiences) <= files.keys()]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        contents = _contents(files, assets, known, shown)
        for path, read in (("metadata.yaml", _metadata(kind)), *contents):
            text = yaml.dump(read, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=140)
            packed.writestr(zipfile.ZipInfo(f"{ROOT}/{path}", _WHEN), text)
    return tuple(sorted(each.dashboard_title for each in shown))


def _metadata(kind: str) -> dict[str, str]:
    return {"version": "1.0.0", "type": kind, "timestamp": "2026-01-01T00:00:00+00:00"}


def _needs(dashboard: Dashboard, assets: Assets, audiences: Mapping[str, str]) -> set[str]:
    return {audiences[chart.dataset_uuid] for chart in assets.charts.values() if chart.uuid in dashboard.charts}


def _contents(
    files: Mapping[str, Path], assets: Assets, known: Mapping[str, Dataset], shown: list[Dashboard]
) -> Iterator[tuple[str, Any]]:
    used = frozenset[str]().union(*(each.charts for each in shown))
    charts = {path: chart for path, chart in assets.charts.items() if chart.uuid in used}
    needed = {chart.dataset_uuid for chart in charts.values()}
    datasets = [dataset for dataset in known.values() if dataset.uuid in needed]
    for audience in sorted({dataset.audience for dataset in datasets}):
        yield f"databases/{file_of_database(audience)}.yaml", database(audience, files[audience])
    for dataset in datasets:
        yield str(dataset.path), parsed(ASSETS / dataset.path)
    for path, chart in charts.items():
        yield str(path), _with_query(path, chart)
    for path, dashboard in assets.dashboards.items():
        if dashboard in shown:
            yield str(path), parsed(ASSETS / path)


def database(audience: str, file: Path) -> dict[str, Any]:
    """A published serving.duckdb as Superset declares a database: read-only, nothing uploaded, nothing written."""
    return {
        "database_name": DATABASES[audience],
        "sqlalchemy_uri": f"duckdb:///{file}",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {
            "engine_params": {"connect_args": {"read_only": True}},
            "metadata_params": {},
            "schemas_allowed_for_file_upload": [],
        },
        "uuid": fixed_uuid("database", audience),
        "version": "1.0.0",
    }


def _with_query(path: Path, chart: Chart) -> dict[str, Any]:
    """A chart with the question its rows answer, so that the data API knows it before a browser has opened it."""
    return {**parsed(ASSETS / path), "query_context": chart.query_context()}
