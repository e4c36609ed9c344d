"""What a run is asked for, as the tags Dagster gives it, and back. Belongs here: only that; dates are with periods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from orchestration.periods import Period, partition_month_end

RANGE_START: Final = "dagster/asset_partition_range_start"
RANGE_END: Final = "dagster/asset_partition_range_end"
PARTITION: Final = "dagster/partition"


def partition_tags(period: Period) -> dict[str, str]:
    """The run tags that ask for a period."""
    first, last = period.partition_keys
    return {PARTITION: first} if first == last else {RANGE_START: first, RANGE_END: last}


def requested_period(tags: Mapping[str, str]) -> Period | None:
    """The period a run's tags ask for, however it was started; None if they name no partition."""
    first, last = tags.get(RANGE_START), tags.get(RANGE_END)
    if first is None or last is None:
        first = last = tags.get(PARTITION)
    if first is None or last is None:
        return None
    return Period(partition_month_end(first), partition_month_end(last))
