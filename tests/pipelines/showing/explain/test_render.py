"""The page as it is read: complete in both languages, adding up in what is printed, literal about what was delivered."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console

from pipelines.showing.explain import Explanation, explain, render
from pipelines.showing.explain.render import bar
from pipelines.showing.explain.visible import visible
from pipelines.vocabulary import Voice, languages
from tests.pipelines.showing.explain.small_version import GROUP, LEAD, NEW, STAR, UNRATED, build

LANGUAGES = languages()
CUSTOMERS = (STAR, GROUP, UNRATED, LEAD, NEW)
WIDTHS = (60, 80, 120)


@cache
def explained(version: Path, customer: str) -> Explanation:
    return explain(version, customer)


def page(version: Path, customer: str, language: str = "en", width: int = 80, *, colours: bool = False) -> str:
    """What is printed on a terminal wider than the page: the page keeps its width."""
    file = io.StringIO()
    colour_system: Literal["standard"] | None = "standard" if colours else None
    console = Console(file=file, width=width + 60, highlight=False, force_terminal=colours, color_system=colour_system)
    console.print(render(explained(version, customer), Voice(language), width))
    return file.getvalue()


def number(text: str, language: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".") if language == "de" else text.replace(",", ""))


def points(text: str, language: str) -> Iterator[tuple[bool, Decimal, int]]:
    """Every line with points: is it a sum, its points, of how many."""
    voice = Voice(language)
    between = voice.say("explain.why.of", points=r"([\d.,]+)", weight=r"(\d+)")
    why = text.partition(voice.say("explain.title.do"))[0]
    for line in why.splitlines():
        match = re.search(rf"{between}$", line)
        if match is not None and line.startswith(("=", " ")):
            yield line.startswith("="), number(match[1], language), int(match[2])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("has_method", [False, True])
def test_points_printed_add_up_to_the_scores_printed(
    version: Path, version_with_method: Path, customer: str, language: str, width: int, has_method: bool
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
def test_the_cascade_printed_adds_up_line_by_line(version: Path, customer: str, language: str) -> None:
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
        "To rate",
        "# How sure",
        "Zone",
        "Potential",
        "Attractiveness",
        "Contribution",
        "Method",
        "Payment",
        "# What is missing",
        "Rated too long ago",
        "Estimate too low",
    ]


def test_what_to_sell_is_shown_where_nobody_set_another_zone(tmp_path: Path) -> None:
    """METHOD 1.18: gaps, what blocks and what to sell next, only in the zones in which something is to be developed."""
    spoken = "Pumpen: 1,000 EUR a year could be won (buys nothing of it from us yet)."
    free = build(tmp_path / "free", with_method=True, extra="update mart_portfolio set override_zone = null")
    text = page(free, STAR, width=120)
    assert {"In the way", "Sell next"} < set(outline(text))
    assert spoken in " ".join(text.split())
    assert "Untapped potential" in text
    held = build(tmp_path / "held", with_method=True, extra="update mart_portfolio set override_zone = 'withdrawal'")
    text = page(held, STAR, width=120)
    assert not {"In the way", "Sell next"} & set(outline(text))
    assert "Untapped potential" not in text


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
        "Contribution",
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
        (STAR, r"Set to Maintain by hand until 31 Mar 2026: “weil {x} [b]wichtig[/b]”."),
        (STAR, "Care and planned hours follow Maintain."),
        (STAR, "Rate first, in our words"),
        (STAR, "under 67% of the thresholds and 90% of the weights"),
        (STAR, "rests on few items (2)"),
        (STAR, "At least 81,001 if"),
        (STAR, "55.0% of the hours are logged: reliability low"),
        (STAR, "What ABC class A does not show: its orders stay away."),
        (STAR, "the estimate is wrong. A rating is too old."),
        (STAR, "English payment 3.5 days"),
        (STAR, "English margin 20.0%"),
        (GROUP, "group of 2 booked customer ids"),
        (GROUP, "= Contribution IV -1,143,557.81"),
        (UNRATED, "30 of 100 weight points of potential, 20 of attractiveness"),
        (UNRATED, "minimum care until it is rated"),
        (UNRATED, "ratings: how well a customer fits us, and so its zone, type and value (no CRM in this company)"),
        (UNRATED, "between 7.5 and 77.5"),
        (UNRATED, "Rate first"),
        (LEAD, "Target lead (confirmed): much to sell, would fit us well"),
    ],
)
def test_what_is_published_is_said(version_with_method: Path, customer: str, said: str) -> None:
    assert said in " ".join(page(version_with_method, customer, width=120).split())


def test_what_an_observed_customer_would_be_is_said_where_enough_is_known(tmp_path: Path) -> None:
    sentence = "Observed, not judged; by its scores alone it would be Protection"
    for coverage, is_said in ((59, False), (60, True)):
        known = (
            f"update mart_portfolio set potential_coverage_points = {coverage}, attractiveness_coverage_points = 100; "
            "insert into mart_method_settings (setting, value_number) values ('zones.min_coverage_weight', 60)"
        )
        version = build(tmp_path / str(coverage), with_method=True, extra=known)
        assert (sentence in " ".join(page(version, NEW, width=120).split())) == is_said


def test_german_words_numbers_and_dates(version_with_method: Path) -> None:
    text = " ".join(page(version_with_method, STAR, "de", 120).split())
    for said in (
        "= Nettoumsatz 1.234.567,81",
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
def test_no_line_is_wider_than_the_terminal(version_with_method: Path, language: str, width: int) -> None:
    for customer in CUSTOMERS:
        longest = max(page(version_with_method, customer, language, width).splitlines(), key=len)
        assert len(longest) <= width, longest


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_and_its_per_cent_sign_stay_together(version_with_method: Path, language: str) -> None:
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


# --- the company's limits ---------------------------------------------------------------------------------------------


def with_settings(root: Path, extra: str = "", **settings: str) -> Path:
    """The version, publishing settings: path with `__` for the point."""
    rows = ", ".join(f"('{name.replace('__', '.')}', '{value}', {value})" for name, value in settings.items())
    return build(root, extra=f"insert into mart_method_settings (setting, value, value_number) values {rows}; {extra}")


@pytest.mark.parametrize(
    ("tenure", "settings", "english", "german"),
    [
        ("0", {"years": "1"}, "a customer for less than 1 year", "die Kundenbeziehung ist jünger als 1 Jahr"),
        ("1", {"years": "2"}, "a customer for less than 2 years", "die Kundenbeziehung ist jünger als 2 Jahre"),
        ("18", {"years": "1", "invoices": "5"}, "fewer than 5 invoices so far", "bisher weniger als 5 Rechnungen"),
        ("null", {"years": "1"}, "nobody knows since when it is a customer", "seit wann die Kundenbeziehung besteht"),
    ],
)
def test_observation_names_the_rule_that_put_the_customer_there(
    tmp_path: Path, tenure: str, settings: dict[str, str], english: str, german: str
) -> None:
    names = {"years": "zones__new_customer_tenure_years_below", "invoices": "zones__new_customer_min_invoices"}
    loyalty = f"insert into mart_loyalty_growth (as_of_date, ultimate_parent_id, tenure_years) values ('2025-12-31', '{NEW}', {tenure})"
    version = with_settings(tmp_path, loyalty, **{names[name]: value for name, value in settings.items()})
    for language, said in (("en", english), ("de", german)):
        text = " ".join(page(version, NEW, language, 120).split())
        assert text.count(said) == 3  # in the heading, as the reason, and in how sure


def test_a_version_without_settings_names_no_limit(version: Path) -> None:
    for language in LANGUAGES:
        text = page(version, NEW, language)
        assert Voice(language).say("observation_rule.any") in " ".join(text.split())
        assert "{" not in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"potential__contradiction_factor": "1.25"}, "Revenue is above 125% of the estimated demand"),
        ({"zones__stale_after_days": "400"}, "A rating is older than 400 days."),
        ({"zones__hysteresis_band": "7.5"}, "the band around the threshold (± 7.5)"),
        ({"payment_and_growth__low_payment_items_below": "4"}, "few items (2, fewer than 4)"),
        ({"sales_cost__min_logged_capacity_ratio": "0.625"}, "reliability low (low below 62.5%)"),
    ],
)
def test_a_limit_is_said_as_the_version_has_it(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    assert said in " ".join(page(with_settings(tmp_path, **settings), STAR, width=120).split())


def test_a_code_of_a_later_release_is_shown_as_it_is(tmp_path: Path) -> None:
    spoiled = build(
        tmp_path, extra="update mart_portfolio set zone = 'moon_base', zone_status = 'odd', action_reason = 'new_rule'"
    )
    text = page(spoiled, STAR, "de")
    assert "moon base (odd)" in text
    assert "new rule" in text


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
