"""The page as it is read: complete in both languages, adding up in what is printed, literal about what was delivered."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Literal

import pytest
import yaml
from rich.console import Console

from pipelines.showing.explain import LANGUAGES, Explanation, Language, explain, render
from pipelines.showing.explain import words as words_of_the_page
from pipelines.showing.explain.render import bar
from pipelines.showing.explain.visible import visible
from pipelines.showing.explain.words import TEXTS, Voice, decimals
from tests.pipelines.showing.explain.small_version import GROUP, LEAD, NEW, REPOSITORY, STAR, UNRATED, build

CUSTOMERS = (STAR, GROUP, UNRATED, LEAD, NEW)
WIDTHS = (60, 80, 120)


@cache
def explained(version: Path, customer: str) -> Explanation:
    return explain(version, customer)


def page(version: Path, customer: str, language: Language = "en", width: int = 80, *, colours: bool = False) -> str:
    """What is printed on a terminal wider than the page: the page keeps its width."""
    file = io.StringIO()
    colour_system: Literal["standard"] | None = "standard" if colours else None
    console = Console(file=file, width=width + 60, highlight=False, force_terminal=colours, color_system=colour_system)
    console.print(render(explained(version, customer), language, width))
    return file.getvalue()


def number(text: str, language: Language) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".") if language == "de" else text.replace(",", ""))


def points(text: str, language: Language) -> Iterator[tuple[bool, Decimal, int]]:
    """Every line with points: is it a sum, its points, of how many."""
    between = TEXTS["why.of"][LANGUAGES.index(language)].format(points=r"([\d.,]+)", weight=r"(\d+)")
    why = text.partition(TEXTS["title.do"][LANGUAGES.index(language)])[0]
    for line in why.splitlines():
        match = re.search(rf"{between}$", line)
        if match is not None and line.startswith(("=", " ")):
            yield line.startswith("="), number(match[1], language), int(match[2])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("has_method", [False, True])
def test_points_printed_add_up_to_the_scores_printed(
    version: Path, version_with_method: Path, customer: str, language: Language, width: int, has_method: bool
) -> None:
    text = page(version_with_method if has_method else version, customer, language, width)
    parts, weights, sums = Decimal(0), 0, 0
    for is_sum, each, weight in points(text, language):
        if is_sum:
            assert each == parts
            assert weight == weights == 100
            parts, weights, sums = Decimal(0), 0, sums + 1
        else:
            parts, weights = parts + each, weights + weight
    assert not parts
    assert not weights
    assert sums == (2 if customer == LEAD else 5 + has_method)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("customer", [STAR, GROUP, UNRATED, NEW])
def test_the_cascade_printed_adds_up_line_by_line(version: Path, customer: str, language: Language) -> None:
    label = re.compile(r"^([ =-]) (?:\S+ )+ *(-?[\d.,]+\d\d)\s")
    lines = [match for line in page(version, customer, language).splitlines() if (match := label.match(line))][:11]
    assert len(lines) == 11
    assert "".join(match[1] for match in lines) == " -=-=-=-=-="
    running = Decimal(0)
    for match in lines:
        amount = number(match[2], language)
        if match[1] == "=":
            assert amount == running
        running = running - amount if match[1] == "-" else amount


def test_the_customer_value_is_printed_by_its_weighted_parts(version_with_method: Path) -> None:
    text = page(version_with_method, STAR)
    rows = re.findall(r"^  (\w+) +([\d.]+) +×([\d.]+) .* ([\d.]+) of (\d+)$", text, re.MULTILINE)
    assert [row[0] for row in rows] == ["Contribution", "Potential", "Attractiveness"]
    for _, score, weight, part, most in rows:
        assert Decimal(part) == Decimal(score) * Decimal(weight)
        assert Decimal(most) == 100 * Decimal(weight)
    assert re.search(r"^= Customer value .* 70\.65615 of 100$", text, re.MULTILINE)
    assert "Customer value is published rounded: 70.6562." in " ".join(text.split())


def test_without_published_weights_the_page_says_so(version: Path) -> None:
    assert "does not publish their weights" in " ".join(page(version, STAR).split())


def test_a_part_that_does_not_fit_stands_on_the_page(tmp_path: Path) -> None:
    spoiled = build(tmp_path, extra="update mart_portfolio set sales_cost = sales_cost - 0.5")
    text = " ".join(page(spoiled, STAR).split())
    assert (
        "Does not add up: Contribution 3 is published as 94,567.99, its parts give 94,568.49; difference -0.50." in text
    )
    assert "sums checked" not in text


def outline(text: str) -> list[str]:
    """The page without its prose: titles, the words in front of lines, sentences as bullets."""
    found: list[str] = []
    for line in text.splitlines():
        if "───" in line:
            found.append(f"# {line.split(':')[0].split(' ──')[0]}")
        elif line.startswith("• "):
            found.append("•")
        elif found and found[-1] != "# What" and re.match(r"^\S.{0,18}\s{2,}\S", line) and not line.startswith("Crit"):
            found.append(re.split(r"\s{2,}", line)[0])
    return [each for each in found if not each.startswith(("= ", "- "))]


def test_the_page_of_a_doubtful_customer(version_with_method: Path) -> None:
    assert outline(page(version_with_method, STAR)) == [
        "# What",
        "# Why",
        *"•••••••••",
        "# What to do",
        "Reason",
        "In the way",
        "To rate",
        "Sell next",
        "# How sure",
        "Zone",
        "Potential",
        "Attractiveness",
        "Contribution 4",
        "Method",
        "Payment",
        "# What is missing",
        "Rated too long ago",
        "Estimate too low",
    ]


def test_the_page_of_an_unrated_customer(version: Path) -> None:
    assert outline(page(version, UNRATED)) == [
        "# What",
        "# Why",
        *"••••••",
        "# What to do",
        "Reason",
        "To rate",
        "# How sure",
        "Zone",
        "Potential",
        "Attractiveness",
        "Contribution 4",
        "Method",
        "# What is missing",
        "Not known (weight)",
        "Source says nothing",
        "Never delivered",
        "Not connected",
    ]


def test_the_page_of_a_lead_has_no_customer_value_and_no_gap_in_the_erp(version: Path) -> None:
    text = page(version, LEAD)
    assert "ustomer value" not in text
    assert "Payment" not in text
    assert outline(text)[-1] == "# What is missing"
    assert "Nothing: every criterion is known" in text


@pytest.mark.parametrize(
    ("customer", "said"),
    [
        (STAR, "12.1875 points above the threshold"),
        (STAR, "By today's scores alone it would be Maintain"),
        (STAR, "before that Development"),
        (STAR, r"Set to Maintain by hand until 2026-03-31: “weil {x} [b]wichtig[/b]”."),
        (STAR, "Care and planned hours follow Maintain."),
        (STAR, "Rate first, in our words"),
        (STAR, "Pumpen: 1,000 EUR a year could be won (buys nothing of it from us yet)."),
        (STAR, "under 67% of the thresholds and 90% of the weights"),
        (STAR, "rests on 2 items only"),
        (STAR, "At least 81,001 if"),
        (STAR, "55.0% of the hours are logged: reliability low"),
        (STAR, "What ABC class A does not show: its orders stay away."),
        (STAR, "the estimate is wrong. A rating is too old."),
        (STAR, "English payment 3.5 days"),
        (STAR, "English margin 20.0%"),
        (GROUP, "group of 2 booked customer ids"),
        (GROUP, "= Contribution 4 -1,143,557.81"),
        (UNRATED, "30 of 100 weight points of potential, 20 of attractiveness"),
        (UNRATED, "minimum care until it is rated"),
        (UNRATED, "ratings (no CRM in this company)"),
        (UNRATED, "between 7.5 and 77.5"),
        (UNRATED, "Rate first"),
        (NEW, "observed, not judged; by its scores alone it would be Protection"),
        (LEAD, "Target lead (confirmed): much to sell, would fit us well"),
    ],
)
def test_what_is_published_is_said(version_with_method: Path, customer: str, said: str) -> None:
    assert said in " ".join(page(version_with_method, customer, width=120).split())


def test_german_words_numbers_and_dates(version_with_method: Path) -> None:
    text = " ".join(page(version_with_method, STAR, "de", 120).split())
    for said in (
        "= Umsatz 1.234.567,81",
        "-8,1 %",
        "davor Entwicklungszone",
        "bis 31.03.2026",
        "Deutsch payment 3,5 Tage",
        "Erst bewerten, in unseren Worten",
        "Lieferanteil 60,0 %",
    ):
        assert said in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(version_with_method: Path, language: Language, width: int) -> None:
    for customer in CUSTOMERS:
        longest = max(page(version_with_method, customer, language, width).splitlines(), key=len)
        assert len(longest) <= width, longest


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_and_its_per_cent_sign_stay_together(version_with_method: Path, language: Language) -> None:
    for width in range(60, 100, 3):
        assert not re.search(r"^[\s•]*%", page(version_with_method, STAR, language, width), re.MULTILINE)


@pytest.mark.parametrize("colours", [False, True])
def test_a_hostile_name_is_shown_literally(version: Path, colours: bool) -> None:
    text = page(version, STAR, colours=colours)
    assert r"[red]Böse[/red] {zone} \x1b[31mGmbH\x07\u202e" in text
    assert "\x07" not in text
    assert "\u202e" not in text
    own = set(re.findall(r"\x1b\[[\d;]*m", text))
    assert bool(own) == colours
    assert "\x1b[31mGmbH" not in text
    assert r"weil {x} [b]wichtig[/b]" in " ".join(text.split())


def test_text_is_made_visible_not_lost() -> None:
    assert visible("Müller & Söhne, 株式会社") == "Müller & Söhne, 株式会社"
    assert visible("a\nb\x00\u2028") == r"a\nb\x00\u2028"


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_the_same_things(key: str) -> None:
    english, german = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in TEXTS[key])
    assert english == german
    assert all(text.strip() for text in TEXTS[key])


def test_no_text_is_left_unsaid() -> None:
    source = (Path(words_of_the_page.__file__).parent / "render.py").read_text(encoding="utf-8")
    source += Path(words_of_the_page.__file__).read_text(encoding="utf-8").partition("RATIOS")[2]
    groups = set(re.findall(r"code\([\"'](\w+)", source)) | {"money", "figure", "danger", "because"}
    said = set(re.findall(r"[\"'](\w+\.\w+)[\"']", source))
    unsaid = [key for key in TEXTS if key.partition(".")[0] not in groups and key not in said]
    assert [key for key in unsaid if not key.startswith("sure.payment_")] == []


COLUMNS = {
    "zone": ("zones", "meaning"),
    "raw_zone": ("zones",),
    "zone_status": ("status", "status_means"),
    "customer_status": ("customer_status",),
    "customer_type": ("type",),
    "recommended_action": ("action",),
    "contribution_reliability": ("reliability",),
    "axis": ("axis",),
}


def accepted_values() -> Iterator[tuple[str, str]]:
    for path in sorted((REPOSITORY / "dbt_project" / "models" / "marts").rglob("*__models.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            for column in model["columns"]:
                for test in column.get("data_tests", []):
                    if isinstance(test, dict) and "accepted_values" in test:
                        for value in test["accepted_values"]["arguments"]["values"]:
                            yield column["name"], value


def test_every_code_the_marts_may_hold_has_its_words() -> None:
    pairs = [(column, value) for column, value in accepted_values() if column in COLUMNS]
    assert {column for column, _ in pairs} == COLUMNS.keys()
    missing = {f"{group}.{value}" for column, value in pairs for group in COLUMNS[column]} - TEXTS.keys()
    assert missing == set()


def test_every_reason_and_source_of_the_models_has_its_words() -> None:
    models = REPOSITORY / "dbt_project" / "models"
    consequences = next(models.rglob("int_value__consequences.sql")).read_text(encoding="utf-8")
    decided = consequences[consequences.index("then 'override'") :]
    reasons = {reason.removesuffix("_") for reason in re.findall(r"then '(\w+)'", decided)}
    assert {"override", "observation", "churn_risk"} <= reasons
    assert {f"because.{reason}" for reason in reasons} <= TEXTS.keys()
    coverage = next(models.rglob("mart_data_coverage.sql")).read_text(encoding="utf-8")
    sources = set(re.findall(r"\('(\w+)', 'stg_", coverage)) | {"invoice_lines"}
    assert len(sources) > 10
    assert {f"source.{source}" for source in sources} <= TEXTS.keys()
    raw = next(models.rglob("int_zones__raw.sql")).read_text(encoding="utf-8")
    doubts = set(re.findall(r"'((?:missing|potential|ratings)_\w+)'", raw))
    assert {"missing_criteria", "ratings_stale"} <= doubts
    assert {f"reason.{doubt}" for doubt in doubts} <= TEXTS.keys()


def test_a_code_of_a_later_release_is_shown_as_it_is() -> None:
    assert Voice("de").code("zones", "moon_base") == "moon base"


@pytest.mark.parametrize(
    ("value", "places", "english", "german"),
    [
        (None, 2, "–", "–"),
        (Decimal("1234567.805"), 2, "1,234,567.81", "1.234.567,81"),
        (Decimal("-0.004"), 2, "0.00", "0,00"),
        (Decimal("-1234.5"), 0, "-1,235", "-1.235"),
        (0, 0, "0", "0"),
    ],
)
def test_numbers(value: Decimal | None, places: int, english: str, german: str) -> None:
    assert Voice("en").number(value, places) == english
    assert Voice("de").number(value, places) == german


def test_decimals_needed() -> None:
    assert [decimals(Decimal(text)) for text in ("85.0000", "22.5000", "82.1875", "100")] == [0, 1, 4, 0]
    assert decimals(None, at_least=1) == 1


@pytest.mark.parametrize(
    ("part", "cells", "drawn"),
    [
        (Decimal(0), 4, "····"),
        (Decimal(100), 4, "████"),
        (Decimal(50), 4, "██··"),
        (Decimal("12.5"), 4, "▌···"),
        (Decimal(50), 0, ""),
        (Decimal(140), 2, "██"),
        (Decimal(-10), 2, "··"),
    ],
)
def test_bars(part: Decimal, cells: int, drawn: str) -> None:
    assert bar(part, 100, cells) == drawn
    assert len(bar(part, 100, cells, is_assumed=True)) == cells
