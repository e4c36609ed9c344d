"""Which months a version holds."""

from __future__ import annotations

from datetime import date

from orchestration.assets.steering import all_month_ends

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)


def test_a_run_adds_months_and_keeps_those_that_are_over() -> None:
    assert all_month_ends((FEBRUARY,), (JANUARY, MARCH), MARCH) == (JANUARY, FEBRUARY, MARCH)
    assert all_month_ends((MARCH,), (MARCH,), MARCH) == (MARCH,)
    assert all_month_ends((MARCH,), (JANUARY,), FEBRUARY) == (JANUARY, MARCH)


def test_a_month_after_the_one_that_follows_from_the_deliveries_vanishes() -> None:
    """An invoice dated ahead had brought it."""
    assert all_month_ends((FEBRUARY,), (JANUARY, FEBRUARY, MARCH, date(2062, 1, 31)), FEBRUARY) == (JANUARY, FEBRUARY)
