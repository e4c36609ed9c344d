"""The potential check of a small company: who is asked first and why, the page in a real browser, the command around it.

Belongs here: reading, sentences, page, command. Not here: the marts' arithmetic (dbt unit tests, tests.oracle).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import ExitCode
from pipelines.home import Home
from pipelines.showing import potential_check as showing
from pipelines.showing.potential_check.page import render
from pipelines.showing.potential_check.read import TABLES, read_check_in
from pipelines.showing.rating_sheets.read import TABLES as SHEETS
from pipelines.showing.version import Version, columns_of
from pipelines.vocabulary import Saying, Voice, catalogue
from tests.orchestration.commands.command_line import kundenwert
from tests.pipelines.showing.conftest import Open
from tests.pipelines.showing.portfolio import conftest as portfolio
from tests.pipelines.showing.small_manifest import write_manifest
from tests.statements.columns import Asked

AS_OF = date(2024, 2, 29)
LAYOUT = Path(portfolio.__file__).with_name("layout.js").read_text(encoding="utf-8")
REVENUES = {"a": 500, "b": 250, "c": 120, "d": 80, "e": 50, "lost": 0}
"""What each customer brings; nobody is rated, the demand of b is estimated. a and b and c bring 0.8 of it."""
GROUPS = (
    ("a", "Pumpen <hydraulisch> & Zubehör", "missing", "90.00", 21, 40),
    ("a", "Dichtungen", "lapsed", "30.00", None, None),
    ("e", "Pumpen <hydraulisch> & Zubehör", "missing", "9.00", 21, 40),
    ("lost", "Ventile", "lapsed", "700.00", None, None),
)
GROWING = {
    "a": Decimal("0.25"),
    "b": Decimal("0.02"),
    "c": None,
    "d": Decimal("-0.1"),
    "e": Decimal("0.5"),
    "lost": Decimal(-1),
}


def rows(*, has_accounts: bool = True, has_history: bool = True) -> Mapping[str, list[Mapping[str, object]]]:
    """The marts of the company, computed from what stands above. Without a history nothing is known of growth and product groups."""
    whole = sum(REVENUES.values())
    order = sorted((parent for parent, revenue in REVENUES.items() if revenue), key=lambda parent: -REVENUES[parent])
    checked: list[Mapping[str, object]] = []
    for parent, revenue in REVENUES.items():
        own = (
            [(signal, Decimal(money)) for who, _, signal, money, _, _ in GROUPS if who == parent] if has_history else []
        )
        to_rate, to_estimate = order, [each for each in order if each != "b"]
        rated = sum(REVENUES[each] for each in to_rate[: to_rate.index(parent)]) if parent in to_rate else None
        known = (
            sum(REVENUES[each] for each in to_estimate[: to_estimate.index(parent)]) if parent in to_estimate else None
        )
        growth = GROWING[parent] if has_history else None
        likely = sum((money for _, money in own), Decimal(0)) if has_history else None
        checked.append(
            {
                "ultimate_parent_id": parent,
                "customer_status": "active" if revenue else "lapsed",
                "net_revenue": Decimal(revenue),
                "revenue_change": None if growth is None else Decimal(10),
                "revenue_yoy": growth,
                "portfolio_revenue_yoy": Decimal("0.05") if has_history else None,
                "is_growing": None if growth is None else growth > Decimal("0.05"),
                "missing_groups": sum(signal == "missing" for signal, _ in own) if has_history and revenue else None,
                "missing_group_revenue": sum(money for signal, money in own if signal == "missing")
                if has_history and revenue
                else None,
                "lapsed_groups": sum(signal == "lapsed" for signal, _ in own) if has_history else None,
                "lapsed_group_revenue": sum(money for signal, money in own if signal == "lapsed")
                if has_history
                else None,
                "signals": sum((growth or 0) > Decimal("0.05") for _ in "x") + len({signal for signal, _ in own}),
                "signals_judged": (growth is not None) + 2 * has_history - (has_history and not revenue),
                "likely_revenue": likely,
                "potential_rank": {"lost": 1, "a": 2, "e": 3}.get(parent) if has_history else None,
                "portfolio_revenue": Decimal(whole),
                "rated_revenue": Decimal(0),
                "rate_position": to_rate.index(parent) + 1 if rated is not None else None,
                "rated_revenue_before": rated,
                "rated_ratio_with": None if rated is None else Decimal(rated + revenue) / whole,
                "estimated_revenue": Decimal(REVENUES["b"]),
                "estimate_position": to_estimate.index(parent) + 1 if known is not None else None,
                "estimated_revenue_before": None if known is None else known + REVENUES["b"],
                "estimated_ratio_with": None if known is None else Decimal(known + REVENUES["b"] + revenue) / whole,
            }
        )
    names: list[Mapping[str, object]] = [
        {
            "ultimate_parent_id": parent,
            "customer_name": f"=Kunde {parent} <GmbH>",
            "owner_area": "(small areas)",
            "reporting_currency": "EUR",
            "relationship_type": "customer",
            "customer_status": "active",
            "zone": "unrated",
            "zone_status": "unrated",
            "net_revenue": Decimal(REVENUES[parent]),
            "potential_contribution": None,
        }
        for parent in REVENUES
    ]
    keys = ("ultimate_parent_id", "product_group", "group_signal", "likely_revenue", "look_alike_buyers", "look_alikes")
    return {
        "mart_portfolio": names,
        "mart_potential_check": checked,
        "mart_product_group_signals": [dict(zip(keys, row, strict=True)) for row in GROUPS] if has_history else [],
        "mart_worklist": [{"ultimate_parent_id": parent, "task": "rate"} for parent in REVENUES],
        "fct_criterion_score": [],
        "mart_share_of_wallet": [
            {
                "ultimate_parent_id": "b",
                "product_group": "Ventile",
                "net_revenue": 1,
                "annual_demand": 5,
                "estimate_valid_from": AS_OF,
            }
        ],
        "crm_writeback": [
            {"ultimate_parent_id": parent, "lead_account_id": f"K-{parent}" if has_accounts else None}
            for parent in REVENUES
        ],
    }


def publish(version: Path, tables: Mapping[str, list[Mapping[str, object]]]) -> Path:
    (version / "bi").mkdir(parents=True)
    models = {
        name: {model for read in (TABLES, SHEETS) if name in read for model in read[name].models} for name in tables
    }
    with duckdb.connect() as connection:
        for name, kinds in models.items():
            columns = {column.name: column.sql_type for model in kinds for column in columns_of(model)}
            if name == "mart_potential_check":
                columns["signals"] = "bigint"
            connection.execute(
                f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})"
            )
            for row in tables[name]:
                values = [{"as_of_date": AS_OF, **row}.get(column) for column in columns]
                connection.execute(f"insert into {name} values ({', '.join('?' for _ in values)})", values)
            connection.execute(f"copy {name} to '{version}/bi/{name}.parquet' (format parquet)")
    write_manifest(version, AS_OF)
    return version


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("home")).prepare()
    publish(home.published / "v000003", rows())
    home.current.symlink_to("v000003")
    return home


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of one month: no growth, no product groups, no account."""
    return publish(tmp_path_factory.mktemp("bare") / "v000001", rows(has_accounts=False, has_history=False))


def check_of(version: Path, cover: str = "0.8") -> showing.PotentialCheck:
    return showing.read_check(version, Decimal(cover))


def test_the_fewest_are_asked_and_their_reasons_said(home: Home) -> None:
    check = check_of(home.current.resolve())
    assert [
        (each.ultimate_parent_id, each.is_rate_asked, each.is_estimate_asked, each.covered_with) for each in check.asked
    ] == [
        # b's answer is about its levels only; the share is the lesser of both.
        ("a", True, True, Decimal("0.5")),
        ("b", True, False, Decimal("0.75")),
        ("c", True, True, Decimal("0.87")),
    ]
    assert [each.ultimate_parent_id for each in check.likely] == ["lost", "e"]
    said = [each.by(Voice("en").of(None, AS_OF)).replace("\xa0", " ") for each in showing.leading(check)]
    assert said == [
        "With 3 of 6 customers asked about, 80% of revenue is judged: 3 to rate, of 2 the demand is to be estimated.",
        "Today 0.0% of revenue is rated, and of 25.0% the demand is estimated.",
        "2 of 5 customers lack product groups that most customers like them buy: about 99 EUR a year.",
        "2 of 6 no longer buy product groups they bought the year before: 730 EUR then.",
        "2 of 5 buy more than a year before and grow faster than all together (5.0%).",
    ]
    assert check_of(home.current.resolve(), "0.9").asked[-1].ultimate_parent_id == "d"


def test_every_sentence_may_be_said(home: Home, bare: Path) -> None:
    """The texts of pages with and without data, each against its condition over the rows (statements.yml)."""
    for version in (home.current.resolve(), bare):
        for cover in ("0.2", "0.8", "1"):
            heard: list[Saying] = []
            with Version.opened(version, TABLES) as opened:
                check = read_check_in(opened, Decimal(cover))
                html = render(check, showing.PageContext(heard_by=heard.append))
                assert list(Asked(opened).untrue(each for each in heard if each.language == "en")) == []
            assert html.count("<tr data-customer") == len(check.asked) + len(check.likely)


def test_what_is_not_known_is_said(bare: Path) -> None:
    check = check_of(bare)
    html = render(check, showing.PageContext())
    assert "The invoices do not tell." in html
    for said in (
        "Growth is not known of 6 of 6 customers",
        "map the list of customers as",
        "3 of 6 customers asked about",
    ):
        assert said in html, said
    assert "lack product groups that most customers" not in html
    nothing = replace(
        check, totals=replace(check.totals, portfolio_revenue=Decimal(0), asked=0), asked=(), rated=(), estimated=()
    )
    assert "there is nothing that answers could cover yet" in render(nothing, showing.PageContext())
    alone = replace(check, totals=replace(check.totals, rated_revenue=None, most_rated=None), rated=())
    assert "the demand behind 80% of revenue is estimated" in render(alone, showing.PageContext())
    assert "no criterion that people rate" in render(alone, showing.PageContext())


def test_no_text_is_left_unsaid(home: Home, bare: Path) -> None:
    """Whatever comes of asking, and whatever is known: each text of the page is said of some company."""
    check = check_of(home.current.resolve())
    many = tuple(replace(group, ultimate_parent_id="a") for group in check.groups["a"] * 4)
    told = [
        check_of(bare),
        replace(check, asked=check.asked * 4, asked_left_out=9, groups={"a": many}, rated=check.estimated),
    ]
    for asked, most, rated, estimated in product((0, 3), ("0.1", "1"), (None, 0, 500), (0, 250)):
        totals = replace(
            check.totals,
            asked=asked,
            most_rated=None if rated is None else Decimal(most),
            most_estimated=Decimal(most),
            rated_revenue=None if rated is None else Decimal(rated),
            estimated_revenue=Decimal(estimated),
        )
        told.append(replace(check, totals=totals))
    whole = check.totals.customers
    told.append(
        replace(check, totals=replace(check.totals, growth_judged=whole, missing_judged=whole, lapsed_judged=whole))
    )
    told.append(replace(check, totals=replace(check.totals, portfolio_revenue=Decimal(0)), asked=(), likely=()))
    told.append(replace(check, asked=(replace(check.asked[1], is_growing=False),)))
    heard: list[Saying] = []
    for each in told:
        render(each, showing.PageContext(sheets=("x.xlsx",), heard_by=heard.append))
    said = {saying.key for saying in heard}
    assert [key for key in catalogue("en") if key.startswith("potential_check.") and key not in said] == []


def test_the_command_writes_page_and_sheets(home: Home, tmp_path: Path) -> None:
    done = kundenwert(home.root, "potential-check", "--language", "de", "--out", str(tmp_path / "out"), "--json")
    told = json.loads(done.stdout)
    assert told["said"][0].startswith("Sind 3 von 6 Kunden eingeschätzt")
    (sheet,) = told["sheets"]
    assert (sheet["ratings"], sheet["demands"]) == (3, 2), "as many as the page says"
    page = Path(told["page"]).read_text(encoding="utf-8")
    assert Path(sheet["path"]).name in page and page == Path(told["page"]).read_text(encoding="utf-8")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == sorted(
        {"potential_check.html", Path(sheet["path"]).name}
    )


def test_without_accounts_the_page_is_written_all_the_same(home: Home, bare: Path, tmp_path: Path) -> None:
    other = Home.at(tmp_path / "home").prepare()
    shutil.copytree(bare, other.published / "v000001")
    other.current.symlink_to("v000001")
    done = kundenwert(other.root, "potential-check")
    assert done.exit_code == ExitCode.OK, done.stderr
    assert "no sheets: no customer has a CRM account" in done.stdout
    assert (other.reports / "potential_check" / "potential_check.html").is_file()
    assert kundenwert(home.root, "potential-check", "--as-of", "2020-01-31").exit_code == ExitCode.USAGE
    assert kundenwert(tmp_path / "none", "potential-check").exit_code == ExitCode.VERIFY_FAILED


@pytest.mark.needs("browser")
@pytest.mark.parametrize(("width", "locale"), [(1440, "en-US"), (768, "de-DE"), (390, "de-DE"), (390, "en-US")])
def test_the_page_in_a_browser(home: Home, bare: Path, width: int, locale: str, tmp_path: Path, opened: Open) -> None:
    for version in (home.current.resolve(), bare):
        check = check_of(version)
        target = showing.write_page(
            check, tmp_path / f"{version.name}.html", showing.PageContext("<Firma> & Co", ("ratings.xlsx",))
        )
        seen = opened(target, width=width, locale=locale)
        page = seen.page
        assert page.evaluate(LAYOUT)["found"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("html").get_attribute("lang") == locale[:2]
        figures = page.locator("#asked tbody tr").evaluate_all(
            "rows => rows.map(row => [row.dataset.customer, ...[...row.querySelectorAll('td.number')].map(cell => cell.dataset.exact)])"
        )
        assert [(who, Decimal(revenue), Decimal(share)) for who, revenue, share, _ in figures] == [
            (each.ultimate_parent_id, each.net_revenue, each.covered_with) for each in check.asked
        ]
        assert page.locator("#curve polyline").count() == 2
        assert (seen.complaints, seen.requests) == ([], [])
    page.emulate_media(color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    assert page.evaluate(ground) < 60
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(ground) == 255
