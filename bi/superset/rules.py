"""What must hold of datasets, charts and dashboards, and what breaks if a column goes.

Belongs here: findings and who uses what. Not here: reading the assets (assets.py), the marts' contracts (tools.mart_dictionary).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from bi.superset.assets import Assets, Chart, Dashboard
from bi.superset.datasets import ASSETS, Dataset, Origin, Wanted, by_uuid, texts
from tools.mart_dictionary import Mart

KINDS: Final = frozenset(
    ["big_number_total", "table", "echarts_timeseries_bar", "echarts_timeseries_line", "bubble_v2", "heatmap_v2"]
)
"""Kinds of charts whose parameters assets.py can read."""


def findings(
    assets: Assets, known: Mapping[str, Dataset], wanted: Mapping[str, Wanted], marts: Sequence[Mart]
) -> Iterator[str]:
    """What is wrong, a sentence each."""
    datasets = by_uuid(known)
    yield from _of_datasets(known, wanted, marts)
    yield from _of_identity(assets)
    for path, chart in assets.charts.items():
        yield from (f"{path}: {what}" for what in _of_chart(chart, datasets))
    charts = {chart.uuid for chart in assets.charts.values()}
    for path, dashboard in assets.dashboards.items():
        yield from (f"{path}: {what}" for what in _of_dashboard(dashboard, charts, datasets))


def stale(known: Mapping[str, Dataset], folder: Path = ASSETS) -> Iterator[str]:
    """Dataset files that are not what follows from the marts."""
    written = texts(known)
    for path, text in written.items():
        if not (folder / path).is_file() or (folder / path).read_text(encoding="utf-8") != text:
            yield f"{path} is not what is generated; run `python -m bi.superset datasets`"
    there = {path.relative_to(folder) for path in (folder / "datasets").rglob("*.yaml")}
    yield from (f"{path} belongs to no dataset of datasets.yml" for path in sorted(there - written.keys()))


def _of_datasets(known: Mapping[str, Dataset], wanted: Mapping[str, Wanted], marts: Sequence[Mart]) -> Iterator[str]:
    published = {Origin(mart.name, column.name) for mart in marts for column in mart.columns}
    for name, each in wanted.items():
        if name not in known:
            yield f"dataset {name}: there is no {each.mart}"
            continue
        labelled = (Origin(table, label) for table in each.labels.values() for label in ("label_en", "label_de"))
        single = [] if each.single is None else [*each.single.by, *each.single.columns]
        needed = (*known[name].joined_by, *labelled, *(Origin(each.mart, column) for column in single))
        yield from (f"dataset {name}: there is no {origin}" for origin in needed if origin not in published)


def _of_identity(assets: Assets) -> Iterator[str]:
    every = Counter(
        [*(each.uuid for each in assets.charts.values()), *(each.uuid for each in assets.dashboards.values())]
    )
    twice = [uuid for uuid, count in every.items() if count > 1]
    yield from (f"uuid {uuid} is there twice" for uuid in twice)
    shown = {uuid for dashboard in assets.dashboards.values() for uuid in dashboard.charts}
    yield from (f"{path}: no dashboard shows it" for path, chart in assets.charts.items() if chart.uuid not in shown)


def _of_chart(chart: Chart, datasets: Mapping[str, Dataset]) -> Iterator[str]:
    if chart.viz_type not in KINDS:
        yield f"charts of the kind {chart.viz_type} are not read here (rules.KINDS)"
        return
    dataset = datasets.get(chart.dataset_uuid)
    if dataset is None:
        yield f"there is no dataset {chart.dataset_uuid}"
        return
    yield from _of_metrics(chart, dataset)
    ordered = [by for by, _ in chart.order if by not in chart.metrics]
    for column in dict.fromkeys((*chart.columns, *ordered, *sorted(chart.filtered))):
        if column not in dataset.columns:
            yield f"dataset {dataset.name} has no column {column}"
    if any(each.expressionType != "SIMPLE" for each in chart.params.adhoc_filters):
        yield "a filter is written in SQL; what it decides belongs to a mart"


def _of_metrics(chart: Chart, dataset: Dataset) -> Iterator[str]:
    narrowed = {each.subject for each in chart.params.adhoc_filters if each.operator == "=="}
    for asked in chart.metrics:
        if not isinstance(asked, str):
            yield f"{asked} is computed in the chart; figures come from marts and metrics"
        elif asked not in dataset.metrics:
            yield f"dataset {dataset.name} has no metric {asked}"
        elif missing := set(dataset.metrics[asked].cut_by) - set(chart.columns) - narrowed:
            yield f"{asked} means nothing over several {', '.join(sorted(missing))}: cut or filter by it"


def _of_dashboard(dashboard: Dashboard, charts: set[str], datasets: Mapping[str, Dataset]) -> Iterator[str]:
    yield from (f"there is no chart {uuid or 'without uuid'}" for uuid in sorted(dashboard.charts - charts))
    for each in dashboard.metadata.native_filter_configuration:
        for target in each.targets:
            dataset = datasets.get(target.datasetUuid)
            if dataset is None:
                yield f"filter {each.name}: there is no dataset {target.datasetUuid}"
            elif target.column["name"] not in dataset.columns:
                yield f"filter {each.name}: dataset {dataset.name} has no column {target.column['name']}"


# --- what breaks -----------------------------------------------------------------------------------------------------


def origins(chart: Chart, dataset: Dataset) -> frozenset[Origin]:
    """Every published column a chart needs."""
    columns = {*chart.columns, *chart.filtered, *(by for by, _ in chart.order if by in dataset.columns)}
    for asked in chart.metrics:
        if isinstance(asked, str) and asked in dataset.metrics:
            columns |= {*dataset.metrics[asked].columns, *dataset.metrics[asked].cut_by}
    shown = (origin for name in columns & dataset.columns.keys() for origin in dataset.columns[name].origins)
    return frozenset((*shown, *dataset.joined_by))


def impact(asked: str, assets: Assets, known: Mapping[str, Dataset]) -> Iterator[str]:
    """Which charts and dashboards break if `asked`, TABLE or TABLE.COLUMN, goes; nothing if none does."""
    table, _, column = asked.partition(".")
    datasets = by_uuid(known)
    for chart in assets.charts.values():
        if _hit(origins(chart, datasets[chart.dataset_uuid]), table, column):
            where = sorted(each.dashboard_title for each in assets.dashboards.values() if chart.uuid in each.charts)
            yield f"chart {chart.slice_name} (dashboard {', '.join(where)})"
    for dashboard in assets.dashboards.values():
        for each in dashboard.metadata.native_filter_configuration:
            for target in each.targets:
                narrowed = datasets[target.datasetUuid].columns[target.column["name"]]
                if _hit(narrowed.origins, table, column):
                    yield f"filter {each.name} (dashboard {dashboard.dashboard_title})"


def _hit(used: Iterable[Origin], table: str, column: str) -> bool:
    return any(origin.table == table and column in ("", origin.column) for origin in used)


def tables_of(dashboard: Dashboard, assets: Assets, known: Mapping[str, Dataset]) -> frozenset[str]:
    """The published tables a dashboard reads."""
    datasets = by_uuid(known)
    shown = (chart for chart in assets.charts.values() if chart.uuid in dashboard.charts)
    return frozenset(origin.table for chart in shown for origin in origins(chart, datasets[chart.dataset_uuid]))
