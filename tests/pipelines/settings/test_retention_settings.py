"""`retention` in sources.yml: what it says, and that what makes no sense is refused where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.settings.sources import Retention
from tests.pipelines.settings.test_source_map import TEXT, source_map


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("", Retention()),
        ("retention: {days: 90, month_ends: all}", Retention(days=90)),
        ("retention: {month_ends: 36, run_history_days: 3}", Retention(month_ends=36, run_history_days=3)),
    ],
)
def test_what_is_said(tmp_path: Path, block: str, expected: Retention) -> None:
    assert source_map(TEXT + block, tmp_path).retention == expected


@pytest.mark.parametrize(
    ("said", "code", "says"),
    [
        ("days: 0", "CONFIG_RANGE", "1 or more"),
        ("month_ends: 0", "CONFIG_RANGE", "1 or more"),
        ("month_ends: every", "CONFIG_TYPE", "every"),
        ("run_history_days: 1.5", "CONFIG_TYPE", "1.5"),
        ("month_end: 3", "CONFIG_UNKNOWN_KEY", "month_ends"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path: Path, said: str, code: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        source_map(f"{TEXT}retention: {{{said}}}\n", tmp_path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.rpartition(":")[2]) == (code, str(TEXT.count("\n") + 1)), problem
    assert says in problem.what + problem.remedy, problem
