"""The customer sheet: its figures are the marts', unknown is said, it speaks both languages and prints on two pages."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import ExitCode, KundenwertError
from pipelines.showing.sheets import printing
from pipelines.showing.sheets.customer import document, read_sheet, write_sheet
from pipelines.showing.sheets.customer.read import GROUPS_SHOWN, TASKS_SHOWN
from pipelines.vocabulary import Voice, catalogue
from tests.pipelines.showing.explain.small_version import AS_OF, HOSTILE_NAME, LEAD, STAR, UNRATED, build

LONG = "Verzahnungsmesstechnik, Sondermaschinen"
EMOJI = "Räder & Söhne 👩‍🔧 </title><script>alert(1)</script>"

FULL = f"""
update mart_portfolio set owner_area = 'Nord', region = 'Nord', country_code = 'DE' where ultimate_parent_id = '{STAR}';

insert into mart_contribution_month by name
select
    date '{AS_OF}' as as_of_date, (date '2025-12-01' - to_months(n::int))::date as month_start, '{STAR}' as ultimate_parent_id,
    'customer' as relationship_type, (100000 + n)::decimal(18, 2) as net_revenue, 4 as contribution_depth,
    (case when n = 3 then -5000 else 7000 + n end)::decimal(18, 2) as contribution_4,
    (case when n = 3 then -5000 else 7000 + n end)::decimal(18, 2) as customer_contribution, 2 as visits
from range(30) as months (n) where n <> 5;

insert into mart_contribution_month by name
select date '{AS_OF}' as as_of_date, (date '2025-12-01' - to_months(n::int))::date as month_start, '010099' as ultimate_parent_id,
    'customer' as relationship_type, 1 as net_revenue
from range(30) as months (n);

insert into mart_share_of_wallet by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, '{LONG} ' || n as product_group, 900000 as annual_demand,
    (n * 1000)::decimal(18, 2) as net_revenue, 0.25 as sow_capped_ratio, -0.125 as sow_change_ratio, n as achievable_gap,
    false as is_white_space, false as is_next_best_product_group, true as is_potential_stale, date '2023-01-31' as estimate_valid_from
from range(20) as groups (n);

insert into mart_customer_profile by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, 'C28' as industry_code, 7 as contact_count,
    0.5 as role_coverage_ratio, 6 as offerings_rated, 0.25 as basic_share_ratio, 245 as credit_index, false as is_wish_customer,
    12345678 as annual_need, 91 as payment_terms_days;

insert into mart_buying_centre by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, role as buying_role, 1 as contact_count, 4 as max_access_level
from (select unnest(['decider', 'buyer', 'user', 'influencer', 'initiator', 'gatekeeper', 'unknown']) as role);

insert into mart_service_levels by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, 24 as planned_visits, 17 as actual_visits,
    8 as days_since_last_contact,
    date '2025-12-23' as last_contact_date, false as is_never_contacted, 97.25 as field_hours, 30 as max_contact_gap_days;

insert into mart_score_change by name
select as_of_date, ultimate_parent_id, axis, criterion_id, date '2025-11-30' as previous_as_of_date,
    case criterion_id when 'access' then -7.5 when 'payment' then 2.25 else 0 end as change_points
from fct_criterion_score where ultimate_parent_id = '{STAR}';

insert into mart_worklist by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, task, n as priority, 'x' as customer_name, 'Nord' as owner_area,
    date '2026-01-14' as due_on, 852924.36 as money, 'at_risk' as money_kind, 'share_falling' as happened, -0.093 as happened_ratio,
    'talk_to_decider' as next_step, 'EUR' as reporting_currency
from (select unnest(['hand_over', 'defend', 'visit', 'recover', 'reprice', 'rate', 'reduce']) as task, unnest(range(7)) as n);

insert into mart_data_coverage by name
select date '{AS_OF}' as as_of_date, '{STAR}' as ultimate_parent_id, source as source_name, 'crm' as source_system, n % 2 = 0 as is_mapped,
    n % 4 = 0 as is_delivered, false as has_data, 0 as row_count
from (select unnest(['accounts', 'activities', 'campaigns', 'contacts', 'opportunities', 'potential_estimates', 'ratings',
    'service_ratings', 'direct_costs', 'open_items', 'orders']) as source, unnest(range(11)) as n);
"""
"""A customer of whom everything is known and of whom there is more to say than of anybody in the demo."""

UNKNOWN_COST = f"""
update mart_portfolio set contribution_depth = 0, cogs = null, contribution_1 = null, contribution_2 = null, contribution_3 = null,
    contribution_4 = null, customer_contribution = null, contribution_4_margin_ratio = null
where ultimate_parent_id = '{UNRATED}'
"""


class _Page(HTMLParser):
    """What a browser would show: elements with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())

    def exact(self, name: str) -> dict[str, str]:
        return {of[name] or "": of["data-exact"] or "" for _, of in self.elements if name in of and "data-exact" in of}

    def count(self, tag: str, kind: str = "") -> int:
        return sum(1 for name, of in self.elements if name == tag and (not kind or of.get("class") == kind))


@pytest.fixture(scope="session")
def version(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("full"), with_method=True, extra=FULL)


def _page(version: Path, customer: str, language: str = "en") -> _Page:
    return _Page(document(read_sheet(version, customer), Voice(language)))


def _published(version: Path, table: str, what: str, where: str) -> list[tuple[Any, ...]]:
    return duckdb.execute(f"select {what} from '{version / 'bi' / table}.parquet' where {where}").fetchall()


def test_steps_and_scores_are_the_marts(version: Path) -> None:
    page = _page(version, STAR)
    of_star = f"ultimate_parent_id = '{STAR}' and as_of_date = date '{AS_OF}'"
    steps = page.exact("data-step")
    assert len(steps) == 11
    ((*published,),) = _published(version, "mart_portfolio", ", ".join(steps), of_star)
    assert {name: Decimal(amount) for name, amount in steps.items()} == dict(zip(steps, published, strict=True))
    scores = page.exact("data-axis")
    ((*published,),) = _published(version, "mart_portfolio", ", ".join(f"{axis}_score" for axis in scores), of_star)
    assert list(scores) == ["potential", "attractiveness", "contribution"]
    assert [Decimal(score) for score in scores.values()] == published


def test_the_last_24_delivered_months_are_drawn_and_a_month_without_a_booking_is_empty(version: Path) -> None:
    sheet = read_sheet(version, STAR)
    published = _published(
        version,
        "mart_contribution_month",
        "month_start, net_revenue, contribution_4, visits",
        f"ultimate_parent_id = '{STAR}'",
    )
    last = sorted(row for row in published if row[0] >= date(2024, 1, 1))
    read = [(each.month_start, each.net_revenue, each.contribution, each.visits) for each in sheet.months]
    assert len(read) == 24
    assert [row for row in read if row[1] is not None] == last
    assert [row for row in read if row[1] is None] == [(date(2025, 7, 1), None, None, None)]


def test_losses_hang_below_the_line_and_bars_fit_into_the_picture(version: Path) -> None:
    page = document(read_sheet(version, STAR), Voice("en"))
    drawn = page[page.index('class="columns"') : page.index('class="zero"')]
    bars = [
        tuple(map(Decimal, found))
        for found in re.findall(r'class="solid" x="\S+" width="\S+" y="(\S+)" height="(\S+)"', drawn)
    ]
    (zero,) = map(Decimal, re.findall(r'class="zero" x1="0" x2="100" y1="([\d.]+)"', page))
    assert len(bars) == 23
    assert [bar for bar in bars if bar[0] == zero] == [(zero, Decimal(100) - zero)]
    assert all(begin >= 0 and begin + length <= 100 for begin, length in bars)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Customer sheet",
                "1,234,568",
                "Visits planned a year 24",
                "23 Dec 2025",
                "At risk",
                "Change since 30 Nov 2025",
            ],
        ),
        (
            "de",
            [
                "Kundenblatt",
                "1.234.568",
                "Geplante Besuche im Jahr 24",
                "23.12.2025",
                "Veränderung seit 30.11.2025",
                "12.345.678",
            ],
        ),
    ],
)
def test_both_languages_with_the_digits_people_use(version: Path, language: str, said: list[str]) -> None:
    text = _page(version, STAR, language).text
    assert [each for each in said if each.lower() not in text.lower()] == []
    assert "852,924" in text or language == "de"


def test_the_largest_loss_of_an_axis_stands_first_with_its_change(version: Path) -> None:
    text = _page(version, STAR).text
    attractiveness = text[text.index("Attractiveness 73.3330") :]
    assert attractiveness.startswith(
        "Attractiveness 73.3330 -5.25 English process 3.3 11.6665 of 20 -8.3335 0 English access 4 22.5"
    )
    assert read_sheet(version, STAR).change_of(read_sheet(version, STAR).explanation.axes[1]) == Decimal("-5.25")


def test_what_does_not_fit_is_counted(version: Path) -> None:
    sheet = read_sheet(version, STAR)
    assert (len(sheet.groups), sheet.more_groups) == (GROUPS_SHOWN, 22 - GROUPS_SHOWN)
    assert len(sheet.tasks) == TASKS_SHOWN
    assert "Product groups not shown here, with less to win: 12" in _page(version, STAR).text


def test_a_lead_has_no_finance_and_never_was_a_customer(version: Path) -> None:
    text = _page(version, LEAD).text
    assert "Lead" in text
    assert "Customer since" not in text
    assert "Credit index" not in text
    assert "Wish customer not known" in text


def test_what_is_not_known_is_said_and_never_a_zero(version: Path) -> None:
    english, german = _page(version, UNRATED).text, _page(version, UNRATED, "de").text
    for asked in ("Contacts we know", "Visits, 12 months", "Credit index", "Demand, all suppliers"):
        assert f"{asked} not known" in english
    assert "Bekannte Ansprechpartner unbekannt" in german
    assert "no CRM in this company" in english


def test_an_unknown_cost_has_no_bar_and_no_amount(tmp_path: Path) -> None:
    page = _page(build(tmp_path, extra=UNKNOWN_COST), UNRATED)
    unknown = [step for step, amount in page.exact("data-step").items() if not amount]
    assert unknown == ["cogs", "contribution_1", "contribution_2", "contribution_3", "contribution_4"]
    assert "Contribution IV not known" in page.text


def test_names_are_text_never_markup(tmp_path: Path) -> None:
    name = EMOJI.replace("'", "''")
    renamed = f"update mart_portfolio set customer_name = '{name}' where ultimate_parent_id = '{STAR}'"
    page = _page(build(tmp_path, extra=renamed), STAR)
    assert page.count("script") == 0
    assert page.text.count(EMOJI) == 2, "in the title and in the heading"


def test_the_sheet_reaches_for_nothing_and_is_the_same_every_time(version: Path) -> None:
    sheet = read_sheet(version, STAR)
    page = document(sheet, Voice("de"))
    assert document(read_sheet(version, STAR), Voice("de")) == page
    assert not re.findall(r"https?:|url\(|@import|<script|<img|<link(?! rel=\"icon\" href=\"data:,\")", page)
    assert HOSTILE_NAME.split()[0] in page


def test_an_unknown_customer_is_told_with_a_code(version: Path) -> None:
    with pytest.raises(KundenwertError) as caught:
        read_sheet(version, "nobody we know")
    assert caught.value.exit_code is ExitCode.USAGE
    assert [problem.code for problem in caught.value.problems] == ["CUSTOMER_UNKNOWN"]


def test_every_word_of_the_sheet_is_there_in_german() -> None:
    words = [key for key in catalogue("en") if key.startswith("customer_sheet.")]
    assert words
    same = [key for key in words if catalogue("en")[key] == catalogue("de")[key]]
    assert same == ["customer_sheet.field.region"]


# --- printed ----------------------------------------------------------------------------------------------------------


@pytest.mark.needs("browser")
@pytest.mark.parametrize(("customer", "language"), [(STAR, "de"), (LEAD, "en")])
def test_two_pages_at_most(version: Path, tmp_path: Path, customer: str, language: str) -> None:
    page = write_sheet(read_sheet(version, customer), Voice(language), tmp_path / "sheet.html")
    printed = printing.print_pdf(page, tmp_path / "out" / "sheet.pdf")
    content = printed.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) <= 2
    assert printed.stat().st_mode & 0o777 == 0o600


def test_without_a_browser_it_is_said_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KundenwertError) as caught:
        printing.print_pdf(tmp_path / "sheet.html", tmp_path / "sheet.pdf")
    (problem,) = caught.value.problems
    assert problem.code == "BROWSER_MISSING"
    assert str(tmp_path / "sheet.html") in problem.remedy


def test_a_browser_that_does_not_print_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho out of memory >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KundenwertError, match="out of memory") as caught:
        printing.print_pdf(tmp_path / "sheet.html", tmp_path / "sheet.pdf")
    assert [problem.code for problem in caught.value.problems] == ["PRINT_FAILED"]
    assert not (tmp_path / "sheet.pdf").exists()
