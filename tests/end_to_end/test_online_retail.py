"""A real retailer's invoice lines and nothing else: the totals to the penny, no cost invented, and every sentence of the page is so."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.vocabulary import Saying
from tests.conftest import REPOSITORY, SHARED
from tests.end_to_end.kundenwert import Company
from tests.statements import telling
from tests.statements.columns import Asked

pytestmark = [pytest.mark.needs("shared"), pytest.mark.slow]
DATA = SHARED / "data" / "online_retail"


@pytest.fixture(scope="module")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Company:
    company = Company(
        config=REPOSITORY / "examples" / "online_retail" / "config", home=tmp_path_factory.mktemp("online_retail")
    )
    company.fork_and_succeed("run", ONLINE_RETAIL_DIR=str(DATA))
    return company


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "TRUTH.json").read_text(encoding="utf-8"))
    return dict(loaded["truth"])


def test_totals_and_the_largest_are_met_to_the_penny(retailer: Company, truth: dict[str, Any]) -> None:
    year = truth["twelve_months_to_2011_11_30_known_customers"]
    with retailer.serving() as bi:
        row = bi.execute("select min(as_of_date), max(as_of_date), sum(net_revenue) from mart_portfolio").fetchone()
        top = bi.execute(
            "select ultimate_parent_id, net_revenue from mart_portfolio order by net_revenue desc limit 5"
        ).fetchall()
    assert row == (date(2011, 11, 30), date(2011, 11, 30), Decimal(year["revenue"]))
    assert top == [
        (each["customer"], Decimal(each["revenue"])) for each in truth["top_customers_twelve_months_to_2011_11_30"]
    ]


def test_no_cost_and_no_contribution_is_invented(retailer: Company) -> None:
    with retailer.serving() as bi:
        invented = bi.execute(
            """select count(cogs), count(contribution_1), count(sales_cost), count(customer_contribution),
            count(achievable_gap), max(contribution_depth) from mart_portfolio"""
        ).fetchone()
    assert invented == (0, 0, 0, 0, 0, 0)


def test_every_sentence_is_so(retailer: Company) -> None:
    heard: list[Saying] = []
    with telling.opened(retailer.home / "published" / "CURRENT") as version:
        telling.told_of(version, telling.scored(version.connection)[:200], heard)
        telling.told_by_the_page(version, heard)
        found = list(Asked(version).untrue(heard))
    assert not found, "\n".join(found[:20])
    said = {saying.key for saying in heard}
    assert {"page.largest.by_revenue", "page.whale.unknown", "page.tiles.contribution_unknown"} <= said
    assert not {key for key in said if key.startswith(("page.abc.amount_1", "page.quality.reliability_low"))}
