"""Numbers and dates for people are written in one place, as each language writes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.vocabulary import Voice
from pipelines.vocabulary.formats import decimals_of
from pipelines.vocabulary.units import unit_of

REPOSITORY = Path(__file__).resolve().parents[3]
SPEAKERS = ("pipelines/showing", "orchestration/commands")


def formatted(source: str) -> Iterator[str]:
    """Where a module formats a number with grouping or per cent, or a date by a pattern."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec).strip("f'\"")
            if re.search(r"[,%]|_[bdfx]?$|n$", spec):
                yield f"line {node.lineno}: {{:{spec}}}"
        elif isinstance(node, ast.Attribute) and node.attr == "strftime":
            yield f"line {node.lineno}: strftime"
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "format"
            and re.search("[,%]", ast.unparse(node.args[1]))
        ):
            yield f"line {node.lineno}: format()"


def test_numbers_and_dates_for_people_are_written_by_the_vocabulary() -> None:
    wrong = [
        f"{path.relative_to(REPOSITORY).as_posix()} {each}"
        for folder in SPEAKERS
        for path in sorted((REPOSITORY / folder).rglob("*.py"))
        for each in formatted(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, (
        "say numbers and dates by pipelines.vocabulary (Voice.number, percent, money, day, moment):\n"
        + "\n".join(wrong)
    )


@pytest.mark.parametrize(
    "planted",
    [
        'f"{count:,}"',
        'f"{value:,.2f}"',
        'f"{share:.1%}"',
        'f"{day:%d.%m.%Y}"',
        'day.strftime("%Y")',
        'format(count, ",")',
    ],
)
def test_a_planted_formatter_is_found(planted: str) -> None:
    assert list(formatted(planted))


@pytest.mark.parametrize(
    "plain", ['f"{name:>16}  {text}"', 'f"v{number:06d}"', 'f"{seconds:7.2f} s"', "day.isoformat()"]
)
def test_what_only_lays_out_is_no_formatter(plain: str) -> None:
    assert not list(formatted(plain))


EN, DE = Voice("en"), Voice("de")


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
    assert EN.number(value, places) == english
    assert DE.number(value, places) == german


def test_shares_amounts_lengths_of_time_and_dates() -> None:
    assert (EN.percent(Decimal("0.2295")), DE.percent(Decimal("0.2295"))) == ("23.0%", "23,0\N{NO-BREAK SPACE}%")
    assert (EN.percent(None), DE.money(None, "EUR"), DE.day(None), EN.duration(None, "day")) == ("–",) * 4
    assert DE.money(Decimal("1234.5"), "EUR", 2) == "1.234,50\N{NO-BREAK SPACE}EUR"
    assert [EN.duration(number, "year") for number in (0, 1, 2)] == ["0 years", "1 year", "2 years"]
    assert [DE.duration(number, "month") for number in (1, 12)] == ["1 Monat", "12 Monate"]
    assert DE.duration(Decimal("3.45"), "day", 1) == "3,5 Tage"
    assert (EN.day(date(2026, 9, 30)), DE.day(date(2026, 9, 30))) == ("30 Sept 2026", "30.09.2026")
    assert DE.moment(datetime(2026, 9, 30, 22, 5, tzinfo=UTC)) == "30.09.2026, 22:05 UTC"
    assert (EN.month("2026-09"), DE.month("2026-09"), DE.month("2026")) == ("Sept 2026", "Sept. 2026", "2026")


def test_decimals_needed() -> None:
    assert [decimals_of(Decimal(text)) for text in ("85.0000", "22.5000", "82.1875", "100")] == [0, 1, 4, 0]
    assert decimals_of(None, at_least=1) == 1


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("weighted_days_beyond_terms", "days"),
        ("tenure_years", "years"),
        ("sow_capped_ratio", "ratio"),
        ("recency_ratio", "times"),
        ("achievable_gap", "money"),
        ("contribution_4", "money"),
        ("contribution_4_margin_ratio", "ratio"),
        ("repeat_probability", "ratio"),
        ("open_pipeline", "money"),
        ("referrals", "count"),
        ("has_co_marketing", "0 or 1"),
        ("decision_maker_access_level", "level"),
        ("order_regularity", None),
    ],
)
def test_the_unit_is_in_the_name(name: str, unit: str | None) -> None:
    assert unit_of(name) == unit
