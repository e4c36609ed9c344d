"""The portfolio page in a real browser: its numbers are the marts', it is readable, and nothing a company wrote is code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser, Page

from pipelines.showing.portfolio.page import PageContext, write_page
from pipelines.showing.portfolio.query import Limits
from pipelines.vocabulary import DEFAULT, Voice, catalogue, languages
from tests.pipelines.showing.conftest import Open, scroll_through, wait_until
from tests.pipelines.showing.portfolio.conftest import CONTEXT, FRENCH
from tests.pipelines.showing.portfolio.small_version import END_NAME, HOSTILE, SCRIPT_NAME, build

pytestmark = pytest.mark.needs("browser")

LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
LATEST = "as_of_date = date '2026-09-30'"
PLACED = "zone in ('protection', 'development', 'maintain', 'withdrawal')"
TRACE = """(number) => {
  const trace = document.getElementById("matrix").data[number];
  return trace.ids.map((id, i) => ({ id, x: trace.x[i], y: trace.y[i], symbol: trace.marker.symbol[i],
    size: Array.isArray(trace.marker.size) ? trace.marker.size[i] : null, color: trace.marker.color[i] }));
}"""


@pytest.fixture(scope="module")
def seen(browser: Browser, report: Path) -> Iterator[Page]:
    """The report at 1440 px in English, for tests that only read it."""
    page = browser.new_page(locale="en-US", viewport={"width": 1440, "height": 900})
    page.goto(report.as_uri())
    scroll_through(page)
    yield page
    page.close()


def _select(version: Path, mart: str, what: str, where: str = "true") -> list[tuple[Any, ...]]:
    return duckdb.execute(f"select {what} from '{version / 'bi' / mart}.parquet' where {where}").fetchall()


def _words(page: Page, selector: str) -> str:
    return " ".join(page.locator(selector).inner_text().split())


def test_bubbles_are_the_rated_customers_of_the_latest_date(version: Path, seen: Page) -> None:
    drawn = seen.evaluate(TRACE, 0)
    expected = {
        row[0]: tuple(map(float, row[1:]))
        for row in _select(
            version,
            "mart_portfolio",
            "ultimate_parent_id, attractiveness_score, potential_score, abs(contribution_4)",
            f"{LATEST} and {PLACED}",
        )
    }
    assert len(drawn) == len(expected) == 304
    assert {one["id"]: (one["x"], one["y"], one["size"]) for one in drawn} == expected


def test_a_loss_is_hollow_and_provisional_is_crossed(seen: Page) -> None:
    drawn = {one["id"]: one for one in seen.evaluate(TRACE, 0)}
    assert drawn["H1"]["symbol"] == "circle"
    assert drawn["H2"]["symbol"] == "circle-cross"
    assert drawn["H3"]["symbol"] == "circle-open"
    assert drawn["K1"]["symbol"] == "circle-cross-open"
    assert drawn["H3"]["color"] == drawn["K1"]["color"] != drawn["H1"]["color"] != drawn["H2"]["color"]


def test_area_not_diameter_is_the_contribution(seen: Page) -> None:
    wide = seen.evaluate(
        """() => [...document.querySelectorAll("#matrix .trace:first-of-type .point")].slice(0, 2)
             .map((point) => point.getBBox().width)"""
    )
    # H1 and H2, the largest first: 900,000.25 and 610,000.50.
    assert (wide[0] / wide[1]) ** 2 == pytest.approx(900_000.25 / 610_000.50, rel=0.02)


def test_leads_have_their_own_marker_and_unrated_ones_stay_out(seen: Page) -> None:
    drawn = seen.evaluate(TRACE, 1)
    assert [(one["id"], one["x"], one["y"], one["symbol"]) for one in drawn] == [("L1", 75, 95, "diamond")]


def test_who_is_not_in_the_matrix_stands_beside_it(report: Path, opened: Open) -> None:
    page = opened(report, locale="de-DE").page
    assert "1 Kunde Umsatz 777.778 EUR" in _words(page, "[data-apart=unrated]")
    assert "1 Kunde Umsatz 12.346 EUR" in _words(page, "[data-apart=new]")
    assert "2 Zielkunden: 1, unbewertet: 1" in _words(page, "[data-apart=leads]")


def test_tiles_are_the_sums_of_the_mart(version: Path, report: Path, opened: Open) -> None:
    page = opened(report).page
    ((customers, revenue, contribution, losses, gap),) = _select(
        version,
        "mart_portfolio",
        "count(*), sum(net_revenue), sum(contribution_4), count(*) filter (where contribution_4 < 0), "
        "sum(achievable_gap)",
        f"{LATEST} and relationship_type = 'customer'",
    )
    exact = {tile: page.locator(f"[data-tile={tile}]").get_attribute("data-exact") for tile in _TILES}
    assert {tile: Decimal(value or "") for tile, value in exact.items()} == {
        "customers": customers,
        "revenue": revenue,
        "contribution": contribution,
        "losses": losses,
        "gap": gap,
        "leads": 2,
    }
    assert f"{round(revenue):,} EUR" in _words(page, "[data-tile=revenue]")
    page.get_by_role("button", name="Deutsch").click()
    assert f"{round(revenue):,} EUR".replace(",", ".") in _words(page, "[data-tile=revenue]")


_TILES = ("customers", "revenue", "contribution", "losses", "gap", "leads")


def test_whale_curve_and_its_peak_are_the_marts(version: Path, seen: Page) -> None:
    curve = seen.evaluate(
        "() => { const t = document.getElementById('whale').data[0]; return t.x.map((x, i) => [x, t.y[i]]); }"
    )
    expected = [
        [rank, float(value)]
        for rank, value in _select(version, "mart_whale_curve", "whale_rank, cumulative_contribution", LATEST)
    ]
    assert curve == [[0, 0], *sorted(expected)]
    ((peak, total, destroyed),) = _select(
        version, "mart_whale_curve", "any_value(peak_contribution), sum(contribution_4), any_value(destroyed_by_tail)"
    )
    for name, value in (("peak", peak), ("total", total), ("tail", destroyed)):
        assert Decimal(seen.locator(f"[data-whale={name}]").get_attribute("data-exact") or "") == value
    assert sorted(seen.evaluate("() => document.getElementById('whale').layout.annotations.map((a) => a.name)")) == [
        "peak",
        "tail",
    ]


def test_effort_and_value_are_shares_of_everybody(version: Path, seen: Page) -> None:
    rows = _select(
        version,
        "mart_portfolio",
        "case when relationship_type = 'lead' then 'lead' else zone end, sales_cost, greatest(contribution_4, 0)",
        LATEST,
    )
    cost, earned = sum(row[1] for row in rows), sum(row[2] for row in rows)
    shown = {
        row.get_attribute("data-zone"): (row.get_attribute("data-cost"), row.get_attribute("data-value"))
        for row in seen.locator(".effort > li").all()
    }
    assert shown.keys() == {row[0] for row in rows}
    for zone, (cost_share, value_share) in shown.items():
        of_zone = [row for row in rows if row[0] == zone]
        assert float(cost_share or "") == pytest.approx(float(sum(row[1] for row in of_zone) / cost), abs=1e-6)
        assert float(value_share or "") == pytest.approx(float(sum(row[2] for row in of_zone) / earned), abs=1e-6)


def test_reconciliation_adds_up_over_the_last_twelve_months(version: Path, seen: Page) -> None:
    names = [
        *("customers", "leads", "intercompany", "unassigned_unknown_customer", "unassigned_missing_cost_centre"),
        *("quarantined", "unused_capacity", "total", "ledger", "difference"),
    ]
    (sums,) = _select(
        version,
        "mart_reconciliation",
        ", ".join(f"sum({name})" for name in names),
        "period between '2025-10' and '2026-09'",
    )
    exact = [seen.locator(f"[data-part={name}]").get_attribute("data-exact") for name in names]
    assert [Decimal(value or "") for value in exact] == list(sums)
    assert sum(sums[:7]) == sums[7]
    assert f"{sums[0]:,.2f}" in _words(seen, "[data-part=customers]")
    assert "reconciled" in _words(seen, "[data-part=difference]")


def test_dangers_of_abc_are_counted(version: Path, seen: Page) -> None:
    ((first, second, fourth),) = _select(
        version,
        "mart_abc_vs_value",
        "count(*) filter (where danger_1_high_revenue_negative_contribution), "
        "count(*) filter (where danger_2_declining_or_weak_credit), "
        "count(*) filter (where danger_4_c_class_high_potential)",
    )
    shown = [seen.locator(f"[data-danger='{n}']").get_attribute("data-count") for n in (1, 2, 4)]
    assert list(map(int, map(str, shown))) == [first, second, fourth]


def test_who_moved_since_a_quarter_ago_is_who_stood_elsewhere(version: Path, seen: Page) -> None:
    now = dict(_select(version, "mart_zone_history", "ultimate_parent_id, zone", LATEST))
    before = dict(_select(version, "mart_zone_history", "ultimate_parent_id, zone", "as_of_date = date '2026-06-30'"))
    moved = {who: (before[who], zone) for who, zone in now.items() if before[who] != zone}
    rows = seen.locator("#quarter-table tbody tr")
    shown = {
        row.get_attribute("data-id"): (row.get_attribute("data-from"), row.get_attribute("data-to"))
        for row in rows.all()
    }
    assert len(moved) > len(shown) == 60
    assert shown.items() <= moved.items()
    assert seen.locator("[data-quarter=moved]").get_attribute("data-exact") == str(len(moved))
    assert f"Listed: 60 of {len(moved)}" in _words(seen, "section:has(#quarter-table)")
    first = " ".join(rows.first.inner_text().split())
    assert first.endswith(
        "30 Sept 2026 370,368 +1,000 -15.0 +10.0 growth -20.0 by other weights -2.0 by late data +1.0"
    )


def test_hours_wallets_and_campaigns_are_as_published(version: Path, seen: Page) -> None:
    ((over, avoidable),) = _select(
        version, "mart_service_levels", "count(*), sum(avoidable_cost)", f"{LATEST} and avoidable_cost > 0"
    )
    assert seen.locator("[data-hours=customers]").get_attribute("data-exact") == str(over)
    assert Decimal(seen.locator("[data-hours=avoidable]").get_attribute("data-exact") or "") == avoidable
    (most,) = _select(version, "mart_service_levels", "max(avoidable_cost)", LATEST)
    assert f"{round(most[0]):,}" in _words(seen, "#hours-table tbody tr >> nth=0")
    wallets = {
        (who, gap)
        for who, gap in _select(version, "mart_share_of_wallet", "ultimate_parent_id, achievable_gap", LATEST)
    }
    shown = {
        (row.get_attribute("data-id"), Decimal(each.get_attribute("data-gap") or ""))
        for row in seen.locator("#grid-table tbody tr").all()
        for each in row.locator("[data-gap]").all()
    }
    assert len(shown) == 45
    assert shown <= wallets
    assert seen.locator("#grid-table .white-space").count() == 15
    assert _words(seen, "[data-campaign=K1]").startswith("Zugang <b>Einkauf</b>")
    assert "+120,001 20,000 … 220,001 worked" in _words(seen, "[data-campaign=K1]")
    assert _words(seen, "[data-campaign=K2]").endswith("running 8 7 – – –")


def test_a_task_opens_its_customer(version: Path, tmp_path: Path, opened: Open) -> None:
    """Also one that is neither drawn nor listed anywhere else."""
    page = opened(write_page(version, tmp_path / "portfolio.html", limits=Limits(bubbles=40))).page
    page.locator("#todo-table .name").first.focus()
    page.keyboard.press("Enter")
    assert SCRIPT_NAME in _words(page, "#card")
    assert page.locator("#todo-table tbody tr").count() == page.locator("#todo-table tbody .name").count() > 100


def test_card_adds_up_and_says_what_to_do(report: Path, opened: Open) -> None:
    page = opened(report).page
    page.locator("#gaps-table .name").first.click()
    card = _words(page, "#card")
    assert card.count(END_NAME) == 1
    assert "development, provisional" in card.lower()
    assert (
        "What to do: Do what fits: development Why: Access to decision-makers stands between development and protection."
        in card
    )
    assert "Potential 80" in card
    assert "gap 48 of 60" in card or "unknown, midpoint counts 48 of 60" in card
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()


def test_pointing_at_a_bubble_opens_its_card(report: Path, opened: Open) -> None:
    page = opened(report).page
    page.locator("#matrix").scroll_into_view_if_needed()
    x, y = page.evaluate(
        """() => {
          const host = document.getElementById("matrix"), { left, top } = host.getBoundingClientRect(), l = host._fullLayout;
          const [trace] = host.data, at = trace.ids.indexOf("H1");
          return [left + l._size.l + l.xaxis.l2p(trace.x[at]) - 20, top + l._size.t + l.yaxis.l2p(trace.y[at])];
        }"""
    )
    page.mouse.move(x, y)
    page.wait_for_selector("#card:not([hidden])")
    assert SCRIPT_NAME in _words(page, "#card")
    assert "900,000 EUR" in _words(page, "#card")


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("page_name", ["report", "erp_only"])
def test_no_text_is_cut_or_lies_on_another(
    page_name: str, width: int, opened: Open, request: pytest.FixtureRequest
) -> None:
    page = opened(request.getfixturevalue(page_name), width=width, locale="de-DE").page
    for language in ("Deutsch", "English"):
        page.get_by_role("button", name=language).click()
        result = page.evaluate(LAYOUT)
        assert result["texts"] > 150
        assert result["found"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_charts_are_drawn_for_who_comes_near_or_prints(report: Path, opened: Open) -> None:
    """The library that draws takes longer to start than all the rest: nobody waits for it who reads the list."""
    page = opened(report, scrolled=False).page
    page.wait_for_selector("#everybody-table .tabulator-row", state="attached")
    assert page.evaluate("typeof Plotly") == "undefined"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#matrix .main-svg, #whale .main-svg").count() >= 2
    assert page.evaluate("[document.getElementById('matrix')._fullLayout.width, Plotly.version !== undefined]") == [
        900,
        True,
    ]
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("#whale").evaluate("(host) => host.scrollIntoView()")
    wait_until(
        page, "document.getElementById('whale')._fullLayout.width === document.getElementById('whale').clientWidth"
    )


@pytest.mark.parametrize("width", [703, 1032], ids=["A4 portrait", "A4 landscape"])
def test_print_is_readable_on_paper(width: int, report: Path, opened: Open) -> None:
    page = opened(report, width=width, locale="de-DE").page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(LAYOUT)["found"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll(".chart svg text")].filter((t) => t.textContent.trim())
             .map((t) => t.getBoundingClientRect().height))"""
    )
    assert smallest >= 9
    assert page.locator(".languages").is_hidden()


def test_the_layout_check_sees_what_is_wrong(report: Path, opened: Open) -> None:
    page = opened(report).page
    page.add_style_tag(content=".tile .figure { margin-bottom: -14px; } #whale { height: 200px !important; }")
    found = page.evaluate(LAYOUT)["found"]
    assert any(finding.startswith("overlap") for finding in found)
    assert any(finding.startswith("cut") for finding in found)


def test_names_are_text_everywhere(report: Path, opened: Open) -> None:
    source = report.read_text(encoding="utf-8")
    assert SCRIPT_NAME not in source
    assert END_NAME not in source
    made = opened(report)
    page = made.page
    assert {name: page.get_by_role("button", name=name, exact=True).count() > 0 for name in HOSTILE[:2]} == {
        SCRIPT_NAME: True,
        END_NAME: True,
    }
    assert page.locator("main img, main script, header nord").count() == 0
    assert page.locator("main b", has_text=re.compile("fett|Einkauf")).count() == 0
    labels = page.locator("#matrix .annotation-text").all_text_contents()
    assert SCRIPT_NAME in labels
    hover = page.evaluate("document.getElementById('whale').data[0].text.join(' ')")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hover
    assert page.locator(".company").inner_text() == "Werkzeug <Nord> & Söhne"
    assert made.complaints == []


@pytest.mark.parametrize("page_name", ["report", "erp_only"])
def test_a_page_reaches_for_nothing_and_complains_of_nothing(
    page_name: str, opened: Open, request: pytest.FixtureRequest
) -> None:
    made = opened(request.getfixturevalue(page_name))
    for button in ("Deutsch", "English"):
        made.page.get_by_role("button", name=button).click()
    made.page.locator(".name").first.click()
    made.page.set_viewport_size({"width": 500, "height": 800})
    wait_until(made.page, "[...document.querySelectorAll('.js-plotly-plot')].every((p) => p._fullLayout.width <= 500)")
    assert made.requests == []
    assert made.complaints == []
    with made.page.expect_console_message(lambda message: "Content Security Policy" in message.text):
        made.page.evaluate("fetch('https://example.invalid/').catch(() => 0)")


@pytest.mark.parametrize(("locale", "expected"), [("de-AT", "de"), ("en-GB", "en"), ("fr-FR", "en")])
def test_language_is_the_browsers_and_changes_without_reload(
    locale: str, expected: str, report: Path, opened: Open
) -> None:
    page = opened(report, locale=locale).page
    assert page.locator("html").get_attribute("lang") == expected
    page.evaluate("window.untouched = true")
    for name, language, title, axis in (
        ("Deutsch", "de", "Portfoliomatrix", "Attraktivität (0 bis 100)"),
        ("English", "en", "Portfolio matrix", "Attractiveness (0 to 100)"),
    ):
        page.get_by_role("button", name=name).click()
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("#matrix-heading").inner_text() == title
        assert page.locator("#matrix .xtitle").text_content() == axis
    assert page.evaluate("window.untouched")


def test_every_statement_is_there_in_every_language(seen: Page) -> None:
    statements = seen.evaluate(
        """() => [...document.querySelectorAll("body span[lang]")].filter((span) => !span.previousElementSibling?.lang).map((first) => {
          const said = [];
          for (let span = first; span?.lang; span = span.nextElementSibling) said.push([span.lang, span.textContent.trim()]);
          return said;
        })"""
    )
    assert len(statements) > 300
    assert [said for said in statements if [language for language, _ in said] != list(languages())] == []
    assert [
        said for said in statements if len({words for _, words in said}) == 1 or not all(words for _, words in said)
    ] == []


def test_the_script_writes_numbers_as_the_page_does(version: Path, report: Path, opened: Open) -> None:
    """Intl in the browser and Babel in the page: one way of writing, losses and thousands too."""
    page = opened(report).page
    own = [
        value for (value,) in _select(version, "mart_whale_curve", "contribution_4", f"{LATEST} order by whale_rank")
    ]
    assert min(own) < 0
    for language in languages():
        page.locator(f"[data-language={language}]").click()
        voice = Voice(language)
        shown = page.evaluate("document.getElementById('whale').data[0].text.slice(1)")
        assert [text.split("<br>")[1] for text in shown] == [
            voice.say("page.chart.own", amount=voice.money(value, "EUR")) for value in own
        ]
        ticks = [" ".join(tick.split()) for tick in page.locator("#whale .ytick").all_text_contents()]
        assert ticks == _COMPACT[language]


_COMPACT = {"en": ["0", "2m", "4m", "6m", "8m"], "de": ["0", "2 Mio.", "4 Mio.", "6 Mio.", "8 Mio."]}


def test_a_third_language_is_one_catalogue(version: Path, french: Path, tmp_path: Path, opened: Open) -> None:
    report = write_page(version, tmp_path / "portfolio.html", replace(CONTEXT, catalogues=french))
    made = opened(report, locale="fr-CA")
    page = made.page
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator(".languages button").all_inner_texts() == ["English", "Deutsch", "Français"]
    assert page.locator(".languages [aria-pressed=true]").inner_text() == "Français"
    assert page.title() == f"{FRENCH['page.title']} · {CONTEXT.company}"
    assert page.locator("h1").inner_text() == FRENCH["page.title"]
    assert page.locator("#whale-heading").inner_text() == catalogue(DEFAULT)["page.whale.heading"]
    assert page.locator("#matrix .xtitle").text_content() == FRENCH["page.chart.attractiveness"]
    assert page.locator("#matrix .ytitle").text_content() == catalogue(DEFAULT)["page.chart.potential"]
    assert "Zone de protection" in _words(page, "#top-table")
    assert "30 sept. 2026" in _words(page, ".provenance")
    page.locator("#gaps-table .name").first.click()
    assert "2\u202f500\u202f000\u00a0EUR" in page.locator("#card").inner_text()
    assert "2\u202f500\u202f000" in page.locator("#gaps-table tbody tr").first.inner_text()
    page.get_by_role("button", name="Deutsch").click()
    assert page.locator("h1").inner_text() == "Kundenportfolio"
    assert made.complaints == []
    assert page.evaluate(LAYOUT)["found"] == []


def test_without_scripts_the_page_is_english_and_whole(report: Path, opened: Open) -> None:
    page = opened(report, locale="de-DE", runs=False).page
    assert page.locator("h1").inner_text() == "Customer portfolio"
    assert "Kundenportfolio" not in page.locator("body").inner_text()
    assert "need JavaScript" in _words(page, "main .notice >> nth=0")
    page.emulate_media(media="print")
    assert page.locator("h1").inner_text() == "Customer portfolio"
    assert page.locator("span[lang=de]:visible").count() == 0


def test_a_large_company_is_drawn_in_part_and_the_page_says_so(version: Path, tmp_path: Path, opened: Open) -> None:
    report = write_page(version, tmp_path / "portfolio.html", limits=Limits(bubbles=40, whale_points=50))
    page = opened(report).page
    drawn = page.evaluate(TRACE, 0)
    assert len(drawn) == 40
    zones = dict(_select(version, "mart_portfolio", "ultimate_parent_id, zone", LATEST))
    assert {zones[one["id"]] for one in drawn} == {"protection", "development", "maintain", "withdrawal"}
    assert "40 of 304 rated customers are drawn" in _words(page, "[data-note=capped]")
    assert page.locator("[data-tile=customers]").get_attribute("data-exact") == "306"
    assert 40 <= page.evaluate("document.getElementById('whale').data[0].x.length") <= 60


def test_without_ratings_and_ledger_the_page_says_what_is_missing(erp_only: Path, opened: Open) -> None:
    page = opened(erp_only).page
    assert page.locator("#matrix").count() == 0
    assert "No customer is rated yet" in _words(page, "[data-note=nobody]")
    missing = "Not delivered: ratings, estimates of demand, sales activities, ledger balances."
    assert _words(page, ".missing") == f"{missing} What is not known, and what would tell it"
    assert "what is left to win" in _words(page, "[data-unknown=potential_estimates]")
    assert "cannot be told" in _words(page, "[data-quality=reliability]")
    assert "0 of 306 (0.0%) stand in a zone" in _words(page, "[data-quality=rated]")
    assert "not delivered, not reconciled" in _words(page, "[data-quality=ledger]")
    assert "306 customers" in _words(page, "[data-apart=unrated]")
    assert "no estimates of demand delivered" in _words(page, "[data-tile=gap]")
    assert page.locator("[data-part=difference]").get_attribute("data-exact") == ""


@pytest.mark.parametrize("extra", ["delete from mart_portfolio", "update mart_portfolio set contribution_4 = 0"])
def test_odd_companies_do_not_break_the_page(extra: str, tmp_path: Path, opened: Open) -> None:
    emptied = "delete from mart_whale_curve; delete from mart_reconciliation; delete from mart_abc_vs_value;"
    made = opened(
        write_page(build(tmp_path, extra=f"{extra}; {emptied}", crowd=False), tmp_path / "page.html", PageContext())
    )
    assert made.complaints == []
    assert made.page.evaluate(LAYOUT)["found"] == []
    assert made.page.locator("#ledger-heading").count() == 1


def test_arrows_lead_from_a_quarter_ago_to_now(version: Path, report: Path, opened: Open) -> None:
    """Of the largest who moved; what a switch takes away stands in the table."""
    page = opened(report).page
    drawn = page.evaluate(
        """() => document.getElementById("matrix").layout.annotations.filter((each) => each.name === "moved")
             .map((each) => [each.ax, each.ay, each.x, each.y])"""
    )
    points = "attractiveness_score::double, potential_score::double"
    now, before = (
        {who: place for who, *place in _select(version, "mart_zone_history", f"ultimate_parent_id, {points}", when)}
        for when in (LATEST, "as_of_date = date '2026-06-30'")
    )
    moved = page.locator("#quarter-table tbody tr").evaluate_all("(rows) => rows.map((row) => row.dataset.id)")
    seen = [[*before[who], *now[who]] for who in moved if before[who] != now[who]]
    assert drawn == seen[:20]
    page.locator("#arrows").uncheck()
    assert page.evaluate("document.getElementById('matrix').layout.annotations.every((each) => each.name !== 'moved')")


def test_whoever_lies_on_another_is_named(version: Path, report: Path, opened: Open) -> None:
    page = opened(report).page
    page.locator(".overlaps summary").focus()
    page.keyboard.press("Enter")
    listed = {
        row.get_attribute("data-id"): row.get_attribute("data-place")
        for row in page.locator("#overlaps-table tbody tr").all()
    }
    places: dict[tuple[int, int], set[str]] = {}
    for who, potential, attractive in _select(
        version,
        "mart_portfolio",
        "ultimate_parent_id, round(potential_score)::int, round(attractiveness_score)::int",
        f"{LATEST} and ({PLACED} or zone = 'target_lead')",
    ):
        places.setdefault((potential, attractive), set()).add(who)
    shared = {frozenset(names) for names in places.values() if len(names) > 1}
    assert shared
    assert {frozenset(who for who in listed if listed[who] == place) for place in listed.values()} == shared
    assert page.locator("#overlaps-table .name").first.is_visible()
