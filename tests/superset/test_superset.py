"""Apache Superset itself, with our assets: they import, and every chart says what SQL on the marts says.

Belongs here: what needs a running Superset. Not here: the assets against the marts' contracts (tests/bi).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from bi.superset import assets
from bi.superset.__main__ import main
from pipelines.quoting import literal
from tests.conftest import REPOSITORY
from tests.end_to_end.demo import demo_published
from tests.end_to_end.kundenwert import Company
from tests.patience import PATIENCE_SECONDS
from tests.superset.server import HERE, Superset, superset

pytestmark = [pytest.mark.needs("superset"), pytest.mark.slow]
CHARTS = {path.stem: chart for path, chart in assets.read().charts.items()}
ANSWERS = dict(
    re.findall(r"^-- (\w+)\n(.*?;)$", (HERE / "answers.sql").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Company:
    return demo_published(tmp_path_factory)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    with superset(tmp_path_factory.mktemp("superset")) as started:
        yield started


@pytest.fixture(scope="module")
def imported(running: Superset, demo: Company, tmp_path_factory: pytest.TempPathFactory) -> Superset:
    """Imported twice: by the button of the page where nothing was, then by the API, which replaces."""
    published = demo.home / "published" / "CURRENT"
    folder = tmp_path_factory.mktemp("bundles")
    where = [
        "--bi",
        str(published / "bi" / "serving.duckdb"),
        "--controlling",
        str(published / "controlling" / "serving.duckdb"),
    ]
    assert main(["bundle", *where, "--for-page", "--out", str(folder / "page.zip")]) == 0
    assert main(["bundle", *where, "--out", str(folder / "api.zip")]) == 0
    running.upload("/api/v1/dashboard/import/", "formData", folder / "page.zip", overwrite="true")
    running.upload("/api/v1/assets/import/", "bundle", folder / "api.zip")
    return running


@pytest.fixture(scope="module")
def marts(demo: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    with demo.serving() as bi:
        controlling = demo.current / "controlling" / "serving.duckdb"
        bi.execute(f"attach {literal(controlling)} as controlling (read_only)")
        yield bi


@pytest.fixture(scope="module")
def numbers(imported: Superset) -> dict[str, int]:
    """File's name of a chart -> its number in Superset."""
    listed = imported.get("/api/v1/chart/?q=(columns:!(id,uuid),page_size:100)")["result"]
    by_uuid = {each["uuid"]: each["id"] for each in listed}
    assert len(by_uuid) == len(listed) == len(CHARTS), "a chart came twice or not at all"
    return {name: by_uuid[chart.uuid] for name, chart in CHARTS.items()}


def test_every_chart_has_an_answer_written_by_hand() -> None:
    assert ANSWERS.keys() == CHARTS.keys()


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_a_chart_says_what_the_marts_say(
    name: str, imported: Superset, numbers: dict[str, int], marts: duckdb.DuckDBPyConnection
) -> None:
    answered = imported.get(f"/api/v1/chart/{numbers[name]}/data/")["result"][0]
    found = [tuple(row[column] for column in answered["colnames"]) for row in answered["data"]]
    wanted = marts.execute(ANSWERS[name]).fetchall()
    assert wanted
    assert in_order(found) == in_order(wanted)


def in_order(rows: list[tuple[Any, ...]]) -> list[tuple[str, ...]]:
    """Rows by their texts; numbers to six digits, days as Superset tells them: milliseconds since 1970."""
    return sorted(tuple(_told(value) for value in row) for row in rows)


def _told(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, datetime):
        value = value.replace(tzinfo=UTC).timestamp() * 1000
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{value:.6f}"
    return str(value)


def test_nobody_writes_through_superset(imported: Superset) -> None:
    listed = imported.get("/api/v1/database/")["result"]
    assert {each["database_name"] for each in listed} == {"Kundenwert BI", "Kundenwert controlling"}
    for each in listed:
        told = imported.get(f"/api/v1/database/{each['id']}/connection")["result"]
        assert json.loads(told["extra"])["engine_params"] == {"connect_args": {"read_only": True}}
        assert not (told["allow_dml"] or told["allow_ctas"] or told["allow_cvas"])


@pytest.mark.needs("browser")
def test_a_browser_shows_every_dashboard(
    imported: Superset,
    numbers: dict[str, int],
    marts: duckdb.DuckDBPyConnection,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Every chart is drawn from rows, nothing fails, nothing is asked of anybody else."""
    folder = tmp_path_factory.mktemp("pictures")
    done = subprocess.run(
        [sys.executable, "-m", "tests.superset.pictures", imported.url, str(folder)],
        input=f"{imported.password}\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    for dashboard in assets.read().dashboards.values():
        told = seen[dashboard.dashboard_title]
        shown = {str(numbers[name]) for name, chart in CHARTS.items() if chart.uuid in dashboard.charts}
        assert told["failed"] == [], dashboard.dashboard_title
        assert told["rows"].keys() == shown, dashboard.dashboard_title
        assert (folder / f"{dashboard.slug}.png").stat().st_size > 30_000
    (richest,) = marts.execute("select max(net_revenue) from mart_portfolio where is_latest").fetchall()
    revenue = seen["Customer 360"]["rows"][str(numbers["customer_360_net_revenue_12_months"])]
    assert in_order([tuple(row.values()) for row in revenue]) == in_order([richest]), (
        "it opens with the largest customer"
    )
    assert {host for told in seen.values() for host in told["hosts"]} == {"127.0.0.1"}
