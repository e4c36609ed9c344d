"""What a run is asked for, from tags to months and back."""

from __future__ import annotations

from datetime import date

import pytest

from orchestration.dagster.partitions import partition_tags, requested_period
from orchestration.periods import Period

JANUARY, MARCH = date(2024, 1, 31), date(2024, 3, 31)


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
