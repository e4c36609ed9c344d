"""Where the replay of an as-of date begins, and which months a run passes through."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines.landing.judged import Beginning, judged_months, shown_months

YEAR_END = date(2025, 12, 31)


def beginning(
    configured: date | None = None, most: int = 36, first: date | None = date(2023, 11, 20), *openings: date
) -> Beginning:
    return Beginning(configured, most, first, openings)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (beginning(), date(2024, 10, 31)),
        (beginning(first=None), YEAR_END),
        (beginning(first=date(2025, 5, 2)), YEAR_END),
        (beginning(None, 6), date(2025, 6, 30)),
        (beginning(date(2025, 6, 30)), date(2025, 6, 30)),
        (beginning(date(2020, 6, 30)), date(2022, 12, 31)),
        (beginning(date(2026, 6, 30)), YEAR_END),
        (beginning(None, 36, date(2023, 1, 3), date(2025, 3, 31)), date(2025, 4, 30)),
        (beginning(None, 36, date(2023, 1, 3), date(2025, 3, 15)), date(2025, 3, 31)),
        (beginning(None, 36, date(2023, 1, 3), date(2025, 3, 15), YEAR_END), date(2025, 3, 31)),
    ],
)
def test_judging_begins_with_the_first_whole_year_or_after_the_opening(given: Beginning, expected: date) -> None:
    assert given.judged_from(YEAR_END) == expected


def test_a_run_passes_through_the_months_of_every_shown_date_and_of_those_before() -> None:
    months = judged_months([date(2025, 11, 30), YEAR_END], beginning(None, 1))
    assert [(month.as_of_date.month, month.judged_from.month, month.is_shown) for month in months] == [
        (9, 8, False), (10, 9, False), (11, 10, True), (12, 11, True),
    ]  # fmt: skip


def test_only_judged_months_are_shown() -> None:
    assert shown_months(YEAR_END, 2, beginning()) == (date(2025, 11, 30), YEAR_END)
    assert shown_months(YEAR_END, 13, beginning(date(2025, 11, 30))) == (date(2025, 11, 30), YEAR_END)
