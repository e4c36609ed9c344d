"""Charts and dashboards as they lie in assets/, in Superset's own format: what each of them asks.

Belongs here: reading them, what a chart asks of its dataset. Not here: whether that is right (rules.py), packing them (bundle.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ConfigDict

from bi.superset.datasets import ASSETS

Order = tuple[str, bool]
"""What rows are ordered by, and whether upwards."""


class _Read(BaseModel):
    # Superset writes more keys than anybody asks for here.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Filter(_Read):
    """A filter of a chart."""

    expressionType: str  # noqa: N815
    subject: str
    operator: str
    comparator: Any = None


class Params(_Read):
    """What a chart asks, in the words of all kinds of charts."""

    metric: Any = None
    metrics: list[Any] = []
    x: Any = None
    y: Any = None
    size: Any = None
    x_axis: str | None = None
    groupby: list[str] | str = []
    entity: str | None = None
    series: str | None = None
    query_mode: str = "aggregate"
    all_columns: list[str] = []
    order_by_cols: list[str] = []
    timeseries_limit_metric: Any = None
    adhoc_filters: list[Filter] = []
    row_limit: int = 10000
    time_grain_sqla: str | None = None


class Chart(_Read):
    """A chart."""

    slice_name: str
    viz_type: str
    params: Params
    uuid: str
    dataset_uuid: str

    @property
    def columns(self) -> list[str]:
        """What its rows are cut by, or are."""
        params = self.params
        if params.query_mode == "raw":
            return list(params.all_columns)
        groups = [params.groupby] if isinstance(params.groupby, str) else params.groupby
        named = (params.x_axis, *groups, params.series, params.entity)
        return list(dict.fromkeys(name for name in named if name))

    @property
    def metrics(self) -> list[Any]:
        """Its figures: names of the dataset's metrics."""
        params = self.params
        if params.query_mode == "raw":
            return []
        asked = [params.metric, *params.metrics, params.x, params.y, params.size]
        return [each for number, each in enumerate(asked) if each is not None and each not in asked[:number]]

    @property
    def order(self) -> list[Order]:
        """What its rows are ordered by."""
        params = self.params
        if params.query_mode == "raw":
            return [(column, bool(up)) for column, up in map(json.loads, params.order_by_cols)]
        by = params.timeseries_limit_metric or (self.metrics[0] if self.columns else None)
        return [] if by is None else [(by, False)]

    @property
    def filtered(self) -> set[str]:
        """Columns of which only some values are asked for."""
        return {each.subject for each in self.params.adhoc_filters}

    def query_context(self) -> str:
        """What Superset's data API answers with the rows of the chart; the browser makes its own from the parameters."""
        params = self.params
        columns: list[Any] = list(self.columns)
        if params.x_axis and params.time_grain_sqla:
            columns[0] = {
                "label": params.x_axis,
                "sqlExpression": params.x_axis,
                "expressionType": "SQL",
                "columnType": "BASE_AXIS",
                "timeGrain": params.time_grain_sqla,
            }
        query = {
            "columns": columns,
            "metrics": self.metrics or None,
            "orderby": self.order,
            "filters": [
                {"col": each.subject, "op": each.operator, "val": each.comparator} for each in params.adhoc_filters
            ],
            "row_limit": params.row_limit,
        }
        asked = {"datasource": None, "queries": [query], "result_format": "json", "result_type": "full", "force": False}
        return json.dumps(asked, ensure_ascii=False)


class Meta(_Read):
    """What a place of a dashboard says of the chart in it."""

    uuid: str | None = None


class Place(_Read):
    """A part of a dashboard's layout."""

    type: str
    meta: Meta = Meta()


class Target(_Read):
    """What a dashboard's filter narrows."""

    datasetUuid: str  # noqa: N815
    column: dict[str, str]


class DashboardFilter(_Read):
    """A filter beside the charts."""

    name: str
    targets: list[Target]


class Metadata(_Read):
    """What a dashboard has beside its charts."""

    native_filter_configuration: list[DashboardFilter] = []


class Dashboard(_Read):
    """A dashboard."""

    dashboard_title: str
    description: str
    slug: str
    uuid: str
    position: dict[str, Any]
    metadata: Metadata

    @cached_property
    def charts(self) -> frozenset[str]:
        """The uuids of its charts."""
        places = (Place.model_validate(each) for each in self.position.values() if isinstance(each, dict))
        return frozenset(place.meta.uuid or "" for place in places if place.type == "CHART")


@dataclass(frozen=True, slots=True)
class Assets:
    """Everything below assets/ that is written by hand, by file."""

    charts: dict[Path, Chart]
    dashboards: dict[Path, Dashboard]


CHARTS: Final = "charts"
DASHBOARDS: Final = "dashboards"


def read(folder: Path = ASSETS) -> Assets:
    """The charts and dashboards."""
    charts = {path.relative_to(folder): Chart.model_validate(parsed(path)) for path in _files(folder / CHARTS)}
    dashboards = {
        path.relative_to(folder): Dashboard.model_validate(parsed(path)) for path in _files(folder / DASHBOARDS)
    }
    return Assets(charts, dashboards)


def parsed(path: Path) -> Any:
    """What a YAML file holds."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))
