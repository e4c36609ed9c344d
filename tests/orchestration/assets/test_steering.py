"""Which months a version holds."""

from __future__ import annotations

from datetime import date

from orchestration.assets.steering import all_month_ends

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)


def test_a_run_adds_months_and_never_drops_one() -> None:
    assert all_month_ends((FEBRUARY,), (JANUARY, MARCH)) == (JANUARY, FEBRUARY, MARCH)
    assert all_month_ends((MARCH,), (MARCH,)) == (MARCH,)
