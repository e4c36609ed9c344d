"""Files spoilt at random: every one ends with a code, or with all its rows and all its cents."""

from __future__ import annotations

import pytest

from tests.faults import fuzz

SEEDS = 1_000


def test_good_files_are_read_whole() -> None:
    made = fuzz.goods()
    assert [len(fuzz.mutant(seed, made)[1]) > 0 for seed in range(6)]
    for good in made:
        counted = fuzz._counted(good, good.content)
        assert counted is not None
        assert counted[0] == 40


def test_some_dozens_lose_nothing() -> None:
    # 5711 is a Parquet file with a day in the year 2941830, of which its own statistics say nothing.
    assert fuzz.faults([*range(60), 5711]) == []


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(60, marks=pytest.mark.slow),
        *(pytest.param(first, marks=pytest.mark.endless) for first in range(60 + 235, SEEDS, 235)),
    ],
)
def test_a_thousand_lose_nothing(first: int) -> None:
    assert list(fuzz.run(first, min(235, SEEDS - first), workers=1)) == []
