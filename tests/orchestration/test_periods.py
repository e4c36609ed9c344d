"""Dates of the command line: what is accepted, and what the refusal tells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from orchestration.periods import (
    Period,
    PeriodError,
    parse_as_of,
    parse_known_at,
    parse_period,
    partition_month_end,
)
from pipelines.errors import ExitCode


def code_of(error: pytest.ExceptionInfo[PeriodError]) -> str:
    return error.value.problems[0].code


def test_a_period_holds_every_month_end_across_years_and_a_leap_day() -> None:
    period = Period(date(2023, 12, 31), date(2024, 3, 31))
    assert period.month_ends == (date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31))
    assert period.partition_keys == ("2023-12", "2024-03")


def test_partition_keys_and_month_ends_are_each_others_inverse() -> None:
    for month_end in Period(date(2000, 1, 31), date(2028, 12, 31)).month_ends:
        assert partition_month_end(Period(month_end, month_end).partition_keys[0]) == month_end


def test_an_as_of_date_within_a_month_is_refused_with_the_months_last_day() -> None:
    with pytest.raises(PeriodError) as error:
        parse_as_of("2024-02-28")
    assert code_of(error) == "AS_OF_NOT_MONTH_END"
    assert error.value.problems[0].remedy == "did you mean --as-of 2024-02-29?"
    assert error.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("text", ["2024-13-01", "31.01.2024", "yesterday", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(PeriodError) as error:
        parse_as_of(text)
    assert code_of(error) == "AS_OF_INVALID"


def test_months_before_the_first_partition_are_refused() -> None:
    with pytest.raises(PeriodError) as error:
        parse_as_of("1999-12-31")
    assert code_of(error) == "MONTH_RANGE"
    assert parse_as_of("2000-01-31") == date(2000, 1, 31)


def test_periods() -> None:
    assert parse_period(None, None, None) is None
    assert parse_period("2024-01-31", None, None) == Period(date(2024, 1, 31), date(2024, 1, 31))
    assert parse_period(None, "2024-01", "2024-02") == Period(date(2024, 1, 31), date(2024, 2, 29), is_exact=True)
    assert parse_period(None, None, "2024-02") == Period(date(2024, 2, 29), date(2024, 2, 29), is_exact=True)


def test_both_ends_of_a_period_are_told_at_once() -> None:
    with pytest.raises(PeriodError) as error:
        parse_period(None, "2024-1", "2024-00")
    assert [problem.where for problem in error.value.problems] == ["--from", "--to"]


@pytest.mark.parametrize(
    ("given", "code"),
    [(("2024-01-31", "2024-01", None), "PERIOD_AMBIGUOUS"), ((None, "2024-02", "2024-01"), "PERIOD_REVERSED")],
)
def test_contradictions_are_refused(given: tuple[str | None, str | None, str | None], code: str) -> None:
    with pytest.raises(PeriodError) as error:
        parse_period(*given)
    assert code_of(error) == code


def test_points_in_time_become_utc() -> None:
    assert parse_known_at("2026-11-05") == datetime(2026, 11, 5, 23, 59, 59, tzinfo=UTC)
    assert parse_known_at("2026-11-05T18:00:00") == datetime(2026, 11, 5, 18, tzinfo=UTC)
    parsed = parse_known_at("2026-11-05T18:00:00+01:00")
    assert parsed == datetime(2026, 11, 5, 18, tzinfo=timezone(timedelta(hours=1)))
    assert parsed.tzinfo is UTC
    # The company's time, where it says none: two hours ahead in summer.
    berlin = ZoneInfo("Europe/Berlin")
    assert parse_known_at("2026-07-05", zone=berlin) == datetime(2026, 7, 5, 21, 59, 59, tzinfo=UTC)
    assert parse_known_at("2026-07-05T18:00:00", zone=berlin) == datetime(2026, 7, 5, 16, tzinfo=UTC)
    assert parse_known_at("2026-07-05T18:00:00Z", zone=berlin) == datetime(2026, 7, 5, 18, tzinfo=UTC)
    with pytest.raises(PeriodError) as error:
        parse_known_at("noon")
    assert code_of(error) == "KNOWN_AT_INVALID"
