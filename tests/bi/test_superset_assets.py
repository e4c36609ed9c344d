"""Superset's assets against the marts' contracts: what is planted is found, what a column takes with it is named.

Not here: a running Superset (tests/superset).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from bi.superset import assets, rules
from bi.superset.__main__ import main
from bi.superset.assets import Assets, Chart
from bi.superset.datasets import ASSETS, Dataset, datasets, known_datasets, marts, read_wanted
from tools.mart_dictionary import Mart, read_audience, read_doc_blocks

GONE = ("mart_portfolio", "achievable_gap")
TITLES = [
    "Campaigns",
    "Contribution and whale curve",
    "Customer 360",
    "Portfolio",
    "Sales input and sources",
    "Service levels and capacity",
    "Share of wallet",
    "Work list",
]


def known_without(table: str, column: str) -> tuple[dict[str, Dataset], Sequence[Mart]]:
    """The datasets as they would be if a mart lost a column."""
    left = tuple(
        mart.model_copy(
            update={"columns": [each for each in mart.columns if (mart.name, each.name) != (table, column)]}
        )
        for mart in marts()
    )
    return datasets(left, read_doc_blocks(), read_wanted(), read_audience()), left


def found(read: Assets, known: dict[str, Dataset], there: Sequence[Mart] = ()) -> list[str]:
    return list(rules.findings(read, known, read_wanted(), there or marts()))


def with_chart(**params: Any) -> tuple[Path, Assets]:
    """The assets with other parameters of one chart."""
    read = assets.read()
    path = Path("charts/campaigns_activities_of_campaigns.yaml")
    chart = read.charts[path]
    other = chart.model_copy(update={"params": chart.params.model_copy(update=params)})
    return path, Assets({**read.charts, path: other}, read.dashboards)


def test_everything_stands_on_the_marts(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate"]) == 0, capsys.readouterr().err
    assert sorted(each.dashboard_title for each in assets.read().dashboards.values()) == TITLES


def test_a_column_that_goes_is_missed_by_the_charts_that_impact_names(capsys: pytest.CaptureFixture[str]) -> None:
    known, left = known_without(*GONE)
    missed = found(assets.read(), known, left)
    names = {Path(each.partition(":")[0]) for each in missed}
    assert main(["impact", ".".join(GONE)]) == 0
    told = capsys.readouterr().out
    assert names and {assets.read().charts[name].slice_name for name in names} == set(
        re.findall(r"^chart (.*) \(", told, re.MULTILINE)
    )
    assert "chart Untapped potential (dashboard Portfolio)" in told and "(dashboard Customer 360)" in told
    assert [*rules.stale(known)] == [
        "datasets/Kundenwert_BI/portfolio.yaml is not what is generated; run `python -m bi.superset datasets`"
    ]


def test_a_key_or_a_filter_column_that_goes_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["impact", "mart_portfolio.region"]) == 0
    assert "filter Region (dashboard Portfolio)" in capsys.readouterr().out
    known, left = known_without("dim_zone", "zone")
    assert "dataset portfolio: there is no dim_zone.zone" in found(assets.read(), known, left)
    assert main(["impact", "mart_portfolio.no_such"]) == 2
    assert main(["impact", "mart_raters"]) == 0
    assert "nothing here needs mart_raters" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"metrics": [{"expressionType": "SQL", "sqlExpression": "SUM(effect)"}]}, "is computed in the chart"),
        ({"metrics": ["sum_effect"]}, "dataset campaigns has no metric sum_effect"),
        ({"groupby": []}, "sum_campaign_activities means nothing over several campaign_id"),
        ({"groupby": ["campaign_id", "colour"]}, "dataset campaigns has no column colour"),
        ({"adhoc_filters": [assets.Filter(expressionType="SQL", subject="phase", operator="==")]}, "is written in SQL"),
    ],
)
def test_a_planted_fault_is_found(params: dict[str, Any], told: str) -> None:
    path, read = with_chart(**params)
    (finding,) = found(read, known_datasets())
    assert finding.startswith(f"{path}: ") and told in finding


def test_nothing_is_summed_over_as_of_dates() -> None:
    """Where a mart has several as-of dates its dataset reads the latest one only."""
    by_name = {mart.name: mart for mart in marts()}
    for name, dataset in known_datasets().items():
        mart = by_name[read_wanted()[name].mart]
        assert ("as_of_date" in mart.never_sum_over) == (f"from current_{mart.name} as mart" in dataset.sql), name


def test_a_file_to_import_says_where_the_marts_are_and_no_file_here_does(tmp_path: Path) -> None:
    bi, controlling = tmp_path / "bi.duckdb", tmp_path / "controlling.duckdb"
    for out in ("once.zip", "twice.zip"):
        assert main(["bundle", "--bi", str(bi), "--controlling", str(controlling), "--out", str(tmp_path / out)]) == 0
    assert (tmp_path / "once.zip").read_bytes() == (tmp_path / "twice.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "once.zip") as packed:
        read = {name: yaml.safe_load(packed.read(name)) for name in packed.namelist()}
    assert read["kundenwert/databases/Kundenwert_BI.yaml"]["sqlalchemy_uri"] == f"duckdb:///{bi}"
    assert all(each["query_context"] for name, each in read.items() if "/charts/" in name)
    assert not any("duckdb:///" in path.read_text(encoding="utf-8") for path in ASSETS.rglob("*.yaml"))


def test_who_has_no_controlling_file_gets_the_other_dashboards(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bundle", "--bi", "/srv/bi/serving.duckdb", "--out", str(tmp_path / "out.zip")]) == 0
    assert capsys.readouterr().out.splitlines() == [title for title in TITLES if title != "Sales input and sources"]
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert not [name for name in packed.namelist() if "ontrolling" in name]


def test_each_asset_has_a_uuid_of_its_own() -> None:
    read = assets.read()
    path, chart = next(iter(read.charts.items()))
    twin: dict[Path, Chart] = {**read.charts, path.with_name("twin.yaml"): chart}
    assert f"uuid {chart.uuid} is there twice" in found(Assets(twin, read.dashboards), known_datasets())
