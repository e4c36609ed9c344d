"""What a run is asked for, from tags to months."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestration.periods import Period
from orchestration.steering_assets import (
    all_month_ends,
    partition_tags,
    published_month_ends,
    requested_period,
)
from pipelines import publishing
from pipelines.errors import Problem, VerifyError
from pipelines.home import Home
from pipelines.publishing import VersionInfo

JANUARY, FEBRUARY, MARCH = date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)


@pytest.mark.parametrize("period", [Period(JANUARY, JANUARY), Period(JANUARY, MARCH)])
def test_tags_carry_a_period_there_and_back(period: Period) -> None:
    assert requested_period(partition_tags(period)) == period


def test_the_tags_are_dagsters_own() -> None:
    assert partition_tags(Period(JANUARY, JANUARY)) == {"dagster/partition": "2024-01"}
    assert partition_tags(Period(JANUARY, MARCH)) == {
        "dagster/asset_partition_range_start": "2024-01",
        "dagster/asset_partition_range_end": "2024-03",
    }
    assert requested_period({"dagster/backfill": "x"}) is None


def test_a_run_adds_months_and_never_drops_one() -> None:
    assert all_month_ends((FEBRUARY,), (JANUARY, MARCH)) == (JANUARY, FEBRUARY, MARCH)
    assert all_month_ends((MARCH,), (MARCH,)) == (MARCH,)


def version(number: int, *months: date, current: bool = False, readable: bool = True) -> VersionInfo:
    return VersionInfo(number, current, readable, None, None, months, None, 0, 0)


def published(monkeypatch: pytest.MonkeyPatch, current: int | None, *versions: VersionInfo) -> tuple[date, ...]:
    def current_version(_: Home) -> int | None:
        if current == -1:
            raise VerifyError(Problem("POINTER_BROKEN", "broken"))
        return current

    def listed(_: Home) -> tuple[VersionInfo, ...]:
        return versions

    monkeypatch.setattr(publishing, "current_version", current_version)
    monkeypatch.setattr(publishing, "versions", listed)
    return published_month_ends(Home(Path("/nowhere")))


def test_months_are_those_of_the_current_version_also_after_a_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    assert published(monkeypatch, 1, version(1, JANUARY), version(2, JANUARY, FEBRUARY)) == (JANUARY,)
    assert published(monkeypatch, None) == ()


def test_a_damaged_pointer_or_manifest_does_not_lose_the_months(monkeypatch: pytest.MonkeyPatch) -> None:
    assert published(monkeypatch, -1, version(1, JANUARY), version(2, FEBRUARY)) == (FEBRUARY,)
    assert published(monkeypatch, 2, version(1, JANUARY), version(2, readable=False)) == (JANUARY,)
