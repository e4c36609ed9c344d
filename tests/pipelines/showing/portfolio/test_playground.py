"""The weights to be tried in the page: what it computes is what the models compute, by the weights in force and by others.

Belongs here: the page in a real browser beside dbt's models. Not here: what-if from option to table (tests/orchestration/test_what_if.py).
"""

from __future__ import annotations

import shlex
import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page

from orchestration.dbt import manifest, plan, runner
from pipelines.home import Home
from pipelines.landing import warehouse
from pipelines.settings import tables
from pipelines.settings.changes import changed_portfolio
from pipelines.settings.workspace import PORTFOLIO_FILE, open_workspace
from pipelines.showing.portfolio.page import write_page
from tests.end_to_end.demo import demo_published
from tests.end_to_end.example import golden_published
from tests.end_to_end.kundenwert import Company
from tests.pipelines.showing.conftest import Open

pytestmark = pytest.mark.needs("browser")

Placed = dict[str, tuple[int, int, str]]
"""Id -> potential and attractiveness in units of 10^-4, raw zone."""

OTHERS = """() => {
  for (const axis of document.querySelectorAll("#playground fieldset")) {
    const inputs = [...axis.querySelectorAll("input[type=range]")];
    const kept = Math.max(Number(axis.dataset.least), inputs.length - 1), even = Math.floor(100 / kept);
    for (const [place, input] of inputs.entries()) {
      input.value = place >= kept ? 0 : place > 0 ? even : 100 - (kept - 1) * even;
      input.dispatchEvent(new Event("input"));
    }
  }
}"""
"""Every axis as even as it can be, the lightest criterion off where one may go."""


def _tried(page: Page) -> Placed:
    return {
        name: (potential, attractive, zone) for name, potential, attractive, zone in page.evaluate("kundenwert.tried()")
    }


def _placed(database: str, relation: str, zone: str, where: str = "true") -> Placed:
    with duckdb.connect(database, read_only=bool(database)) as connection:
        rows = connection.execute(
            f"""select ultimate_parent_id, (potential_score * 10000)::bigint, (attractiveness_score * 10000)::bigint,
            coalesce({zone}, 'unrated') from {relation} where as_of_date = (select max(as_of_date) from {relation}) and {where}"""
        ).fetchall()
    return {name: tuple(rest) for name, *rest in rows}


def _published(company: Company) -> Placed:
    mart = f"'{company.current / 'bi' / 'mart_portfolio.parquet'}'"
    return _placed("", mart, "raw_zone", "zone <> 'never_bought' and potential_score is not null")


def _as_the_models_compute(company: Company, assignments: list[str], home: Home) -> Placed:
    """A copy of the company's home with the settings `kundenwert what-if` would take, built as far as raw zones."""
    shutil.copytree(company.home, home.root, symlinks=True)
    workspace = open_workspace(company.config, home)
    changed, _ = changed_portfolio(company.config / PORTFOLIO_FILE, assignments)
    tables.write(changed, home)
    warehouse.attach(home, workspace.contracts)
    selected = plan.read(manifest.ensure_manifest()).up_to("int_zones__raw")
    assert [result.node.name for result in runner.build(home, selected) if not result.is_good] == []
    return _placed(str(home.warehouse), "intermediate.int_zones__raw", "plain_zone", "not is_never_bought")


@pytest.mark.parametrize(
    "published", [golden_published, pytest.param(demo_published, marks=pytest.mark.slow)], ids=["golden", "demo"]
)
def test_the_page_computes_what_the_models_compute(
    published: object, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, opened: Open
) -> None:
    company: Company = published(tmp_path_factory)  # type: ignore[operator]
    made = opened(write_page(company.current, tmp_path / "portfolio.html"))
    page, marts = made.page, _published(company)
    assert _tried(page) == marts, "by the weights in force it is the marts"
    page.evaluate(OTHERS)
    asked = shlex.split(page.locator("#playground-command code").inner_text())
    assert asked[:2] == ["kundenwert", "what-if"]
    models = _as_the_models_compute(company, asked[3::2], Home.at(tmp_path / "home"))
    tried = _tried(page)
    assert tried == {name: models[name] for name in marts}
    moves = Counter((marts[name][2], tried[name][2]) for name in marts if marts[name][2] != tried[name][2])
    assert moves, "weights that move nobody show nothing"
    shown = page.locator("#tried-totals tbody tr").evaluate_all(
        "(rows) => rows.map((row) => [row.dataset.from, row.dataset.to, Number(row.dataset.count)])"
    )
    assert {(start, end): count for start, end, count in shown} == moves
    assert f"{moves.total()} of {len(marts)} customers and leads" in page.locator("#playground .answer").inner_text()
    assert made.complaints == []


def test_nothing_is_said_until_an_axis_adds_up(report: Path, opened: Open) -> None:
    page = opened(report).page
    gap, growth = (page.locator(f"#weight-customer-potential-{place}") for place in (1, 2))
    gap.focus()
    page.keyboard.press("ArrowLeft")
    axis = page.locator("fieldset[data-axis=potential]").first
    assert axis.locator(".sum").inner_text() == "Sum 99 of 100: 1 still to give"
    assert page.locator("#playground-result table").count() == 0
    assert page.locator("#playground-command").is_hidden()
    axis.locator("input[type=number]").nth(1).fill("41")
    assert (
        "of 308 customers and leads would stand in another raw zone" in page.locator("#playground-result").inner_text()
    )
    command = "kundenwert what-if --set weights.potential.gap=59 --set weights.potential.growth=41"
    assert page.locator("#playground-command code").inner_text() == command
    gap.fill("0")
    growth.fill("100")
    assert axis.locator(".sum").inner_text() == "At least 2 criteria need a weight."
    assert page.locator("#playground-result table").count() == 0
    page.locator("#playground-reset").click()
    assert (gap.input_value(), growth.input_value()) == ("60", "40")
    assert "weights in force" in page.locator("#playground-result").inner_text()
